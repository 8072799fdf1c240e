/* console.*: what reaches the host, and that nothing a guest does gets between. */
#include "test.h"

static miniracer_isolate isolate;

/* What was said last, as "severity method text". */
static char said[20000];
static int times;

static int32_t listen(void *userdata, miniracer_call *call) {
  CHECK(userdata == said);
  CHECK_INT(3, call->argument_count);
  CHECK_INT(MINIRACER_INT32, call->arguments[0].tag);
  const miniracer_value *method = &call->arguments[1], *text = &call->arguments[2];
  CHECK(method->tag == MINIRACER_STRING && text->tag == MINIRACER_STRING);
  char shown[10000];
  size_t length = text->length < sizeof shown ? text->length : sizeof shown - 1;
  for (size_t i = 0; i < length; ++i) { /* what is not ASCII as '?' */
    uint32_t unit =
        text->subtype == MINIRACER_LATIN1 ? ((const uint8_t *)text->as.data)[i] : ((const uint16_t *)text->as.data)[i];
    shown[i] = unit < 0x80 ? (char)unit : '?';
  }
  shown[length] = '\0';
  snprintf(said, sizeof said, "%d %.*s %s", call->arguments[0].as.int32, (int)method->length,
           (const char *)method->as.data, shown);
  ++times;
  return 0;
}

static miniracer_context_options options_of(miniracer_callback console, void *userdata, miniracer_finalizer finalize) {
  miniracer_context_options options = context_options(MINIRACER_CONTEXT_CONSOLE);
  options.console = console;
  options.console_userdata = userdata;
  options.console_finalize = finalize;
  return options;
}

static miniracer_context with_console(miniracer_callback console, void *userdata) {
  miniracer_context context = 0;
  miniracer_context_options options = options_of(console, userdata, NULL);
  REQUIRE_OK(miniracer_context_new(isolate, &options, &context, NULL));
  return context;
}

static void check_said(miniracer_context context, const char *source, const char *expected) {
  said[0] = '\0';
  EXECUTE(context, source);
  if (strcmp(said, expected) == 0) return;
  ++failed_checks;
  fprintf(stderr, "%s:\n--- expected\n%s\n--- is\n%s\n", source, expected, said);
}

static void colors(void) {
  miniracer_context context = 0;
  miniracer_context_options options = options_of(listen, said, NULL);
  options.flags |= MINIRACER_CONTEXT_CONSOLE_COLORS;
  REQUIRE_OK(miniracer_context_new(isolate, &options, &context, NULL));
  /* Texts of the guest's stay as they are. */
  check_said(context, "console.log('a', 1, ['b'])", "1 log a \x1b[33m1\x1b[39m [ \x1b[32m'b'\x1b[39m ]");
  check_said(context, "console.warn('%s %d %o', 'a', 1, null)", "2 warn a 1 \x1b[1mnull\x1b[22m");
  miniracer_context other = with_console(listen, said);
  check_said(other, "console.log(1)", "1 log 1");
  OK(miniracer_context_dispose(other));
  OK(miniracer_context_dispose(context));
}

