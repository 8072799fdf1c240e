/* Symbols, property descriptors, prototypes, instanceof. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

/* ---- Symbols ---- */

static miniracer_value symbol(uint32_t kind, const char *description) {
  miniracer_value made = undefined(), given = description == NULL ? undefined() : text(description);
  REQUIRE_OK(miniracer_symbol_new(context, kind, &given, &made, NULL));
  CHECK_INT(MINIRACER_SYMBOL, made.tag);
  return made;
}

static void symbols(void) {
  miniracer_value made = symbol(MINIRACER_SYMBOL_UNIQUE, "mine"), description = undefined();
  set_global(context, "made", &made);
  CHECK_SCRIPT_TEXT(context, "typeof made + made.toString() + (made === Symbol.for('mine'))",
                    "symbolSymbol(mine)false");
  OK(miniracer_symbol_get_description(context, made.as.handle, &description, NULL));
  CHECK_TEXT("mine", description);
  release(&description);
  release(&made);
  made = symbol(MINIRACER_SYMBOL_UNIQUE, NULL);
  OK(miniracer_symbol_get_description(context, made.as.handle, &description, NULL));
  CHECK_INT(MINIRACER_UNDEFINED, description.tag);
  release(&made);
  made = symbol(MINIRACER_SYMBOL_REGISTERED, "shared");
  set_global(context, "made", &made);
  release(&made);
  CHECK_SCRIPT_TEXT(context, "String(made === Symbol.for('shared'))", "true");
  const char *known[] = {"asyncIterator", "hasInstance", "isConcatSpreadable",
                         "iterator",      "match",       "matchAll",
                         "replace",       "search",      "species",
                         "split",         "toPrimitive", "toStringTag",
                         "unscopables"};
  EXECUTE(context, "const RealSymbol = Symbol; globalThis.Symbol = null");
  for (size_t i = 0; i < COUNT(known); ++i) {
    char source[100];
    made = symbol(MINIRACER_SYMBOL_WELL_KNOWN, known[i]);
    set_global(context, "made", &made);
    release(&made);
    snprintf(source, sizeof source, "made === RealSymbol.%s ? 1 : 0", known[i]);
    CHECK_SCRIPT(context, source, 1);
  }
  EXECUTE(context, "globalThis.Symbol = RealSymbol");
}

static void symbol_misuse(void) {
  const struct {
    uint32_t kind;
    miniracer_value description;
  } bad[] = {{MINIRACER_SYMBOL_WELL_KNOWN, text("for")},   {MINIRACER_SYMBOL_WELL_KNOWN, text("toString")},
             {MINIRACER_SYMBOL_WELL_KNOWN, text("")},      {MINIRACER_SYMBOL_WELL_KNOWN, undefined()},
             {MINIRACER_SYMBOL_REGISTERED, undefined()},   {MINIRACER_SYMBOL_UNIQUE, int32(1)},
             {MINIRACER_SYMBOL_WELL_KNOWN + 1, text("x")}, {MINIRACER_SYMBOL_WELL_KNOWN, text("prototype")}};
  miniracer_value made = undefined(), object = EVALUATE(context, "({})");
  for (size_t i = 0; i < COUNT(bad); ++i) {
    CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
                 miniracer_symbol_new(context, bad[i].kind, &bad[i].description, &made, NULL));
  }
  OK(miniracer_symbol_new(context, MINIRACER_SYMBOL_UNIQUE, NULL, &made, NULL));
  release(&made);
  CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_symbol_get_description(context, object.as.handle, &made, NULL));
  release(&object);
}

/* ---- Descriptors ---- */

static miniracer_property property(uint32_t flags) {
  miniracer_property made;
  memset(&made, 0, sizeof made);
  made.struct_size = sizeof made;
  made.flags = flags;
  return made;
}

static miniracer_status define_on(const char *object, miniracer_value key, const miniracer_property *described,
                                  miniracer_error **error) {
  miniracer_value target = EVALUATE(context, object);
  miniracer_status status = miniracer_object_define(context, target.as.handle, &key, described, NULL, error);
  release(&target);
  return status;
}

static miniracer_property own(const char *object, miniracer_value key, int32_t expected) {
  miniracer_value target = EVALUATE(context, object);
  miniracer_property found = property(0);
  int32_t present = -1;
  OK(miniracer_object_get_own_property(context, target.as.handle, &key, NULL, &found, &present, NULL));
  CHECK_INT(expected, present);
  release(&target);
  return found;
}

static void release_property(miniracer_property *found) {
  release(&found->value);
  release(&found->getter);
  release(&found->setter);
}

