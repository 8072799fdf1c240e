/* How much of what the library keeps a guest may have: maximum_handles, _timers, _modules, _promises, _console. */
#include <unistd.h>

#include "test.h"

/* ---- Handles ---- */

static int32_t take_nothing(void *userdata, miniracer_call *call) {
  (void)userdata;
  (void)call;
  return 0;
}

static void handles(void) {
  miniracer_isolate_options options = isolate_options();
  options.maximum_handles = 3;
  miniracer_isolate isolate = isolate_with(&options);
  miniracer_context context = new_context(isolate);
  define(context, "take", take_nothing, NULL);
  miniracer_value made[3], more = undefined();
  miniracer_error *error = NULL;
  for (int i = 0; i < 3; ++i) OK(miniracer_object_new(context, &made[i], NULL));
  CHECK_STATUS(MINIRACER_TOO_MANY_HANDLES, miniracer_object_new(context, &more, &error));
  REQUIRE(error != NULL);
  CHECK(strstr((const char *)error->message.as.data, "handles") != NULL);
  miniracer_error_free(error);
  CHECK_STATUS(MINIRACER_TOO_MANY_HANDLES, run_status(context, "({})", NULL));
  miniracer_handle duplicate;
  CHECK_STATUS(MINIRACER_TOO_MANY_HANDLES, miniracer_handle_duplicate(made[0].as.handle, &duplicate));
  /* A guest that hands over objects is told; what is no object needs no handle. */
  CHECK_SCRIPT(context, "try { take({}) } catch (e) { e instanceof Error ? 1 : 0 }", 1);
  CHECK_SCRIPT(context, "take(1, 'text', 2n); 2", 2);
  CHECK_INT(3, handle_count(isolate));
  release(&made[0]);
  OK(miniracer_object_new(context, &made[0], NULL));
  CHECK_SCRIPT(context, "6 * 7", 42);
  OK(miniracer_isolate_dispose(isolate));
}

/* ---- Timers ---- */

static void timers(void) {
  miniracer_isolate_options options = isolate_options();
  options.maximum_timers = 3;
  miniracer_isolate isolate = isolate_with(&options);
  miniracer_context context = context_with(isolate, MINIRACER_CONTEXT_TIMERS);
  EXECUTE(context, "const ids = [setTimeout(() => {}, 1e6), setInterval(() => {}, 1e6), setImmediate(() => {})];");
  CHECK_SCRIPT_TEXT(context, "try { setTimeout(() => {}) } catch (e) { `${e}` }",
                    "RangeError: Too many timers: 3 are pending");
  CHECK_SCRIPT_TEXT(context, "try { setImmediate(() => {}) } catch (e) { e.name }", "RangeError");
  EXECUTE(context, "clearInterval(ids[1]); setTimeout(() => {}, 1e6)");
  OK(miniracer_isolate_run_pending(isolate, NULL, NULL, NULL)); /* the immediate one is over */
  EXECUTE(context, "setTimeout(() => {}, 1e6)");
  CHECK_SCRIPT_TEXT(context, "try { setTimeout(() => {}) } catch (e) { e.name }", "RangeError");
  OK(miniracer_isolate_dispose(isolate));
}

static void timers_by_default(void) {
  miniracer_isolate isolate = isolate_with(NULL);
  miniracer_context context = context_with(isolate, MINIRACER_CONTEXT_TIMERS);
  CHECK_SCRIPT(context, "let n = 0; try { for (;; n++) setTimeout(() => {}, 1e6) } catch (e) { n }", 100000);
  OK(miniracer_isolate_dispose(isolate));
}

/* ---- Modules ---- */

static void modules(void) {
  miniracer_isolate_options options = isolate_options();
  options.maximum_modules = 3;
  miniracer_isolate isolate = isolate_with(&options);
  miniracer_context context = new_context(isolate);
  miniracer_module_loader loader;
  memset(&loader, 0, sizeof loader);
  loader.struct_size = sizeof loader;
  loader.load = EVALUATE(context, "(url) => `import './${url}x'; export default 1`"); /* each needs another one */
  OK(miniracer_context_set_module_loader(context, &loader, NULL));
  release(&loader.load);
  EXECUTE(context, "import('m').catch((e) => { globalThis.error = `${e}` })");
  CHECK_SCRIPT_TEXT(context, "error",
                    "Error: Cannot import \"./mxxx\" from mxx:1:8: the context has 3 modules, as many as it may");
  /* Nor one whose text is the host's. */
  miniracer_script module = script("1");
  module.name = text("mine");
  miniracer_value promise = undefined();
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_context_evaluate_module(context, &module, NULL, &promise, &error));
  if (error != NULL) CHECK(strstr((const char *)error->message.as.data, "mine: the context has 3 modules") != NULL);
  miniracer_error_free(error);
  /* Those of another context are its own. */
  miniracer_context other = new_context(isolate);
  OK(miniracer_context_evaluate_module(other, &module, NULL, &promise, NULL));
  release(&promise);
  OK(miniracer_isolate_dispose(isolate));
}

