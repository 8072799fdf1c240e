/* Every kind of value, into JavaScript and back. */
#include <math.h>

#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

/* What JavaScript finds in a value, as text. */
static miniracer_value describe(const miniracer_value *value) {
  miniracer_value function = EVALUATE(context,
                                      "(v => Object.is(v, -0) ? 'number -0' : typeof v + ' ' + (typeof v == 'object' "
                                      "? JSON.stringify(v) : String(v)))");
  miniracer_value result = undefined();
  OK(miniracer_function_call(context, function.as.handle, NULL, value, 1, NULL, &result, NULL));
  release(&function);
  return result;
}

static void check_in(int line, miniracer_value value, const char *expected) {
  miniracer_value found = describe(&value);
  check_text(__FILE__, line, expected, &found, expected);
  release(&found);
}
#define CHECK_IN(value, expected) check_in(__LINE__, value, expected)

static miniracer_value through(miniracer_value value) {
  miniracer_value function = EVALUATE(context, "(v => v)"), result = undefined();
  OK(miniracer_function_call(context, function.as.handle, NULL, &value, 1, NULL, &result, NULL));
  release(&function);
  return result;
}

static void primitives(void) {
  CHECK_IN(undefined(), "undefined undefined");
  CHECK_IN(null(), "object null");
  CHECK_IN(boolean(0), "boolean false");
  CHECK_IN(boolean(1), "boolean true");
  CHECK_IN(boolean(-7), "boolean true");
  CHECK_IN(int32(0), "number 0");
  CHECK_IN(int32(INT32_MIN), "number -2147483648");
  CHECK_IN(int32(INT32_MAX), "number 2147483647");
  CHECK_IN(number(0.5), "number 0.5");
  CHECK_IN(number(-0.0), "number -0");
  CHECK_IN(number(NAN), "number NaN");
  CHECK_IN(number(INFINITY), "number Infinity");
  CHECK_IN(number(5e-324), "number 5e-324");
  CHECK_IN(text("abc"), "string abc");

  miniracer_value value = EVALUATE(context, "undefined");
  CHECK_INT(MINIRACER_UNDEFINED, value.tag);
  value = EVALUATE(context, "null");
  CHECK_INT(MINIRACER_NULL, value.tag);
  value = EVALUATE(context, "true");
  CHECK(value.tag == MINIRACER_BOOLEAN && value.as.int32 == 1 && value.length == 0 && value.flags == 0);
  value = EVALUATE(context, "1 > 2");
  CHECK(value.tag == MINIRACER_BOOLEAN && value.as.int32 == 0);
}

static void numbers(void) {
  CHECK_SCRIPT(context, "2147483647", INT32_MAX);
  CHECK_SCRIPT(context, "-2147483648", INT32_MIN);
  CHECK_SCRIPT(context, "1.5 + 1.5", 3); /* an int32 in a double's clothes */
  CHECK_SCRIPT(context, "Math.sqrt(16)", 4);
  const struct {
    const char *source;
    double expected;
  } doubles[] = {{"2147483648", 2147483648.0}, {"-2147483649", -2147483649.0},
                 {"0.1 + 0.2", 0.1 + 0.2},     {"1 / 0", INFINITY},
                 {"-1 / 0", -INFINITY},        {"Number.MAX_SAFE_INTEGER", 9007199254740991.0},
                 {"5e-324", 5e-324},           {"1.7976931348623157e308", 1.7976931348623157e308}};
  for (size_t i = 0; i < COUNT(doubles); ++i) {
    miniracer_value value = EVALUATE(context, doubles[i].source);
    CHECK(value.tag == MINIRACER_DOUBLE && value.as.number == doubles[i].expected);
  }
  miniracer_value value = EVALUATE(context, "-0");
  CHECK(value.tag == MINIRACER_DOUBLE && value.as.number == 0 && signbit(value.as.number));
  value = EVALUATE(context, "0 * -1");
  CHECK(value.tag == MINIRACER_DOUBLE && signbit(value.as.number));
  value = EVALUATE(context, "NaN");
  CHECK(value.tag == MINIRACER_DOUBLE && isnan(value.as.number));
  value = through(number(3.0));
  CHECK_NUMBER(3, value);
  /* Any NaN's bits may come in. */
  const uint64_t nans[] = {UINT64_C(0x7ff8000000000001), UINT64_C(0xfff8dead00000000), UINT64_C(0x7ff0000000000001),
                           UINT64_C(0xfff7ffffffffffff), UINT64_MAX};
  for (size_t i = 0; i < COUNT(nans); ++i) {
    value = number(0);
    memcpy(&value.as.number, &nans[i], 8);
    value = through(value);
    CHECK(value.tag == MINIRACER_DOUBLE && isnan(value.as.number));
    double elements_nan;
    memcpy(&elements_nan, &nans[i], 8);
    miniracer_value list[2], array = undefined(), key = int32(1), back = undefined();
    list[0] = number(1.5);
    list[1] = number(elements_nan);
    OK(miniracer_array_new(context, list, 2, &array, NULL)); /* V8 marks holes in arrays of doubles by a NaN */
    OK(miniracer_object_get(context, array.as.handle, &key, NULL, &back, NULL));
    CHECK(back.tag == MINIRACER_DOUBLE && isnan(back.as.number));
    release(&array);
  }
}

