#include "turn.h"

#include <algorithm>
#include <atomic>
#include <memory>

#include "calls.h"
#include "context.h"
#include "host_code.h"
#include "isolate.h"
#include "loop.h"
#include "platform.h"
#include "promises.h"
#include "thread.h"

namespace miniracer {
namespace {

// What a turn tells of when more is due, while the engine's threads work on something: WebAssembly compiles there, and a
// host that goes on until nothing waits must not leave before.
constexpr uint64_t kWorking = 1'000'000;

// Under which limits the things of a turn run: all together, or each on its own.
struct TurnLimits {
  bool each = false;
  uint64_t timeout = 0;             // each: of the isolate, 0 or kNoTimeout for none
  uint64_t deadline = kNoDeadline;  // all together
  const uint32_t* cancel = nullptr;
  uint64_t cpu_time = kNoDeadline;
  uint64_t cpu_begin = 0;  // all together: what the thread had used before

  void BeginCpuTime(uint64_t budget) {
    cpu_time = budget;
    if (budget != kNoDeadline) cpu_begin = CpuTimeHere();
  }

  RunLimits ForOne() const {
    bool none = timeout == 0 || timeout == MINIRACER_NO_TIMEOUT;
    if (each) return {none ? kNoDeadline : After(timeout), cancel, cpu_time};
    if (cpu_time == kNoDeadline) return {deadline, cancel, kNoDeadline};
    return {deadline, cancel, cpu_time - std::min(cpu_time, CpuTimeHere() - cpu_begin)};
  }
};

void RunPosted(Loop& loop) {
  for (std::shared_ptr<PostedTask>& task : loop.TakePosted()) {
    CallHost(task->call, task->userdata);
    task.reset();  // finalized
  }
}

// One thing of a turn, with the microtasks after it: `body` answers false when guest code threw or was ended in it.
template <class Body>
miniracer_status RunOne(Isolate& isolate, const TurnLimits& limits, v8::Local<v8::Context> context, Body&& body) {
  v8::Isolate* v8 = isolate.v8();
  v8::HandleScope handles(v8);
  miniracer_status status;
  {
    Run run(isolate.limits, limits.ForOne());
    if (run.status_at_start() != MINIRACER_OK) return run.status_at_start();
    ++isolate.host_turns;
    v8::TryCatch caught(v8);
    if (isolate.modules_ended) Modules::GoOn(isolate);
    bool done = body();
    if (!done && caught.HasCaught() && !Terminated(caught, v8)) {
      v8::Context::Scope entered(context);
      isolate.unhandled.Report(isolate, context, caught);
      caught.Reset();
      done = true;
    }
    if (done) done = RunPending(isolate, caught, true);
    status = done ? MINIRACER_OK : run.reason();
    if (!done) CleanUpEnded(isolate, run);
  }
  isolate.AfterRun();
  return status;
}

// What a thread inside of the isolate does in a turn.
miniracer_status RunInside(Isolate& isolate, const TurnLimits& limits) {
  v8::HandleScope handles(isolate.v8());
  ConsoleTurn turn(isolate);
  miniracer_status status = RunOne(isolate, limits, {}, [] { return true; });
  auto go_on = [&](v8::Local<v8::Context> context) {
    if (status == MINIRACER_OK || !limits.each) return status == MINIRACER_OK;
    if (status == MINIRACER_CLOSED) return false;
    isolate.unhandled.Report(isolate, context.IsEmpty() ? 0 : ContextId(context), status);
    return true;
  };
  if (!go_on({})) return status;
  for (uint32_t id : isolate.timers.Due(Now())) {
    v8::HandleScope inner(isolate.v8());
    v8::Local<v8::Context> context = isolate.timers.ContextOf(isolate.v8(), id);
    if (context.IsEmpty()) continue;  // cleared meanwhile
    status = RunOne(isolate, limits, context, [&] { return isolate.timers.Fire(isolate.v8(), id); });
    if (!go_on(context)) return status;
    // On the library's own thread: the host's go first, and the next turn has the timers that are left.
    if (limits.each && isolate.slot().lock.HasWaiters()) break;
  }
  return MINIRACER_OK;
}

miniracer_status EnterBy(Entry& entry, uint64_t id, const TurnLimits& limits) {
  uint64_t now = Now(), ignored;
  if (now >= limits.deadline) return MINIRACER_TIMEOUT;
  return entry.Enter(id, limits.deadline == kNoDeadline ? 0 : limits.deadline - now, &ignored, limits.cancel);
}

uint64_t NextDue(Isolate& isolate) { return std::min(isolate.timers.Next(), isolate.tasks->Next()); }

}  // namespace

miniracer_status RunTurn(miniracer_isolate id, const miniracer_run_options* options, uint64_t* next,
                         miniracer_error** error) {
  if (!Id::Is(id, IdKind::kIsolate)) return Report(error, MINIRACER_INVALID_HANDLE, "isolate: not an isolate");
  const miniracer_run_options* run = options;
  miniracer_run_options copy;
  miniracer_status status = ReadRunOptions(&run, &copy, error);
  if (status != MINIRACER_OK) return status;
  std::shared_ptr<Loop> loop;
  if (status = Isolates::FindLoop(id, &loop); status != MINIRACER_OK) return Report(error, status);
  uint64_t due;
  bool working = false;
  miniracer_error* unhandled = nullptr;
  {
    TurnLimits limits;
    limits.cancel = run != nullptr ? run->cancel : nullptr;
    {
      // Not to be found out only when the posted tasks are done.
      Entry entry;
      status = entry.Enter(id, run != nullptr ? run->timeout : 0, &limits.deadline, limits.cancel);
      if (status != MINIRACER_OK) return Report(error, status);
      limits.BeginCpuTime(entry.CpuTime(run != nullptr ? run->cpu_time : 0));
      if (entry.isolate().limits.running()) return Report(error, MINIRACER_WOULD_DEADLOCK);
    }
    loop->BeginTurn();
    RunPosted(*loop);
    Entry entry;
    if (status = EnterBy(entry, id, limits); status != MINIRACER_OK) {
      loop->Notify(0);
      return Report(error, status);
    }
    Isolate& isolate = entry.isolate();
    status = RunInside(isolate, limits);
    if (status == MINIRACER_OK) unhandled = isolate.unhandled.Take();
    working = EnginePlatform()->Working();  // asked before the tasks that it leads to
    due = unhandled != nullptr && isolate.unhandled.kept() ? 0 : NextDue(isolate);
    // Who called is told only where it asked and all went well.
    if (status == MINIRACER_OK && next != nullptr) {
      loop->EndTurn(due);
    } else {
      loop->Notify(due);
    }
  }
  if (status != MINIRACER_OK) return Report(error, status);
  if (next != nullptr) {
    uint64_t now = Now();
    *next = due == Loop::kNever ? (working ? kWorking : MINIRACER_NO_TIMEOUT) : due > now ? due - now : 0;
  }
  if (unhandled == nullptr) return MINIRACER_OK;
  status = unhandled->status;
  if (error != nullptr) {
    *error = unhandled;
  } else {
    FreeError(unhandled);
  }
  return status;
}

void RunBackgroundTurn(miniracer_isolate id, Loop& loop) {
  Slot* slot = nullptr;
  Guarded(nullptr, [&]() -> miniracer_status {
    loop.BeginTurn();
    RunPosted(loop);
    TurnLimits limits;
    limits.each = true;
    Entry entry;
    if (miniracer_status status = entry.Enter(id); status != MINIRACER_OK) return status;
    slot = &entry.isolate().slot();
    limits.timeout = slot->default_timeout.load(std::memory_order_relaxed);
    limits.cpu_time = entry.CpuTime(0);
    RunInside(entry.isolate(), limits);
    loop.EndTurn(NextDue(entry.isolate()));
    return MINIRACER_OK;
  });
  if (slot != nullptr) slot->lock.LetOthersIn();  // the host's threads go before the library's own
}

namespace {

// Whether a promise is settled, as its reaction tells it, be it long after nobody waits any more.
struct Settled {
  explicit Settled(std::shared_ptr<Loop> told) : loop(std::move(told)) {}
  std::atomic<bool> done{false};
  const std::shared_ptr<Loop> loop;
};

// Has `settled` told once the promise is, if it is not yet; else gives its outcome and leaves `settled` done.
miniracer_status BeginWait(Scope& scope, miniracer_handle promise, std::shared_ptr<Settled>* settled,
                           miniracer_value* made) {
  bool done = false;
  miniracer_status status = PromiseOutcome(scope, promise, &done, made);
  if (status != MINIRACER_OK) return status;
  (*settled)->done = done;
  if (done) return MINIRACER_OK;
  // All who wait for a promise have one reaction: many may give up before it is settled.
  if (void* waited = FindWaited(scope, promise)) {
    *settled = *static_cast<std::shared_ptr<Settled>*>(waited);
    return MINIRACER_OK;
  }
  auto share = std::make_unique<std::shared_ptr<Settled>>(*settled);
  auto tell = [](void* userdata, uint32_t, miniracer_value*, miniracer_error* error) {
    FreeError(error);
    Settled& told = **static_cast<std::shared_ptr<Settled>*>(userdata);
    told.done = true;
    told.loop->Stir();
  };
  auto drop = [](void* userdata) { delete static_cast<std::shared_ptr<Settled>*>(userdata); };
  status = WatchPromise(scope, promise, tell, share.get(), drop, true);
  if (status == MINIRACER_OK) share.release();
  return status;
}

// What the host runs of the loop while it waits. *next: when more is due.
miniracer_status RunWhileWaiting(miniracer_isolate id, Loop& loop, const TurnLimits& limits, uint64_t* next) {
  {
    Entry entry;
    if (miniracer_status status = EnterBy(entry, id, limits); status != MINIRACER_OK) return status;
    loop.BeginTurn();
    miniracer_status status = RunInside(entry.isolate(), limits);
    *next = NextDue(entry.isolate());
    loop.EndTurn(*next);
    if (status != MINIRACER_OK) return status;
  }
  RunPosted(loop);
  return MINIRACER_OK;
}

// For a thread without which it will not be settled.
miniracer_status OutcomeWithoutWaiting(miniracer_context id, miniracer_handle promise, miniracer_value* result,
                                       miniracer_error** error) {
  bool done = false;
  miniracer_value made{};
  miniracer_status status =
      InContext(id, error, [&](Scope& scope) { return PromiseOutcome(scope, promise, &done, &made); });
  if (status != MINIRACER_OK) return status;
  if (!done) return Report(error, MINIRACER_WOULD_DEADLOCK);
  *result = made;
  return MINIRACER_OK;
}

}  // namespace

miniracer_status WaitForPromise(miniracer_context id, miniracer_handle promise, const miniracer_run_options* options,
                                miniracer_value* result, miniracer_error** error) {
  if (result == nullptr) return MissingArgument(error, "result");
  const miniracer_run_options* run = options;
  miniracer_run_options copy;
  miniracer_status status = ReadRunOptions(&run, &copy, error);
  if (status != MINIRACER_OK) return status;
  if (!Id::Is(id, IdKind::kContext)) return WrongContext(error, MINIRACER_INVALID_HANDLE);
  std::shared_ptr<Loop> loop;
  if (status = Isolates::FindLoop(id, &loop); status != MINIRACER_OK) return Report(error, status);
  TurnLimits limits;
  limits.cancel = run != nullptr ? run->cancel : nullptr;
  {
    Entry entry;
    status = entry.Enter(id, run != nullptr ? run->timeout : 0, &limits.deadline, limits.cancel);
    if (status != MINIRACER_OK) return Report(error, status);
    limits.BeginCpuTime(entry.CpuTime(run != nullptr ? run->cpu_time : 0));
    // Nor does the library's thread get in while this one holds the lock.
    bool locked = loop->background() && entry.isolate().slot().held != 0;
    if (locked || entry.isolate().limits.running()) return OutcomeWithoutWaiting(id, promise, result, error);
  }
  Loop::Waiter waiter(*loop, limits.cancel);
  auto settled = std::make_shared<Settled>(loop);
  miniracer_value made{};
  status = Running(id, run, error, [&](Scope& scope) { return BeginWait(scope, promise, &settled, &made); });
  if (status != MINIRACER_OK) return status;
  Release(&made, 1);  // asked again below, as it may also be settled by now
  for (;;) {
    uint64_t seen = waiter.Seen(), next = Loop::kNever;
    if (settled->done) {
      bool done = false;
      status = InContext(id, error, [&](Scope& scope) { return PromiseOutcome(scope, promise, &done, &made); });
      if (status == MINIRACER_OK) *result = made;
      return status;
    }
    if (!loop->background()) {
      status = RunWhileWaiting(id, *loop, limits, &next);
      if (status != MINIRACER_OK) return Report(error, status);
      if (settled->done) continue;
    }
    if (limits.cancel != nullptr && __atomic_load_n(limits.cancel, __ATOMIC_SEQ_CST) != 0) {
      return Report(error, MINIRACER_CANCELLED);
    }
    if (!waiter.Wait(seen, std::min(next, limits.deadline))) return Report(error, MINIRACER_CANCELLED);
    if (status = Isolates::FindLoop(id, &loop); status != MINIRACER_OK) return Report(error, status);
    if (!settled->done && Now() >= limits.deadline) return Report(error, MINIRACER_TIMEOUT);
  }
}

}  // namespace miniracer
