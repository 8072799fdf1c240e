/* What an error says, and that saying it runs nothing of the guest's. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

static miniracer_error *fails(int line, miniracer_status expected, const char *source) {
  miniracer_error *error = NULL;
  miniracer_value result = int32(9);
  miniracer_status status = evaluate(context, source, NULL, &result, &error);
  if (!check_status(__FILE__, line, expected, status, source)) release(&result);
  if (error == NULL) {
    check_failed(__FILE__, line);
    fprintf(stderr, "no record\n");
    exit(1);
  }
  CHECK_STATUS(status, error->status);
  CHECK(error->struct_size == sizeof *error && error->frame_size == sizeof(miniracer_frame));
  CHECK_INT(MINIRACER_STRING, error->message.tag);
  CHECK((error->message.flags & MINIRACER_VALUE_OWNED) == 0 && (error->stack.flags & MINIRACER_VALUE_OWNED) == 0);
  return error;
}
#define FAILS(status, source) fails(__LINE__, status, source)
#define THROWS(source) FAILS(MINIRACER_EXCEPTION, source)

static const miniracer_frame *frame(const miniracer_error *error, uint32_t index) {
  static const miniracer_frame none;
  if (!CHECK(index < error->frame_count)) return &none;
  return (const miniracer_frame *)((const char *)error->frames + index * error->frame_size);
}

static void runtime_errors(void) {
  miniracer_error *error = THROWS("function outer() {\n  inner(1);\n}\nfunction inner(x) {\n  x.y.z();\n}\nouter();");
  CHECK_TEXT("TypeError", error->name);
  CHECK_TEXT("Cannot read properties of undefined (reading 'z')", error->message);
  CHECK_TEXT("test.js", error->file);
  CHECK_TEXT("  x.y.z();", error->source_line);
  CHECK_INT(5, error->line);
  CHECK_INT(7, error->column);
  CHECK_INT(8, error->end_column);
  CHECK_INT(MINIRACER_ERROR_NATIVE, error->flags);
  CHECK(error->thrown.tag == MINIRACER_OBJECT && error->thrown.subtype == MINIRACER_OBJECT_ERROR);
  CHECK(error->cause == NULL && error->host_error == NULL);
  CHECK_TEXT(
      "TypeError: Cannot read properties of undefined (reading 'z')\n    at inner (test.js:5:7)\n    at outer "
      "(test.js:2:3)\n    at test.js:7:1",
      error->stack);
  if (CHECK_INT(3, error->frame_count)) {
    CHECK_TEXT("inner", frame(error, 0)->function);
    CHECK_TEXT("test.js", frame(error, 0)->file);
    CHECK(frame(error, 0)->line == 5 && frame(error, 0)->column == 7);
    CHECK_INT(MINIRACER_FRAME_GUEST, frame(error, 0)->flags);
    CHECK_TEXT("outer", frame(error, 1)->function);
    CHECK_INT(MINIRACER_UNDEFINED, frame(error, 2)->function.tag);
    CHECK(frame(error, 2)->line == 7 && frame(error, 2)->column == 1);
  }
  miniracer_error_free(error);

  error = THROWS("new (class Point { constructor() { [1].map(() => eval('null.x')); } })");
  int flags = 0, has_constructor = 0;
  for (uint32_t i = 0; i < error->frame_count; ++i) {
    flags |= (int)frame(error, i)->flags;
    has_constructor |=
        (frame(error, i)->flags & MINIRACER_FRAME_CONSTRUCTOR) != 0 && is_text(&frame(error, i)->function, "Point");
  }
  CHECK(has_constructor);
  CHECK((flags & MINIRACER_FRAME_EVAL) != 0);
  miniracer_error_free(error);

  error = THROWS("throw new RangeError('mine')");
  CHECK_TEXT("RangeError", error->name);
  CHECK_TEXT("mine", error->message);
  CHECK(error->line == 1 && error->column == 1);
  miniracer_error_free(error);
  error = THROWS("class Custom extends Error { get [Symbol.toStringTag]() { return 'x'; } }; throw new Custom('c')");
  CHECK_TEXT("c", error->message);
  CHECK_INT(MINIRACER_ERROR_NATIVE, error->flags);
  miniracer_error_free(error);
  error = THROWS("{ const e = new Error(''); e.name = 'Named'; throw e; }");
  CHECK_TEXT("Named", error->name);
  CHECK_TEXT("", error->message);
  miniracer_error_free(error);
  error = THROWS("(function f() { f(); })()");
  CHECK_TEXT("RangeError", error->name);
  CHECK_TEXT("Maximum call stack size exceeded", error->message);
  CHECK(error->frame_count > 5);
  miniracer_error_free(error);
  error = THROWS("(async () => { await 1; })(); undefinedFunction()");
  CHECK_TEXT("ReferenceError", error->name);
  miniracer_error_free(error);
  /* No error wanted, and none given on success. */
  CHECK_STATUS(MINIRACER_EXCEPTION, run_status(context, "throw 1", NULL));
  miniracer_value result = undefined();
  error = (miniracer_error *)&result;
  OK(evaluate(context, "1", NULL, &result, &error));
  CHECK(error == (miniracer_error *)&result);
}

