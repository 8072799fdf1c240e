/* Promises: settled by the host, watched by it, waited for by it. */
#include <pthread.h>

#include "test.h"

typedef struct told {
  int count;
  uint32_t state;
  int32_t number;
  char message[100];
  void *host_error;
  int finalized;
} told;

static void settled(void *userdata, uint32_t state, miniracer_value *value, miniracer_error *error) {
  told *to = userdata;
  ++to->count;
  to->state = state;
  if (value->tag == MINIRACER_INT32) to->number = value->as.int32;
  if (error != NULL) {
    snprintf(to->message, sizeof to->message, "%.*s", (int)error->message.length, (const char *)error->message.as.data);
    to->host_error = error->host_error;
  }
  miniracer_error_free(error);
}

static void finalized(void *userdata) { ++((told *)userdata)->finalized; }

static void watch(miniracer_context context, const miniracer_value *promise, told *to) {
  memset(to, 0, sizeof *to);
  OK(miniracer_promise_watch(context, promise->as.handle, settled, to, finalized, NULL, NULL));
}

static uint32_t state_of(miniracer_context context, const miniracer_value *promise) {
  uint32_t state = 99;
  OK(miniracer_promise_get_state(context, promise->as.handle, &state, NULL, NULL));
  return state;
}

static void host_settles(void) {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  miniracer_value promise = undefined(), result = undefined(), seven = int32(7);
  OK(miniracer_promise_new(context, &promise, NULL));
  CHECK_INT(MINIRACER_OBJECT_PROMISE, promise.subtype);
  set_global(context, "p", &promise);
  EXECUTE(context, "var log = []; p.then(v => log.push('got ' + v)); p instanceof Promise || log.push('no Promise')");
  CHECK_INT(MINIRACER_PROMISE_PENDING, state_of(context, &promise));
  OK(miniracer_promise_settle(context, promise.as.handle, MINIRACER_PROMISE_FULFILLED, &seven, NULL, NULL));
  CHECK_SCRIPT_TEXT(context, "log.join()", "got 7");
  uint32_t state = 0;
  OK(miniracer_promise_get_state(context, promise.as.handle, &state, &result, NULL));
  CHECK_INT(MINIRACER_PROMISE_FULFILLED, state);
  CHECK_NUMBER(7, result);
  /* Once is enough. */
  CHECK_STATUS(MINIRACER_WRONG_TYPE,
               miniracer_promise_settle(context, promise.as.handle, MINIRACER_PROMISE_REJECTED, &seven, NULL, NULL));
  release(&promise);
  /* A promise that adopts another one is settled, too, though it is pending. */
  miniracer_value other = EVALUATE(context, "new Promise(() => {})"), second = undefined();
  OK(miniracer_promise_new(context, &second, NULL));
  OK(miniracer_promise_settle(context, second.as.handle, MINIRACER_PROMISE_FULFILLED, &other, NULL, NULL));
  CHECK_INT(MINIRACER_PROMISE_PENDING, state_of(context, &second));
  CHECK_STATUS(MINIRACER_WRONG_TYPE,
               miniracer_promise_settle(context, second.as.handle, MINIRACER_PROMISE_FULFILLED, &seven, NULL, NULL));
  /* The guest's promises are the guest's. */
  CHECK_STATUS(MINIRACER_WRONG_TYPE,
               miniracer_promise_settle(context, other.as.handle, MINIRACER_PROMISE_FULFILLED, &seven, NULL, NULL));
  miniracer_value object = EVALUATE(context, "({})");
  CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_promise_get_state(context, object.as.handle, &state, NULL, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_promise_settle(context, second.as.handle, 5, &seven, NULL, NULL));
  release(&object), release(&other), release(&second);
  OK(miniracer_isolate_dispose(isolate));
}

