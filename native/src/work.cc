#include "work.h"

#include <setjmp.h>

#include <atomic>
#include <tuple>
#include <utility>

#include "engine_calls.h"
#include "pages.h"
#include "stretches.h"

namespace miniracer {
namespace {

// Where the thread comes back to.
struct Place {
  PageAccount& account;
  const uint64_t number;
  jmp_buf buffer;
};

constinit thread_local Place* here __attribute__((tls_model("initial-exec"))) = nullptr;

std::atomic<uint64_t> last_number{0};

constexpr const char* kTooMuch = "V8 ran out of memory: one of its threads, which compiles WebAssembly";

bool MayLeave() { return !EngineCalls::HoldsLocks() && !Stretches::Inside() && !SeenByCollector(); }

// Where V8 waits for the thread to dispose of the isolate, it stays.
void Leave(const char* reason) {
  if (!here->account.unwanted() && !here->account.Lose(reason)) return;
  _longjmp(std::exchange(here, nullptr)->buffer, 1);
}

}  // namespace

Work::Work(std::unique_ptr<v8::Task> task, std::shared_ptr<PageAccount> account)
    : task_(std::move(task)), account_(std::move(account)) {
  if (account_ != nullptr) account_->BeginTask();
}

Work::~Work() {
  if (account_ == nullptr) return;
  if (task_ != nullptr) {
    PageAccount::Working working(account_);
    task_.reset();
  }
  account_->EndTask();
}

void Work::Run() {
  if (account_ == nullptr) return task_->Run();
  if (!account_->unwanted()) RunToBeLeft();
  if (account_->lost() != nullptr) account_->memory->TellLost();
}

void Work::RunToBeLeft() {
  PageAccount::Working working(account_);
  Place place{*account_, last_number.fetch_add(1, std::memory_order_relaxed) + 1, {}};
  if (_setjmp(place.buffer) == 0) {
    here = &place;
    task_->Run();
    here = nullptr;
    return;
  }
  LetThreadReadCode();
  std::ignore = task_.release();  // V8 is in the middle of it
  account_->zones.FreeOf(place.number);
}

uint64_t Work::Current() { return here == nullptr ? 0 : here->number; }

void Work::LookAsItTakes(size_t bytes) {
  if (here == nullptr || (!here->account.unwanted() && here->account.HelperMayTake(bytes))) return;
  if (MayLeave()) Leave(kTooMuch);
}

void Work::Look() {
  if (here != nullptr && here->account.unwanted() && MayLeave()) Leave(nullptr);
}

}  // namespace miniracer
