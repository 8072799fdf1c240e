/* Properties: keys of all kinds, accessors and Proxies that throw or loop, refusals, lists of keys. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

static miniracer_value get(miniracer_value object, miniracer_value key) {
  miniracer_value result = undefined();
  OK(miniracer_object_get(context, object.as.handle, &key, NULL, &result, NULL));
  return result;
}

static void set(miniracer_value object, miniracer_value key, miniracer_value value) {
  OK(miniracer_object_set(context, object.as.handle, &key, &value, NULL, NULL));
}

static int has(miniracer_value object, miniracer_value key) {
  int32_t present = -1;
  OK(miniracer_object_has(context, object.as.handle, &key, NULL, &present, NULL));
  return present;
}

static int delete(miniracer_value object, miniracer_value key) {
  int32_t deleted = -1;
  OK(miniracer_object_delete(context, object.as.handle, &key, NULL, &deleted, NULL));
  return deleted;
}

static void basics(void) {
  miniracer_value object = undefined(), value;
  OK(miniracer_object_new(context, &object, NULL));
  CHECK(object.tag == MINIRACER_OBJECT && object.subtype == MINIRACER_OBJECT_PLAIN);
  CHECK_INT(0, has(object, text("a")));
  CHECK_INT(MINIRACER_UNDEFINED, get(object, text("a")).tag);
  set(object, text("a"), int32(1));
  CHECK_INT(1, has(object, text("a")));
  value = get(object, text("a"));
  CHECK_NUMBER(1, value);
  CHECK_INT(1, has(object, text("toString"))); /* inherited, as `in` has it */
  CHECK_INT(1, delete(object, text("a")));
  CHECK_INT(1, delete(object, text("never")));
  CHECK_INT(0, has(object, text("a")));
  set(object, bytes("\xc3\xa9\0", 3, MINIRACER_UTF8), int32(2));
  const uint16_t wide[] = {0xe9, 0};
  value = get(object, bytes(wide, 2, MINIRACER_UTF16));
  CHECK_NUMBER(2, value);
  value = get(object, bytes("\xe9\0", 2, MINIRACER_LATIN1));
  CHECK_NUMBER(2, value);
  set(object, text(""), int32(3));
  value = get(object, text(""));
  CHECK_NUMBER(3, value);
  set(object, text("__proto__"), null()); /* what it means in JavaScript */
  CHECK_INT(0, has(object, text("toString")));
  release(&object);
}

static void index_keys(void) {
  miniracer_value array = undefined(), elements[3], value;
  elements[0] = int32(10), elements[1] = text("eleven"), elements[2] = null();
  OK(miniracer_array_new(context, elements, 3, &array, NULL));
  CHECK(array.subtype == MINIRACER_OBJECT_ARRAY && array.length == 3);
  value = get(array, int32(0));
  CHECK_NUMBER(10, value);
  value = get(array, text("1"));
  CHECK_TEXT("eleven", value);
  release(&value);
  value = get(array, number(1.0));
  CHECK_TEXT("eleven", value);
  release(&value);
  value = get(array, number(-0.0));
  CHECK_NUMBER(10, value);
  set(array, int32(5), int32(15));
  value = get(array, text("length"));
  CHECK_NUMBER(6, value);
  CHECK_INT(0, has(array, int32(4)));
  CHECK_INT(1, has(array, int32(5)));
  CHECK_INT(1, delete(array, int32(5)));
  set(array, int32(-1), text("minus")); /* "-1" is a name like any other */
  value = get(array, text("-1"));
  CHECK_TEXT("minus", value);
  release(&value);
  set(array, number(1.5), int32(4));
  value = get(array, text("1.5"));
  CHECK_NUMBER(4, value);
  set(array, number(4294967295.0), int32(7)); /* the first number that is no index */
  value = get(array, text("length"));
  CHECK_NUMBER(6, value);
  value = get(array, text("4294967295"));
  CHECK_NUMBER(7, value);
  set(array, number(4294967294.0), int32(8));
  value = get(array, text("length"));
  CHECK(value.tag == MINIRACER_DOUBLE && value.as.number == 4294967295.0);
  release(&array);
  array = undefined();
  OK(miniracer_array_new(context, NULL, 0, &array, NULL));
  CHECK_INT(0, array.length);
  release(&array);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_array_new(context, NULL, 1, &array, NULL));
}

