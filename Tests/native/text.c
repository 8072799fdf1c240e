/* Text in three encodings in and two out; what is ill-formed; what is long. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;
static miniracer_value units; /* the code units of a string, in hexadecimal */

static void check_units(int line, miniracer_value in, const char *expected) {
  miniracer_value result = undefined();
  OK(miniracer_function_call(context, units.as.handle, NULL, &in, 1, NULL, &result, NULL));
  check_text(__FILE__, line, expected, &result, expected);
  release(&result);
}
#define CHECK_UNITS(in, expected) check_units(__LINE__, in, expected)

static void in(void) {
  const uint16_t wide[] = {'A', 0, 0xd83d, 0xde00, 0xdc00, 0xd800};
  CHECK_UNITS(bytes("A\xff\0z", 4, MINIRACER_LATIN1), "41 ff 0 7a");
  CHECK_UNITS(bytes("A\xc3\xbf\0z", 5, MINIRACER_UTF8), "41 ff 0 7a");
  CHECK_UNITS(bytes("\xf0\x9f\x98\x80", 4, MINIRACER_UTF8), "d83d de00");
  CHECK_UNITS(bytes("\xef\xbb\xbfx", 4, MINIRACER_UTF8), "feff 78");
  CHECK_UNITS(bytes("\xef\xbf\xbf\xf4\x8f\xbf\xbf\xed\x9f\xbf\xee\x80\x80\xc2\x80\xe0\xa0\x80\xf0\x90\x80\x80", 22,
                    MINIRACER_UTF8),
              "ffff dbff dfff d7ff e000 80 800 d800 dc00");
  CHECK_UNITS(bytes(wide, COUNT(wide), MINIRACER_UTF16), "41 0 d83d de00 dc00 d800");
  CHECK_UNITS(bytes(wide, 1, MINIRACER_UTF16), "41");
  for (int encoding = 0; encoding < 3; ++encoding) {
    CHECK_UNITS(bytes("", 0, encoding), "");
    CHECK_UNITS(bytes(NULL, 0, encoding), "");
  }
}

static void out(void) {
  miniracer_value value = EVALUATE(context, "'abc\\0\\xff'");
  CHECK(value.subtype == MINIRACER_LATIN1 && value.length == 5 && memcmp(value.as.data, "abc\0\xff", 5) == 0);
  CHECK(value.flags == MINIRACER_VALUE_OWNED);
  release(&value);
  CHECK_INT(MINIRACER_UNDEFINED, value.tag);
  CHECK_INT(0, value.length);
  value = EVALUATE(context, "'a\\ud800\\0\\u0100'");
  const uint16_t wide[] = {'a', 0xd800, 0, 0x100};
  CHECK(value.subtype == MINIRACER_UTF16 && value.length == 4 && memcmp(value.as.data, wide, 8) == 0);
  CHECK((uintptr_t)value.as.data % 2 == 0);
  release(&value);
  /* Two bytes a character inside of the engine, yet all of them Latin-1. */
  value = EVALUATE(context, "'\\u0100abc'.slice(1)");
  CHECK_TEXT("abc", value);
  release(&value);
  value = EVALUATE(context, "('\\u0100' + 'x'.repeat(1000)).substring(1)");
  CHECK(value.subtype == MINIRACER_LATIN1 && value.length == 1000);
  release(&value);
  value = EVALUATE(context, "''");
  CHECK(value.tag == MINIRACER_STRING && value.length == 0 && value.as.data != NULL);
  release(&value);
}

