/* What MINIRACER_ISOLATE_NO_EVAL, _NO_WEBASSEMBLY and _NO_SHARED_MEMORY take away, and by which ways it stays away; the
 * clocks that guests see; the presets. */
#include <pthread.h>
#include <stddef.h>

#include "test.h"

static miniracer_isolate_options options_of(uint32_t flags) {
  miniracer_isolate_options options = isolate_options();
  options.flags = flags;
  return options;
}

/* A context with all globals of the library's, in an isolate of its own. */
static miniracer_context start(const miniracer_isolate_options *options) {
  return context_with(isolate_with(options), MINIRACER_CONTEXT_TIMERS | MINIRACER_CONTEXT_WEB);
}

static miniracer_context switched(uint32_t flags) {
  miniracer_isolate_options options = options_of(flags);
  return start(&options);
}

static void end(miniracer_context context) { OK(miniracer_isolate_dispose(isolate_of(context))); }

/* ---- No eval ---- */

/* Each makes code of a text. */
static const char *const evals[] = {
    "eval('1')",
    "(0, eval)('1')",
    "eval.call(null, '1')",
    "eval.bind(null, '1')()",
    "Reflect.apply(eval, undefined, ['1'])",
    "['1'].map(eval)",
    "new Proxy(eval, {})('1')",
    "eval('')",
    "Function('return 1')",
    "new Function('return 1')",
    "Function()",
    "Reflect.construct(Function, ['return 1'])",
    "new (class extends Function {})('return 1')",
    "(() => {}).constructor('return 1')",
    "[].map.constructor('return 1')",
    "Function.prototype.constructor('return 1')",
    "(async () => {}).constructor('return 1')",
    "(function* () {}).constructor('yield 1')",
    "(async function* () {}).constructor('yield 1')",
    "Object.getPrototypeOf(function* () {}).constructor('1')",
    "new Proxy(Function, {})('return 1')",
    "class A { static #f = eval('1') }",
};

static void no_eval(void) {
  miniracer_context context = switched(MINIRACER_ISOLATE_NO_EVAL), other = 0;
  for (size_t i = 0; i < COUNT(evals); ++i) {
    char source[400];
    snprintf(source, sizeof source, "try { %s; 'ran' } catch (e) { e instanceof EvalError ? '' : String(e) }",
             evals[i]);
    miniracer_value result = EVALUATE(context, source);
    if (!is_text(&result, "")) fprintf(stderr, "%s\n", evals[i]);
    CHECK_TEXT("", result);
    release(&result);
  }
  /* Timers take no text, with or without. */
  CHECK_SCRIPT_TEXT(context, "try { setTimeout('globalThis.ran = 1') } catch (e) { e.name }", "TypeError");
  CHECK_SCRIPT_TEXT(context, "try { setInterval('globalThis.ran = 1', 1) } catch (e) { e.name }", "TypeError");
  /* What is no text is given back, as ECMA-262 has it. */
  CHECK_SCRIPT(context, "eval(7)", 7);

  /* Nor does another context of the isolate help. */
  REQUIRE_OK(miniracer_context_new(isolate_of(context), NULL, &other, NULL));
  miniracer_value function = EVALUATE(other, "Function");
  set_global(context, "OtherFunction", &function);
  CHECK_SCRIPT_TEXT(context, "try { OtherFunction('return 1')() } catch (e) { e.name }", "EvalError");
  release(&function);
  end(context);
}

/* What the library itself does is no eval. */
static void library_without_eval(void) {
  miniracer_context context = switched(MINIRACER_ISOLATE_NO_EVAL);
  CHECK_SCRIPT(context, "(() => 6 * 7)()", 42);
  CHECK_SCRIPT_TEXT(context, "new URL('/x', 'http://a').href", "http://a/x");
  CHECK_SCRIPT_TEXT(context, "btoa('a')", "YQ==");
  CHECK_SCRIPT(context, "structuredClone({ a: [1, 2] }).a[1]", 2);
  miniracer_value array = EVALUATE(context, "[1, { a: 2 }]"), shown = undefined(), promise = undefined();
  OK(miniracer_value_inspect(context, &array, NULL, NULL, &shown, NULL));
  CHECK_TEXT("[ 1, { a: 2 } ]", shown);
  miniracer_script module = script("export const seven = 7; globalThis.evaluated = 1");
  OK(miniracer_context_evaluate_module(context, &module, NULL, &promise, NULL));
  CHECK_SCRIPT(context, "evaluated", 1);
  release(&promise);
  release(&shown);
  release(&array);
  end(context);
}