static void syntax_errors(void) {
  miniracer_error *error = FAILS(MINIRACER_SYNTAX_ERROR, "let x = 1;\nlet y = = 2;\n");
  CHECK_TEXT("SyntaxError", error->name);
  CHECK_TEXT("Unexpected token '='", error->message);
  CHECK_TEXT("test.js", error->file);
  CHECK_TEXT("let y = = 2;", error->source_line);
  CHECK(error->line == 2 && error->column == 9 && error->end_column == 10);
  CHECK_INT(0, error->frame_count);
  CHECK_INT(MINIRACER_UNDEFINED, error->thrown.tag);
  miniracer_error_free(error);
  error = FAILS(MINIRACER_SYNTAX_ERROR, "globalThis.ran = 1; function (");
  miniracer_error_free(error);
  CHECK_SCRIPT_TEXT(context, "typeof ran", "undefined");
  /* One that the guest throws is an exception. */
  error = THROWS("eval('let y = = 2')");
  CHECK_TEXT("SyntaxError", error->name);
  CHECK(error->thrown.subtype == MINIRACER_OBJECT_ERROR);
  miniracer_error_free(error);
  error = THROWS("new RegExp('[')");
  CHECK_TEXT("SyntaxError", error->name);
  miniracer_error_free(error);
  EXECUTE(context, "let declared = 1");
  error = fails(__LINE__, MINIRACER_EXCEPTION, "let declared = 2"); /* at run time, by ECMA-262 */
  CHECK_TEXT("SyntaxError", error->name);
  miniracer_error_free(error);
  error = FAILS(MINIRACER_SYNTAX_ERROR, "/[/");
  CHECK_INT(1, error->line);
  miniracer_error_free(error);
}

