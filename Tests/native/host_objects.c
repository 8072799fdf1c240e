/* Objects of the host's, as JavaScript sees them: a dictionary, a list, a callable, and what breaks them. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

/* ---- A dictionary of the host's: single letters to numbers ---- */

struct letters {
  int32_t values[26]; /* 0: not there */
  int asked[8];       /* by MINIRACER_ACCESS_* */
  int finalized;
};

static int letter_of(const miniracer_value *key) {
  if (key->tag != MINIRACER_STRING || key->length != 1) return -1;
  char letter = *(const char *)key->as.data;
  return letter >= 'a' && letter <= 'z' ? letter - 'a' : -1;
}

static int32_t list_letters(const struct letters *letters, miniracer_call *call) {
  miniracer_value names[26], list = undefined();
  static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz";
  uint32_t count = 0;
  for (int i = 0; i < 26; ++i) {
    if (letters->values[i] != 0) names[count++] = bytes(&alphabet[i], 1, MINIRACER_LATIN1);
  }
  OK(miniracer_array_new(call->context, names, count, &list, NULL));
  OK(miniracer_call_return(call, &list));
  release(&list);
  return 0;
}

static int32_t letters_callback(void *userdata, miniracer_call *call) {
  struct letters *letters = userdata;
  REQUIRE(call->operation >= MINIRACER_ACCESS_GET && call->operation <= MINIRACER_ACCESS_CONSTRUCT);
  ++letters->asked[call->operation];
  if (call->operation == MINIRACER_ACCESS_KEYS) return list_letters(letters, call);
  int letter = letter_of(&call->arguments[0]);
  int32_t *value = letter < 0 ? NULL : &letters->values[letter];
  if (value == NULL || (*value == 0 && call->operation != MINIRACER_ACCESS_SET)) {
    call->flags |= MINIRACER_CALL_NOT_MINE;
    return 0;
  }
  switch (call->operation) {
    case MINIRACER_ACCESS_GET:
      call->result = int32(*value);
      break;
    case MINIRACER_ACCESS_SET:
      *value = call->arguments[1].as.int32;
      break;
    case MINIRACER_ACCESS_HAS:
      call->result = boolean(1);
      break;
    case MINIRACER_ACCESS_DELETE:
      if (letter != 25) *value = 0;
      call->result = boolean(letter != 25);
      break;
  }
  return 0;
}

static void letters_finalize(void *userdata) { ++((struct letters *)userdata)->finalized; }

static miniracer_host_object_options object_options(uint32_t flags, miniracer_callback callback, void *userdata) {
  miniracer_host_object_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.flags = flags;
  options.callback = callback;
  options.userdata = userdata;
  return options;
}

static void define_object(const char *name, const miniracer_host_object_options *options) {
  miniracer_value object = undefined();
  REQUIRE_OK(miniracer_host_object_new(context, options, &object, NULL));
  CHECK_INT(MINIRACER_OBJECT_HOST, object.subtype);
  CHECK_INT((options->flags & MINIRACER_HOST_OBJECT_CALLABLE) != 0, (object.flags & MINIRACER_VALUE_CALLABLE) != 0);
  set_global(context, name, &object);
  release(&object);
}

static void define_letters(const char *name, struct letters *letters, uint32_t flags) {
  miniracer_host_object_options options = object_options(flags, letters_callback, letters);
  options.finalize = letters_finalize;
  define_object(name, &options);
}

/* Collects until what is garbage has been told. */
static void settle(void) {
  for (int i = 0; i < 3; ++i) {
    collect_all(isolate);
    EXECUTE(context, "0");
  }
}