static void eval_by_default(void) {
  miniracer_context context = switched(0);
  CHECK_SCRIPT(context, "eval('1') + Function('return 2')()", 3);
  end(context);
}

/* ---- No WebAssembly ---- */

static void no_webassembly(void) {
  miniracer_context context = switched(MINIRACER_ISOLATE_NO_WEBASSEMBLY);
  CHECK_SCRIPT_TEXT(context, "typeof WebAssembly", "undefined");
  CHECK_SCRIPT_TEXT(context, "String(Object.getOwnPropertyDescriptor(globalThis, 'WebAssembly'))", "undefined");
  CHECK_SCRIPT(context, "structuredClone(1) + eval('1')", 2);
  end(context);
}

/* The namespace of another isolate's cannot come here, but code may be refused on its own as well: as it is compiled. */
static void webassembly_by_default(void) {
  miniracer_context context = switched(0);
  CHECK_SCRIPT(context,
               "new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])) instanceof Object ? 1 : 0", 1);
  end(context);
}

/* ---- No shared memory ---- */

/* (module (memory (export "m") 1 1 shared)) */
#define SHARED_MODULE "new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 5, 4, 1, 3, 1, 1, 7, 5, 1, 1, 109, 2, 0])"

/* (module (memory 1 1 shared)
 *   (func (export "f") (result i32) (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))) */
#define WAITING_MODULE                                                                              \
  "new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 5, 4, 1, 3, 1," \
  " 1, 7, 5, 1, 1, 102, 0, 0, 10, 14, 1, 12, 0, 65, 0, 65, 0, 66, 127, 254, 1, 2, 0, 11])"
#define WASM_WAIT "new WebAssembly.Instance(new WebAssembly.Module(" WAITING_MODULE ")).exports.f()"

static void no_shared_memory(void) {
  miniracer_context context = switched(MINIRACER_ISOLATE_NO_SHARED_MEMORY);
  CHECK_SCRIPT_TEXT(context, "typeof SharedArrayBuffer + typeof Atomics", "undefinedundefined");
  /* Memory that WebAssembly shares does not show itself. */
  CHECK_SCRIPT_TEXT(context,
                    "const shared = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });"
                    "try { shared.buffer.constructor.name } catch (e) { e.name }",
                    "TypeError");
  CHECK_SCRIPT_TEXT(context,
                    "const { m } = new WebAssembly.Instance(new WebAssembly.Module(" SHARED_MODULE
                    ")).exports;"
                    "try { m.buffer.constructor.name } catch (e) { e.name }",
                    "TypeError");
  CHECK_SCRIPT_TEXT(context, "try { Reflect.get(WebAssembly.Memory.prototype, 'buffer', m) } catch (e) { e.name }",
                    "TypeError");
  /* Other memory does, and the getter looks at what it is given. */
  CHECK_SCRIPT(context, "new WebAssembly.Memory({ initial: 1 }).buffer.byteLength", 65536);
  CHECK_SCRIPT_TEXT(context, "try { WebAssembly.Memory.prototype.buffer } catch (e) { e.name }", "TypeError");
  CHECK_SCRIPT_TEXT(context, "Object.getOwnPropertyDescriptor(WebAssembly.Memory.prototype, 'buffer').get.name",
                    "get buffer");
  CHECK_SCRIPT_TEXT(context, "try { " WASM_WAIT " } catch (e) { 'refused' }", "refused");
  /* The host may hand in what it likes; the way to make more is closed. */
  miniracer_buffer_options shared;
  miniracer_value buffer = undefined();
  memset(&shared, 0, sizeof shared);
  shared.struct_size = sizeof shared;
  shared.flags = MINIRACER_BUFFER_NEW_SHARED;
  shared.length = 8;
  OK(miniracer_array_buffer_new(context, &shared, &buffer, NULL));
  set_global(context, "given", &buffer);
  release(&buffer);
  CHECK_SCRIPT_TEXT(context, "new Uint8Array(given).length + given.constructor.name", "8Object");
  end(context);
}

static void shared_memory_by_default(void) {
  miniracer_context context = switched(0);
  CHECK_SCRIPT_TEXT(context,
                    "const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });"
                    "memory.buffer.constructor.name + typeof Atomics",
                    "SharedArrayBufferobject");
  end(context);
}

/* A wait that nobody ends. */
#define WAIT "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)"

static void *cancel(void *isolate) {
  for (int i = 0; i < 20; ++i) { /* it may not have begun yet */
    sleep_for(10 * MILLISECOND);
    OK(miniracer_isolate_cancel(*(miniracer_isolate *)isolate, NULL));
  }
  return NULL;
}