static void descriptors(void) {
  EXECUTE(context, "var target = {plain: 1}");
  miniracer_property described = property(0), found;
  described.value = int32(5);
  OK(define_on("target", text("fixed"), &described, NULL));
  CHECK_SCRIPT(context, "target.fixed = 6; delete target.fixed; Object.keys(target).length * 10 + target.fixed", 15);
  found = own("target", text("fixed"), 1);
  CHECK_INT(0, found.flags);
  CHECK_NUMBER(5, found.value);
  found = own("target", text("plain"), 1);
  CHECK_INT(MINIRACER_PROPERTY_WRITABLE | MINIRACER_PROPERTY_ENUMERABLE | MINIRACER_PROPERTY_CONFIGURABLE, found.flags);
  for (uint32_t flags = 0; flags < 8; ++flags) {
    described = property(flags);
    described.value = text("text");
    OK(define_on("target", int32((int32_t)flags), &described, NULL));
    found = own("target", int32((int32_t)flags), 1);
    CHECK_INT(flags, found.flags);
    CHECK_TEXT("text", found.value);
    release_property(&found);
  }
  own("target", text("toString"), 0); /* is the prototype's */
  miniracer_value key = symbol(MINIRACER_SYMBOL_UNIQUE, "key");
  OK(define_on("target", key, &described, NULL));
  found = own("target", key, 1);
  CHECK_TEXT("text", found.value);
  release_property(&found);
  release(&key);
  /* Accessors: defined, and told without being called. */
  described = property(MINIRACER_PROPERTY_ACCESSOR | MINIRACER_PROPERTY_CONFIGURABLE);
  described.getter = EVALUATE(context, "(function getter() { throw 'called'; })");
  OK(define_on("target", text("accessor"), &described, NULL));
  release(&described.getter);
  CHECK_SCRIPT_TEXT(context, "try { target.accessor } catch (e) { e }", "called");
  found = own("target", text("accessor"), 1);
  CHECK_INT(MINIRACER_PROPERTY_ACCESSOR | MINIRACER_PROPERTY_CONFIGURABLE, found.flags);
  CHECK_INT(MINIRACER_OBJECT_FUNCTION, found.getter.subtype);
  CHECK_INT(MINIRACER_UNDEFINED, found.setter.tag);
  release_property(&found);
  /* What the guest puts into Object.prototype does not show. */
  EXECUTE(context, "Object.prototype.get = Object.prototype.value = () => 1; Object.prototype.writable = true");
  found = own("target", text("fixed"), 1);
  CHECK_INT(0, found.flags);
  CHECK_NUMBER(5, found.value);
  found = own("({set x(v) {}})", text("x"), 1);
  CHECK_INT(MINIRACER_UNDEFINED, found.getter.tag);
  CHECK_INT(MINIRACER_UNDEFINED, found.value.tag);
  release_property(&found);
  EXECUTE(context, "delete Object.prototype.get; delete Object.prototype.value; delete Object.prototype.writable");
  CHECK_INT(0, handle_count(isolate));
}

static void check_type_error(miniracer_status status, miniracer_error **record) {
  miniracer_error *error = *record;
  *record = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, status);
  if (CHECK(error != NULL)) CHECK_TEXT("TypeError", error->name);
  if (error != NULL) {
    set_global(context, "thrown", &error->thrown);
    CHECK_SCRIPT_TEXT(context, "String(thrown instanceof TypeError)", "true"); /* of this very context */
  }
  miniracer_error_free(error);
}

static void refused_definitions(void) {
  miniracer_property described = property(0);
  miniracer_error *error = NULL;
  check_type_error(define_on("Object.freeze({})", text("x"), &described, &error), &error);
  check_type_error(define_on("new Proxy({}, {defineProperty() { return false; }})", text("x"), &described, &error),
                   &error);
  error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, define_on("new Proxy({}, {defineProperty() { throw new RangeError('mine'); }})",
                                              text("x"), &described, &error));
  if (CHECK(error != NULL)) CHECK_TEXT("mine", error->message);
  miniracer_error_free(error);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, define_on("({})", undefined(), &described, NULL));
  described.flags = 16;
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, define_on("({})", text("x"), &described, NULL));
  described.flags = MINIRACER_PROPERTY_ACCESSOR | MINIRACER_PROPERTY_WRITABLE;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, define_on("({})", text("x"), &described, NULL));
  described.flags = MINIRACER_PROPERTY_ACCESSOR;
  described.setter = int32(1);
  CHECK_STATUS(MINIRACER_WRONG_TYPE, define_on("({})", text("x"), &described, NULL));
  described.struct_size = 0;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, define_on("({})", text("x"), &described, NULL));
  miniracer_value object = EVALUATE(context, "({})"), key = text("x");
  int32_t present = -1;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
               miniracer_object_get_own_property(context, object.as.handle, &key, NULL, &described, &present, NULL));
  CHECK_INT(-1, present);
  release(&object);
}

