/* Errors in scripts that were compiled from something else tell where in the sources they happened. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

/* ---- Making maps ---- */

struct mapping {
  int line, column; /* in the script, from 1 */
  int source, source_line, source_column;
};

/* A number in base 64, as ECMA-426 has it: five bits a digit, the lowest first, the sign in the lowest bit. */
static char *put_number(char *at, int number) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  unsigned value = number < 0 ? ((unsigned)-number << 1) | 1 : (unsigned)number << 1;
  do {
    unsigned digit = value & 31;
    value >>= 5;
    *at++ = digits[value != 0 ? digit | 32 : digit];
  } while (value != 0);
  return at;
}

/* A map with these mappings, and the rest of its fields as JSON. */
static const char *make_map(const char *fields, const struct mapping *mappings, size_t count) {
  static char map[4000];
  char *at = map + snprintf(map, 3000, "{\"version\": 3, %s, \"names\": [], \"mappings\": \"", fields);
  struct mapping last = {1, 1, 0, 1, 1};
  for (size_t i = 0; i < count; ++i) {
    const struct mapping *one = &mappings[i];
    if (i != 0 && one->line == last.line) *at++ = ',';
    for (; last.line < one->line; ++last.line) *at++ = ';', last.column = 1;
    at = put_number(at, one->column - last.column);
    if (one->source >= 0) {
      at = put_number(at, one->source - last.source);
      at = put_number(at, one->source_line - last.source_line);
      at = put_number(at, one->source_column - last.source_column);
      last = *one;
    }
    last.column = one->column;
  }
  strcpy(at, "\"}");
  return map;
}

static miniracer_error *run_mapped(const char *source, const char *map, int line, int column) {
  miniracer_script made = script(source);
  miniracer_value result = undefined();
  miniracer_error *error = NULL;
  made.name = text("bundle.js");
  if (map != NULL) made.source_map = text(map);
  made.line = line;
  made.column = column;
  miniracer_status status = miniracer_context_evaluate(context, &made, NULL, &result, &error);
  CHECK(status != MINIRACER_OK && error != NULL);
  release(&result);
  REQUIRE(error != NULL);
  return error;
}

/* ---- What errors tell ---- */

static const char kSources[] =
    "\"sources\": [\"first.ts\", \"second.ts\"], \"sourcesContent\": "
    "[\"one\\r\\ntwo\\n  throw new Error('x') as never;\\n\", null]";

static void exceptions(void) {
  const struct mapping mappings[] = {{1, 1, 1, 7, 3}, {2, 1, 0, 2, 1}, {2, 5, 0, 3, 3}, {2, 10, 0, 3, 9}};
  miniracer_error *error =
      run_mapped("function f() { g(); }\n    throw new Error('x')", make_map(kSources, mappings, 4), 0, 0);
  CHECK_TEXT("first.ts", error->file);
  CHECK_INT(3, error->line);
  CHECK_INT(3, error->column);
  CHECK_TEXT("  throw new Error('x') as never;", error->source_line);
  if (CHECK_INT(1, error->frame_count)) {
    CHECK_TEXT("first.ts", error->frames[0].file);
    CHECK_INT(3, error->frames[0].line);
    CHECK_INT(9, error->frames[0].column);
  }
  CHECK_TEXT("Error: x\n    at first.ts:3:9", error->stack);
  miniracer_error_free(error);
}

static void functions(void) {
  const struct mapping mappings[] = {{1, 1, 1, 7, 3}, {2, 1, 0, 2, 1}};
  miniracer_error *error =
      run_mapped("function f() { throw TypeError('t'); }\nf()", make_map(kSources, mappings, 2), 0, 0);
  CHECK_TEXT("second.ts", error->file);
  CHECK_INT(MINIRACER_UNDEFINED, error->source_line.tag); /* the map does not have it */
  CHECK_TEXT("TypeError: t\n    at f (second.ts:7:3)\n    at first.ts:2:1", error->stack);
  miniracer_error_free(error);
  /* Also later, and from a script without a map. */
  miniracer_value result = undefined();
  error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(context, "f()", NULL, &result, &error));
  if (CHECK(error != NULL)) CHECK_TEXT("TypeError: t\n    at f (second.ts:7:3)\n    at test.js:1:1", error->stack);
  miniracer_error_free(error);
}