static void host_rejects_with_its_own_error(void) {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  miniracer_value promise = undefined(), result = undefined(), message = text("no such file"), name = text("IOError");
  int last = 0;
  OK(miniracer_promise_new(context, &promise, NULL));
  set_global(context, "p", &promise);
  EXECUTE(context,
          "async function f() { try { await p } catch (e) { return e instanceof TypeError && String(e) } }"
          "var f1 = f()");
  OK(miniracer_promise_reject_error(context, promise.as.handle, MINIRACER_THROW_TYPE_ERROR, &name, &message, &last,
                                    count_finalized, NULL, NULL));
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_promise_wait(context, promise.as.handle, NULL, &result, &error));
  CHECK_TEXT("no such file", error->message);
  CHECK_TEXT("IOError", error->name);
  CHECK(error->host_error == &last);
  miniracer_error_free(error);
  miniracer_value caught = EVALUATE(context, "f1");
  OK(miniracer_promise_wait(context, caught.as.handle, NULL, &result, NULL));
  CHECK_TEXT("IOError: no such file", result);
  release(&result), release(&caught), release(&promise);
  CHECK_INT(0, last);
  OK(miniracer_isolate_dispose(isolate));
  CHECK_INT(1, last);
  /* Where the call fails, the error is given back at once. */
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_promise_reject_error(context, promise.as.handle, 0, NULL, &message, &last,
                                                                count_finalized, NULL, NULL));
  CHECK_INT(2, last);
}

static void watching(void) {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  told fulfilled, rejected, never;
  miniracer_value one = EVALUATE(context, "Promise.resolve(1)"),
                  two = EVALUATE(context,
                                 "var reject;"
                                 "new Promise((_, r) => reject = r)"),
                  three = EVALUATE(context, "new Promise(() => {})");
  watch(context, &one, &fulfilled);
  CHECK_INT(1, fulfilled.count);
  CHECK_INT(1, fulfilled.finalized);
  CHECK_INT(MINIRACER_PROMISE_FULFILLED, fulfilled.state);
  CHECK_INT(1, fulfilled.number);
  watch(context, &two, &rejected);
  CHECK_INT(0, rejected.count);
  EXECUTE(context, "reject(new RangeError('too far'))");
  CHECK_INT(1, rejected.count);
  CHECK_INT(MINIRACER_PROMISE_REJECTED, rejected.state);
  CHECK(strcmp(rejected.message, "too far") == 0);
  CHECK_INT(1, rejected.finalized);
  watch(context, &three, &never);
  release(&one), release(&two), release(&three);
  collect_all(isolate);
  EXECUTE(context, "0");
  CHECK_INT(0, never.count);
  CHECK_INT(1, never.finalized); /* nothing can settle it any more */
  /* What the guest does to its promises hurts nobody else. */
  miniracer_value odd = EVALUATE(context,
                                 "var odd = Promise.resolve(5); odd.constructor = {get [Symbol.species]()"
                                 "{ throw new Error('mine') }}; odd");
  told hurt;
  memset(&hurt, 0, sizeof hurt);
  CHECK_STATUS(MINIRACER_EXCEPTION,
               miniracer_promise_watch(context, odd.as.handle, settled, &hurt, finalized, NULL, NULL));
  CHECK_INT(0, hurt.count);
  CHECK_INT(1, hurt.finalized);
  EXECUTE(context, "Promise.prototype.then = () => { throw 1 }");
  miniracer_value six = EVALUATE(context, "Promise.resolve(6)");
  watch(context, &six, &fulfilled);
  CHECK_INT(6, fulfilled.number);
  release(&odd), release(&six);
  OK(miniracer_isolate_dispose(isolate));
}

static void *settle_later(void *argument) {
  const miniracer_value *promise = argument;
  miniracer_value answer = int32(42);
  miniracer_context context = 0;
  memcpy(&context, promise + 1, sizeof context);
  sleep_for(20 * MILLISECOND);
  OK(miniracer_promise_settle(context, promise->as.handle, MINIRACER_PROMISE_FULFILLED, &answer, NULL, NULL));
  return NULL;
}