static void symbol_keys(void) {
  miniracer_value symbol = EVALUATE(context, "globalThis.s = Symbol('s')"), object = EVALUATE(context, "({[s]: 5})");
  miniracer_value value = get(object, symbol);
  CHECK_NUMBER(5, value);
  CHECK_INT(1, has(object, symbol));
  set(object, symbol, int32(6));
  value = get(object, symbol);
  CHECK_NUMBER(6, value);
  CHECK_INT(1, delete(object, symbol));
  CHECK_INT(0, has(object, symbol));
  /* An object's handle under the tag of a symbol. */
  miniracer_value wrong = object, result = int32(4);
  wrong.tag = MINIRACER_SYMBOL;
  CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_object_get(context, object.as.handle, &wrong, NULL, &result, NULL));
  const miniracer_value none[] = {undefined(), null(), boolean(1), object};
  for (size_t i = 0; i < COUNT(none); ++i) {
    CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
                 miniracer_object_get(context, object.as.handle, &none[i], NULL, &result, NULL));
    CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
                 miniracer_object_set(context, object.as.handle, &none[i], &result, NULL, NULL));
  }
  CHECK_NUMBER(4, result);
  release(&symbol);
  release(&object);
}

/* What strict code would throw for. */
static void refusals(void) {
  const char *refusing[] = {
      "Object.freeze({k: 1})",
      "Object.defineProperty({}, 'k', {value: 1, writable: false})",
      "({get k() { return 1; }})",
      "Object.preventExtensions({})",
      "Object.create(Object.freeze({k: 1}))",
      "new Proxy({}, {set() { return false; }})",
      "({set k(v) { throw new TypeError('no'); }})",
      "new Proxy({}, {set() { throw new TypeError('no'); }})",
      "(r => (r.revoke(), r.proxy))(Proxy.revocable({}, {}))",
  };
  miniracer_value key = text("k"), value = int32(2);
  for (size_t i = 0; i < COUNT(refusing); ++i) {
    miniracer_value object = EVALUATE(context, refusing[i]);
    miniracer_error *error = NULL;
    if (!CHECK_STATUS(MINIRACER_EXCEPTION,
                      miniracer_object_set(context, object.as.handle, &key, &value, NULL, &error))) {
      fprintf(stderr, "%s\n", refusing[i]);
    } else {
      CHECK(error != NULL && is_text(&error->name, "TypeError"));
    }
    miniracer_error_free(error);
    release(&object);
  }
  miniracer_value frozen = EVALUATE(context, "Object.freeze([1])");
  CHECK_INT(0, delete(frozen, int32(0)));
  key = int32(0);
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_object_set(context, frozen.as.handle, &key, &value, NULL, NULL));
  key = text("length");
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_object_set(context, frozen.as.handle, &key, &value, NULL, NULL));
  release(&frozen);
  miniracer_value array = EVALUATE(context, "[]");
  value = int32(-1);
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_object_set(context, array.as.handle, &key, &value, NULL, NULL));
  release(&array);
  /* A setter that gets its receiver, strictly. */
  miniracer_value object = EVALUATE(context, "({set k(v) { 'use strict'; this.got = [v, typeof this]; }})");
  set(object, text("k"), int32(9));
  set_global(context, "set", &object);
  CHECK_SCRIPT_TEXT(context, "String(set.got)", "9,object");
  release(&object);
  /* The guest cannot come between. */
  miniracer_context hostile = new_context(isolate);
  EXECUTE(hostile,
          "Function.prototype.call = Reflect.set = Object.defineProperty = () => { throw 1; };"
          "const global = globalThis; for (const key of Reflect.ownKeys(global)) delete global[key]");
  miniracer_value plain = EVALUATE(hostile, "({})");
  key = text("k");
  OK(miniracer_object_set(hostile, plain.as.handle, &key, &value, NULL, NULL));
  OK(miniracer_context_dispose(hostile));
  value = get(plain, text("k"));
  CHECK_NUMBER(-1, value);
  release(&plain);
}