/* ---- Prototypes ---- */

static void check_prototype(const char *object, const char *expected) {
  miniracer_value target = EVALUATE(context, object), prototype = undefined();
  OK(miniracer_object_get_prototype(context, target.as.handle, &prototype, NULL));
  set_global(context, "prototype", &prototype);
  char source[100];
  snprintf(source, sizeof source, "prototype === (%s) ? 1 : 0", expected);
  CHECK_SCRIPT(context, source, 1);
  release(&prototype);
  release(&target);
}

static miniracer_status set_prototype(const char *object, const char *prototype, miniracer_error **error) {
  miniracer_value target = EVALUATE(context, object), wanted = EVALUATE(context, prototype);
  miniracer_status status = miniracer_object_set_prototype(context, target.as.handle, &wanted, NULL, error);
  release(&target);
  release(&wanted);
  return status;
}

static void prototypes(void) {
  check_prototype("[]", "Array.prototype");
  check_prototype("Object.create(null)", "null");
  check_prototype("(class extends Map {})", "Map");
  check_prototype("new Proxy(new Proxy([], {getPrototypeOf() { throw 1; }}), {})", "Array.prototype");
  check_prototype("(() => { const {proxy, revoke} = Proxy.revocable([], {}); revoke(); return proxy; })()", "null");
  EXECUTE(context, "var object = {}, above = {inherited: 7}");
  OK(set_prototype("object", "above", NULL));
  CHECK_SCRIPT(context, "object.inherited", 7);
  OK(set_prototype("object", "null", NULL));
  check_prototype("object", "null");
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, set_prototype("object", "1", NULL));
  const char *refused[][2] = {
      {"Object.preventExtensions({})", "above"},
      {"above", "Object.create(above)"},
      {"Object.prototype", "above"},
      {"new Proxy({}, {setPrototypeOf() { return false; }})", "above"},
      {"new Proxy(Object.freeze({}), {setPrototypeOf() { return true; }})", "above"},
      {"(() => { const {proxy, revoke} = Proxy.revocable([], {}); revoke(); return proxy; })()", "above"}};
  for (size_t i = 0; i < COUNT(refused); ++i) {
    miniracer_error *error = NULL;
    check_type_error(set_prototype(refused[i][0], refused[i][1], &error), &error);
  }
  /* Traps run, and what they throw comes out as itself. */
  EXECUTE(context, "var mine = new RangeError('mine')");
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION,
               set_prototype("new Proxy({}, {setPrototypeOf() { throw mine; }})", "above", &error));
  if (CHECK(error != NULL)) set_global(context, "thrown", &error->thrown);
  miniracer_error_free(error);
  CHECK_SCRIPT_TEXT(context, "String(thrown === mine)", "true");
  miniracer_run_options run = with_timeout(50 * MILLISECOND);
  miniracer_value endless = EVALUATE(context, "new Proxy({}, {setPrototypeOf() { for (;;); }})"), none = null();
  CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_object_set_prototype(context, endless.as.handle, &none, &run, NULL));
  release(&endless);
  CHECK_INT(0, handle_count(isolate));
}

/* ---- instanceof ---- */

static void instances(void) {
  const struct {
    const char *value, *constructor;
    int32_t is;
  } cases[] = {{"[]", "Array", 1},
               {"[]", "Map", 0},
               {"1", "Number", 0},
               {"null", "Object", 0},
               {"5", "({[Symbol.hasInstance](value) { return value > 3; }})", 1},
               {"[]", "Array.bind()", 1}};
  for (size_t i = 0; i < COUNT(cases); ++i) {
    miniracer_value value = EVALUATE(context, cases[i].value), constructor = EVALUATE(context, cases[i].constructor);
    int32_t is = -1;
    OK(miniracer_value_instance_of(context, &value, constructor.as.handle, NULL, &is, NULL));
    CHECK_INT(cases[i].is, is);
    release(&value);
    release(&constructor);
  }
  miniracer_value object = EVALUATE(context, "({})");
  miniracer_error *error = NULL;
  int32_t is = -1;
  check_type_error(miniracer_value_instance_of(context, &object, object.as.handle, NULL, &is, &error), &error);
  CHECK_INT(-1, is);
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_value_instance_of(context, &object, 3, NULL, &is, NULL));
  release(&object);
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(symbols);
  RUN(symbol_misuse);
  RUN(descriptors);
  RUN(refused_definitions);
  RUN(prototypes);
  RUN(instances);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