static void waiting(void) {
  for (int background = 0; background < 2; ++background) {
    miniracer_isolate_options options = isolate_options();
    options.flags = background ? MINIRACER_ISOLATE_BACKGROUND_LOOP : 0;
    miniracer_isolate isolate = isolate_with(&options);
    miniracer_context context = context_with(isolate, MINIRACER_CONTEXT_TIMERS);
    miniracer_value result = undefined();

    /* Settled, by the microtasks, by a timer, by another thread. */
    miniracer_value promise = EVALUATE(context, "Promise.resolve('now')");
    OK(miniracer_promise_wait(context, promise.as.handle, NULL, &result, NULL));
    CHECK_TEXT("now", result);
    release(&result), release(&promise);
    promise = EVALUATE(context, "new Promise(done => setTimeout(() => setTimeout(done, 2, 'later'), 3))");
    OK(miniracer_promise_wait(context, promise.as.handle, NULL, &result, NULL));
    CHECK_TEXT("later", result);
    release(&result), release(&promise);
    miniracer_value pair[2] = {undefined(), undefined()};
    OK(miniracer_promise_new(context, &pair[0], NULL));
    memcpy(&pair[1], &context, sizeof context);
    pthread_t thread;
    REQUIRE(pthread_create(&thread, NULL, settle_later, pair) == 0);
    OK(miniracer_promise_wait(context, pair[0].as.handle, NULL, &result, NULL));
    CHECK_NUMBER(42, result);
    pthread_join(thread, NULL);
    release(&pair[0]);

    /* Ended: by time, by a flag. */
    promise = EVALUATE(context, "new Promise(() => {})");
    miniracer_run_options soon = with_timeout(10 * MILLISECOND);
    CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_promise_wait(context, promise.as.handle, &soon, &result, NULL));
    uint32_t cancel = 1;
    miniracer_run_options cancelled = with_cancel(&cancel);
    CHECK_STATUS(MINIRACER_CANCELLED, miniracer_promise_wait(context, promise.as.handle, &cancelled, &result, NULL));
    release(&promise);
    promise = EVALUATE(context, "Promise.reject(new SyntaxError('bad'))");
    miniracer_error *error = NULL;
    CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_promise_wait(context, promise.as.handle, NULL, &result, &error));
    CHECK_TEXT("SyntaxError", error->name);
    CHECK(error->thrown.tag == MINIRACER_OBJECT);
    miniracer_error_free(error);
    release(&promise);
    OK(miniracer_isolate_dispose(isolate));
  }
  OK(miniracer_library_drain(10 * SECOND));
}

typedef struct waiter {
  miniracer_context context;
  miniracer_handle promise;
  uint32_t cancel;
  miniracer_status status;
} waiter;

static void *wait_for(void *argument) {
  waiter *self = argument;
  miniracer_value result = undefined();
  miniracer_run_options run = with_cancel(&self->cancel);
  self->status = miniracer_promise_wait(self->context, self->promise, &run, &result, NULL);
  return NULL;
}

static void a_wait_ends_with_what_it_waits_in(void) {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  miniracer_value promise = EVALUATE(context, "new Promise(() => {})");
  waiter one, two;
  memset(&one, 0, sizeof one);
  one.context = context;
  one.promise = promise.as.handle;
  two = one;
  pthread_t first, second;
  REQUIRE(pthread_create(&first, NULL, wait_for, &one) == 0);
  REQUIRE(pthread_create(&second, NULL, wait_for, &two) == 0);
  sleep_for(20 * MILLISECOND);
  __atomic_store_n(&one.cancel, 1, __ATOMIC_SEQ_CST);
  OK(miniracer_isolate_cancel(isolate, &one.cancel));
  pthread_join(first, NULL);
  CHECK_STATUS(MINIRACER_CANCELLED, one.status);
  OK(miniracer_isolate_dispose(isolate));
  pthread_join(second, NULL);
  CHECK_STATUS(MINIRACER_CLOSED, two.status);
}