static miniracer_value bigint64(int64_t small) {
  miniracer_value value = undefined();
  value.tag = MINIRACER_BIGINT;
  value.as.int64 = small;
  return value;
}

static miniracer_value bigint_words(const uint64_t *words, uint32_t count, int negative) {
  miniracer_value value = undefined();
  value.tag = MINIRACER_BIGINT;
  value.subtype = MINIRACER_BIGINT_WORDS;
  value.flags = negative ? MINIRACER_VALUE_NEGATIVE : 0;
  value.length = count;
  value.as.words = words;
  return value;
}

static void bigints(void) {
  CHECK_IN(bigint64(0), "bigint 0");
  CHECK_IN(bigint64(-1), "bigint -1");
  CHECK_IN(bigint64(INT64_MAX), "bigint 9223372036854775807");
  CHECK_IN(bigint64(INT64_MIN), "bigint -9223372036854775808");
  const uint64_t words[] = {UINT64_MAX, 1, 0};
  CHECK_IN(bigint_words(words, 1, 0), "bigint 18446744073709551615");
  CHECK_IN(bigint_words(words, 1, 1), "bigint -18446744073709551615");
  CHECK_IN(bigint_words(words, 2, 0), "bigint 36893488147419103231");
  CHECK_IN(bigint_words(words, 3, 1), "bigint -36893488147419103231"); /* leading zeros */
  CHECK_IN(bigint_words(words + 2, 1, 1), "bigint 0");                 /* there is no -0n */
  CHECK_IN(bigint_words(NULL, 0, 0), "bigint 0");
  CHECK_IN(bigint_words(NULL, 0, 1), "bigint 0");

  const struct {
    const char *source;
    int64_t expected;
  } small[] = {{"0n", 0}, {"-5n", -5}, {"2n ** 63n - 1n", INT64_MAX}, {"-(2n ** 63n)", INT64_MIN}};
  for (size_t i = 0; i < COUNT(small); ++i) {
    miniracer_value value = EVALUATE(context, small[i].source);
    CHECK(value.tag == MINIRACER_BIGINT && value.subtype == MINIRACER_BIGINT_INT64 && value.flags == 0);
    CHECK_INT(small[i].expected, value.as.int64);
  }
  miniracer_value value = EVALUATE(context, "2n ** 63n");
  CHECK(value.tag == MINIRACER_BIGINT && value.subtype == MINIRACER_BIGINT_WORDS && value.length == 1);
  CHECK(value.flags == MINIRACER_VALUE_OWNED && value.as.words[0] == UINT64_C(1) << 63);
  release(&value);
  value = EVALUATE(context, "-(2n ** 63n) - 1n");
  CHECK(value.length == 1 && value.flags == (MINIRACER_VALUE_OWNED | MINIRACER_VALUE_NEGATIVE));
  CHECK(value.as.words[0] == (UINT64_C(1) << 63) + 1);
  release(&value);
  value = EVALUATE(context, "-(2n ** 128n + 3n)");
  CHECK(value.length == 3 && value.as.words[0] == 3 && value.as.words[1] == 0 && value.as.words[2] == 1);
  miniracer_value back = through(value);
  CHECK(back.length == 3 && (back.flags & MINIRACER_VALUE_NEGATIVE) != 0);
  CHECK(memcmp(back.as.words, value.as.words, 24) == 0);
  release(&back);
  release(&value);
  value = EVALUATE(context, "1n << 100000n");
  CHECK_INT(1563, value.length);
  back = through(value);
  CHECK(back.length == 1563 && memcmp(back.as.words, value.as.words, 1563 * 8) == 0);
  release(&back);
  release(&value);

  miniracer_value function = EVALUATE(context, "(v => v)"), result = int32(8);
  value = bigint_words(words, UINT32_MAX, 0);
  CHECK_STATUS(MINIRACER_TOO_LARGE,
               miniracer_function_call(context, function.as.handle, NULL, &value, 1, NULL, &result, NULL));
  value = bigint_words(NULL, 1, 0);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
               miniracer_function_call(context, function.as.handle, NULL, &value, 1, NULL, &result, NULL));
  value.subtype = 2;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
               miniracer_function_call(context, function.as.handle, NULL, &value, 1, NULL, &result, NULL));
  CHECK_NUMBER(8, result);
  release(&function);
}