static void offsets(void) {
  miniracer_script made = script("x;\n  nothing()");
  miniracer_value result = undefined();
  miniracer_error *error = NULL;
  EXECUTE(context, "var x");
  made.line = 100, made.column = 50;
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_context_evaluate(context, &made, NULL, &result, &error));
  REQUIRE(error != NULL);
  CHECK(error->line == 101 && error->column == 3); /* the column counts on the first line alone */
  CHECK_TEXT("  nothing()", error->source_line);
  CHECK(frame(error, 0)->line == 101 && frame(error, 0)->column == 3);
  miniracer_error_free(error);
  error = NULL;
  made.source = text("  nothing()");
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_context_evaluate(context, &made, NULL, &result, &error));
  REQUIRE(error != NULL);
  CHECK(error->line == 100 && error->column == 52);
  CHECK_TEXT("  nothing()", error->source_line);
  CHECK(frame(error, 0)->line == 100 && frame(error, 0)->column == 52);
  miniracer_error_free(error);
  error = NULL;
  made.source = text("let = =");
  CHECK_STATUS(MINIRACER_SYNTAX_ERROR, miniracer_context_evaluate(context, &made, NULL, &result, &error));
  REQUIRE(error != NULL);
  CHECK(error->line == 100 && error->column >= 50);
  miniracer_error_free(error);
  error = NULL;
  /* No name; and columns in UTF-16 units. */
  made = script("'\xf0\x9f\x98\x80'; nothing()");
  made.name = undefined();
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_context_evaluate(context, &made, NULL, &result, &error));
  REQUIRE(error != NULL);
  CHECK_INT(MINIRACER_UNDEFINED, error->file.tag);
  CHECK_INT(7, error->column);
  CHECK(error->source_line.subtype == MINIRACER_UTF16 && error->source_line.length == 15);
  miniracer_error_free(error);
  error = NULL;
  made = script("nothing()");
  made.name = text("caf\xc3\xa9/\xe2\x82\xac.js");
  made.line = INT32_MAX;
  made.column = INT32_MAX;
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_context_evaluate(context, &made, NULL, &result, &error));
  REQUIRE(error != NULL);
  CHECK(error->file.subtype == MINIRACER_UTF16 && error->file.length == 9);
  miniracer_error_free(error);
}

/* Anything may be thrown; nothing of it may run while it is described. Each source loops for ever if something does. */
static void anything_thrown(void) {
  const struct {
    const char *source, *name, *message;
  } cases[] = {
      {"throw 5", NULL, "5"},
      {"throw 'text'", NULL, "text"},
      {"throw undefined", NULL, "undefined"},
      {"throw null", NULL, "null"},
      {"throw 7n", NULL, "7"},
      {"throw Symbol('s')", NULL, "Symbol(s)"},
      {"throw ''", NULL, ""},
      {"throw {}", "Object", "#<Object>"},
      {"throw new (class Point {})", "Point", "#<Point>"},
      {"throw [1, 2]", "Array", NULL},
      {"throw () => 1", "Function", NULL},
      {"throw {name: 'N', message: 'M'}", "N", "M"},
      {"throw {message: 'M'}", "Object", "M"},
      {"throw Object.create(null)", "Object", NULL},
      {"throw Object.assign(Object.create(null), {message: 'bare'})", "Object", "bare"},
      {"throw new Proxy({}, {get() { for (;;); }, has() { for (;;); }, getPrototypeOf() { for (;;); }, "
       "getOwnPropertyDescriptor() { for (;;); }})",
       NULL, NULL},
      {"throw new Proxy(new Error('in'), {get() { for (;;); }, getPrototypeOf() { for (;;); }, "
       "getOwnPropertyDescriptor() { for (;;); }})",
       NULL, NULL},
      {"throw (r => (r.revoke(), r.proxy))(Proxy.revocable({}, {}))", NULL, NULL},
      {"throw Object.create(new Proxy({}, {get() { for (;;); }, getPrototypeOf() { for (;;); }, "
       "getOwnPropertyDescriptor() { for (;;); }}))",
       NULL, NULL},
      {"throw {get message() { for (;;); }, get name() { for (;;); }, get stack() { for (;;); }, toString() { for "
       "(;;); "
       "}, get constructor() { for (;;); }, get [Symbol.toStringTag]() { for (;;); }, [Symbol.toPrimitive]() { for "
       "(;;); "
       "}}",
       "Object", NULL},
      {"throw Object.defineProperty(new Error('hidden'), 'message', {get() { for (;;); }})", "Error", NULL},
      {"throw Object.defineProperty(new TypeError('m'), 'name', {get() { for (;;); }})", "TypeError", "m"},
      {"throw Object.defineProperty(new TypeError('m'), 'stack', {get() { for (;;); }})", "TypeError", "m"},
      {"throw Object.defineProperty(new TypeError('m'), 'cause', {get() { for (;;); }})", "TypeError", "m"},
      {"throw Object.assign(new TypeError('m'), {message: {toString() { for (;;); }}})", "TypeError", NULL},
      {"throw Object.assign(new TypeError('m'), {name: Symbol()})", "TypeError", "m"},
      {"throw Object.assign(new TypeError('m'), {name: 5, message: 6})", "TypeError", NULL},
      {"throw new (class E extends Error { get message() { for (;;); } get name() { for (;;); } toString() { for (;;); "
       "} "
       "})('own')",
       NULL, "own"},
      {"throw Object.setPrototypeOf(new Error('orphan'), null)", NULL, "orphan"},
      {"throw Object.setPrototypeOf(new Error('proxied'), new Proxy({}, {get() { for (;;); }, "
       "getOwnPropertyDescriptor() "
       "{ for (;;); }, getPrototypeOf() { for (;;); }}))",
       NULL, "proxied"},
  };
  miniracer_isolate_options options;
  memset(&options, 0, sizeof options);
  for (size_t i = 0; i < COUNT(cases); ++i) {
    miniracer_error *error = fails(__LINE__, MINIRACER_EXCEPTION, cases[i].source);
    if (cases[i].name != NULL) check_text(__FILE__, __LINE__, cases[i].name, &error->name, cases[i].source);
    if (cases[i].message != NULL) check_text(__FILE__, __LINE__, cases[i].message, &error->message, cases[i].source);
    CHECK_INT(1, error->line);
    miniracer_error_free(error);
  }
  /* A string that is long; one with lone surrogates. */
  miniracer_error *error = THROWS("throw 'x'.repeat(1e6)");
  CHECK_INT(1000000, error->message.length);
  miniracer_error_free(error);
  error = THROWS("throw new Error('\\ud800\\0')");
  const uint16_t units[] = {0xd800, 0};
  CHECK(error->message.subtype == MINIRACER_UTF16 && error->message.length == 2);
  CHECK(memcmp(error->message.as.data, units, 4) == 0);
  miniracer_error_free(error);
}

