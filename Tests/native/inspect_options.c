/* What a host may ask of miniracer_value_inspect: levels, widths, colors, limits. */
#include "inspect.h"

static void levels(void) {
  const char *source = "({ a: { b: { c: { d: 1 } } } })";
  const char *const expected[] = {"{ a: { b: { c: [Object] } } }", "{ a: [Object] }", "{ a: { b: [Object] } }",
                                  "{ a: { b: { c: [Object] } } }", "{\n  a: { b: { c: { d: 1 } } }\n}"};
  for (uint32_t count = 0; count < COUNT(expected); ++count) {
    miniracer_inspect_options options = inspect_options(0, count, 0);
    check_shown(source, &options, expected[count]);
  }
  miniracer_inspect_options all = inspect_options(0, MINIRACER_INSPECT_ALL_LEVELS, 0);
  /* As deep as there is stack for. */
  char *text = shown("let o = {}; for (let i = 0; i < 15000; i++) o = { o }; o", &all);
  CHECK(strlen(text) > 1000);
  free(text);
}

static void widths(void) {
  const char *source = "[['a', 'b'], ['c', 'd']]";
  miniracer_inspect_options narrow = inspect_options(0, 0, 30), wide = inspect_options(0, 0, 200);
  check_shown(source, NULL, "[ [ 'a', 'b' ], [ 'c', 'd' ] ]");
  check_shown(source, &narrow, "[\n  [ 'a', 'b' ],\n  [ 'c', 'd' ]\n]");
  source = "({ first: 'x'.repeat(40), second: 'y'.repeat(40) })";
  char *broken = shown(source, NULL), *whole = shown(source, &wide);
  CHECK(strchr(broken, '\n') != NULL);
  CHECK(strchr(whole, '\n') == NULL);
  free(broken);
  free(whole);
}

/* As Node's: util.inspect(value, { colors: true }). */
static void colors(void) {
  static const char *const painted[][2] = {
      {"[1, 'a', true, null, undefined, 1n, Symbol('s')]",
       "[ \x1b[33m1\x1b[39m, \x1b[32m'a'\x1b[39m, \x1b[33mtrue\x1b[39m, \x1b[1mnull\x1b[22m, "
       "\x1b[90mundefined\x1b[39m, \x1b[33m1n\x1b[39m, \x1b[32mSymbol(s)\x1b[39m ]"},
      {"({ 'b-c': new Date(0), [Symbol('k')]: /x/, get g() { return 1 } })",
       "{ \x1b[32m'b-c'\x1b[39m: \x1b[35m1970-01-01T00:00:00.000Z\x1b[39m, g: \x1b[36m[Getter]\x1b[39m, "
       "[\x1b[32mSymbol(k)\x1b[39m]: \x1b[31m/x/\x1b[39m }"},
      {"const o = { f() {} }; o.o = o; o",
       "\x1b[36m<ref *1>\x1b[39m { f: \x1b[36m[Function: f]\x1b[39m, o: \x1b[36m[Circular *1]\x1b[39m }"},
      {"[Object(1), [,], [[[[1]]]]]",
       "[ \x1b[33m[Number: 1]\x1b[39m, [ \x1b[90m<1 empty item>\x1b[39m ], "
       "[ [ \x1b[36m[Array]\x1b[39m ] ] ]"},
      {"Promise.resolve('x')", "Promise { \x1b[32m'x'\x1b[39m }"},
      {"RegExp('\x1b')", "\x1b[31m/\\x1B/\x1b[39m"}, /* a guest's own sequences are escaped */
  };
  miniracer_inspect_options options = inspect_options(MINIRACER_INSPECT_COLORS, 0, 0);
  for (size_t i = 0; i < COUNT(painted); ++i) check_shown(painted[i][0], &options, painted[i][1]);

  /* They take no columns: without them, the text is the one without colours. */
  const char *source =
      "({ list: Array.from({ length: 120 }, (_, i) => i), text: 'x'.repeat(50), map: new Map([[1, 2]]) })";
  char *colored = shown(source, &options), *end = colored;
  for (const char *c = colored; *c != '\0'; ++c) {
    if (*c == 0x1b) {
      while (*c != 'm') ++c;
    } else {
      *end++ = *c;
    }
  }
  *end = '\0';
  char *plain = shown(source, NULL);
  CHECK(strlen(plain) > 500);
  check_text_is(source, plain, colored);
  free(plain);
}

static void statuses(void) {
  miniracer_value result = undefined(), value = undefined();
  context = new_context(isolate);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_value_inspect(context, NULL, NULL, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_value_inspect(context, &value, NULL, NULL, NULL, NULL));
  miniracer_inspect_options options = inspect_options(2, 0, 0);
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, inspect(&value, &options, 0, &result));
  options.struct_size = 0;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, inspect(&value, &options, 0, &result));
  OK(inspect(&value, NULL, 0, &result));
  CHECK_TEXT("undefined", result);
  release(&result);
  value = EVALUATE(context, "globalThis.list = Array.from({ length: 100 }, () => ({ a: [1, 2] }))");
  miniracer_value stale = value;
  release(&value);
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, inspect(&stale, NULL, 0, &result));
  /* A deadline that has passed ends it like any run, and the next one is whole. V8 lists the keys without a look: few enough to be
     done within the grace. */
  value = EVALUATE(context, "let p = {}; for (let i = 0; i < 2e4; i++) p['k' + i] = i; p");
  CHECK_STATUS(MINIRACER_TIMEOUT, inspect(&value, NULL, 1, &result));
  OK(inspect(&value, NULL, 10 * SECOND, &result));
  release(&result);
  release(&value);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_context_dispose(context));
}

int main(void) {
  isolate = new_isolate();
  RUN(levels);
  RUN(widths);
  RUN(colors);
  RUN(statuses);
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