static void throwing(void) {
  miniracer_value object = EVALUATE(context, "({get k() { throw new RangeError('getter'); }})");
  miniracer_value proxy = EVALUATE(context,
                                   "new Proxy({}, new Proxy({}, {get(_, trap) { return () => { throw new "
                                   "RangeError(String(trap)); }; }}))");
  miniracer_value key = text("k"), result = int32(7), value = int32(1), *keys = NULL;
  uint32_t count = 7;
  int32_t flag = 7;
  const struct {
    miniracer_status status;
    const char *message;
  } expected[] = {{MINIRACER_EXCEPTION, "getter"},
                  {MINIRACER_EXCEPTION, "get"},
                  {MINIRACER_EXCEPTION, "set"},
                  {MINIRACER_EXCEPTION, "has"},
                  {MINIRACER_EXCEPTION, "deleteProperty"},
                  {MINIRACER_EXCEPTION, "ownKeys"},
                  {MINIRACER_EXCEPTION, "get"}};
  for (size_t i = 0; i < COUNT(expected); ++i) {
    miniracer_error *error = NULL;
    miniracer_status status = MINIRACER_OK;
    if (i == 0) status = miniracer_object_get(context, object.as.handle, &key, NULL, &result, &error);
    if (i == 1) status = miniracer_object_get(context, proxy.as.handle, &key, NULL, &result, &error);
    if (i == 2) status = miniracer_object_set(context, proxy.as.handle, &key, &value, NULL, &error);
    if (i == 3) status = miniracer_object_has(context, proxy.as.handle, &key, NULL, &flag, &error);
    if (i == 4) status = miniracer_object_delete(context, proxy.as.handle, &key, NULL, &flag, &error);
    if (i == 5) status = miniracer_object_keys(context, proxy.as.handle, 0, NULL, &keys, &count, &error);
    if (i == 6) status = miniracer_object_call(context, proxy.as.handle, &key, NULL, 0, NULL, &result, &error);
    CHECK_STATUS(expected[i].status, status);
    if (CHECK(error != NULL)) {
      CHECK_TEXT("RangeError", error->name);
      CHECK_TEXT(expected[i].message, error->message);
      CHECK(error->thrown.subtype == MINIRACER_OBJECT_ERROR);
    }
    miniracer_error_free(error);
  }
  CHECK_NUMBER(7, result);
  CHECK(flag == 7 && count == 7 && keys == NULL);
  release(&object);
  release(&proxy);
}

static void looping(void) {
  const char *sources[] = {"({get k() { for (;;); }, set k(v) { for (;;); }})",
                           "new Proxy({}, {get() { for (;;); }, set() { for (;;); }, has() { for (;;); }, "
                           "deleteProperty() { for (;;); }, ownKeys() { for (;;); }})"};
  miniracer_value key = text("k"), result = int32(7), value = int32(1), *keys = NULL;
  miniracer_run_options run = with_timeout(20 * MILLISECOND);
  uint32_t count = 7;
  int32_t flag = 7;
  for (size_t i = 0; i < COUNT(sources); ++i) {
    miniracer_value object = EVALUATE(context, sources[i]);
    CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_object_get(context, object.as.handle, &key, &run, &result, NULL));
    CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_object_set(context, object.as.handle, &key, &value, &run, NULL));
    CHECK_STATUS(MINIRACER_TIMEOUT,
                 miniracer_object_call(context, object.as.handle, &key, NULL, 0, &run, &result, NULL));
    if (i == 1) {
      CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_object_has(context, object.as.handle, &key, &run, &flag, NULL));
      CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_object_delete(context, object.as.handle, &key, &run, &flag, NULL));
      CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_object_keys(context, object.as.handle, 0, &run, &keys, &count, NULL));
    }
    release(&object);
  }
  /* The answer is there, but a promise reaction that it left behind goes on for ever. */
  miniracer_value late =
      EVALUATE(context,
               "new Proxy({}, {has() { Promise.resolve().then(function again() { return Promise.resolve().then(again); "
               "}); return true; }, deleteProperty(t, k) { return k in globalThis.late; }})");
  set_global(context, "late", &late);
  CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_object_has(context, late.as.handle, &key, &run, &flag, NULL));
  CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_object_delete(context, late.as.handle, &key, &run, &flag, NULL));
  release(&late);
  CHECK_NUMBER(7, result);
  CHECK(flag == 7 && count == 7 && keys == NULL);
  CHECK_SCRIPT(context, "1 + 1", 2);
}