static const char *const rows[][2] = {
    {"console.log('a', 1, { b: [2] })", "1 log a 1 { b: [ 2 ] }"},
    {"console.log()", "1 log "},
    {"console.info(\"it's\", ['it'])", "1 info it's [ 'it' ]"},
    {"console.debug(undefined)", "0 debug undefined"},
    {"console.warn(-0)", "2 warn -0"},
    {"console.error(Symbol('s'), null)", "3 error Symbol(s) null"},
    {"console.dirxml([1], 2)", "1 dirxml [ 1 ] 2"},
    {"console.log('%s is %d years', 'Bo', 42.5, 'old')", "1 log Bo is 42.5 years old"},
    {"console.log('%i %f %d %i', '42.9px', '1.50x', '0x10', 7n)", "1 log 42 1.5 16 7n"},
    {"console.log('%d %i %f', {}, Symbol(), [])", "1 log NaN NaN NaN"},
    {"console.log('%d', new Number(5))", "1 log 5"},
    {"console.log('%s %s %s %s', 1n, -0, Symbol('x'), null)", "1 log 1n -0 Symbol(x) null"},
    {"console.log('%s', { a: { b: 1 } })", "1 log { a: [Object] }"},
    {"console.log('%O', { a: { b: { c: {} } } })", "1 log { a: { b: { c: {} } } }"},
    {"console.log('%o', [1])", "1 log [ 1, [length]: 1 ]"},
    {"console.log('%cred%c plain', 'color: red', '')", "1 log red plain"},
    {"console.log('100%', 1)", "1 log 100% 1"},
    {"console.log('%% %s')", "1 log %% %s"},
    {"console.log('%% %s', 1)", "1 log % 1"},
    {"console.log('%s %s', 'one')", "1 log one %s"},
    {"console.log('%x %', 1)", "1 log %x % 1"},
    {"console.log(1, '%s', 'x')", "1 log 1 %s x"},
    {"console.assert(true, 'no')", ""},
    {"console.assert(false)", "3 assert Assertion failed"},
    {"console.assert(0, 'sum %d', 3)", "3 assert Assertion failed: sum 3"},
    {"console.assert('', { a: 1 })", "3 assert Assertion failed { a: 1 }"},
    {"console.count()", "0 count default: 1"},
    {"console.count()", "0 count default: 2"},
    {"console.count('x')", "0 count x: 1"},
    {"console.countReset()", ""},
    {"console.count()", "0 count default: 1"},
    {"console.countReset('none')", "2 countReset Count for 'none' does not exist"},
    {"console.timeEnd('none')", "2 timeEnd No such label 'none' for console.timeEnd()"},
    {"console.timeLog('none')", "2 timeLog No such label 'none' for console.timeLog()"},
    {"console.time(); console.time()", "2 time Label 'default' already exists for console.time()"},
    {"console.group('G', 1)", "1 group G 1"},
    {"console.log('a\\nb')", "1 log   a\n  b"},
    {"console.groupCollapsed()", ""},
    {"console.log({ a: 'x'.repeat(80) })",
     "1 log     {\n      a: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\n    }"},
    {"console.groupEnd(); console.log('x')", "1 log   x"},
    {"console.group(); console.clear(); console.log('x')", "1 log x"},
    {"console.groupEnd(); console.log('x')", "1 log x"},
    {"console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 })", "1 dir { a: [Object] }"},
    {"console.dir('text', 1)", "1 dir 'text'"},
    {"console.dir([1], { showHidden: true })", "1 dir [ 1, [length]: 1 ]"},
    {"console.table(5)", "1 table 5"},
    {"console.table([[1, 'a'], [2]])",
     "1 table ?????????????????????\n? (index) ? 0 ? 1   ?\n?????????????????????\n? 0       ? 1 ? 'a' ?\n? 1       ? "
     "2 ?     ?\n"
     "?????????????????????"},
    {"console.table([{ a: 1, b: { c: 1 } }, 7], ['b'])",
     "1 table ???????????????????????????????\n? (index) ? b        ? Values ?\n???????????????????????????????\n"
     "? 0       ? { c: 1 } ?        ?\n? 1       ?          ? 7      ?\n???????????????????????????????"},
    {"console.table(new Map([['k', 1]]))",
     "1 table ????????????????????????????????????\n? (iteration index) ? Key ? Values ?\n"
     "????????????????????????????????????\n? 0                 ? 'k' ? 1      "
     "?\n????????????????????????????????????"},
    {"function f() { console.trace('at %s', 'x') }\nf()",
     "1 trace Trace: at x\n    at f (test.js:1:24)\n    at test.js:2:1"},
};

static void methods(void) {
  miniracer_context context = with_console(listen, said);
  for (size_t i = 0; i < COUNT(rows); ++i) check_said(context, rows[i][0], rows[i][1]);
  EXECUTE(context, "console.time('t'); console.timeLog('t', 'more', [1])");
  CHECK(strncmp(said, "0 timeLog t: 0.", 15) == 0 || strncmp(said, "0 timeLog t: ", 13) == 0);
  CHECK(strstr(said, "ms more [ 1 ]") != NULL);
  EXECUTE(context, "console.timeEnd('t')");
  CHECK(strncmp(said, "0 timeEnd t: ", 13) == 0);
  OK(miniracer_context_dispose(context));
}