static void waiting_ends(void) {
  miniracer_context context = switched(0);
  miniracer_run_options run = with_timeout(30 * MILLISECOND);
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, WAIT, &run));
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "try { " WAIT " } finally { for (;;); }", &run));
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, WASM_WAIT, &run));
  CHECK_SCRIPT_TEXT(context, "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)", "timed-out");
  pthread_t thread;
  miniracer_isolate isolate = isolate_of(context);
  REQUIRE(pthread_create(&thread, NULL, cancel, &isolate) == 0);
  CHECK_STATUS(MINIRACER_CANCELLED, run_status(context, WAIT, NULL));
  pthread_join(thread, NULL);
  end(context);
}

/* ---- Clocks ---- */

static int32_t nap(void *userdata, miniracer_call *call) {
  (void)userdata;
  (void)call;
  sleep_for(5 * MILLISECOND);
  return 0;
}

static double number_of(miniracer_context context, const char *source) {
  miniracer_value value = EVALUATE(context, source);
  double real = value.tag == MINIRACER_INT32 ? value.as.int32 : value.as.number;
  release(&value);
  return real;
}

static void coarse_clock(void) {
  miniracer_isolate_options options = options_of(0);
  options.clock_resolution = SECOND;
  miniracer_context context = start(&options);
  CHECK_SCRIPT(context, "Date.now() % 1000", 0);
  CHECK_SCRIPT(context, "new Date().getTime() % 1000", 0);
  CHECK_SCRIPT(context, "performance.now() % 1000", 0);
  CHECK_SCRIPT(context, "performance.timeOrigin % 1000", 0);
  CHECK_SCRIPT(context, "new Event('x').timeStamp % 1000", 0);
  CHECK_SCRIPT_TEXT(context, "new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3 }).format()", "000");
  /* The time of day is right. */
  struct timespec real;
  clock_gettime(CLOCK_REALTIME, &real);
  double difference = (double)real.tv_sec - number_of(context, "Date.now() / 1000");
  CHECK(difference >= -1 && difference <= 60);
  end(context);
}

static void frozen_clock(void) {
  miniracer_isolate_options options = options_of(0);
  options.clock_resolution = MINIRACER_FROZEN_CLOCK;
  miniracer_context context = start(&options);
  define(context, "nap", nap, NULL);
  EXECUTE(context,
          "const format = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'full' });"
          "const clocks = () => [Date.now(), +new Date(), Date(), performance.now(), new Event('x').timeStamp,"
          "  format.format(), new Date().toISOString()].join();");
  CHECK_SCRIPT_TEXT(context, "const first = clocks(); nap(); first === clocks() ? 'stood' : clocks()", "stood");
  /* In promise reactions of the same run, too. */
  EXECUTE(context, "const before = clocks(); Promise.resolve().then(nap).then(() => { globalThis.after = clocks() })");
  CHECK_SCRIPT_TEXT(context, "before === after ? 'stood' : after", "stood");
  /* From run to run it goes on. */
  double one = number_of(context, "performance.now()"), day = number_of(context, "Date.now()");
  sleep_for(5 * MILLISECOND);
  CHECK(number_of(context, "performance.now()") >= one + 5);
  CHECK(number_of(context, "Date.now()") >= day + 4);
  end(context);
}

/* In which order timers come tells nothing that the clock does not. */
static void timers_by_the_clock(void) {
  for (int frozen = 0; frozen < 2; ++frozen) {
    miniracer_isolate_options options = options_of(0);
    if (frozen) options.clock_resolution = MINIRACER_FROZEN_CLOCK;
    miniracer_context context = start(&options);
    define(context, "nap", nap, NULL);
    EXECUTE(context,
            "globalThis.order = ''; setTimeout(() => { order += 'a' }, 3); nap();"
            "setTimeout(() => { order += 'b' }, 1);");
    for (int i = 0; i < 1000; ++i) {
      uint64_t next = 0;
      OK(miniracer_isolate_run_pending(isolate_of(context), NULL, &next, NULL));
      if (next == MINIRACER_NO_TIMEOUT) break;
      sleep_for(MILLISECOND);
    }
    CHECK_SCRIPT_TEXT(context, "order", frozen ? "ba" : "ab");
    end(context);
  }
}

/* One isolate's clock is not the other's, also where the one calls the other. */
static miniracer_context inner;

static int32_t ask_inner(void *userdata, miniracer_call *call) {
  (void)userdata;
  miniracer_value time = EVALUATE(inner, "Date.now() % 1000");
  CHECK_NUMBER(0, time);
  OK(miniracer_call_return(call, &time));
  release(&time);
  return 0;
}