static void dictionary(void) {
  static struct letters letters;
  letters.values[0] = 1, letters.values[2] = 3;
  define_letters("host", &letters, 0);
  CHECK_SCRIPT(context, "host.a + host['c']", 4);
  CHECK_SCRIPT_TEXT(context, "typeof host + typeof host.b + typeof host.toString", "objectundefinedfunction");
  CHECK_SCRIPT_TEXT(context, "String(host)", "[object Object]");
  CHECK_SCRIPT(context, "host.b = 20; host.b += 2; host.b", 22);
  CHECK_INT(22, letters.values[1]);
  CHECK_SCRIPT_TEXT(context, "['a' in host, 'd' in host, 'toString' in host, Object.hasOwn(host, 'a')].join()",
                    "true,false,true,true");
  CHECK_SCRIPT_TEXT(context, "Object.keys(host).join() + '|' + Object.values(host)", "a,b,c|1,22,3");
  CHECK_SCRIPT_TEXT(context, "var seen = ''; for (const key in host) seen += key; seen", "abc");
  CHECK_SCRIPT_TEXT(context, "JSON.stringify(host) + JSON.stringify({...host, d: 4})",
                    "{\"a\":1,\"b\":22,\"c\":3}{\"a\":1,\"b\":22,\"c\":3,\"d\":4}");
  CHECK_SCRIPT_TEXT(context, "JSON.stringify(Object.getOwnPropertyDescriptor(host, 'a'))",
                    "{\"value\":1,\"writable\":true,\"enumerable\":true,\"configurable\":true}");
  CHECK_SCRIPT_TEXT(context, "Object.getOwnPropertyDescriptor(host, 'd') + Reflect.ownKeys(host).join()",
                    "undefineda,b,c");
  CHECK_SCRIPT_TEXT(context, "delete host.b + ' ' + host.b + ' ' + (delete host.q)", "true undefined false");
  CHECK_SCRIPT_TEXT(context, "const {a, c, ...others} = host; a + c + JSON.stringify(others)", "4{}");
  CHECK_SCRIPT_TEXT(context, "String(Object.getPrototypeOf(host) === Object.prototype)", "true");
  /* Many times, so that the engine's shortcuts are taken. */
  CHECK_SCRIPT(context, "var sum = 0; for (let i = 0; i < 20000; ++i) { host.e = i; sum += host.e & 1; } sum", 10000);
  /* Keys are asked for once, and each is asked about. */
  memset(letters.asked, 0, sizeof letters.asked);
  EXECUTE(context, "Object.keys(host)");
  CHECK_INT(1, letters.asked[MINIRACER_ACCESS_KEYS]);
  /* The host's side: the interface's own functions ask as well. */
  miniracer_value host = EVALUATE(context, "host"), key = text("a"), value = undefined();
  OK(miniracer_object_get(context, host.as.handle, &key, NULL, &value, NULL));
  CHECK_NUMBER(1, value);
  release(&host);
  CHECK_INT(0, handle_count(isolate));
}

static void refusals(void) {
  static struct letters letters, fixed;
  letters.values[25] = 26, fixed.values[0] = 1;
  define_letters("host", &letters, 0);
  define_letters("fixed", &fixed, MINIRACER_HOST_OBJECT_READ_ONLY);
  EXECUTE(context, "var failing = f => { try { return String(f()); } catch (e) { return e.name; } }");
  const char *refused[] = {
      "host.notALetter = 1",
      "for (let i = 0; i < 1000; ++i) host.nope = i",
      "host[5] = 1",
      "delete host.z",
      "fixed.a = 2",
      "fixed.b = 2",
      "delete fixed.a",
      "Object.defineProperty(host, 'a', {get() {}})",
      "Object.defineProperty(host, 'a', {value: 1, enumerable: false})",
      "Object.defineProperty(fixed, 'a', {value: 1, writable: true, enumerable: true, configurable: true})",
      "Object.freeze(host)",
      "Object.seal(host)",
      "Object.preventExtensions(host)",
      "Object.freeze(fixed)",
  };
  for (size_t i = 0; i < COUNT(refused); ++i) {
    char source[300];
    snprintf(source, sizeof source, "failing(() => { 'use strict'; %s; return 'did not fail: %zu'; })", refused[i], i);
    CHECK_SCRIPT_TEXT(context, source, "TypeError");
  }
  CHECK_SCRIPT_TEXT(context, "String(delete host.z) + delete fixed.a", "falsefalse"); /* in sloppy code */
  CHECK_SCRIPT(context, "Object.defineProperty(host, 'b', {value: 5}); host.b", 5);
  CHECK_SCRIPT(context, "Reflect.defineProperty(host, 'b', {value: 6, writable: true}); host.b", 6);
  CHECK_SCRIPT_TEXT(context, "JSON.stringify(Object.getOwnPropertyDescriptor(fixed, 'a'))",
                    "{\"value\":1,\"writable\":false,\"enumerable\":true,\"configurable\":true}");
  CHECK_INT(1, fixed.values[0]);
  CHECK_INT(0, fixed.asked[MINIRACER_ACCESS_SET] + fixed.asked[MINIRACER_ACCESS_DELETE]);
}