static void shape(void) {
  miniracer_context context = with_console(listen, said);
  CHECK_SCRIPT_TEXT(context, "Object.keys(console).sort().join()",
                    "assert,clear,count,countReset,debug,dir,dirxml,error,group,groupCollapsed,groupEnd,info,log,table,"
                    "time,timeEnd,timeLog,trace,warn");
  CHECK_SCRIPT_TEXT(context, "String(console) + console.log.name + console.log.length", "[object console]log0");
  CHECK_SCRIPT_TEXT(context,
                    "Object.getPrototypeOf(Object.getPrototypeOf(console)) === Object.prototype && "
                    "Object.keys(Object.getPrototypeOf(console)).length === 0 ? 'yes' : 'no'",
                    "yes");
  CHECK_SCRIPT_TEXT(context,
                    "const { enumerable: e, writable: w, configurable: c } = "
                    "Object.getOwnPropertyDescriptor(globalThis, 'console'); [e, w, c].join()",
                    "false,true,true");
  CHECK_SCRIPT_TEXT(context, "try { new console.log() } catch (e) { e instanceof TypeError ? 'no' : 'odd' }", "no");
  check_said(context, "const { log } = console; log(1)", "1 log 1"); /* needs no `this` */
  OK(miniracer_context_dispose(context));
}

/* Whatever the guest redefines, console says what it said before, and runs nothing of the guest's. */
static void hostile(void) {
  miniracer_context context = with_console(listen, said);
  EXECUTE(context,
          "function hang() { throw new Error('ran') }\n"
          "const all = [[Array.prototype, ['push', 'map', 'join', 'slice', Symbol.iterator]],"
          "    [String.prototype, ['replace', 'split', 'includes', 'repeat', 'padStart']],"
          "    [RegExp.prototype, ['exec', 'test', Symbol.replace]], [Map.prototype, ['get', 'set', 'has']],"
          "    [Function.prototype, ['call', 'apply', 'bind']], [Reflect, ['apply', 'ownKeys']],"
          "    [Object, ['is', 'keys']], [globalThis, ['Map', 'Set', 'String', 'Number', 'parseInt', 'Error']]];"
          "for (let n = 0; n < all.length; n++)"
          "  for (let i = 0; i < all[n][1].length; i++) all[n][0][all[n][1][i]] = hang;"
          "const names = ['value', 'get', 'set', 'depth', '0', '1', 'hidden'];"
          "for (let i = 0; i < names.length; i++)"
          "  Object.defineProperty(Object.prototype, names[i], { __proto__: null, get: hang, set: hang });");
  check_said(context, "console.log('%s %o', { toString: hang }, [1], new Proxy({}, { get: hang }))",
             "1 log { toString: [Function: hang] } [ 1, [length]: 1 ] {}");
  check_said(context, "console.count({ toString: hang })", "0 count { toString: [Function: hang] }: 1");
  check_said(context, "console.log('%d', { valueOf: hang })", "1 log NaN");
  EXECUTE(context, "console.table([{ get a() { hang() } }], new Proxy([], { get: hang }))");
  EXECUTE(context, "console.dir({}, { get depth() { hang() } })");
  OK(miniracer_context_dispose(context));

  context = with_console(listen, said);
  CHECK_SCRIPT_TEXT(context,
                    "let n = 0; function f() { n++; console.log([n]); f() };"
                    "try { f() } catch (e) { (e instanceof RangeError) + ' ' + (n > 100) }",
                    "true true");
  OK(miniracer_context_dispose(context));
}

static int32_t calls_back(void *userdata, miniracer_call *call) {
  if (++*(int *)userdata < 5) EXECUTE(call->context, "console.log('again')");
  return 0;
}

static int32_t throws(void *userdata, miniracer_call *call) {
  miniracer_value message = text("no room to write");
  (void)userdata;
  miniracer_call_throw_error(call, MINIRACER_THROW_RANGE_ERROR, NULL, &message, NULL, NULL);
  return 1;
}

/* A host function that has the run ended, and asks for more. */
static int32_t ends(void *userdata, miniracer_call *call) {
  miniracer_context_options options = options_of(listen, userdata, count_finalized);
  miniracer_context other = 0;
  (void)call;
  options.flags |= MINIRACER_CONTEXT_WEB;
  OK(miniracer_isolate_cancel(isolate, NULL));
  miniracer_status status = miniracer_context_new(isolate, &options, &other, NULL);
  CHECK_STATUS(MINIRACER_CANCELLED, status);
  return 0;
}

static void ending(void) {
  int finalized = 0;
  miniracer_context context = with_console(ends, &finalized);
  CHECK_STATUS(MINIRACER_CANCELLED, run_status(context, "console.log(1); for (;;);", NULL));
  CHECK_INT(1, finalized);
  OK(miniracer_context_dispose(context));
}