/* The keys as text, symbols in brackets, numbers with their kind. */
static void check_keys(int line, const char *source, uint32_t flags, const char *expected) {
  miniracer_value object = EVALUATE(context, source), *keys = NULL;
  uint32_t count = 0;
  char found[300] = "";
  OK(miniracer_object_keys(context, object.as.handle, flags, NULL, &keys, &count, NULL));
  for (uint32_t i = 0; i < count; ++i) {
    size_t end = strlen(found);
    char *to = found + end;
    size_t room = sizeof found - end;
    if (keys[i].tag == MINIRACER_INT32)
      snprintf(to, room, "i%d ", keys[i].as.int32);
    else if (keys[i].tag == MINIRACER_DOUBLE)
      snprintf(to, room, "d%.0f ", keys[i].as.number);
    else if (keys[i].tag == MINIRACER_SYMBOL)
      snprintf(to, room, "[] ");
    else
      snprintf(to, room, "%.*s ", (int)keys[i].length, (const char *)keys[i].as.data);
  }
  if (strcmp(found, expected) != 0) {
    check_failed(__FILE__, line);
    fprintf(stderr, "%s, flags %u: expected \"%s\", is \"%s\"\n", source, flags, expected, found);
  }
  miniracer_values_free(keys, count);
  release(&object);
}
#define CHECK_KEYS(source, flags, expected) check_keys(__LINE__, source, flags, expected)