static void symbols(void) {
  miniracer_value symbol = EVALUATE(context, "globalThis.s = Symbol('d\\u00e9j\\u00e0')"), again, result = undefined();
  CHECK(symbol.tag == MINIRACER_SYMBOL && symbol.as.handle != 0 && symbol.flags == MINIRACER_VALUE_OWNED);
  set_global(context, "t", &symbol);
  CHECK_SCRIPT_TEXT(context, "String(s === t)", "true");
  again = EVALUATE(context, "s");
  CHECK(again.as.handle != symbol.as.handle);
  int32_t equal = -1;
  OK(miniracer_value_equals(context, &symbol, &again, &equal, NULL));
  CHECK_INT(1, equal);
  OK(miniracer_value_to_string(context, &symbol, NULL, &result, NULL));
  CHECK(result.subtype == MINIRACER_LATIN1 && result.length == 12);
  CHECK(memcmp(result.as.data, "Symbol(d\xe9j\xe0)", 12) == 0);
  release(&result);
  int32_t one = 0, two = 1;
  OK(miniracer_object_get_hash(context, symbol.as.handle, &one, NULL));
  OK(miniracer_object_get_hash(context, again.as.handle, &two, NULL));
  CHECK_INT(one, two);
  /* A symbol is no object. */
  miniracer_value key = text("description");
  CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_object_get(context, symbol.as.handle, &key, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_object_set(context, symbol.as.handle, &key, &key, NULL, NULL));
  CHECK_STATUS(MINIRACER_WRONG_TYPE,
               miniracer_function_call(context, symbol.as.handle, NULL, NULL, 0, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_object_get_class_name(context, symbol.as.handle, &result, NULL));
  release(&symbol);
  release(&again);
  symbol = EVALUATE(context, "Symbol.iterator");
  OK(miniracer_value_to_string(context, &symbol, NULL, &result, NULL));
  CHECK_TEXT("Symbol(Symbol.iterator)", result);
  release(&result);
  release(&symbol);
  symbol = EVALUATE(context, "Symbol()");
  OK(miniracer_value_to_string(context, &symbol, NULL, &result, NULL));
  CHECK_TEXT("Symbol()", result);
  release(&result);
  release(&symbol);
  /* As long as a string can be: "Symbol(...)" is too long then. */
  symbol = EVALUATE(context, "Symbol('x'.repeat(2 ** 29 - 24))");
  miniracer_status status = miniracer_value_to_string(context, &symbol, NULL, &result, NULL);
  CHECK(status == MINIRACER_EXCEPTION || status == MINIRACER_TOO_LARGE);
  release(&symbol);
}

static void subtypes(void) {
  const struct {
    const char *source;
    int subtype, flags;
  } objects[] = {
      {"({})", MINIRACER_OBJECT_PLAIN, 0},
      {"Object.create(null)", MINIRACER_OBJECT_PLAIN, 0},
      {"new (class Point {})", MINIRACER_OBJECT_PLAIN, 0},
      {"globalThis", MINIRACER_OBJECT_PLAIN, 0},
      {"[]", MINIRACER_OBJECT_ARRAY, 0},
      {"(() => 1)", MINIRACER_OBJECT_FUNCTION, MINIRACER_VALUE_CALLABLE},
      {"(function () {})", MINIRACER_OBJECT_FUNCTION, MINIRACER_VALUE_CALLABLE},
      {"(function () {}).bind(1)", MINIRACER_OBJECT_FUNCTION, MINIRACER_VALUE_CALLABLE},
      {"(class {})", MINIRACER_OBJECT_FUNCTION, MINIRACER_VALUE_CALLABLE},
      {"(async () => 1)", MINIRACER_OBJECT_FUNCTION, MINIRACER_VALUE_CALLABLE | MINIRACER_VALUE_ASYNC},
      {"(async function () {})", MINIRACER_OBJECT_FUNCTION, MINIRACER_VALUE_CALLABLE | MINIRACER_VALUE_ASYNC},
      {"Math.max", MINIRACER_OBJECT_FUNCTION, MINIRACER_VALUE_CALLABLE},
      {"new Error", MINIRACER_OBJECT_ERROR, 0},
      {"new (class Mine extends TypeError {})", MINIRACER_OBJECT_ERROR, 0},
      {"new Date", MINIRACER_OBJECT_DATE, 0},
      {"/x/", MINIRACER_OBJECT_REGEXP, 0},
      {"Promise.resolve(1)", MINIRACER_OBJECT_PROMISE, 0},
      {"new Map", MINIRACER_OBJECT_MAP, 0},
      {"new Set", MINIRACER_OBJECT_SET, 0},
      {"new WeakMap", MINIRACER_OBJECT_WEAK_MAP, 0},
      {"new WeakSet", MINIRACER_OBJECT_WEAK_SET, 0},
      {"new ArrayBuffer(1)", MINIRACER_OBJECT_ARRAY_BUFFER, 0},
      {"new SharedArrayBuffer(1)", MINIRACER_OBJECT_SHARED_ARRAY_BUFFER, 0},
      {"new Uint8Array(1)", MINIRACER_OBJECT_TYPED_ARRAY, 0},
      {"new BigInt64Array(1)", MINIRACER_OBJECT_TYPED_ARRAY, 0},
      {"new DataView(new ArrayBuffer(1))", MINIRACER_OBJECT_DATA_VIEW, 0},
      {"new Proxy({}, {})", MINIRACER_OBJECT_PROXY, 0},
      {"new Proxy([], {})", MINIRACER_OBJECT_PROXY, 0},
      {"new Proxy(() => 1, {})", MINIRACER_OBJECT_PROXY, MINIRACER_VALUE_CALLABLE},
      {"(r => (r.revoke(), r.proxy))(Proxy.revocable({}, {}))", MINIRACER_OBJECT_PROXY, 0},
      {"(function* () {})()", MINIRACER_OBJECT_GENERATOR, 0},
      {"new Number(1)", MINIRACER_OBJECT_BOXED, 0},
      {"new String('')", MINIRACER_OBJECT_BOXED, 0},
      {"Object(Symbol())", MINIRACER_OBJECT_BOXED, 0},
      {"Object(1n)", MINIRACER_OBJECT_BOXED, 0},
      {"new Boolean(false)", MINIRACER_OBJECT_BOXED, 0},
      {"(function () { return arguments; })()", MINIRACER_OBJECT_ARGUMENTS, 0},
      {"new WebAssembly.Memory({initial: 1})", MINIRACER_OBJECT_WASM, 0},
      {"new WebAssembly.Table({initial: 1, element: 'anyfunc'})", MINIRACER_OBJECT_WASM, 0},
      {"new (class extends WebAssembly.Global {})({value: 'i32'})", MINIRACER_OBJECT_WASM, 0},
      {"new WeakRef({})", MINIRACER_OBJECT_WEAK_REF, 0},
      {"[].values()", MINIRACER_OBJECT_ITERATOR, 0},
      {"Object.setPrototypeOf(new Map().keys(), null)", MINIRACER_OBJECT_ITERATOR, 0},
      {"'a1'.matchAll(/[0-9]/g)", MINIRACER_OBJECT_ITERATOR, 0},
      {"({__proto__: new Map(), get [Symbol.toStringTag]() { return 'Map'; }})", MINIRACER_OBJECT_PLAIN, 0},
      {"new (class WeakRef {})()", MINIRACER_OBJECT_PLAIN, 0},
      {"new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))", MINIRACER_OBJECT_WASM, 0},
  };
  for (size_t i = 0; i < COUNT(objects); ++i) {
    miniracer_value value = EVALUATE(context, objects[i].source);
    if (value.tag != MINIRACER_OBJECT || value.subtype != objects[i].subtype ||
        value.flags != (objects[i].flags | MINIRACER_VALUE_OWNED) || value.length != 0) {
      check_failed(__FILE__, __LINE__);
      fprintf(stderr, "%s: tag %d subtype %d flags %d length %u\n", objects[i].source, value.tag, value.subtype,
              value.flags, value.length);
    }
    release(&value);
  }
  miniracer_value array = EVALUATE(context, "[1, 2, 3]");
  CHECK_INT(3, array.length);
  release(&array);
  array = EVALUATE(context, "new Array(2 ** 32 - 1)");
  CHECK(array.length == UINT32_MAX);
  release(&array);
}

static void equality(void) {
  int32_t equal = 9;
  miniracer_value a = number(NAN), b = number(NAN);
  OK(miniracer_value_equals(context, &a, &b, &equal, NULL));
  CHECK_INT(0, equal);
  a = number(-0.0), b = int32(0);
  OK(miniracer_value_equals(context, &a, &b, &equal, NULL));
  CHECK_INT(1, equal);
  a = text("1"), b = int32(1);
  OK(miniracer_value_equals(context, &a, &b, &equal, NULL));
  CHECK_INT(0, equal);
  const uint16_t wide[] = {'a', 'b'};
  a = text("ab"), b = bytes(wide, 2, MINIRACER_UTF16);
  OK(miniracer_value_equals(context, &a, &b, &equal, NULL));
  CHECK_INT(1, equal);
  const uint64_t one = 1;
  a = bigint64(1), b = bigint_words(&one, 1, 0);
  OK(miniracer_value_equals(context, &a, &b, &equal, NULL));
  CHECK_INT(1, equal);
  a = undefined(), b = null();
  OK(miniracer_value_equals(context, &a, &b, &equal, NULL));
  CHECK_INT(0, equal);
  a = EVALUATE(context, "globalThis.o = {}"), b = EVALUATE(context, "o");
  OK(miniracer_value_equals(context, &a, &b, &equal, NULL));
  CHECK_INT(1, equal);
  int32_t one_hash = 0, other_hash = 1;
  OK(miniracer_object_get_hash(context, a.as.handle, &one_hash, NULL));
  OK(miniracer_object_get_hash(context, b.as.handle, &other_hash, NULL));
  CHECK_INT(one_hash, other_hash);
  release(&b);
  b = EVALUATE(context, "({})");
  OK(miniracer_value_equals(context, &a, &b, &equal, NULL));
  CHECK_INT(0, equal);
  miniracer_handle stale = b.as.handle;
  release(&b);
  b = a;
  b.as.handle = stale;
  equal = 9;
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_value_equals(context, &a, &b, &equal, NULL));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_value_equals(context, &b, &a, &equal, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_value_equals(context, NULL, &a, &equal, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_value_equals(context, &a, NULL, &equal, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_value_equals(context, &a, &a, NULL, NULL));
  CHECK_INT(9, equal);
  release(&a);
}

static void to_string(void) {
  const struct {
    const char *source, *expected;
  } texts[] = {{"undefined", "undefined"},
               {"null", "null"},
               {"-0", "0"},
               {"1.5", "1.5"},
               {"12n", "12"},
               {"'x'", "x"},
               {"[1, [2, 3]]", "1,2,3"},
               {"({})", "[object Object]"},
               {"({toString() { return 7; }})", "7"},
               {"Symbol('d')", "Symbol(d)"}};
  miniracer_value result = undefined();
  for (size_t i = 0; i < COUNT(texts); ++i) {
    miniracer_value value = EVALUATE(context, texts[i].source);
    OK(miniracer_value_to_string(context, &value, NULL, &result, NULL));
    CHECK_TEXT(texts[i].expected, result);
    release(&result);
    release(&value);
  }
  miniracer_value value = EVALUATE(context, "({toString() { throw new TypeError('no'); }})");
  miniracer_error *error = NULL;
  result = int32(4);
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_value_to_string(context, &value, NULL, &result, &error));
  CHECK(error != NULL && is_text(&error->message, "no"));
  CHECK_NUMBER(4, result);
  miniracer_error_free(error);
  release(&value);
  value = EVALUATE(context, "Object.create(null)");
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_value_to_string(context, &value, NULL, &result, NULL));
  release(&value);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_value_to_string(context, NULL, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_value_to_string(context, &result, NULL, NULL, NULL));
}