static void rejections_tell_who_awaited(void) {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  EXECUTE(context,
          "async function inner() { await 0; throw new Error('deep') }\n"
          "async function outer() { await inner() }\n"
          "Error.prepareStackTrace = () => { globalThis.asked = 1; return 'mine' }");
  miniracer_value result = undefined();
  /* Twice: the second time V8 has forgotten where it was. */
  miniracer_value promise = EVALUATE(context, "var p = outer(); p");
  for (int i = 0; i < 2; ++i) {
    miniracer_error *error = NULL;
    CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_promise_wait(context, promise.as.handle, NULL, &result, &error));
    CHECK_INT(1, error->line);
    CHECK_INT(41, error->column);
    CHECK_TEXT("test.js", error->file);
    CHECK_TEXT("async function inner() { await 0; throw new Error('deep') }", error->source_line);
    CHECK_INT(2, error->frame_count);
    CHECK_TEXT("inner", error->frames[0].function);
    CHECK_TEXT("outer", error->frames[1].function);
    CHECK_INT(2, error->frames[1].line);
    CHECK_INT(26, error->frames[1].column);
    CHECK(error->frames[1].flags & MINIRACER_FRAME_ASYNC);
    CHECK_TEXT("Error: deep\n    at inner (test.js:1:41)\n    at async outer (test.js:2:26)", error->stack);
    miniracer_error_free(error);
  }
  CHECK_SCRIPT_TEXT(context, "typeof asked", "undefined");
  release(&promise);
  /* Whatever the guest put in the place of the stack. */
  promise = EVALUATE(context,
                     "var e = new Error('odd'); Object.defineProperty(e, 'stack', {get() { for (;;); }});"
                     "Promise.reject(e)");
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_promise_wait(context, promise.as.handle, NULL, &result, NULL));
  release(&promise);
  promise = EVALUATE(context,
                     "e = new Error('odd'); e.stack = '\\n    at async \\n    at async (((:1:x\\n    at async :';"
                     "Promise.reject(e)");
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_promise_wait(context, promise.as.handle, NULL, &result, NULL));
  release(&promise);
  OK(miniracer_isolate_dispose(isolate));
}

/* Settled in a run that is then ended, and with it the reaction that would have told: whoever waits is told by the next. */
static void settled_in_a_run_that_is_ended(void) {
  const uint32_t kinds[] = {0, MINIRACER_ISOLATE_BACKGROUND_LOOP, MINIRACER_ISOLATE_EXPLICIT_MICROTASKS};
  for (size_t kind = 0; kind < COUNT(kinds); ++kind) {
    miniracer_isolate_options options = isolate_options();
    options.flags = kinds[kind];
    miniracer_isolate isolate = 0;
    REQUIRE_OK(miniracer_isolate_new(&options, &isolate, NULL));
    miniracer_context context = new_context(isolate);
    miniracer_value waited = EVALUATE(context, "var done, failed; new Promise(f => { done = f })"),
                    watched = EVALUATE(context, "new Promise((_, f) => { failed = f })");
    told rejected;
    watch(context, &watched, &rejected);
    release(&watched); /* the watch keeps what it needs */
    waiter one;
    memset(&one, 0, sizeof one);
    one.context = context;
    one.promise = waited.as.handle;
    pthread_t thread;
    REQUIRE(pthread_create(&thread, NULL, wait_for, &one) == 0);
    sleep_for(20 * MILLISECOND);
    miniracer_run_options run = with_timeout(200 * MILLISECOND);
    if (kinds[kind] == MINIRACER_ISOLATE_EXPLICIT_MICROTASKS) {
      OK(miniracer_isolate_lock(isolate)); /* or the one who waits, and has no deadline, runs it */
      EXECUTE(context, "Promise.resolve().then(() => { done(1); failed(new RangeError('no')); for (;;); })");
      CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_isolate_run_microtasks(isolate, &run, NULL));
      OK(miniracer_isolate_unlock(isolate));
    } else {
      CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "done(1); failed(new RangeError('no')); for (;;);", &run));
    }
    collect_all(isolate);
    REQUIRE(pthread_join(thread, NULL) == 0);
    CHECK_STATUS(MINIRACER_OK, one.status);
    OK(miniracer_isolate_run_microtasks(isolate, NULL, NULL));
    /* Where the loop is the library's, its thread may be about it. */
    for (int i = 0; i < 1000 && __atomic_load_n(&rejected.finalized, __ATOMIC_SEQ_CST) == 0; ++i)
      sleep_for(MILLISECOND);
    CHECK_INT(1, rejected.count);
    CHECK_INT(1, rejected.finalized);
    CHECK_INT(MINIRACER_PROMISE_REJECTED, rejected.state);
    CHECK(strcmp(rejected.message, "no") == 0);
    release(&waited);
    OK(miniracer_isolate_dispose(isolate));
  }
  OK(miniracer_library_drain(10 * SECOND));
}