/* A copy of a graph has no form for it, whatever its prototype. */
static void in_graphs(void) {
  static struct letters letters;
  letters.values[0] = 1;
  define_letters("host", &letters, 0);
  const char *sources[] = {"[host]", "Array.from({length: 200}, () => ({})).concat(host)",
                           "[Object.setPrototypeOf(host, Object.prototype)]"};
  for (size_t i = 0; i < COUNT(sources); ++i) {
    miniracer_value value = EVALUATE(context, sources[i]);
    miniracer_graph *graph = NULL;
    CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_graph_encode(context, &value, NULL, NULL, &graph, NULL));
    release(&value);
  }
}

/* `new` of a class that extends one of the host's gives what the host made, as an instance of that class. */
static int32_t makes_letters(void *userdata, miniracer_call *call) {
  (void)userdata;
  miniracer_value found = undefined();
  OK(miniracer_context_get_global(call->context, &found, NULL));
  miniracer_value key = text("host"), host = undefined();
  OK(miniracer_object_get(call->context, found.as.handle, &key, NULL, &host, NULL));
  OK(miniracer_call_return(call, &host));
  release(&host);
  release(&found);
  return 0;
}

static void subclasses(void) {
  static struct letters letters;
  letters.values[0] = 1;
  define_letters("host", &letters, 0);
  miniracer_function_options options = function_options(makes_letters, NULL);
  options.flags = MINIRACER_FUNCTION_CONSTRUCTOR;
  define_with(context, "Base", &options);
  CHECK_SCRIPT(context, "new Base().a", 1);
  CHECK_SCRIPT_TEXT(context,
                    "class Derived extends Base { twice() { return this.a * 2 } } const derived = new Derived();"
                    "[derived === host, derived instanceof Derived, derived.a, derived.twice()].join()",
                    "true,true,1,2");
}

/* Guest objects below a host object, and Proxies around it. */
static void in_between(void) {
  static struct letters letters, fixed;
  memset(&letters, 0, sizeof letters);
  letters.values[0] = 1, fixed.values[0] = 1;
  define_letters("host", &letters, 0);
  define_letters("fixed", &fixed, MINIRACER_HOST_OBJECT_READ_ONLY);
  CHECK_SCRIPT_TEXT(context,
                    "var below = Object.create(host); below.a = 2; below.own = 3; "
                    "[below.a, host.a, below.own, 'a' in below, Object.keys(below)].join()",
                    "2,1,3,true,a,own");
  CHECK_SCRIPT_TEXT(context,
                    "(() => { 'use strict'; try { Object.create(fixed).a = 2; } catch (e) { return e.name; } })()",
                    "TypeError");
  CHECK_SCRIPT_TEXT(context,
                    "var proxy = new Proxy(host, {}); proxy.c = 9; "
                    "[host.c, proxy.a, 'c' in proxy, delete proxy.c, host.c, Object.keys(proxy)].join()",
                    "9,1,true,true,,a");
  CHECK_SCRIPT_TEXT(context, "Object.setPrototypeOf(host, {extra: 'inherited'}).extra", "inherited");
  CHECK_SCRIPT(context, "Array.prototype.push.call({length: 0}, host); new Map([[host, 5]]).get(host)", 5);
  CHECK_SCRIPT(context, "with (host) { a }", 1);
  CHECK_SCRIPT_TEXT(context, "try { structuredClone(host) } catch (e) { e.name }", "ReferenceError");
}

/* ---- Lists ---- */

struct list {
  int32_t values[16];
  uint32_t length;
};

static int32_t list_callback(void *userdata, miniracer_call *call) {
  struct list *list = userdata;
  const miniracer_value *key = &call->arguments[0];
  if (key->tag == MINIRACER_STRING) {
    CHECK_TEXT("length", *key);
    if (call->operation == MINIRACER_ACCESS_SET) list->length = (uint32_t)call->arguments[1].as.int32;
    call->result = int32((int32_t)list->length);
    return 0;
  }
  uint32_t index = key->tag == MINIRACER_INT32 ? (uint32_t)key->as.int32 : UINT32_MAX;
  if (call->operation == MINIRACER_ACCESS_SET && index < COUNT(list->values)) {
    list->values[index] = call->arguments[1].as.int32;
    if (index >= list->length) list->length = index + 1;
  } else if (index >= list->length) {
    call->flags |= MINIRACER_CALL_NOT_MINE;
  } else if (call->operation == MINIRACER_ACCESS_GET) {
    call->result = int32(list->values[index]);
  } else {
    call->result = boolean(1);
  }
  return 0;
}