/* The guest rewrites what a careless library would call. */
static void hostile(void) {
  miniracer_context other = new_context(isolate), kept = context;
  EXECUTE(
      other,
      "const loop = () => { for (;;); }; Error.prepareStackTrace = loop; Error.captureStackTrace = loop; "
      "for (const o of [Error, TypeError, Object]) for (const k of ['message', 'name', 'toString', 'toJSON', 'value', "
      "'get', 'cause', 'stack', 'prepareStackTrace']) Object.defineProperty(o.prototype, k, {__proto__: null, get: "
      "loop}); Object.defineProperty(Error, 'stackTraceLimit', {__proto__: null, get: loop, set: loop}); "
      "Object.getOwnPropertyDescriptor = loop; Function.prototype.call = loop; Array.prototype.push = loop");
  context = other;
  miniracer_error *error = THROWS("throw new RangeError('still told')");
  CHECK_TEXT("still told", error->message);
  CHECK_INT(1, error->line);
  miniracer_error_free(error);
  error = THROWS("(function f() { null.x })()");
  CHECK_INT(1, error->line);
  CHECK(error->frame_count == 2 && is_text(&frame(error, 0)->function, "f"));
  miniracer_error_free(error);
  error = THROWS("throw {}");
  miniracer_error_free(error);
  error = FAILS(MINIRACER_SYNTAX_ERROR, "= 1");
  miniracer_error_free(error);
  context = kept;
  OK(miniracer_context_dispose(other));
}