/* The names of modules that take their time are the guest's memory, too, and go back with the context. */
static void module_names(void) {
  miniracer_isolate_options options = isolate_options();
  options.memory_limit = 64 << 20;
  options.timeout = 20 * SECOND;
  miniracer_isolate isolate = isolate_with(&options);
  miniracer_context context = new_context(isolate);
  miniracer_module_loader loader;
  memset(&loader, 0, sizeof loader);
  loader.struct_size = sizeof loader;
  loader.load = EVALUATE(context, "() => new Promise(() => {})");
  OK(miniracer_context_set_module_loader(context, &loader, NULL));
  loader.resolve = loader.load;
  miniracer_context resolving = new_context(isolate);
  OK(miniracer_context_set_module_loader(resolving, &loader, NULL));
  release(&loader.load);
  uint64_t before = statistics_of(isolate).memory;
  EXECUTE(context, "for (let i = 0; i < 3; ++i) import('x'.repeat(2 ** 19) + i)");
  CHECK(statistics_of(isolate).memory > before + (9 << 20)); /* each in its key, its module and the request for it */
  const char *many = "for (let i = 0; i < 1000; ++i) import('x'.repeat(2 ** 19) + i).catch(() => {})";
  CHECK_STATUS(MINIRACER_OUT_OF_MEMORY, run_status(context, many, NULL));
  OK(miniracer_context_dispose(context));
  CHECK_STATUS(MINIRACER_OUT_OF_MEMORY, run_status(resolving, many, NULL));
  OK(miniracer_context_dispose(resolving));
  OK(miniracer_isolate_collect_garbage(isolate, MINIRACER_COLLECT_FULL));
  CHECK(statistics_of(isolate).memory < before + (9 << 20));
  OK(miniracer_isolate_dispose(isolate));
}

/* Files that `require` opens. */
static void required(void) {
  char folder[] = "/tmp/miniracer-caps-XXXXXX", path[100];
  static const char *const names[] = {"a.js", "b.js"};
  REQUIRE(mkdtemp(folder) != NULL);
  for (size_t i = 0; i < COUNT(names); ++i) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    FILE *file = fopen(path, "w");
    REQUIRE(file != NULL && fputs("module.exports = 1", file) >= 0 && fclose(file) == 0);
  }
  miniracer_isolate_options options = isolate_options();
  options.maximum_modules = 1;
  miniracer_isolate isolate = isolate_with(&options);
  miniracer_context context = new_context(isolate);
  miniracer_file_loader loader;
  memset(&loader, 0, sizeof loader);
  loader.struct_size = sizeof loader;
  loader.flags = MINIRACER_FILES_REQUIRE;
  loader.root = text(folder);
  OK(miniracer_context_set_file_loader(context, &loader, NULL));
  CHECK_SCRIPT(context, "require('./a.js') + require('./a.js')", 2);
  CHECK_SCRIPT_TEXT(context, "try { require('./b.js') } catch (e) { e.message.split(': ')[1] }",
                    "the context has required 1 modules, as many as it may");
  OK(miniracer_isolate_dispose(isolate));
  for (size_t i = 0; i < COUNT(names); ++i) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    CHECK(remove(path) == 0);
  }
  CHECK(rmdir(folder) == 0);
}

/* ---- Promises ---- */