static void offsets(void) {
  const struct mapping mappings[] = {{1, 1, 0, 1, 1}, {1, 7, 0, 5, 5}, {2, 1, 0, 6, 1}};
  const char *map = make_map(kSources, mappings, 3);
  miniracer_error *error = run_mapped("      throw 1", map, 100, 20);
  CHECK_INT(5, error->line);
  CHECK_INT(5, error->column);
  miniracer_error_free(error);
  error = run_mapped("\nthrow 1", map, 100, 20);
  CHECK_INT(6, error->line);
  CHECK_INT(1, error->column);
  miniracer_error_free(error);
}

static void syntax_errors(void) {
  const struct mapping mappings[] = {{1, 1, 0, 1, 1}, {1, 5, 0, 2, 1}, {1, 6, 0, 2, 4}};
  miniracer_error *error = run_mapped("var ;", make_map(kSources, mappings, 3), 0, 0);
  CHECK_STATUS(MINIRACER_SYNTAX_ERROR, error->status);
  CHECK_TEXT("first.ts", error->file);
  CHECK_INT(2, error->line);
  CHECK_INT(1, error->column);
  CHECK_INT(4, error->end_column);
  CHECK_TEXT("two", error->source_line);
  miniracer_error_free(error);
}

/* Places that the map says nothing of are told as they are. */
static void unmapped(void) {
  const struct mapping mappings[] = {{2, 10, 0, 1, 1}, {3, 1, -1, 0, 0}};
  const char *sources[] = {"throw 1", "\nthrow 1", "\n\nthrow 1", "\n\n\n\nthrow 1"};
  const int lines[] = {1, 2, 3, 5};
  for (size_t i = 0; i < COUNT(sources); ++i) {
    miniracer_error *error = run_mapped(sources[i], make_map(kSources, mappings, 2), 0, 0);
    CHECK_TEXT("bundle.js", error->file);
    CHECK_INT(lines[i], error->line);
    CHECK_TEXT("throw 1", error->source_line);
    miniracer_error_free(error);
  }
}

static void names(void) {
  const struct mapping mappings[] = {{1, 1, 0, 1, 1}};
  const struct {
    const char *fields, *file;
  } cases[] = {{"\"sources\": [\"a.ts\"], \"sourceRoot\": \"src\"", "src/a.ts"},
               {"\"sources\": [\"a.ts\"], \"sourceRoot\": \"/src/\"", "/src/a.ts"},
               {"\"sources\": [\"a.ts\"], \"sourceRoot\": \"\", \"file\": \"x\", \"ignoreList\": [0]", "a.ts"},
               {"\"sources\": [null], \"sourceRoot\": \"src\"", "bundle.js"},
               {"\"sources\": [\"a.ts\"], \"sourcesContent\": []", "a.ts"}};
  for (size_t i = 0; i < COUNT(cases); ++i) {
    miniracer_error *error = run_mapped("throw 1", make_map(cases[i].fields, mappings, 1), 0, 0);
    CHECK_TEXT(cases[i].file, error->file);
    miniracer_error_free(error);
  }
}

/* The last script of a name says what its map is. */
static void replacing(void) {
  const struct mapping mappings[] = {{1, 1, 0, 5, 1}}, others[] = {{1, 1, 0, 6, 1}};
  miniracer_error *error = run_mapped("throw 1", make_map(kSources, mappings, 1), 0, 0);
  CHECK_INT(5, error->line);
  miniracer_error_free(error);
  error = run_mapped("throw 1", make_map(kSources, others, 1), 0, 0);
  CHECK_INT(6, error->line);
  miniracer_error_free(error);
  error = run_mapped("throw 1", NULL, 0, 0);
  CHECK_INT(1, error->line);
  CHECK_TEXT("bundle.js", error->file);
  miniracer_error_free(error);
}

