// Many threads on few isolates: calls, batches, disposal under their feet, small stacks, deep recursion on all of them.
#include <pthread.h>
#include <sys/resource.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "test.h"

namespace {

constexpr int kThreads = 8;

// The checks of test.h count without synchronisation, so threads report through this.
std::atomic<int> wrong{0};
#define EXPECT(condition)                                                                                       \
  do {                                                                                                          \
    if (!(condition) && ++wrong < 20) fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
  } while (0)

void Together(int count, const std::function<void(int)>& body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back(body, i);
  for (std::thread& thread : threads) thread.join();
}

miniracer_status Evaluate(miniracer_context context, const char* source, miniracer_value* result, uint64_t timeout = 0,
                          miniracer_error** error = nullptr) {
  miniracer_run_options run = with_timeout(timeout);
  return evaluate(context, source, &run, result, error);
}

// Every thread uses every isolate in its own way.
void Hammer() {
  constexpr int kIsolates = 3;
  miniracer_isolate isolates[kIsolates];
  miniracer_context contexts[kIsolates];
  for (int i = 0; i < kIsolates; ++i) {
    isolates[i] = new_isolate();
    contexts[i] = new_context(isolates[i]);
    EXECUTE(contexts[i], "var counter = 0; function count() { return ++counter; }");
  }
  std::atomic<int> counted[kIsolates] = {};
  Together(kThreads, [&](int thread) {
    for (int i = 0; i < 300; ++i) {
      int which = (i + thread) % kIsolates;
      miniracer_context context = contexts[which];
      miniracer_value result = undefined();
      switch ((i + 3 * thread) % 7) {
        case 0:
          EXPECT(Evaluate(context, "count()", &result) == MINIRACER_OK);
          ++counted[which];
          break;
        case 1: {
          EXPECT(Evaluate(context, "({a: [1, 2, {b: 3}]})", &result) == MINIRACER_OK);
          miniracer_value text = undefined();
          EXPECT(miniracer_json_stringify(context, &result, 0, nullptr, &text, nullptr) == MINIRACER_OK);
          EXPECT(is_text(&text, "{\"a\":[1,2,{\"b\":3}]}"));
          release(&text);
          break;
        }
        case 2: {
          miniracer_error* error = nullptr;
          EXPECT(Evaluate(context, "throw new Error('x')", &result, 0, &error) == MINIRACER_EXCEPTION);
          EXPECT(error != nullptr && is_text(&error->message, "x"));
          miniracer_error_free(error);
          break;
        }
        case 3: {
          EXPECT(miniracer_isolate_lock(isolates[which]) == MINIRACER_OK);
          miniracer_value before = undefined(), after = undefined();
          EXPECT(Evaluate(context, "counter", &before) == MINIRACER_OK);
          for (int j = 0; j < 10; ++j) EXPECT(Evaluate(context, "count()", &result) == MINIRACER_OK);
          EXPECT(Evaluate(context, "counter", &after) == MINIRACER_OK);
          EXPECT(after.as.int32 == before.as.int32 + 10);  // nobody came between
          counted[which] += 10;
          EXPECT(miniracer_isolate_unlock(isolates[which]) == MINIRACER_OK);
          break;
        }
        case 4: {
          miniracer_context own = 0;
          EXPECT(miniracer_context_new(isolates[which], nullptr, &own, nullptr) == MINIRACER_OK);
          EXPECT(Evaluate(own, "typeof counter", &result) == MINIRACER_OK);
          EXPECT(is_text(&result, "undefined"));
          EXPECT(miniracer_context_dispose(own) == MINIRACER_OK);
          break;
        }
        case 5:
          EXPECT(miniracer_isolate_cancel(isolates[which], reinterpret_cast<const uint32_t*>(&isolates)) ==
                 MINIRACER_OK);
          EXPECT(miniracer_isolate_collect_garbage(isolates[which], i % 2) == MINIRACER_OK);
          break;
        default: {
          miniracer_status status = Evaluate(context, "for (;;);", &result, 500000);
          EXPECT(status == MINIRACER_TIMEOUT);
        }
      }
      release(&result);
    }
  });
  for (int i = 0; i < kIsolates; ++i) {
    CHECK_SCRIPT(contexts[i], "counter", counted[i].load());
    CHECK_INT(0, handle_count(isolates[i]));
    OK(miniracer_isolate_dispose(isolates[i]));
  }
}

// Two isolates held by two threads, crosswise inside of callbacks, would be the host's deadlock; apart they are not.
void LockOrder() {
  miniracer_isolate a = new_isolate(), b = new_isolate();
  miniracer_context in_a = new_context(a), in_b = new_context(b);
  Together(4, [&](int) {
    for (int i = 0; i < 200; ++i) {
      miniracer_value result = undefined();
      EXPECT(miniracer_isolate_lock(a) == MINIRACER_OK);
      EXPECT(miniracer_isolate_lock(b) == MINIRACER_OK);
      EXPECT(miniracer_isolate_unlock(a) == MINIRACER_NOT_LOCKED);
      EXPECT(Evaluate(in_a, "1", &result) == MINIRACER_OK);
      EXPECT(Evaluate(in_b, "1", &result) == MINIRACER_OK);
      EXPECT(miniracer_isolate_unlock(b) == MINIRACER_OK);
      EXPECT(miniracer_isolate_unlock(a) == MINIRACER_OK);
      EXPECT(miniracer_isolate_unlock(a) == MINIRACER_NOT_LOCKED);
    }
  });
  // A lock is the thread's that took it.
  OK(miniracer_isolate_lock(a));
  Together(1, [&](int) { EXPECT(miniracer_isolate_unlock(a) == MINIRACER_NOT_LOCKED); });
  OK(miniracer_isolate_unlock(a));
  OK(miniracer_isolate_dispose(a));
  OK(miniracer_isolate_dispose(b));
}

// Every call ends with OK or CLOSED, whatever it was doing.
void DisposeUnderCalls() {
  for (int round = 0; round < 30; ++round) {
    miniracer_isolate isolate = new_isolate();
    miniracer_context context = new_context(isolate);
    int finalized = 0;
    std::atomic<int> started{0}, disposed{0};
    miniracer_function_options options = function_options(
        [](void*, miniracer_call* call) -> int32_t {
          miniracer_value result = undefined();
          miniracer_status status = Evaluate(call->context, "2", &result);
          EXPECT(status == MINIRACER_OK || status == MINIRACER_CLOSED || status == MINIRACER_TIMEOUT);
          call->result = int32(1);
          return 0;
        },
        &finalized);
    options.finalize = count_finalized;
    define_with(context, "host", &options);
    miniracer_value shared = EVALUATE(context, "({get k() { return host(); }})");
    Together(kThreads + 1, [&](int thread) {
      if (thread == kThreads) {
        while (started < kThreads) std::this_thread::yield();
        sleep_for(static_cast<uint64_t>(round) * 50000);
        EXPECT(miniracer_isolate_dispose(isolate) == MINIRACER_OK);
        ++disposed;
        return;
      }
      ++started;
      for (int i = 0;; ++i) {
        bool over = disposed != 0;
        miniracer_status status = MINIRACER_OK;
        miniracer_value result = undefined(), key = text("k");
        miniracer_error* error = nullptr;
        switch ((thread + i) % 5) {
          case 0:
            status =
                Evaluate(context, "for (let i = 0; i < 20000; ++i) if (i % 5000 == 0) host(); 3", &result, 0, &error);
            EXPECT(status != MINIRACER_OK || result.as.int32 == 3);
            break;
          case 1:
            status = Evaluate(context, "for (;;) try { host(); } catch {}", &result, 300000, &error);
            if (status == MINIRACER_TIMEOUT) status = MINIRACER_OK;
            break;
          case 2:
            status = miniracer_object_get(context, shared.as.handle, &key, nullptr, &result, &error);
            break;
          case 3:
            status = miniracer_isolate_lock(isolate);
            if (status != MINIRACER_OK) break;
            status = Evaluate(context, "host()", &result);
            EXPECT(miniracer_isolate_unlock(isolate) == MINIRACER_OK);
            break;
          default:
            status = miniracer_object_new(context, &result, &error);
        }
        EXPECT(status == MINIRACER_OK || status == MINIRACER_CLOSED);
        EXPECT(error == nullptr || error->status == MINIRACER_CLOSED || error->status == MINIRACER_TIMEOUT);
        EXPECT(!over || status == MINIRACER_CLOSED);
        miniracer_error_free(error);
        release(&result);
        if (status == MINIRACER_CLOSED) break;
      }
    });
    release(&shared);
    CHECK_INT(1, finalized);
    CHECK_STATUS(MINIRACER_CLOSED, run_status(context, "1", nullptr));
  }
}

// A run is ended by dispose, which does not wait for it.
void DisposeEndsRuns() {
  for (const char* source :
       {"for (;;);", "(async () => { for (;;) await 1; })()", "/(a+)+$/.test('a'.repeat(50) + 'b')"}) {
    miniracer_isolate isolate = new_isolate();
    miniracer_context context = new_context(isolate);
    std::atomic<bool> running{false};
    auto begun = [](void* data, miniracer_call*) -> int32_t {
      *static_cast<std::atomic<bool>*>(data) = true;
      return 0;
    };
    define(context, "begun", begun, &running);
    std::string begins = std::string("begun(); ") + source;
    std::thread runner([&] {
      miniracer_value result = undefined();
      miniracer_error* error = nullptr;
      EXPECT(Evaluate(context, begins.c_str(), &result, 0, &error) == MINIRACER_CLOSED);
      EXPECT(error != nullptr && error->status == MINIRACER_CLOSED);
      miniracer_error_free(error);
    });
    while (!running) std::this_thread::yield();
    std::thread waiter([&] {
      miniracer_value result = undefined();
      EXPECT(Evaluate(context, "1", &result) == MINIRACER_CLOSED);
    });
    sleep_for(5 * MILLISECOND);
    uint64_t start = now();
    OK(miniracer_isolate_dispose(isolate));
    CHECK(now() - start < SECOND);
    runner.join();
    waiter.join();
  }
}

// Contexts that other threads close while their scripts run, and slots that are taken again at once.
void DisposeContexts() {
  miniracer_isolate isolate = new_isolate();
  std::atomic<uint64_t> shared{new_context(isolate)};
  std::atomic<bool> stop{false};
  Together(5, [&](int thread) {
    if (thread == 0) {
      for (int i = 0; i < 200; ++i) {
        miniracer_context fresh = 0;
        EXPECT(miniracer_context_new(isolate, nullptr, &fresh, nullptr) == MINIRACER_OK);
        EXPECT(miniracer_context_dispose(shared.exchange(fresh)) == MINIRACER_OK);
      }
      stop = true;
      return;
    }
    while (!stop) {
      miniracer_value result = undefined();
      miniracer_status status = Evaluate(shared, "({}).toString() + [1].map(x => x)", &result);
      EXPECT(status == MINIRACER_CLOSED || (status == MINIRACER_OK && is_text(&result, "[object Object]1")));
      release(&result);
    }
  });
  OK(miniracer_isolate_dispose(isolate));

  // Isolates come and go on all threads, each using the others' numbers as well.
  std::atomic<uint64_t> numbers[kThreads] = {};
  Together(kThreads, [&](int thread) {
    for (int i = 0; i < 15; ++i) {
      miniracer_isolate own = 0;
      miniracer_context context = 0;
      EXPECT(miniracer_isolate_new(nullptr, &own, nullptr) == MINIRACER_OK);
      miniracer_status status = miniracer_context_new(own, nullptr, &context, nullptr);
      EXPECT(status == MINIRACER_OK);
      numbers[thread] = context;
      for (std::atomic<uint64_t>& number : numbers) {
        miniracer_value result = undefined();
        status = Evaluate(number, "6 * 7", &result);
        EXPECT(status == MINIRACER_CLOSED || status == MINIRACER_INVALID_HANDLE ||
               (status == MINIRACER_OK && result.as.int32 == 42));
        EXPECT(miniracer_isolate_unlock(own) == MINIRACER_NOT_LOCKED);
      }
      EXPECT(miniracer_isolate_dispose(own) == MINIRACER_OK);
    }
  });
}

// ---- Stacks ----

void OnStack(size_t bytes, const std::function<void()>& body) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  CHECK_INT(0, pthread_attr_setstacksize(&attributes, bytes));
  pthread_t thread;
  auto run = [](void* data) -> void* {
    (*static_cast<const std::function<void()>*>(data))();
    return nullptr;
  };
  CHECK_INT(0, pthread_create(&thread, &attributes, run, const_cast<std::function<void()>*>(&body)));
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

int32_t Recurse(void* userdata, miniracer_call* call) {
  ++*static_cast<int*>(userdata);
  miniracer_error* error = nullptr;
  miniracer_status status = evaluate(call->context, "recurse()", nullptr, &call->result, &error);
  if (error != nullptr) miniracer_call_throw(call, &error->thrown);
  miniracer_error_free(error);
  return status;
}

// What may use much stack: all of it ends in a RangeError or in a result, on any stack, never in a crash.
void Deep(miniracer_context context) {
  const char* sources[] = {
      "(function f() { return 1 + f(); })()",
      "(function f(...a) { return f(1, ...a); })()",
      "({get x() { return this.x; }}).x",
      "{ const o = {toString() { return String(o); }}; String(o) }",
      "{ let a = []; for (let i = 0; i < 2e4; ++i) a = [a]; JSON.stringify(a) }",
      "{ let a = []; for (let i = 0; i < 2e4; ++i) a = [a]; String(a) }",
      "eval('['.repeat(1e5))",
      "eval('1' + '+1'.repeat(1e5))",
      "new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).test('')",
      "/^(?:a|b)*c/.test('ab'.repeat(1e6))",
      "JSON.parse('['.repeat(2e5) + ']'.repeat(2e5))",
      "{ let p = {}; for (let i = 0; i < 1e5; ++i) p = new Proxy(p, {}); p.x }",
      "{ let p = {}; for (let i = 0; i < 2e4; ++i) p = Object.create(p); p.x }",
      "[1].sort.call({length: 2, get 0() { return [].concat(this, Array.prototype.sort.call(this)); }})",
      "'x'.replace(/x/, function f() { return 'x'.replace(/x/, f); })",
      "Reflect.apply(function f() { return Reflect.apply(f, this, arguments); }, null, [])",
      "new (class A { constructor() { return new A; } })",
      "{ let s = ''; for (let i = 0; i < 1e5; ++i) s = 'x' + s + 'y'; s.length + s.charCodeAt(7) }",
      "{ const s = Array.from({length: 3e4}, (_, i) => `a${i}`).join(); new Function(s, 'return 1')() }",
      "recurse()",
      "[3, 1, 2].sort((a, b) => recurse())",
  };
  for (const char* source : sources) {
    miniracer_error* error = nullptr;
    miniracer_value result = undefined();
    miniracer_status status = Evaluate(context, source, &result, 20 * SECOND, &error);
    EXPECT(status == MINIRACER_OK || status == MINIRACER_EXCEPTION);
    if (error != nullptr) {
      bool range = is_text(&error->name, "RangeError") || is_text(&error->name, "SyntaxError");
      EXPECT(range);
      if (!range) fprintf(stderr, "  %s\n", source), print_error(error);
    }
    miniracer_error_free(error);
    release(&result);
    EXPECT(Evaluate(context, "1 + 1", &result) == MINIRACER_OK && result.as.int32 == 2);
  }
}

void Stacks() {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  int depth = 0;
  define(context, "recurse", Recurse, &depth);
  size_t smallest = 128 << 10, largest = 64 << 20;
#if defined(__SANITIZE_ADDRESS__)
  smallest = 512 << 10;  // frames of instrumented code are several times as large
#elif defined(__SANITIZE_THREAD__)
  smallest = largest = 2 << 20;  // its run-time has much on the stack, and cannot count more than 65,535 frames
#endif
  for (size_t size :
       {smallest, size_t{256} << 10, size_t{512} << 10, size_t{1} << 20, size_t{8} << 20, size_t{64} << 20}) {
    if (size < smallest || size > largest) continue;
    OnStack(size, [&] {
      miniracer_value result = undefined();
      EXPECT(Evaluate(context, "JSON.stringify(Array.from({length: 100}, (_, i) => ({i}))).length", &result) ==
             MINIRACER_OK);
      Deep(context);
    });
  }
  if (largest > (8 << 20)) Deep(context);
  // The main thread's own stack after others', and others' after it, in one isolate, to a like depth each time.
  int32_t depths[3] = {0, 0, 0};
  for (int32_t& found : depths) {
    miniracer_value result = EVALUATE(context, "{ let n = 0; (function f() { ++n; try { f(); } catch {} })(); n }");
    found = result.as.int32;
    OnStack(smallest, [&] {
      miniracer_value small = undefined();
      EXPECT(Evaluate(context, "{ let n = 0; (function f() { ++n; try { f(); } catch {} })(); n }", &small) ==
             MINIRACER_OK);
      EXPECT(small.as.int32 > 50 && small.as.int32 < found);
    });
  }
  CHECK(depths[2] > depths[0] / 2 && depths[2] < depths[0] * 2);
  // A budget of the host's.
  miniracer_isolate_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.stack_limit = 100 * 1024;
  miniracer_isolate small = 0;
  REQUIRE_OK(miniracer_isolate_new(&options, &small, nullptr));
  miniracer_context in_small = new_context(small);
  define(in_small, "recurse", Recurse, &depth);
  miniracer_value result = EVALUATE(in_small, "{ let n = 0; (function f() { ++n; try { f(); } catch {} })(); n }");
  CHECK(result.as.int32 > 100 && result.as.int32 < depths[0] / 2);
  Deep(in_small);
  options.stack_limit = UINT64_MAX;
  miniracer_isolate large = 0;
  REQUIRE_OK(miniracer_isolate_new(&options, &large, nullptr));
  miniracer_context in_large = new_context(large);
  define(in_large, "recurse", Recurse, &depth);
  if (largest > (8 << 20)) Deep(in_large);
  OK(miniracer_isolate_dispose(large));
  OK(miniracer_isolate_dispose(small));
  OK(miniracer_isolate_dispose(isolate));
}

// ---- Cancelling and handles across threads ----

void CancelFromMany() {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  uint32_t flags[4] = {};
  std::atomic<int> done{0};
  Together(8, [&](int thread) {
    if (thread < 4) {
      for (int i = 0; i < 50; ++i) {
        miniracer_run_options run = with_cancel(&flags[thread]);
        run.timeout = 2 * MILLISECOND;
        miniracer_value result = undefined();
        miniracer_status status = evaluate(context, "for (let i = 0; i < 30000; ++i); 5", &run, &result, nullptr);
        EXPECT(status == MINIRACER_OK || status == MINIRACER_CANCELLED || status == MINIRACER_TIMEOUT);
        EXPECT(status != MINIRACER_OK || result.as.int32 == 5);
      }
      ++done;
      return;
    }
    while (done < 4) {
      EXPECT(miniracer_isolate_cancel(isolate, &flags[thread - 4]) == MINIRACER_OK);
      sleep_for(30000);
    }
  });
  CHECK_SCRIPT(context, "1 + 1", 2);
  OK(miniracer_isolate_dispose(isolate));
}

// As it waits in Atomics.wait, a thread holds locks of V8's now and then that who ends its run needs: neither stands still, and
// nobody is taken for stuck.
void EndedAsTheyWait() {
  Together(40, [](int thread) {
    miniracer_isolate isolate = new_isolate();
    miniracer_context context = new_context(isolate);
    for (int i = 0; i < 100; ++i) {
      miniracer_run_options run = with_timeout(static_cast<uint64_t>(20 + (i * 7 + thread) % 20) * MILLISECOND);
      EXPECT(run_status(context, "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)", &run) ==
             MINIRACER_TIMEOUT);
    }
    EXPECT(miniracer_isolate_dispose(isolate) == MINIRACER_OK);
  });
}

void Handles() {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  Together(kThreads, [&](int) {
    for (int i = 0; i < 2000; ++i) {
      miniracer_value object = undefined(), copy;
      EXPECT(miniracer_object_new(context, &object, nullptr) == MINIRACER_OK);
      copy = object;
      EXPECT(miniracer_handle_duplicate(object.as.handle, &copy.as.handle) == MINIRACER_OK);
      release(&object);
      release(&copy);
    }
  });
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
}

}  // namespace

int main() {
  REQUIRE_OK(miniracer_init(nullptr, nullptr));
  RUN(Hammer);
  RUN(LockOrder);
  RUN(DisposeUnderCalls);
  RUN(DisposeEndsRuns);
  RUN(DisposeContexts);
  RUN(Stacks);
  RUN(CancelFromMany);
  RUN(EndedAsTheyWait);
  RUN(Handles);
  CHECK_INT(0, wrong.load());
  return test_result();
}