static void promises(void) {
  miniracer_isolate_options options = isolate_options();
  options.maximum_promises = 2;
  miniracer_isolate isolate = isolate_with(&options);
  miniracer_context context = new_context(isolate);
  miniracer_value one = undefined(), two = undefined(), three = undefined(), result = int32(1);
  miniracer_error *error = NULL;
  OK(miniracer_promise_new(context, &one, NULL));
  OK(miniracer_promise_new(context, &two, NULL));
  CHECK_STATUS(MINIRACER_TOO_MANY_HANDLES, miniracer_promise_new(context, &three, &error));
  REQUIRE(error != NULL);
  CHECK_TEXT("the isolate has 2 promises that are not settled, as many as it may", error->message);
  miniracer_error_free(error);
  /* Promises of the guest's own are not counted. */
  CHECK_SCRIPT(context, "const own = []; for (let i = 0; i < 100; i++) own.push(new Promise(() => {})); own.length",
               100);

  OK(miniracer_promise_settle(context, one.as.handle, MINIRACER_PROMISE_FULFILLED, &result, NULL, NULL));
  OK(miniracer_promise_new(context, &three, NULL));
  CHECK_STATUS(MINIRACER_TOO_MANY_HANDLES, miniracer_promise_new(context, &result, NULL));
  /* What nobody has any more can never be settled. */
  release(&two);
  collect_all(isolate);
  OK(miniracer_promise_new(context, &two, NULL));
  result = text("no");
  OK(miniracer_promise_reject_error(context, two.as.handle, MINIRACER_THROW_ERROR, NULL, &result, NULL, NULL, NULL,
                                    NULL));
  release(&one);
  release(&two);
  OK(miniracer_promise_new(context, &one, NULL));
  release(&one);
  release(&three);
  OK(miniracer_isolate_dispose(isolate));
}

/* ---- Console ---- */

static char said[100000]; /* each message and a newline */
static size_t said_length;
static uint32_t messages;

static int32_t listen(void *userdata, miniracer_call *call) {
  (void)userdata;
  const miniracer_value *line = &call->arguments[2];
  ++messages;
  for (size_t i = 0; i < line->length && said_length < sizeof said - 2; ++i) {
    uint32_t unit =
        line->subtype == MINIRACER_LATIN1 ? ((const uint8_t *)line->as.data)[i] : ((const uint16_t *)line->as.data)[i];
    said[said_length++] = unit < 0x80 ? (char)unit : '?';
  }
  said[said_length++] = '\n';
  said[said_length] = '\0';
  return 0;
}

static miniracer_context with_console(uint64_t maximum) {
  miniracer_isolate_options options = isolate_options();
  options.maximum_console = maximum;
  options.heap_limit = 64 << 20;
  miniracer_context context = 0;
  miniracer_context_options with = context_options(MINIRACER_CONTEXT_TIMERS | MINIRACER_CONTEXT_CONSOLE);
  with.console = listen;
  REQUIRE_OK(miniracer_context_new(isolate_with(&options), &with, &context, NULL));
  return context;
}

/* What one run says. */
static void check_said(miniracer_context context, const char *source, const char *expected) {
  said[0] = '\0';
  said_length = messages = 0;
  EXECUTE(context, source);
  if (strcmp(said, expected) == 0) return;
  ++failed_checks;
  fprintf(stderr, "%s:\n--- expected\n%s--- is\n%s", source, expected, said);
}

static void console(void) {
  miniracer_context context = with_console(20);
  check_said(context, "console.log('0123456789'); console.log('01234567')", "0123456789\n01234567\n");
  check_said(context, "console.log('0123456789'); console.log('0123456789'); console.log('more'); console.error('x')",
             "0123456789\n01234567\nconsole: more than 20 bytes at once: 1 message cut short, 2 messages left out\n");
  /* Each run has as much again, promise reactions included. */
  check_said(context, "Promise.resolve().then(() => console.log('0123456789')); console.log('0123456789abc')",
             "0123456789abc\n01234\nconsole: more than 20 bytes at once: 1 message cut short\n");
  check_said(context, "console.log()", "\n");
  /* Sixteen bits for a character count as two bytes. */
  check_said(context, "console.log('\\u4e00'.repeat(9)); console.log(1)",
             "?????????\nconsole: more than 20 bytes at once: 1 message left out\n");
  check_said(context, "console.log('\\u4e00'.repeat(11))",
             "?????????\nconsole: more than 20 bytes at once: 1 message cut short\n");
  /* Empty lines are not free. */
  said_length = messages = 0;
  EXECUTE(context, "for (let i = 0; i < 1000; i++) console.log()");
  CHECK_INT(21, messages);
  CHECK(strstr(said, "980 messages left out") != NULL);
  /* What is not handed over is counted, timed and grouped all the same. */
  check_said(context, "console.log('0123456789012345678'); console.count(); console.count(); console.group('g')",
             "0123456789012345678\nconsole: more than 20 bytes at once: 3 messages left out\n");
  check_said(context, "console.count(); console.groupEnd(); console.log(1)", "  default: 3\n1\n");
  OK(miniracer_isolate_dispose(isolate_of(context)));
}