static void causes(void) {
  miniracer_error *error = THROWS(
      "function low() { return new TypeError('low'); }\nconst first = low(); throw new Error('high', {cause: new "
      "RangeError('middle', {cause: first})})");
  CHECK_TEXT("high", error->message);
  if (CHECK(error->cause != NULL)) {
    CHECK_TEXT("RangeError", error->cause->name);
    CHECK_TEXT("middle", error->cause->message);
    if (CHECK(error->cause->cause != NULL)) {
      CHECK_TEXT("low", error->cause->cause->message);
      CHECK(error->cause->cause->cause == NULL);
      if (CHECK(error->cause->cause->frame_count > 0)) CHECK_TEXT("low", frame(error->cause->cause, 0)->function);
    }
  }
  miniracer_error_free(error);
  error = THROWS("{ const e = new Error('loop'); e.cause = e; throw e; }");
  int depth = 0;
  for (const miniracer_error *at = error; at != NULL && depth < 100; at = at->cause) ++depth;
  CHECK(depth > 1 && depth < 100);
  miniracer_error_free(error);
  const char *none[] = {"throw new Error('x', {cause: 5})", "throw new Error('x', {cause: {message: 'no error'}})",
                        "throw Object.create(new Error('x', {cause: new Error('inherited')}))", "throw {cause: 1}"};
  for (size_t i = 0; i < COUNT(none); ++i) {
    error = fails(__LINE__, MINIRACER_EXCEPTION, none[i]);
    CHECK(error->cause == NULL);
    miniracer_error_free(error);
  }
  CHECK_INT(0, handle_count(isolate));
}

static void ownership(void) {
  miniracer_error *error = THROWS("throw {k: 5}");
  CHECK_INT(1, handle_count(isolate));
  miniracer_value taken = error->thrown, key = text("k"), result = undefined();
  error->thrown.tag = MINIRACER_UNDEFINED;
  miniracer_error_free(error);
  OK(miniracer_object_get(context, taken.as.handle, &key, NULL, &result, NULL));
  CHECK_NUMBER(5, result);
  release(&taken);
  CHECK_INT(0, handle_count(isolate));
  /* The thrown value released by the host; and a record that outlives what it tells of. */
  error = THROWS("throw new Error('text in it is borrowed')");
  release(&error->thrown);
  CHECK_INT(0, handle_count(isolate));
  miniracer_error_free(error);
  miniracer_isolate other = new_isolate();
  miniracer_context in_other = new_context(other);
  error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION,
               evaluate(in_other, "throw new Error('late', {cause: new Error('x')})", NULL, &result, &error));
  OK(miniracer_isolate_dispose(other));
  CHECK_TEXT("late", error->message);
  miniracer_error_free(error);
}

/* In a setter's way, no code of the library's shows up. */
static void no_traces_of_ours(void) {
  miniracer_value object = EVALUATE(context, "({set k(v) {\n throw new Error('setter'); }})"), key = text("k"),
                  value = null();
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_object_set(context, object.as.handle, &key, &value, NULL, &error));
  REQUIRE(error != NULL);
  CHECK_TEXT("test.js", error->file);
  CHECK_INT(2, error->line);
  CHECK_INT(1, error->frame_count);
  miniracer_error_free(error);
  release(&object);
  object = EVALUATE(context, "Object.freeze({})");
  error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_object_set(context, object.as.handle, &key, &value, NULL, &error));
  REQUIRE(error != NULL);
  CHECK_TEXT("Cannot add property k, object is not extensible", error->message);
  CHECK_INT(MINIRACER_UNDEFINED, error->source_line.tag);
  CHECK_INT(0, error->line);
  CHECK_INT(0, error->frame_count);
  miniracer_error_free(error);
  release(&object);
}

/* ---- Functions of the engine's own ---- */