static void lists(void) {
  static struct list list = {{10, 20, 30}, 3};
  miniracer_host_object_options options = object_options(MINIRACER_HOST_OBJECT_LIST, list_callback, &list);
  options.class_name = text("HostList");
  define_object("list", &options);
  CHECK_SCRIPT(context, "list[1] + list.length + list.at(-1)", 53);
  CHECK_SCRIPT_TEXT(context,
                    "list.map(n => n + 1).join() + '|' + list.slice(1) + '|' + [...list] + '|' + Array.from(list)",
                    "11,21,31|20,30|10,20,30|10,20,30");
  CHECK_SCRIPT(context, "sum = 0; for (const n of list) sum += n; list.forEach(n => sum += n); sum", 120);
  CHECK_SCRIPT_TEXT(context,
                    "Object.keys(list) + '|' + (3 in list) + (2 in list) + list.includes(30) + list[4294967295]",
                    "0,1,2|falsetruetrueundefined");
  CHECK_SCRIPT_TEXT(context, "list.push(5, 4); list.sort((a, b) => a - b); list.join()", "4,5,10,20,30");
  CHECK_INT(5, list.length);
  CHECK_SCRIPT_TEXT(context, "list.length = 2; list.reverse().join() + list.pop()", "5,44");
  CHECK_SCRIPT_TEXT(context, "Object.prototype.toString.call(list) + (list instanceof Array) + Array.isArray(list)",
                    "[object HostList]truefalse");
  CHECK_SCRIPT_TEXT(context, "Reflect.ownKeys(list).map(String).join()",
                    "0,toJSON,Symbol(Symbol.isConcatSpreadable),Symbol(Symbol.toStringTag),length");
  CHECK_SCRIPT_TEXT(context, "try { 'use strict'; list[1e6] = 1; 'no' } catch (e) { e.name }", "TypeError");
  CHECK_SCRIPT_TEXT(context, "String(delete list.length)", "false");
  CHECK_SCRIPT_TEXT(context, "JSON.stringify({list}) + [1].concat(list)", "{\"list\":[5]}1,5");
  EXECUTE(context, "Object.defineProperty(Array.prototype, 0, {set() { throw 1 }, configurable: true})");
  CHECK_SCRIPT_TEXT(context, "Object.keys(list) + JSON.stringify(list)", "0[5]");
  EXECUTE(context, "delete Array.prototype[0]");
  /* Of a longer list, the guest does not get all indices at once. */
  list.length = 10000001;
  CHECK_SCRIPT_TEXT(context, "try { Object.keys(list); 'no' } catch (e) { e.name }", "RangeError");
  CHECK_SCRIPT_TEXT(context, "try { JSON.stringify(list); 'no' } catch (e) { e.name }", "RangeError");
}

/* ---- Callables ---- */

static int32_t callable(void *userdata, miniracer_call *call) {
  (void)userdata;
  if (call->operation == MINIRACER_ACCESS_APPLY) {
    CHECK_INT(0, call->flags & MINIRACER_CALL_CONSTRUCT);
    call->result = int32((int32_t)call->argument_count);
  } else if (call->operation == MINIRACER_ACCESS_CONSTRUCT) {
    CHECK((call->flags & MINIRACER_CALL_CONSTRUCT) != 0);
    if (call->argument_count == 0) return 0; /* no object */
    return miniracer_call_return(call, &call->arguments[0]);
  } else {
    call->flags |= MINIRACER_CALL_NOT_MINE;
  }
  return 0;
}