/* What a run leaves out is told, too, where the run throws or is ended. */
static void console_at_the_end(void) {
  miniracer_context context = with_console(5);
  miniracer_run_options run = with_timeout(30 * MILLISECOND);
  said_length = messages = 0;
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "for (;;) console.log('abcd')", &run));
  CHECK_INT(2, messages);
  CHECK(strncmp(said, "abcd\nconsole: more than 5 bytes at once: ", 41) == 0);
  said_length = messages = 0;
  CHECK_STATUS(MINIRACER_EXCEPTION, run_status(context, "console.log('abcdefg'); throw 1", &run));
  CHECK(strcmp(said, "abcd\nconsole: more than 5 bytes at once: 1 message cut short\n") == 0);
  OK(miniracer_isolate_dispose(isolate_of(context)));
}

/* A turn of the event loop is one. */
static void console_in_a_turn(void) {
  miniracer_context context = with_console(10);
  EXECUTE(context, "for (let i = 0; i < 4; i++) setImmediate(() => console.log('abcd'))");
  said_length = messages = 0;
  OK(miniracer_isolate_run_pending(isolate_of(context), NULL, NULL, NULL));
  CHECK(strcmp(said, "abcd\nabcd\nconsole: more than 10 bytes at once: 2 messages left out\n") == 0);
  OK(miniracer_isolate_dispose(isolate_of(context)));
}

/* What is not handed over is not even put into words: there would be no memory for it. */
static void console_of_much(void) {
  miniracer_context context = with_console(1000);
  EXECUTE(
      context,
      "const text = 'x'.repeat(1 << 20), many = Array(1000).fill(text), big = Array.from({ length: 100 }, () => many);"
      "const row = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`c${i}`, text]));"
      "const rows = Array(1000).fill(row)");
  const char *const calls[] = {
      "console.log('%s'.repeat(1000), ...many)",
      "console.log('%o'.repeat(1000), ...many.map((x) => [x]))",
      "console.log(...many)",
      "console.log(big)",
      "console.log(many)",
      "console.dir(big, { depth: null })",
      "console.table(rows)",
      "console.table(new Map(rows.map((row, i) => [i, row])))",
      "console.group(); console.log('\\n'.repeat(1 << 22)); console.groupEnd()",
      "console.time(); console.timeEnd('default', ...many)",
      "console.assert(false, ...many)",
      "for (let i = 0; i < 2000; i++) console.log(big, rows)",
  };
  for (size_t i = 0; i < COUNT(calls); ++i) {
    said_length = messages = 0;
    CHECK_STATUS(MINIRACER_OK, run_status(context, calls[i], NULL));
    if (said_length > 1100) fprintf(stderr, "%s: %zu\n", calls[i], said_length);
    CHECK(said_length <= 1100);
    if (strstr(calls[i], "time") == NULL) CHECK(strstr(said, "console: more than 1000 bytes at once: ") != NULL);
  }
  OK(miniracer_isolate_dispose(isolate_of(context)));
}

/* The host's own functions are no turn of their own, and the host may call back. */
static int32_t shout(void *userdata, miniracer_call *call) {
  (void)userdata;
  miniracer_value value = undefined();
  miniracer_script made = script("console.log('abcd')");
  OK(miniracer_context_evaluate(call->context, &made, NULL, &value, NULL));
  release(&value);
  return 0;
}

static void console_nested(void) {
  miniracer_context context = with_console(10);
  define(context, "shout", shout, NULL);
  check_said(context, "shout(); shout(); shout(); console.log(1)",
             "abcd\nabcd\nconsole: more than 10 bytes at once: 2 messages left out\n");
  OK(miniracer_isolate_dispose(isolate_of(context)));
}

int main(void) {
  RUN(handles);
  RUN(timers);
  RUN(timers_by_default);
  RUN(modules);
  RUN(module_names);
  RUN(required);
  RUN(promises);
  RUN(console);
  RUN(console_at_the_end);
  RUN(console_in_a_turn);
  RUN(console_of_much);
  RUN(console_nested);
  return test_result();
}