static void native_functions(void) {
  miniracer_error *error = THROWS("[1].forEach(function cb() { throw new Error('x') })");
  if (CHECK_INT(3, error->frame_count)) {
    CHECK_TEXT("cb", frame(error, 0)->function);
    CHECK_TEXT("Array.forEach", frame(error, 1)->function);
    CHECK_INT(MINIRACER_UNDEFINED, frame(error, 1)->file.tag);
    CHECK(frame(error, 1)->line == 0 && frame(error, 1)->column == 0);
    CHECK_INT(MINIRACER_FRAME_NATIVE, frame(error, 1)->flags);
    CHECK_INT(MINIRACER_FRAME_GUEST, frame(error, 2)->flags);
  }
  CHECK_TEXT("Error: x\n    at cb (test.js:1:35)\n    at Array.forEach (<anonymous>)\n    at test.js:1:5",
             error->stack);
  miniracer_error_free(error);
  error = THROWS("JSON.parse('{')");
  CHECK_TEXT("JSON.parse", frame(error, 0)->function);
  CHECK_INT(1, error->line);
  miniracer_error_free(error);
  error = THROWS("class List extends Array {}; new List(1).fill(0).map(function cb() { new Promise(0) })");
  if (CHECK_INT(4, error->frame_count)) {
    CHECK_TEXT("Promise", frame(error, 0)->function);
    CHECK_INT(MINIRACER_FRAME_NATIVE | MINIRACER_FRAME_CONSTRUCTOR, frame(error, 0)->flags);
    CHECK_TEXT("List.map", frame(error, 2)->function);
  }
  miniracer_error_free(error);
  /* What V8 has no code frames of: the error of a cause, and of functions that the host calls. */
  error = THROWS("try { [1].map(() => { null.x }) } catch (cause) { throw new Error('outer', { cause }) }");
  if (CHECK(error->cause != NULL)) CHECK_TEXT("Array.map", frame(error->cause, 1)->function);
  miniracer_error_free(error);
  /* Of long stacks V8 tells the beginning of what lies between, and the code of more. */
  error = THROWS("(function f(n) { [1].forEach(() => { if (n == 0) null.x; f(n - 1) }) })(8)");
  int natives = 0;
  for (uint32_t i = 0; i < error->frame_count; ++i) natives += (frame(error, i)->flags & MINIRACER_FRAME_NATIVE) != 0;
  CHECK(natives >= 3 && error->frame_count > 18);
  miniracer_error_free(error);
}

/* The record is made without a word to the guest, and what `stack` will be is still the guest's to say. */
static void native_functions_and_prepareStackTrace(void) {
  miniracer_context outer = context;
  context = new_context(isolate);
  EXECUTE(
      context,
      "globalThis.called = 0; Error.prepareStackTrace = (error, sites) => { called++; return sites.length };"
      "for (const name of ['name', 'message', 'toString'])"
      "  Object.defineProperty(Error.prototype, name, { get() { called++; return 'mine' } });"
      "Array.prototype.push = String.prototype.startsWith = Function.prototype.call = () => { called++ };"
      "globalThis.kept = []; function fail() { [1].forEach(() => { const e = new Error(''); kept[0] = e; throw e }) }");
  miniracer_error *error = THROWS("fail()");
  CHECK_INT(4, error->frame_count);
  CHECK_TEXT("Array.forEach", frame(error, 1)->function);
  miniracer_error_free(error);
  CHECK_SCRIPT(context, "called", 0);
  CHECK_SCRIPT(context, "kept[0].stack + 10 * called", 14);
  /* It was read, is replaced, or is not there. */
  error = THROWS("try { fail() } catch (e) { e.stack; throw e }");
  CHECK_INT(3, error->frame_count);
  miniracer_error_free(error);
  error = THROWS("try { fail() } catch (e) { e.stack = 'Error: x\\n    at Array.map (<anonymous>)'; throw e }");
  CHECK_INT(3, error->frame_count);
  miniracer_error_free(error);
  error = THROWS("try { fail() } catch (e) { delete e.stack; throw e }");
  miniracer_error_free(error);
  error = THROWS(
      "try { fail() } catch (e) { try { throw e } finally { (function g() { Error.captureStackTrace(e) })() } }");
  CHECK(error->frame_count > 0);
  miniracer_error_free(error);
  error = THROWS("Error.stackTraceLimit = 0; fail()");
  miniracer_error_free(error);
  error = THROWS("Error.stackTraceLimit = Infinity; fail()");
  CHECK_TEXT("Array.forEach", frame(error, 1)->function);
  miniracer_error_free(error);
  OK(miniracer_context_dispose(context));
  context = outer;
}