static void unknown_forms(void) {
  miniracer_value function = EVALUATE(context, "(v => v)"), result = int32(8), value = undefined();
  for (int tag = 9; tag < 256; tag += 13) {
    value.tag = (uint8_t)tag;
    CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
                 miniracer_function_call(context, function.as.handle, NULL, &value, 1, NULL, &result, NULL));
    CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
                 miniracer_function_call(context, function.as.handle, &value, NULL, 0, NULL, &result, NULL));
    CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_array_new(context, &value, 1, &result, NULL));
  }
  value = bytes("x", 1, 3);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
               miniracer_function_call(context, function.as.handle, NULL, &value, 1, NULL, &result, NULL));
  CHECK_NUMBER(8, result);
  /* Releasing is harmless for everything that owns nothing. */
  miniracer_value values[4];
  values[0] = int32(1);
  values[1] = text("not mine to free");
  values[2] = undefined();
  values[3] = number(1);
  miniracer_value_release(values, COUNT(values));
  for (size_t i = 0; i < COUNT(values); ++i) CHECK_INT(MINIRACER_UNDEFINED, values[i].tag);
  miniracer_value_release(values, 0);
  release(&function);
}

static void dates(void) {
  miniracer_value date = undefined();
  double time = 0;
  OK(miniracer_date_new(context, 1e12 + 7, &date, NULL));
  CHECK_INT(MINIRACER_OBJECT_DATE, date.subtype);
  OK(miniracer_date_get_time(context, date.as.handle, &time, NULL));
  CHECK(time == 1e12 + 7);
  set_global(context, "date", &date);
  CHECK_SCRIPT_TEXT(context, "date.toISOString()", "2001-09-09T01:46:40.007Z");
  release(&date);
  const double invalid[] = {NAN, INFINITY, 8.64e15 + 1};
  for (size_t i = 0; i < COUNT(invalid); ++i) {
    OK(miniracer_date_new(context, invalid[i], &date, NULL));
    OK(miniracer_date_get_time(context, date.as.handle, &time, NULL));
    CHECK(isnan(time));
    release(&date);
  }
  OK(miniracer_date_new(context, -1.9, &date, NULL)); /* TimeClip truncates */
  OK(miniracer_date_get_time(context, date.as.handle, &time, NULL));
  CHECK(time == -1);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_date_get_time(context, date.as.handle, NULL, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_date_new(context, 0, NULL, NULL));
  release(&date);
  time = 5;
  miniracer_value other = EVALUATE(context, "({getTime() { return 1; }})");
  CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_date_get_time(context, other.as.handle, &time, NULL));
  release(&other);
  other = EVALUATE(context, "new Proxy(new Date, {})");
  CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_date_get_time(context, other.as.handle, &time, NULL));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_date_get_time(context, 0, &time, NULL));
  release(&other);
  CHECK(time == 5);
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(primitives);
  RUN(numbers);
  RUN(bigints);
  RUN(symbols);
  RUN(subtypes);
  RUN(equality);
  RUN(to_string);
  RUN(unknown_forms);
  RUN(dates);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