static void callables(void) {
  miniracer_host_object_options options = object_options(MINIRACER_HOST_OBJECT_CALLABLE, callable, NULL);
  define_object("callable", &options);
  CHECK_SCRIPT_TEXT(context, "typeof callable + callable(1, 2) + callable.call(null, 1) + callable.apply({}, [])",
                    "function210");
  CHECK_SCRIPT_TEXT(context, "String(new callable([1, 2]))", "1,2");
  CHECK_SCRIPT_TEXT(context, "try { new callable } catch (e) { e.name }", "TypeError");
  CHECK_SCRIPT_TEXT(context, "String(Object.getPrototypeOf(callable) === Function.prototype)", "true");
  CHECK_SCRIPT_TEXT(context, "[1, 2].map(callable).join() + callable.bind(null, 1)(2)", "3,32");
  CHECK_SCRIPT_TEXT(context, "Object.prototype.toString.call(callable)", "[object Object]");
  miniracer_value function = EVALUATE(context, "callable"), result = undefined();
  OK(miniracer_function_call(context, function.as.handle, NULL, NULL, 0, NULL, &result, NULL));
  CHECK_NUMBER(0, result);
  release(&function);
  static struct letters letters;
  letters.values[0] = 1;
  define_letters("host", &letters, 0);
  CHECK_SCRIPT_TEXT(context, "try { host() } catch (e) { e.name }", "TypeError");
}

/* ---- Prototypes and names ---- */

static void prototypes(void) {
  static struct letters letters;
  letters.values[0] = 1;
  miniracer_host_object_options options = object_options(0, letters_callback, &letters);
  options.prototype = EVALUATE(context, "class Point { double() { return this.a * 2; } } Point.prototype");
  options.class_name = text("HostPoint");
  define_object("point", &options);
  release(&options.prototype);
  CHECK_SCRIPT_TEXT(context, "point.double() + String(point instanceof Point) + point", "2true[object HostPoint]");
  options.prototype = null();
  options.class_name = undefined();
  define_object("bare", &options);
  CHECK_SCRIPT_TEXT(context, "Object.getPrototypeOf(bare) + typeof bare.toString + bare.a", "nullundefined1");
  /* What the guest puts into its globals does not matter. */
  EXECUTE(context, "var RealObject = Object; globalThis.Object = class { static x = 1 }; globalThis.Array = null");
  options.prototype = undefined();
  define_object("plain", &options);
  CHECK_SCRIPT_TEXT(context, "String(RealObject.getPrototypeOf(plain) === RealObject.prototype)", "true");
  EXECUTE(context, "globalThis.Object = RealObject; globalThis.Array = [].constructor");
  options.prototype = int32(1);
  options.finalize = letters_finalize;
  miniracer_value object = undefined();
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_host_object_new(context, &options, &object, NULL));
  CHECK_INT(1, letters.finalized);
  options.prototype = undefined();
  options.flags = 8;
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, miniracer_host_object_new(context, &options, &object, NULL));
  options.flags = 0;
  options.callback = NULL;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_host_object_new(context, &options, &object, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_host_object_new(context, NULL, &object, NULL));
  CHECK_INT(3, letters.finalized);
}

/* ---- Keys of all kinds, values of all kinds ---- */

static int32_t echo_key(void *userdata, miniracer_call *call) {
  (void)userdata;
  if (call->operation != MINIRACER_ACCESS_GET) {
    call->flags |= MINIRACER_CALL_NOT_MINE;
    return 0;
  }
  return miniracer_call_return(call, &call->arguments[0]);
}

static void keys(void) {
  miniracer_host_object_options options = object_options(0, echo_key, NULL);
  define_object("echo", &options);
  CHECK_SCRIPT_TEXT(context,
                    "[0, 7, 4294967294].map(k => echo[k] === k).join() + "
                    "['x', '', 'caf\\u{e9}', '\\u{1f600}', '4294967295', '-1', '1.5', Symbol.iterator, Symbol('s')]"
                    ".map(k => echo[k] === k).join()",
                    "true,true,truetrue,true,true,true,true,true,true,true,true");
  CHECK_SCRIPT_TEXT(context, "String(Reflect.get(echo, 'k', {}))", "k");
  CHECK_INT(0, handle_count(isolate));
}

static int32_t odd_keys(void *userdata, miniracer_call *call) {
  const char *source = *(const char **)userdata;
  if (call->operation == MINIRACER_ACCESS_KEYS) {
    miniracer_value list = EVALUATE(call->context, source);
    OK(miniracer_call_return(call, &list));
    release(&list);
  } else if (call->operation == MINIRACER_ACCESS_HAS) {
    call->result = boolean(1);
  } else {
    call->result = int32(1);
  }
  return 0;
}