static void clocks_of_isolates(void) {
  miniracer_isolate_options options = options_of(0);
  options.clock_resolution = SECOND;
  inner = start(&options);
  miniracer_context outer = switched(0);
  define(outer, "ask", ask_inner, NULL);
  CHECK_SCRIPT(outer,
               "let other = 0; for (let i = 0; i < 5 && other === 0; i++) { ask(); const t = Date.now();"
               " while (Date.now() < t + 2); other = Date.now() % 1000 } other > 0 ? 1 : 0",
               1);
  end(inner);
  end(outer);
}

/* ---- Presets ---- */

static void presets(void) {
  miniracer_isolate_options filled = options_of(77), zero = options_of(0);
  OK(miniracer_isolate_options_preset(MINIRACER_PRESET_TRUSTED, &filled));
  CHECK(memcmp(&filled, &zero, sizeof zero) == 0);

  OK(miniracer_isolate_options_preset(MINIRACER_PRESET_UNTRUSTED, &filled));
  CHECK_INT(sizeof filled, filled.struct_size);
  CHECK_INT(MINIRACER_ISOLATE_NO_EVAL | MINIRACER_ISOLATE_NO_WEBASSEMBLY | MINIRACER_ISOLATE_NO_SHARED_MEMORY,
            filled.flags);
  CHECK_INT(0, filled.heap_limit);
  CHECK_INT(SECOND, filled.timeout);
  CHECK_INT(0, filled.stack_limit);
  CHECK_INT(SECOND, filled.cpu_time);
  CHECK_INT(128 << 20, filled.memory_limit);
  CHECK_INT(0, filled.memory_warning);
  CHECK_INT(0, filled.grace);
  CHECK_INT(MILLISECOND, filled.clock_resolution);
  CHECK_INT(10000, filled.maximum_handles);
  CHECK_INT(1000, filled.maximum_timers);
  CHECK_INT(1000, filled.maximum_modules);
  CHECK_INT(1000, filled.maximum_promises);
  CHECK_INT(1 << 20, filled.maximum_console);
  CHECK(filled.event == NULL && filled.event_userdata == NULL && filled.event_finalize == NULL);

  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_options_preset(2, &filled));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_options_preset(MINIRACER_PRESET_UNTRUSTED, NULL));
  filled.struct_size = 0;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_options_preset(MINIRACER_PRESET_UNTRUSTED, &filled));

  /* A host of an older time gets what it knows of. */
  miniracer_isolate_options older = options_of(0);
  older.struct_size = offsetof(miniracer_isolate_options, cpu_time);
  OK(miniracer_isolate_options_preset(MINIRACER_PRESET_UNTRUSTED, &older));
  CHECK_INT(offsetof(miniracer_isolate_options, cpu_time), older.struct_size);
  CHECK_INT(SECOND, older.timeout);
  CHECK_INT(0, older.cpu_time);
}

static void untrusted(void) {
  miniracer_isolate_options options = options_of(0);
  OK(miniracer_isolate_options_preset(MINIRACER_PRESET_UNTRUSTED, &options));
  miniracer_context context = start(&options);
  CHECK_SCRIPT_TEXT(context, "[typeof WebAssembly, typeof SharedArrayBuffer, typeof Atomics].join()",
                    "undefined,undefined,undefined");
  CHECK_SCRIPT_TEXT(context, "try { eval('1') } catch (e) { e.name }", "EvalError");
  CHECK_SCRIPT_TEXT(context,
                    "for (let i = 0; i < 1000; i++) setTimeout(() => {}, 1e6);"
                    "try { setTimeout(() => {}) } catch (e) { e.name }",
                    "RangeError");
  CHECK_SCRIPT(context, "performance.now() % 1", 0);
  end(context);
}

/* V8 runs, and not like that. */
static void too_late(void) {
  miniracer_init_options options;
  miniracer_error *error = NULL;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.flags = MINIRACER_INIT_JITLESS;
  REQUIRE_OK(miniracer_init(NULL, NULL));
  CHECK_STATUS(MINIRACER_TOO_LATE, miniracer_init(&options, &error));
  CHECK(error != NULL && strstr((const char *)error->message.as.data, "--jitless") != NULL);
  miniracer_error_free(error);
}

int main(void) {
  RUN(no_eval);
  RUN(library_without_eval);
  RUN(eval_by_default);
  RUN(no_webassembly);
  RUN(webassembly_by_default);
  RUN(no_shared_memory);
  RUN(shared_memory_by_default);
  RUN(waiting_ends);
  RUN(coarse_clock);
  RUN(frozen_clock);
  RUN(timers_by_the_clock);
  RUN(clocks_of_isolates);
  RUN(presets);
  RUN(untrusted);
  RUN(too_late);
  return test_result();
}