/* Each context has its own scripts and maps, and takes them along when it goes. */
static void contexts(void) {
  const struct mapping mappings[] = {{1, 1, 0, 5, 1}};
  miniracer_context other = new_context(isolate);
  miniracer_error *error =
      run_mapped("function fail() { throw Error('e') }; throw 1", make_map(kSources, mappings, 1), 0, 0);
  CHECK_INT(5, error->line);
  miniracer_error_free(error);
  miniracer_script made = script("throw Error('e')");
  miniracer_value result = undefined(), fail = EVALUATE(context, "fail");
  made.name = text("bundle.js");
  error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_context_evaluate(other, &made, NULL, &result, &error));
  REQUIRE(error != NULL);
  CHECK_TEXT("bundle.js", error->file);
  miniracer_error_free(error);
  /* The map of the function's context counts, whichever calls it. */
  set_global(other, "fail", &fail);
  error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(other, "fail()", NULL, &result, &error));
  REQUIRE(error != NULL);
  CHECK_TEXT("first.ts", error->file);
  CHECK_INT(5, error->line);
  miniracer_error_free(error);
  release(&fail);
  OK(miniracer_context_dispose(other));
}

/* Of very many, the oldest are forgotten. */
static void many(void) {
  const struct mapping mappings[] = {{1, 1, 0, 5, 1}};
  char name[20];
  miniracer_script made = script("function fail0() { throw 1 }");
  made.source_map = text(make_map("\"sources\": [\"a.ts\"]", mappings, 1));
  miniracer_value result = undefined();
  miniracer_context other = new_context(isolate);
  for (int i = 0; i <= 10000; ++i) {
    snprintf(name, sizeof name, "%d.js", i);
    made.name = text(name);
    if (i == 1) made.source = text("function fail1() { throw 1 }");
    if (i == 2) made.source = text("");
    OK(miniracer_context_evaluate(other, &made, NULL, &result, NULL));
  }
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(other, "fail0()", NULL, &result, &error));
  REQUIRE(error != NULL);
  CHECK_TEXT("0.js", error->file);
  miniracer_error_free(error);
  error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(other, "fail1()", NULL, &result, &error));
  REQUIRE(error != NULL);
  CHECK_TEXT("a.ts", error->file);
  miniracer_error_free(error);
  OK(miniracer_context_dispose(other));
}

/* ---- Maps that are none ---- */

static void check_bad(miniracer_script made, const char *what) {
  miniracer_value result = undefined();
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate(context, &made, NULL, &result, &error));
  if (CHECK(error != NULL)) {
    char message[200];
    snprintf(message, sizeof message, "%.*s", (int)error->message.length, (const char *)error->message.as.data);
    if (!CHECK(strstr(message, what) != NULL)) fprintf(stderr, "  \"%s\" in \"%s\"\n", what, message);
  }
  miniracer_error_free(error);
}