static int32_t throw_inside(void *userdata, miniracer_call *call) {
  (void)call;
  miniracer_error **error = userdata;
  miniracer_error_free(*error);
  *error = NULL;
  miniracer_value result = undefined();
  CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(context,
                                             "[1].map(() => { const e = new TypeError('in'); Object.defineProperty(e, "
                                             "'message', { get() { asked++ } }); throw e })",
                                             NULL, &result, error));
  return 0;
}

/* Where V8 would write the text by itself, and ask the guest: in the middle of another stack's, and at the end of the stack. */
static void errors_inside_of_prepareStackTrace(void) {
  miniracer_context outer = context;
  miniracer_error *error = NULL;
  context = new_context(isolate);
  define(context, "throwInside", throw_inside, &error);
  EXECUTE(context,
          "globalThis.asked = 0; Error.prepareStackTrace = () => { throwInside(); return '' }; new Error().stack");
  if (CHECK(error != NULL)) CHECK_TEXT("TypeError", error->name);
  CHECK_SCRIPT(context, "asked", 0);
  EXECUTE(context, "delete Error.prepareStackTrace; throwInside()");
  CHECK(error != NULL && error->frame_count > 1);
  if (error != NULL) CHECK_TEXT("Array.map", frame(error, 1)->function);
  EXECUTE(context, "let left = 200; (function deep() { try { deep() } catch { } if (--left > 0) throwInside() })()");
  CHECK_SCRIPT(context, "asked", 0);
  miniracer_error_free(error);
  OK(miniracer_context_dispose(context));
  context = outer;
}

/* What a guest names its functions and scripts is in each line of a stack: of long names there is the beginning. */
static void long_names(void) {
  miniracer_error *error = THROWS(
      "(0, eval)(`const deep = (n) => n > 0 ? deep(n - 1) : fail();"
      "  Object.defineProperty(deep, 'name', { value: 'f'.repeat(2 ** 24) });"
      "  const fail = () => { const e = new Error('m'.repeat(2 ** 24)); e.name = 'n'.repeat(2 ** 24); throw e; }; "
      "deep(50)"
      "  //# sourceURL=${'s'.repeat(1e5)}`)");
  CHECK_INT(1003, error->name.length);
  CHECK_INT((1 << 20) + 3, error->message.length);
  CHECK(memcmp((const char *)error->message.as.data + (1 << 20) - 1, "m...", 4) == 0);
  REQUIRE(error->frame_count > 5);
  CHECK_INT(1003, frame(error, 1)->function.length);
  CHECK_INT(1003, frame(error, 1)->file.length);
  CHECK(error->stack.length < 2 << 20);
  miniracer_error_free(error);
  /* Not in the middle of a character. */
  error = THROWS("{ const e = new Error(); e.name = 'x' + '\\u{1f600}'.repeat(1000); throw e; }");
  CHECK_INT(999 + 3, error->name.length);
  miniracer_error_free(error);
}

int main(void) {
  miniracer_isolate_options options = isolate_options();
  options.timeout = 5 * SECOND; /* so that a failure ends */
  REQUIRE_OK(miniracer_init(NULL, NULL));
  REQUIRE_OK(miniracer_isolate_new(&options, &isolate, NULL));
  context = new_context(isolate);
  RUN(runtime_errors);
  RUN(syntax_errors);
  RUN(offsets);
  RUN(anything_thrown);
  RUN(hostile);
  RUN(causes);
  RUN(ownership);
  RUN(no_traces_of_ours);
  RUN(native_functions);
  RUN(native_functions_and_prepareStackTrace);
  RUN(errors_inside_of_prepareStackTrace);
  RUN(long_names);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