static void ill_formed(void) {
  const struct {
    const char *data;
    int length, bad;
  } cases[] = {
      {"\x80", 1, 0},                     /* a continuation alone */
      {"abcdefgh\xbf", 9, 8},             /* after a whole word of ASCII */
      {"ab\xc3", 3, 2},                   /* truncated, two bytes */
      {"ab\xc3(", 4, 2},                  /* no continuation */
      {"\xe2\x82", 2, 0},                 /* truncated, three */
      {"x\xf0\x9f\x98", 4, 1},            /* truncated, four */
      {"\xc0\x80", 2, 0},                 /* overlong NUL */
      {"\xc1\xbf", 2, 0},                 /* overlong */
      {"\xe0\x9f\xbf", 3, 0},             /* overlong, three */
      {"\xf0\x8f\xbf\xbf", 4, 0},         /* overlong, four */
      {"\xed\xa0\x80", 3, 0},             /* a high surrogate */
      {"ok\xed\xbf\xbf", 5, 2},           /* a low one */
      {"\xed\xa0\xbd\xed\xb8\x80", 6, 0}, /* CESU-8 */
      {"\xf4\x90\x80\x80", 4, 0},         /* beyond U+10FFFF */
      {"\xf5\x80\x80\x80", 4, 0},
      {"\xff", 1, 0},
      {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xfe", 10, 9}, /* after all lengths */
      {"a\0b\xff", 4, 3},                                  /* after a NUL */
  };
  for (size_t i = 0; i < COUNT(cases); ++i) {
    miniracer_value value = bytes(cases[i].data, (size_t)cases[i].length, MINIRACER_UTF8), result = int32(3);
    miniracer_error *error = NULL;
    char expected[20], message[200] = "";
    snprintf(expected, sizeof expected, "at byte %d", cases[i].bad);
    CHECK_STATUS(MINIRACER_INVALID_TEXT, miniracer_value_to_string(context, &value, NULL, &result, &error));
    if (!CHECK(error != NULL)) continue;
    snprintf(message, sizeof message, "%.*s", (int)error->message.length, (const char *)error->message.as.data);
    if (strstr(message, expected) == NULL || strstr(message, expected)[strlen(expected)] != 0) {
      check_failed(__FILE__, __LINE__);
      fprintf(stderr, "case %d: \"%s\" for \"%s\"\n", (int)i, message, expected);
    }
    CHECK_NUMBER(3, result);
    miniracer_error_free(error);
  }
  /* Everywhere that text goes in. */
  miniracer_value bad = bytes("x\xff", 2, MINIRACER_UTF8), result = undefined(), object = EVALUATE(context, "({})");
  miniracer_script made = script("1");
  made.source = bad;
  CHECK_STATUS(MINIRACER_INVALID_TEXT, miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  made = script("1");
  made.name = bad;
  CHECK_STATUS(MINIRACER_INVALID_TEXT, miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_TEXT, miniracer_json_parse(context, &bad, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_TEXT, miniracer_object_get(context, object.as.handle, &bad, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_TEXT, miniracer_object_set(context, object.as.handle, &bad, &object, NULL, NULL));
  CHECK_STATUS(MINIRACER_INVALID_TEXT, miniracer_array_new(context, &bad, 1, &result, NULL));
  release(&object);
}

static void misuse(void) {
  const uint16_t wide[] = {'a', 'b', 'c'};
  miniracer_value odd = bytes((const char *)wide + 1, 1, MINIRACER_UTF16), result = int32(3);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_value_to_string(context, &odd, NULL, &result, NULL));
  miniracer_value nowhere = bytes(NULL, 1, MINIRACER_LATIN1);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_value_to_string(context, &nowhere, NULL, &result, NULL));
  miniracer_library_info info;
  info.struct_size = sizeof info;
  OK(miniracer_library_get_info(&info));
  miniracer_value long_text = bytes("x", (size_t)info.maximum_string_length + 1, MINIRACER_LATIN1);
  CHECK_STATUS(MINIRACER_TOO_LARGE, miniracer_value_to_string(context, &long_text, NULL, &result, NULL));
  long_text.length = UINT32_MAX;
  long_text.subtype = MINIRACER_UTF8;
  CHECK_STATUS(MINIRACER_TOO_LARGE, miniracer_value_to_string(context, &long_text, NULL, &result, NULL));
  CHECK_NUMBER(3, result);
}

/* 40 million characters there and back. */
static void large(void) {
  const size_t length = 40000000;
  char *narrow = malloc(length);
  uint16_t *wide = malloc(length * 2);
  REQUIRE(narrow != NULL && wide != NULL);
  for (size_t i = 0; i < length; ++i) narrow[i] = (char)('a' + i % 26), wide[i] = (uint16_t)(i * 7 | 0x100);
  miniracer_value function = EVALUATE(context, "(s => s)"), result = undefined();
  for (int encoding = 0; encoding < 3; ++encoding) {
    miniracer_value value = bytes(encoding == MINIRACER_UTF16 ? (void *)wide : (void *)narrow, length, encoding);
    OK(miniracer_function_call(context, function.as.handle, NULL, &value, 1, NULL, &result, NULL));
    int expected = encoding == MINIRACER_UTF16 ? MINIRACER_UTF16 : MINIRACER_LATIN1;
    CHECK(result.subtype == expected && result.length == length);
    CHECK(memcmp(result.as.data, value.as.data, length * (encoding == MINIRACER_UTF16 ? 2 : 1)) == 0);
    release(&result);
  }
  /* UTF-8 with a last character that is not ASCII. */
  memcpy(narrow + length - 2, "\xc3\xa9", 2);
  miniracer_value value = bytes(narrow, length, MINIRACER_UTF8);
  OK(miniracer_function_call(context, function.as.handle, NULL, &value, 1, NULL, &result, NULL));
  CHECK(result.length == length - 1 && ((const unsigned char *)result.as.data)[length - 2] == 0xe9);
  release(&result);
  release(&function);
  free(narrow);
  free(wide);
}

static void as_source(void) {
  const uint16_t wide[] = {'"', 0xd83d, 0xde00, '"', '.', 'l', 'e', 'n', 'g', 't', 'h'};
  miniracer_value result = undefined();
  miniracer_script made = script("");
  made.source = bytes(wide, COUNT(wide), MINIRACER_UTF16);
  OK(miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  CHECK_NUMBER(2, result);
  made.source = bytes("'\xe9'.charCodeAt(0)", 17, MINIRACER_LATIN1);
  OK(miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  CHECK_NUMBER(0xe9, result);
  made.source = text("\xef\xbb\xbf'\xe2\x82\xac'.charCodeAt(0)"); /* a byte order mark is white space */
  OK(miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  CHECK_NUMBER(0x20ac, result);
  made.source = bytes("'\0'.length", 10, MINIRACER_UTF8);
  OK(miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  CHECK_NUMBER(1, result);
  made.source = bytes("", 0, MINIRACER_UTF8);
  OK(miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  CHECK_INT(MINIRACER_UNDEFINED, result.tag);
  const uint16_t lone[] = {'"', 0xd800, '"', '.', 'l', 'e', 'n', 'g', 't', 'h'};
  made.source = bytes(lone, COUNT(lone), MINIRACER_UTF16);
  OK(miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  CHECK_NUMBER(1, result);
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  units = EVALUATE(context, "(s => Array.from({length: s.length}, (_, i) => s.charCodeAt(i).toString(16)).join(' '))");
  RUN(in);
  RUN(out);
  RUN(ill_formed);
  RUN(misuse);
  RUN(large);
  RUN(as_source);
  release(&units);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
