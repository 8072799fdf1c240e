/* MINIRACER_INIT_JITLESS: V8 without its compilers, for the whole process. */
#include "test.h"

static miniracer_status init(uint32_t flags, const char *v8_flags) {
  miniracer_init_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.flags = flags;
  options.v8_flags = v8_flags;
  options.v8_flags_length = v8_flags != NULL ? (uint32_t)strlen(v8_flags) : 0;
  return miniracer_init(&options, NULL);
}

static void wishes(void) {
  OK(init(MINIRACER_INIT_JITLESS, NULL));
  OK(init(0, NULL));
  OK(init(0, "--jitless"));
  CHECK_STATUS(MINIRACER_TOO_LATE, init(MINIRACER_INIT_JITLESS, "--stack-size=500"));
}

static void scripts(void) {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  CHECK_SCRIPT_TEXT(context, "typeof WebAssembly", "undefined");
  CHECK_SCRIPT(context, "let sum = 0; for (let i = 0; i < 200000; i++) sum = (sum + i) % 1000; sum", 0);
  CHECK_SCRIPT_TEXT(context, "'a-b-c'.replace(/(\\w)-(?=c)/g, '$1+')", "a-b+c");
  CHECK_SCRIPT(context, "eval('1') + new Function('return 2')()", 3);
  miniracer_run_options run = with_timeout(20 * MILLISECOND);
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "for (;;);", &run));
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "/(a*)*b/.exec('a'.repeat(100))", &run));
  OK(miniracer_isolate_dispose(isolate));
}

/* A switch for what is not there is none. */
static void with_switches(void) {
  miniracer_isolate_options options;
  miniracer_isolate isolate = 0;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  OK(miniracer_isolate_options_preset(MINIRACER_PRESET_UNTRUSTED, &options));
  OK(miniracer_isolate_new(&options, &isolate, NULL));
  miniracer_context context = new_context(isolate);
  CHECK_SCRIPT(context, "[1, 2, 3].reduce((a, b) => a + b)", 6);
  OK(miniracer_isolate_dispose(isolate));
}

int main(void) {
  RUN(wishes);
  RUN(scripts);
  RUN(with_switches);
  return test_result();
}