static void malformed(void) {
  const struct {
    const char *map, *what;
  } cases[] = {{"", "JSON"},
               {"[]", "version"},
               {"null", "JSON"},
               {"{\"version\": 2}", "version"},
               {"{\"version\": 3, \"mappings\": \"\"}", "sources"},
               {"{\"version\": 3, \"sources\": [1], \"mappings\": \"\"}", "sources"},
               {"{\"version\": 3, \"sources\": [], \"mappings\": 1}", "mappings"},
               {"{\"version\": 3, \"sources\": [], \"sections\": [], \"mappings\": \"\"}", "sections"},
               {"{\"version\": 3, \"sources\": [], \"sourcesContent\": 1, \"mappings\": \"\"}", "sourcesContent"},
               {"{\"version\": 3, \"sources\": [], \"sourceRoot\": 1, \"mappings\": \"\"}", "sourceRoot"},
               {"{\"version\": 3, \"sources\": [\"a\"], \"mappings\": \"AAAA,AA\"}", "character 7"},
               {"{\"version\": 3, \"sources\": [\"a\"], \"mappings\": \"AA!A\"}", "character 2"},
               {"{\"version\": 3, \"sources\": [\"a\"], \"mappings\": \"D\"}", "mappings"},
               {"{\"version\": 3, \"sources\": [\"a\"], \"mappings\": \"ACAA\"}", "mappings"},
               {"{\"version\": 3, \"sources\": [\"a\"], \"mappings\": \"AAAAAA\"}", "mappings"},
               {"{\"version\": 3, \"sources\": [\"a\"], \"mappings\": \"gggggggggA\"}", "mappings"},
               {"{\"version\": 3, \"sources\": [\"a\"], \"mappings\": \"A\\u00e9\"}", "mappings"}};
  for (size_t i = 0; i < COUNT(cases); ++i) {
    miniracer_script made = script("1");
    made.source_map = text(cases[i].map);
    check_bad(made, cases[i].what);
  }
  miniracer_script made = script("1");
  made.source_map = text("{\"version\": 3, \"sources\": [], \"mappings\": \"\"}");
  made.name = undefined();
  check_bad(made, "name");
  made.name = text("a.js");
  miniracer_value result = undefined();
  OK(miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  made.source_map = int32(1);
  check_bad(made, "source_map");
  /* An older host's struct ends before the field. */
  made.struct_size = (uint32_t)((char *)&made.source_map - (char *)&made);
  OK(miniracer_context_evaluate(context, &made, NULL, &result, NULL));
}

/* A module carries its map, given by the host or by the loader's `load`. */
static void modules(void) {
  const struct mapping at[] = {{1, 7, 0, 30, 3}};
  miniracer_script made = script("throw new Error('m')");
  made.name = text("mapped.mjs");
  const struct mapping whole[] = {{1, 1, 0, 30, 3}};
  made.source_map = text(make_map("\"sources\": [\"original.ts\"]", whole, COUNT(whole)));
  miniracer_value promise = undefined(), result = undefined();
  miniracer_error *error = NULL;
  OK(miniracer_context_evaluate_module(context, &made, NULL, &promise, NULL));
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_promise_wait(context, promise.as.handle, NULL, &result, &error));
  REQUIRE(error != NULL);
  CHECK_TEXT("original.ts", error->file);
  CHECK_INT(30, error->line);
  miniracer_error_free(error);
  release(&promise);
  made.name = text("other.mjs");
  made.source_map = text("{");
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate_module(context, &made, NULL, &promise, NULL));

  miniracer_value map = text(make_map("\"sources\": [\"loaded.ts\"]", at, COUNT(at))), specifier = text("lib");
  set_global(context, "map", &map);
  miniracer_module_loader loader;
  memset(&loader, 0, sizeof loader);
  loader.struct_size = sizeof loader;
  loader.load = EVALUATE(context, "(url => ({ source: 'throw new Error(1)', sourceMap: map }))");
  OK(miniracer_context_set_module_loader(context, &loader, NULL));
  OK(miniracer_context_import(context, &specifier, NULL, NULL, &promise, NULL));
  error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_promise_wait(context, promise.as.handle, NULL, &result, &error));
  REQUIRE(error != NULL);
  CHECK_TEXT("loaded.ts", error->file);
  CHECK_TEXT("Error: 1\n    at loaded.ts:30:3", error->stack);
  miniracer_error_free(error);
  release(&promise), release(&loader.load);
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(exceptions);
  RUN(functions);
  RUN(offsets);
  RUN(syntax_errors);
  RUN(unmapped);
  RUN(names);
  RUN(replacing);
  RUN(contexts);
  RUN(many);
  RUN(malformed);
  RUN(modules);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