static void key_lists(void) {
  const char *source = "[]";
  miniracer_host_object_options options = object_options(0, odd_keys, &source);
  define_object("odd", &options);
  CHECK_SCRIPT_TEXT(context, "Object.keys(odd).join()", "");
  source = "['b', 3, 'a', '1', 4294967295, 1.5, -1, true, Symbol(), 'b', 3]";
  CHECK_SCRIPT_TEXT(context, "Object.keys(odd).join()", "3,1,b,a,4294967295,1.5,-1,true");
  CHECK_SCRIPT_TEXT(context, "Object.keys(odd).join()", "3,1,b,a,4294967295,1.5,-1,true");
  source = "({length: 3})";
  CHECK_SCRIPT_TEXT(context, "try { Object.keys(odd); 'no' } catch (e) { e.name }", "TypeError");
  source = "[{toString() { throw RangeError() }}]";
  CHECK_SCRIPT_TEXT(context, "try { for (const k in odd); 'no' } catch (e) { e.name }", "RangeError");
  source = "new Array(4294967295)";
  CHECK_SCRIPT_TEXT(context, "try { Object.keys(odd); 'no' } catch (e) { e.name }", "RangeError");
  source = "undefined";
  CHECK_SCRIPT_TEXT(context, "try { Reflect.ownKeys(odd); 'no' } catch (e) { e.name }", "TypeError");
  source = "['late']";
  CHECK_SCRIPT_TEXT(context, "Object.keys(odd).join()", "late");
}

/* ---- Errors, nesting, ends ---- */

static int host_error;

static int32_t failing(void *userdata, miniracer_call *call) {
  miniracer_value message = text("from the host");
  (void)userdata;
  OK(miniracer_call_throw_error(call, MINIRACER_THROW_RANGE_ERROR, NULL, &message, &host_error, NULL));
  return 1;
}

static void errors(void) {
  miniracer_host_object_options options = object_options(MINIRACER_HOST_OBJECT_CALLABLE, failing, NULL);
  define_object("failing", &options);
  const char *sources[] = {"failing.x",
                           "failing[1]",
                           "failing.x = 1",
                           "failing[1] = 1",
                           "'x' in failing",
                           "delete failing.x",
                           "Object.keys(failing)",
                           "for (const key in failing);",
                           "({...failing})",
                           "Object.defineProperty(failing, 'x', {value: 1})",
                           "Object.getOwnPropertyDescriptor(failing, 'x')",
                           "failing()",
                           "new failing",
                           "`${failing}`",
                           "for (let i = 0; i < 100; ++i) try { failing.x } catch {} failing.x = 1"};
  for (size_t i = 0; i < COUNT(sources); ++i) {
    miniracer_error *error = NULL;
    miniracer_value result = undefined();
    CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(context, sources[i], NULL, &result, &error));
    if (!CHECK(error != NULL && error->host_error == &host_error)) fprintf(stderr, "  in %s\n", sources[i]);
    miniracer_error_free(error);
  }
  /* A host object that is thrown is not asked for its name. */
  miniracer_error *error = NULL;
  miniracer_value result = undefined();
  CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(context, "throw failing", NULL, &result, &error));
  CHECK(error != NULL && error->thrown.subtype == MINIRACER_OBJECT_HOST);
  miniracer_error_free(error);
  CHECK_INT(0, handle_count(isolate));
}

static int32_t reenter(void *userdata, miniracer_call *call) {
  int *depth = userdata;
  if (++*depth > 50) {
    call->result = int32(0);
    return 0;
  }
  return evaluate(call->context, "nested.deeper + 1", NULL, &call->result, NULL);
}

static int32_t outlast(void *userdata, miniracer_call *call) {
  (void)userdata;
  (void)call;
  miniracer_value result = undefined();
  CHECK_STATUS(MINIRACER_TIMEOUT, evaluate(context, "for (;;);", NULL, &result, NULL));
  return 0;
}

