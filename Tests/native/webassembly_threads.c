/* V8 keeps WebAssembly's code under a key of the processor's, where it has such (pkeys(7)). Every thread can look at the code
 * that needs to: the collector does, for one, where code that is running calls the guest's. */
#include <pthread.h>

#include "test.h"

static int ready = 0;
static miniracer_context shared;

/* An import that collects, and the module that calls it: (import "a" "b" (func)) (func (export "f") call 0). */
static const char collects[] =
    "const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 97, 1, 98, 0, 0, 3, 2, 1, 0, 7, 5, 1, "
    "1, 102, 0, 1,"
    "  10, 6, 1, 4, 0, 16, 0, 11];"
    "const b = () => { for (let i = 0; i < 50; ++i) globalThis.kept = Array.from({ length: 1e4 }, () => ({})); };"
    "var instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)), { a: { b } });"
    "instance.exports.f()";

static void *was_there_first(void *unused) {
  (void)unused;
  while (!__atomic_load_n(&ready, __ATOMIC_SEQ_CST)) sleep_for(MILLISECOND);
  EXECUTE(shared, "instance.exports.f()");
  return NULL;
}

static void who_was_cut_off(void) {
  miniracer_isolate_options options = isolate_options();
  options.grace = 20 * MILLISECOND;
  miniracer_isolate stuck = isolate_with(&options);
  miniracer_run_options run = with_timeout(20 * MILLISECOND);
  CHECK_STATUS(MINIRACER_ENGINE_DEAD,
               run_status(new_context(stuck), "Array.prototype.includes.call({length: 2 ** 53 - 1}, 1)", &run));
  EXECUTE(shared, "instance.exports.f()");
  OK(miniracer_isolate_dispose(stuck));
}

int main(void) {
  pthread_t thread;
  REQUIRE(pthread_create(&thread, NULL, was_there_first, NULL) == 0);
  REQUIRE_OK(miniracer_init(NULL, NULL));
  miniracer_isolate isolate = new_isolate();
  shared = new_context(isolate);
  EXECUTE(shared, collects);
  __atomic_store_n(&ready, 1, __ATOMIC_SEQ_CST);
  REQUIRE(pthread_join(thread, NULL) == 0);
  RUN(who_was_cut_off);
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
