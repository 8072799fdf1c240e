/* JSON by the engine's own hand. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

static void parsing(void) {
  miniracer_value json = text("{\"a\": [1, 2.5, \"x\\u0000\", null, true], \"__proto__\": 1}"), result = undefined();
  OK(miniracer_json_parse(context, &json, &result, NULL));
  set_global(context, "parsed", &result);
  CHECK_SCRIPT_TEXT(context, "JSON.stringify(parsed)", "{\"a\":[1,2.5,\"x\\u0000\",null,true],\"__proto__\":1}");
  release(&result);
  json = text("  7 ");
  OK(miniracer_json_parse(context, &json, &result, NULL));
  CHECK_NUMBER(7, result);
  json = text("\"caf\xc3\xa9\"");
  OK(miniracer_json_parse(context, &json, &result, NULL));
  CHECK(result.length == 4 && result.subtype == MINIRACER_LATIN1);
  release(&result);
  const char *wrong[] = {"",
                         "{",
                         "[1,]",
                         "nul",
                         "{'a': 1}",
                         "1 2",
                         "\"\n\"",
                         "NaN",
                         "\xef\xbb\xbf"
                         "1"};
  result = int32(5);
  for (size_t i = 0; i < COUNT(wrong); ++i) {
    miniracer_error *error = NULL;
    json = text(wrong[i]);
    CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_json_parse(context, &json, &result, &error));
    if (CHECK(error != NULL)) CHECK_TEXT("SyntaxError", error->name);
    miniracer_error_free(error);
  }
  json = int32(1);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_json_parse(context, &json, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_json_parse(context, NULL, &result, NULL));
  json = text("1");
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_json_parse(context, &json, NULL, NULL));
  CHECK_NUMBER(5, result);
  /* Deeper than any stack. */
  size_t depth = 1000000;
  char *nested = malloc(2 * depth + 1);
  REQUIRE(nested != NULL);
  memset(nested, '[', depth);
  memset(nested + depth, ']', depth);
  nested[2 * depth] = 0;
  json = text(nested);
  miniracer_status status = miniracer_json_parse(context, &json, &result, NULL);
  CHECK(status == MINIRACER_OK || status == MINIRACER_EXCEPTION);
  if (status == MINIRACER_OK) {
    miniracer_value back = undefined();
    CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_json_stringify(context, &result, 0, NULL, &back, NULL));
    release(&result);
  }
  free(nested);
}

static void stringifying(void) {
  const struct {
    const char *source;
    uint32_t indent;
    const char *expected;
  } cases[] = {{"({a: [1, 'x'], b: undefined, c: () => 1, d: NaN})", 0, "{\"a\":[1,\"x\"],\"d\":null}"},
               {"({a: [1]})", 2, "{\n  \"a\": [\n    1\n  ]\n}"},
               {"[1]", 10, "[\n          1\n]"},
               {"null", 0, "null"},
               {"'undefined'", 0, "\"undefined\""},
               {"new Date(0)", 0, "\"1970-01-01T00:00:00.000Z\""},
               {"({toJSON() { return 'mine'; }})", 0, "\"mine\""},
               {"'\\ud800'", 0, "\"\\ud800\""}};
  miniracer_value result = undefined();
  for (size_t i = 0; i < COUNT(cases); ++i) {
    miniracer_value value = EVALUATE(context, cases[i].source);
    OK(miniracer_json_stringify(context, &value, cases[i].indent, NULL, &result, NULL));
    check_text(__FILE__, __LINE__, cases[i].expected, &result, cases[i].source);
    release(&result);
    release(&value);
  }
  const char *nothing[] = {"undefined", "(() => 1)", "Symbol()", "({toJSON() {}})"};
  for (size_t i = 0; i < COUNT(nothing); ++i) {
    miniracer_value value = EVALUATE(context, nothing[i]);
    result = int32(4);
    OK(miniracer_json_stringify(context, &value, 0, NULL, &result, NULL));
    CHECK_INT(MINIRACER_UNDEFINED, result.tag);
    release(&value);
  }
  const char *failing[] = {"1n", "(o => o.o = o)({})", "({toJSON() { throw new TypeError('x'); }})"};
  for (size_t i = 0; i < COUNT(failing); ++i) {
    miniracer_value value = EVALUATE(context, failing[i]);
    miniracer_error *error = NULL;
    result = int32(4);
    CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_json_stringify(context, &value, 0, NULL, &result, &error));
    if (CHECK(error != NULL)) CHECK_TEXT("TypeError", error->name);
    CHECK_NUMBER(4, result);
    miniracer_error_free(error);
    release(&value);
  }
  miniracer_value value = int32(1);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_json_stringify(context, &value, 11, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_json_stringify(context, NULL, 0, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_json_stringify(context, &value, 0, NULL, NULL, NULL));
}

static void hostile(void) {
  miniracer_value value = EVALUATE(context, "({toJSON() { for (;;); }})"), result = int32(4), json = text("[1, {}]");
  miniracer_run_options run = with_timeout(10 * MILLISECOND);
  CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_json_stringify(context, &value, 0, &run, &result, NULL));
  CHECK_NUMBER(4, result);
  release(&value);
  EXECUTE(
      context,
      "JSON.parse = JSON.stringify = () => 'mine'; JSON = null; Object.defineProperty(Object.prototype, 'x', {set() { "
      "throw 1; }}); Object.defineProperty(Array.prototype, 0, {set() { throw 1; }})");
  OK(miniracer_json_parse(context, &json, &value, NULL));
  OK(miniracer_json_stringify(context, &value, 0, NULL, &result, NULL));
  CHECK_TEXT("[1,{}]", result);
  release(&result);
  release(&value);
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(parsing);
  RUN(stringifying);
  RUN(hostile);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