static void nesting_and_ends(void) {
  int depth = 0;
  miniracer_host_object_options options = object_options(0, reenter, &depth);
  define_object("nested", &options);
  CHECK_SCRIPT(context, "nested.deeper", 50);
  options = object_options(MINIRACER_HOST_OBJECT_CALLABLE, outlast, NULL);
  define_object("outlasting", &options);
  const char *sources[] = {"outlasting.x",        "outlasting.x = 1", "'x' in outlasting",
                           "delete outlasting.x", "outlasting()",     "Object.keys(outlasting)",
                           "outlasting[0]",       "new outlasting",   "({...outlasting})"};
  for (size_t i = 0; i < COUNT(sources); ++i) {
    char source[100];
    snprintf(source, sizeof source, "var after = 0; try { %s } catch { for (;;); } after = 1", sources[i]);
    miniracer_run_options run = with_timeout(20 * MILLISECOND);
    CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, source, &run));
    CHECK_SCRIPT(context, "after", 0);
  }
}

/* ---- Identity and lifetime ---- */

static void identity(void) {
  static struct letters letters;
  memset(&letters, 0, sizeof letters);
  letters.values[0] = 1;
  miniracer_value found = undefined();
  void *userdata = NULL;
  OK(miniracer_host_object_find(context, &letters, &found, NULL));
  CHECK_INT(MINIRACER_UNDEFINED, found.tag);
  define_letters("host", &letters, 0);
  OK(miniracer_host_object_find(context, &letters, &found, NULL));
  CHECK_INT(MINIRACER_OBJECT_HOST, found.subtype);
  OK(miniracer_host_object_get_userdata(context, found.as.handle, &userdata, NULL));
  CHECK(userdata == &letters);
  set_global(context, "found", &found);
  release(&found);
  CHECK_SCRIPT_TEXT(context, "String(found === host)", "true");
  OK(miniracer_host_object_find(context, NULL, &found, NULL));
  CHECK_INT(MINIRACER_UNDEFINED, found.tag);
  settle();
  CHECK_INT(0, letters.finalized);
  EXECUTE(context, "found = host = null");
  settle();
  CHECK_INT(1, letters.finalized);
  OK(miniracer_host_object_find(context, &letters, &found, NULL));
  CHECK_INT(MINIRACER_UNDEFINED, found.tag);
  /* Host functions are found as well; of several the newest that is alive. */
  int first, second;
  define(context, "first", callable, &first);
  define(context, "second", callable, &second);
  define(context, "again", callable, &first);
  OK(miniracer_host_object_find(context, &first, &found, NULL));
  CHECK_INT(MINIRACER_OBJECT_FUNCTION, found.subtype);
  OK(miniracer_host_object_get_userdata(context, found.as.handle, &userdata, NULL));
  CHECK(userdata == &first);
  set_global(context, "found", &found);
  release(&found);
  CHECK_SCRIPT_TEXT(context, "String(found === again)", "true");
  EXECUTE(context, "found = again = null");
  settle();
  OK(miniracer_host_object_find(context, &first, &found, NULL));
  set_global(context, "found", &found);
  release(&found);
  CHECK_SCRIPT_TEXT(context, "String(found === first)", "true");
  const char *others[] = {
      "({})",        "() => 1", "Math.max", "new Proxy(first, {})", "Object.create(first)", "new ArrayBuffer(8)",
      "first.bind()"};
  for (size_t i = 0; i < COUNT(others); ++i) {
    found = EVALUATE(context, others[i]);
    CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_host_object_get_userdata(context, found.as.handle, &userdata, NULL));
    release(&found);
  }
  CHECK_INT(0, handle_count(isolate));
}

static void disposing(void) {
  static struct letters letters;
  miniracer_isolate other = new_isolate();
  miniracer_context inside = new_context(other);
  miniracer_host_object_options options = object_options(0, letters_callback, &letters);
  options.finalize = letters_finalize;
  miniracer_value object = undefined();
  for (int i = 0; i < 100; ++i) OK(miniracer_host_object_new(inside, &options, &object, NULL));
  OK(miniracer_isolate_dispose(other));
  CHECK_INT(100, letters.finalized);
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(dictionary);
  RUN(refusals);
  RUN(in_between);
  RUN(in_graphs);
  RUN(subclasses);
  RUN(lists);
  RUN(callables);
  RUN(prototypes);
  RUN(keys);
  RUN(key_lists);
  RUN(errors);
  RUN(nesting_and_ends);
  RUN(identity);
  RUN(disposing);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