static void keys(void) {
  const char *source =
      "Object.defineProperty({b: 1, 7: 1, a: 1, 3: 1, [Symbol('s')]: 1, 4294967294: 1, 4294967295: 1, '-1': 1, '01': "
      "1}, "
      "'hidden', {value: 1})";
  CHECK_KEYS(source, 0, "i3 i7 d4294967294 b a 4294967295 -1 01 ");
  CHECK_KEYS(source, MINIRACER_KEYS_HIDDEN, "i3 i7 d4294967294 b a 4294967295 -1 01 hidden ");
  CHECK_KEYS(source, MINIRACER_KEYS_SYMBOLS, "i3 i7 d4294967294 b a 4294967295 -1 01 [] ");
  CHECK_KEYS("Object.create({x: 1, 5: 1}, {y: {value: 1, enumerable: true}})", 0, "y ");
  CHECK_KEYS("Object.create({x: 1, 5: 1}, {y: {value: 1, enumerable: true}})", MINIRACER_KEYS_INHERITED, "y i5 x ");
  CHECK_KEYS("Object.create({x: 1, y: 2}, {y: {value: 1, enumerable: true}})", MINIRACER_KEYS_INHERITED, "y x ");
  CHECK_KEYS("({})", 0, "");
  CHECK_KEYS("[5, , 6]", 0, "i0 i2 ");
  CHECK_KEYS("[5]", MINIRACER_KEYS_HIDDEN, "i0 length ");
  CHECK_KEYS("new Uint8Array(2)", 0, "i0 i1 ");
  CHECK_KEYS("new String('ab')", 0, "i0 i1 ");
  CHECK_KEYS("Object.create(null)", 7, "");
  CHECK_KEYS("new Proxy({b: 1, a: 2, [Symbol()]: 3}, {})", 0, "b a ");
  CHECK_KEYS("new Proxy({b: 1, 1: 2}, {})", 0, "i1 b ");
  CHECK_KEYS("new Proxy([5, 6], {})", 0, "i0 i1 ");
  CHECK_KEYS("new Proxy({a: 1, b: 2}, {ownKeys() { return ['b', 'a']; }})", 0, "b a ");
  miniracer_value object = EVALUATE(context, "({a: 1})"), *list = NULL;
  uint32_t count = 3;
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, miniracer_object_keys(context, object.as.handle, 8, NULL, &list, &count, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
               miniracer_object_keys(context, object.as.handle, 0, NULL, NULL, &count, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
               miniracer_object_keys(context, object.as.handle, 0, NULL, &list, NULL, NULL));
  CHECK(count == 3 && list == NULL);
  release(&object);
}

static void methods(void) {
  miniracer_value object = EVALUATE(context, "({n: 5, add(a, b) { return this.n + (a ?? 0) + (b ?? 0); }, no: 1})");
  miniracer_value key = text("add"), arguments[2], result = int32(0);
  arguments[0] = int32(1), arguments[1] = int32(2);
  OK(miniracer_object_call(context, object.as.handle, &key, arguments, 2, NULL, &result, NULL));
  CHECK_NUMBER(8, result);
  OK(miniracer_object_call(context, object.as.handle, &key, NULL, 0, NULL, &result, NULL));
  CHECK_NUMBER(5, result);
  key = text("no");
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_WRONG_TYPE,
               miniracer_object_call(context, object.as.handle, &key, NULL, 0, NULL, &result, &error));
  CHECK(error != NULL && error->status == MINIRACER_WRONG_TYPE && error->thrown.tag == MINIRACER_UNDEFINED);
  miniracer_error_free(error);
  key = text("missing");
  CHECK_STATUS(MINIRACER_WRONG_TYPE,
               miniracer_object_call(context, object.as.handle, &key, NULL, 0, NULL, &result, NULL));
  key = int32(3);
  CHECK_STATUS(MINIRACER_WRONG_TYPE,
               miniracer_object_call(context, object.as.handle, &key, NULL, 0, NULL, &result, NULL));
  miniracer_value array = EVALUATE(context, "[function () { return this.length; }]");
  key = int32(0);
  OK(miniracer_object_call(context, array.as.handle, &key, NULL, 0, NULL, &result, NULL));
  CHECK_NUMBER(1, result);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
               miniracer_object_call(context, array.as.handle, &key, NULL, 1, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
               miniracer_object_call(context, array.as.handle, NULL, NULL, 0, NULL, &result, NULL));
  release(&array);
  release(&object);
}

static void class_names(void) {
  const struct {
    const char *source, *name;
  } classes[] = {{"({})", "Object"},
                 {"[]", "Array"},
                 {"new Map", "Map"},
                 {"new (class Point {})", "Point"},
                 {"new (class A extends (class B {}) {})", "A"},
                 {"(() => 1)", "Function"},
                 {"new TypeError", "TypeError"},
                 {"Object.create(null)", "Object"},
                 {"new Proxy({}, {get() { throw 1; }, getPrototypeOf() { throw 1; }})", "Object"},
                 {"new Proxy(() => 1, {get() { for (;;); }})", "Function"},
                 {"({get constructor() { for (;;); }, get [Symbol.toStringTag]() { for (;;); }})", "Object"},
                 {"Object.create(new Proxy({}, {get() { for (;;); }, getPrototypeOf() { for (;;); }}))", "Object"},
                 {"Object.assign(Object.create(null), {constructor: {name: 7}})", "Object"}};
  for (size_t i = 0; i < COUNT(classes); ++i) {
    miniracer_value object = EVALUATE(context, classes[i].source), name = undefined();
    OK(miniracer_object_get_class_name(context, object.as.handle, &name, NULL));
    check_text(__FILE__, __LINE__, classes[i].name, &name, classes[i].source);
    release(&name);
    release(&object);
  }
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(basics);
  RUN(index_keys);
  RUN(symbol_keys);
  RUN(refusals);
  RUN(throwing);
  RUN(looping);
  RUN(keys);
  RUN(methods);
  RUN(class_names);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
