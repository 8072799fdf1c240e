/* What the tests of miniracer_value_inspect share. */
#ifndef MINIRACER_TEST_INSPECT_H
#define MINIRACER_TEST_INSPECT_H

#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

static inline miniracer_inspect_options inspect_options(uint32_t flags, uint32_t levels, uint32_t width) {
  miniracer_inspect_options options = {.struct_size = sizeof options, .flags = flags, .levels = levels, .width = width};
  return options;
}

static inline miniracer_status inspect(const miniracer_value* value, const miniracer_inspect_options* options,
                                       uint64_t timeout, miniracer_value* result) {
  miniracer_run_options run = with_timeout(timeout);
  return miniracer_value_inspect(context, value, options, &run, result, NULL);
}

/* The text as UTF-8. */
static inline char* utf8_of(const miniracer_value* value) {
  char *text = malloc((size_t)value->length * 3 + 1), *end = text;
  for (uint32_t i = 0; i < value->length; ++i) {
    uint32_t code =
        value->subtype == MINIRACER_LATIN1 ? ((const uint8_t*)value->as.data)[i] : ((const uint16_t*)value->as.data)[i];
    if (code >= 0xd800 && code < 0xdc00 && i + 1 < value->length) {
      code = 0x10000 + ((code - 0xd800) << 10) + (((const uint16_t*)value->as.data)[++i] - 0xdc00u);
    }
    if (code < 0x80) {
      *end++ = (char)code;
      continue;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    *end++ = (char)((more == 1 ? 0xc0 : more == 2 ? 0xe0 : 0xf0) | code >> (6 * more));
    while (more-- > 0) *end++ = (char)(0x80 | (code >> (6 * more) & 0x3f));
  }
  *end = '\0';
  return text;
}

/* A script's value, as inspected in a context of its own. */
static inline char* shown(const char* source, const miniracer_inspect_options* options) {
  miniracer_value text = undefined();
  context = new_context(isolate);
  miniracer_value value = EVALUATE(context, source);
  OK(inspect(&value, options, 10 * SECOND, &text));
  release(&value);
  char* utf8 = text.tag == MINIRACER_STRING ? utf8_of(&text) : calloc(1, 1);
  release(&text);
  OK(miniracer_context_dispose(context));
  return utf8;
}

/* Frees the text. */
static inline void check_text_is(const char* about, const char* expected, char* text) {
  if (strcmp(expected, text) != 0) {
    ++failed_checks;
    fprintf(stderr, "%s:\n--- expected\n%s\n--- is\n%s\n", about, expected, text);
  }
  free(text);
}

static inline void check_shown(const char* source, const miniracer_inspect_options* options, const char* expected) {
  check_text_is(source, expected, shown(source, options));
}

#endif