static void sinks(void) {
  int calls = 0;
  miniracer_context context = with_console(calls_back, &calls);
  EXECUTE(context, "console.log('first')");
  CHECK_INT(5, calls);
  OK(miniracer_context_dispose(context));

  context = with_console(throws, NULL);
  CHECK_SCRIPT_TEXT(context, "try { console.log(1) } catch (e) { e instanceof RangeError ? e.message : 'odd' }",
                    "no room to write");
  OK(miniracer_context_dispose(context));

  /* A console without a listener is the engine's own, which is silent. */
  context = with_console(NULL, NULL);
  CHECK_SCRIPT_TEXT(context, "typeof console.log(1)", "undefined");
  OK(miniracer_context_dispose(context));

  /* What listeners throw is told there, too. */
  miniracer_context_options options = options_of(listen, said, NULL);
  options.flags |= MINIRACER_CONTEXT_WEB;
  REQUIRE_OK(miniracer_context_new(isolate, &options, &context, NULL));
  EXECUTE(context,
          "const target = new EventTarget(); let heard = 0;\n"
          "target.addEventListener('x', () => { throw 'bad' }); target.addEventListener('x', () => heard++);");
  check_said(context, "target.dispatchEvent(new Event('x'))", "3 error Uncaught bad");
  CHECK_SCRIPT(context, "heard", 1);
  OK(miniracer_context_dispose(context));

  /* A run that is to end does so in spite of the console. */
  context = with_console(listen, said);
  miniracer_run_options run = with_timeout(50 * MILLISECOND);
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "for (;;) console.log(globalThis, [{}])", &run));
  check_said(context, "console.log(1)", "1 log 1");
  OK(miniracer_context_dispose(context));
}

/* Where V8 would write the text of an error's stack by itself, and ask the guest for the error's name: in the middle of
 * another stack's, and at the end of the stack. */
static void errors_inside_of_prepareStackTrace(void) {
  miniracer_context context = with_console(listen, said);
  EXECUTE(
      context,
      "globalThis.asked = 0; function told() { const e = new TypeError('in'); for (const key of ['name', 'message'])"
      "  Object.defineProperty(e, key, { get() { asked++ } }); return e }");
  check_said(context, "Error.prepareStackTrace = () => { console.log(told()); return 'mine' }; new Error().stack",
             "1 log TypeError\n    at told (test.js:1:51)\n    at Error.prepareStackTrace (test.js:1:47)\n    at "
             "test.js:1:85");
  CHECK_SCRIPT(context, "asked", 0);
  EXECUTE(context,
          "delete Error.prepareStackTrace;"
          "let left = 50; (function deep() { try { deep() } catch { } if (--left > 0) console.log(told()) })()");
  CHECK_SCRIPT(context, "asked", 0);
  OK(miniracer_context_dispose(context));
}

static void finalizers(void) {
  int finalized = 0;
  miniracer_context context = 0;
  miniracer_context_options options = options_of(listen, &finalized, count_finalized);
  REQUIRE_OK(miniracer_context_new(isolate, &options, &context, NULL));
  collect_all(isolate);
  CHECK_INT(0, finalized);
  OK(miniracer_context_dispose(context));
  for (int i = 0; i < 5 && finalized == 0; ++i) collect_all(isolate);
  CHECK_INT(1, finalized);

  /* In a call that fails, too. */
  options.flags = 1u << 20;
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, miniracer_context_new(isolate, &options, &context, NULL));
  CHECK_INT(2, finalized);
  options.flags = MINIRACER_CONTEXT_CONSOLE;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_new(isolate, &options, NULL, NULL));
  CHECK_INT(3, finalized);
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_context_new(5, &options, &context, NULL));
  CHECK_INT(4, finalized);

  /* And when the isolate goes. */
  miniracer_isolate other = new_isolate();
  REQUIRE_OK(miniracer_context_new(other, &options, &context, NULL));
  OK(miniracer_isolate_dispose(other));
  CHECK_INT(5, finalized);

  /* Nobody has anything to listen with. */
  options.console = NULL;
  REQUIRE_OK(miniracer_context_new(isolate, &options, &context, NULL));
  CHECK_INT(6, finalized);
  OK(miniracer_context_dispose(context));
}

int main(void) {
  isolate = new_isolate();
  RUN(colors);
  RUN(methods);
  RUN(shape);
  RUN(hostile);
  RUN(sinks);
  RUN(ending);
  RUN(errors_inside_of_prepareStackTrace);
  RUN(finalizers);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