static int32_t wait_inside(void *userdata, miniracer_call *call) {
  miniracer_value result = undefined();
  *(miniracer_status *)userdata =
      miniracer_promise_wait(call->context, call->arguments[0].as.handle, NULL, &result, NULL);
  return 0;
}

static void waiting_inside_of_javascript(void) {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  miniracer_status status = MINIRACER_OK;
  define(context, "wait", wait_inside, &status);
  EXECUTE(context, "wait(new Promise(() => {}))");
  CHECK_STATUS(MINIRACER_WOULD_DEADLOCK, status);
  EXECUTE(context, "wait(Promise.resolve(1))");
  CHECK_STATUS(MINIRACER_OK, status); /* there is nothing to wait for */
  EXECUTE(context, "{ const rejected = Promise.reject(1); rejected.catch(() => {}); wait(rejected); }");
  CHECK_STATUS(MINIRACER_EXCEPTION, status);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_promise_wait(context, 0, NULL, NULL, NULL));
  OK(miniracer_isolate_dispose(isolate));
}

/* The library's thread could not get in to settle it. */
static void waiting_with_the_lock(void) {
  miniracer_isolate_options options = isolate_options();
  options.flags = MINIRACER_ISOLATE_BACKGROUND_LOOP;
  miniracer_isolate own = 0;
  REQUIRE_OK(miniracer_isolate_new(&options, &own, NULL));
  miniracer_context inside = new_context(own);
  miniracer_value promise = EVALUATE(inside, "new Promise(() => {})"), value = undefined();
  miniracer_run_options run = with_timeout(SECOND);
  OK(miniracer_isolate_lock(own));
  CHECK_STATUS(MINIRACER_WOULD_DEADLOCK, miniracer_promise_wait(inside, promise.as.handle, &run, &value, NULL));
  OK(miniracer_isolate_unlock(own));
  release(&promise);
  OK(miniracer_isolate_dispose(own));
}

/* Run options of a later time, with nothing in what is new of them. */
static void waiting_with_later_options(void) {
  struct {
    miniracer_run_options run;
    uint64_t later[8];
  } options;
  memset(&options, 0, sizeof options);
  options.run.struct_size = sizeof options;
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  miniracer_value result = undefined(), promise = EVALUATE(context, "Promise.resolve(4)");
  OK(miniracer_promise_wait(context, promise.as.handle, &options.run, &result, NULL));
  CHECK_NUMBER(4, result);
  release(&promise);
  OK(miniracer_isolate_dispose(isolate));
}

/* All who wait for a promise share what tells them; who gives up leaves nothing behind. */
static void waiting_many_times(void) {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  miniracer_value promise = EVALUATE(context, "var done; new Promise(f => { done = f })"), result = undefined();
  miniracer_run_options run = with_timeout(1);
  uint64_t before = 0;
  for (int i = 0; i <= 5000; ++i) {
    if (i == 1) collect_all(isolate), before = statistics_of(isolate).heap_used;
    CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_promise_wait(context, promise.as.handle, &run, &result, NULL));
  }
  collect_all(isolate);
  CHECK(statistics_of(isolate).heap_used < before + 200000);
  EXECUTE(context, "done(5)");
  OK(miniracer_promise_wait(context, promise.as.handle, NULL, &result, NULL));
  CHECK_NUMBER(5, result);
  release(&promise);
  OK(miniracer_isolate_dispose(isolate));
}

int main(void) {
  RUN(host_settles);
  RUN(host_rejects_with_its_own_error);
  RUN(watching);
  RUN(waiting);
  RUN(rejections_tell_who_awaited);
  RUN(a_wait_ends_with_what_it_waits_in);
  RUN(settled_in_a_run_that_is_ended);
  RUN(waiting_inside_of_javascript);
  RUN(waiting_with_the_lock);
  RUN(waiting_with_later_options);
  RUN(waiting_many_times);
  return test_result();
}
