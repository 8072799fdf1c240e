/* A guest that redefines all of ECMAScript: what the library does goes on as if it had not, and never calls it. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

static char said[4000]; /* by the console, a line each */

static int32_t listen(void *userdata, miniracer_call *call) {
  (void)userdata;
  const miniracer_value *line = &call->arguments[2];
  size_t length = strlen(said);
  if (line->subtype == MINIRACER_LATIN1 && length + line->length + 2 < sizeof said) {
    memcpy(said + length, line->as.data, line->length);
    strcpy(said + length + line->length, "\n");
  }
  return 0;
}

static int32_t answer(void *userdata, miniracer_call *call) {
  (void)userdata;
  call->result = int32((int32_t)call->argument_count);
  return 0;
}

static int32_t fail(void *userdata, miniracer_call *call) {
  (void)userdata;
  miniracer_value name = text("HostError"), message = text("no");
  OK(miniracer_call_throw_error(call, MINIRACER_THROW_RANGE_ERROR, &name, &message, NULL, NULL));
  return 1;
}

static int32_t two_elements(void *userdata, miniracer_call *call) {
  (void)userdata;
  if (call->operation == MINIRACER_ACCESS_GET && call->arguments[0].tag == MINIRACER_STRING) {
    call->result = int32(2); /* length */
  } else if (call->operation == MINIRACER_ACCESS_GET && call->arguments[0].tag == MINIRACER_INT32) {
    call->result = int32(call->arguments[0].as.int32 + 7);
  } else if (call->operation == MINIRACER_ACCESS_HAS) {
    call->result = boolean(call->arguments[0].tag == MINIRACER_INT32);
  } else if (call->operation == MINIRACER_ACCESS_APPLY) {
    call->result = int32(3);
  } else {
    call->flags |= MINIRACER_CALL_NOT_MINE;
  }
  return 0;
}

/* Every function and accessor of every intrinsic notes its name and throws; the names of the fields of descriptors, options
 * and the like are accessors of Object.prototype that do. `hits` is what was called. */
static const char poison[] =
    "globalThis.hits = '';"
    "{"
    "  const { ownKeys, getPrototypeOf, getOwnPropertyDescriptor: describe, defineProperty: define } = Reflect;"
    "  const TheError = Error, text = String, Set_ = Set, has = Object.hasOwn, library = new Set(["
    "    'URL', 'URLSearchParams', 'TextEncoder', 'TextDecoder', 'Event', 'CustomEvent', 'EventTarget', 'AbortSignal',"
    "    'AbortController', 'DOMException', 'Crypto', 'Performance', 'WebAssembly', 'console', 'crypto', "
    "'performance']);"
    "  const trap = (name) => function () { hits += name + ' '; throw new TheError('poison: ' + name) };"
    "  const all = new Set(), holders = [], names = ownKeys(globalThis);"
    "  for (const name of names) {"
    "    const value = describe(globalThis, name).value;"
    "    if (library.has(name) || name === 'globalThis' || value === null || typeof value !== 'object' &&"
    "      !(typeof value === 'function' && value.prototype !== undefined && /^(?!The)[A-Z]/.test(name))) continue;"
    "    if (['list', 'object', 'callable', 'ops'].includes(name)) continue;"
    "    holders.push([name, value]);"
    "    if (typeof value === 'function') holders.push([name + '.prototype', value.prototype]);"
    "  }"
    "  const iterators = { Array: [].values(), Map: new Map().values(), Set: new Set().values(), String: "
    "''[Symbol.iterator](),"
    "    RegExp: 'a'.matchAll(/a/g), Generator: (function* () {})().__proto__, Async: (async function* () "
    "{})().__proto__ };"
    "  for (const name of ownKeys(iterators)) {"
    "    for (let one = iterators[name]; one !== Object.prototype; one = getPrototypeOf(one)) holders.push([name, "
    "one]);"
    "  }"
    "  holders.push(['TypedArray', getPrototypeOf(Uint8Array)], ['TypedArray.prototype', "
    "getPrototypeOf(Uint8Array.prototype)]);"
    "  for (const f of [async () => {}, function* () {}, async function* () {}]) holders.push(['F', "
    "getPrototypeOf(f)]);"
    "  const work = [];"
    "  for (const [name, holder] of holders) {"
    "    if (all.has(holder)) continue;"
    "    all.add(holder);"
    "    for (const key of ownKeys(holder)) {"
    "      const it = describe(holder, key), path = name + '.' + text(key);"
    "      if (!it.configurable) continue;"
    "      if (it.get || it.set) work.push([holder, key, { get: trap(path), set: trap(path), configurable: true }]);"
    "      else if (typeof it.value === 'function' && key !== 'constructor') {"
    "        work.push([holder, key, { value: trap(path), writable: true, configurable: true }]);"
    "      } else if (key === 'constructor' && holder !== Promise.prototype) {"
    "        work.push([holder, key, { get: trap(path), set: trap(path), configurable: true }]);"
    "      }"
    "    }"
    "  }"
    "  for (const name of ['get', 'set', 'value', 'writable', 'enumerable', 'configurable', 'source', 'exports', "
    "'type',"
    "      'sourceMap', 'url', 'kind', 'state', 'result', 'list', 'pairs', 'once', 'capture', 'signal', 'fatal', "
    "'stream',"
    "      'message', 'name', 'cause', 'stack', 'code', 'depth', 'items', 'breakLength', 'colors', 'hidden', 'text', "
    "'then',"
    "      'default', 'status', 'length', 'callback', 'href', 'next', 'done', 'index', 'input', 'lastIndex', '0', '1', "
    "'2',"
    "      'transfer', 'detail', 'reason', 'handler', 'record', 'removed', 'options', 'at', 'size', "
    "'prepareStackTrace']) {"
    "    work.push([Object.prototype, name, { get: trap('{}.' + name), set: trap('{}.' + name), configurable: true }]);"
    "  }"
    "  for (const name of names) {"
    "    const it = describe(globalThis, name);"
    "    if (library.has(name) || !it.configurable || typeof it.value !== 'function' || !/^[A-Z]/.test(name) || "
    "/^The/.test(name)) continue;"
    "    work.push([globalThis, name, { value: trap(name), writable: true, configurable: true }]);"
    "  }"
    "  for (const [holder, key, how] of work) { how.__proto__ = null; }"
    "  const count = work.length;"
    "  for (let i = 0; i < count; i++) define(work[i][0], work[i][1], work[i][2]);"
    "}";

/* What the guest does once it has: no intrinsic is used in it. */
static const char operations[] =
    "globalThis.ops = {"
    "  __proto__: null,"
    "  url() { const u = new URL('../x?y=1&z=2#h', 'http://u:p@H:8/a/b'); u.searchParams.append('k', 'v');"
    "    u.pathname = '/n w'; return u.href + ' ' + u.searchParams.get('z') + ' ' + u.origin },"
    "  params() { let s = ''; const p = new URLSearchParams('a=1&b=%20&a=2'); p.sort(); p.delete('b');"
    "    p.forEach((v, k) => { s += k + v }); return s + p.toString() },"
    "  noUrl() { try { new URL('x') } catch (e) { return e instanceof TheTypeError } },"
    "  text() { const b = new TextEncoder().encode('h\\u00e9'); return b[1] + new TextDecoder().decode(b) },"
    "  base64() { return atob(btoa('hello')) },"
    "  noBase64() { try { atob('*') } catch (e) { return e.code } },"
    "  clone() { const c = structuredClone({ a: 1, b: 'x', c: [1, 2] }); return c.a + c.b + c.c[1] },"
    "  noClone() { try { structuredClone(() => {}) } catch (e) { return e.code } },"
    "  event() { let s = ''; const t = new EventTarget(), f = (e) => { s += e.type; e.preventDefault() };"
    "    t.addEventListener('x', f); t.addEventListener('x', () => { s += '!' });"
    "    const went = t.dispatchEvent(new Event('x')); t.removeEventListener('x', f); t.dispatchEvent(new Event('x'));"
    "    return s + went },"
    "  abort() { let s = ''; const c = new AbortController(); c.signal.onabort = () => { s += 'a' };"
    "    c.signal.addEventListener('abort', () => { s += 'b' }); c.abort(); return s + c.signal.reason.code },"
    "  uuid() { return crypto.randomUUID()[8] },"
    "  random() { return crypto.getRandomValues(bytes) === bytes },"
    "  time() { return performance.now() >= 0 },"
    "  exception() { const e = new DOMException('m', 'AbortError'); return e.code + e.message },"
    "  host() { return answer(1, 2, 3) },"
    "  noHost() { try { fail() } catch (e) { return e instanceof TheRangeError } },"
    "  objects() { let s = ''; for (const key in list) s += key; return s + list[1] + list.length + callable() },"
    "  timers() { setImmediate((x) => { fired += x }, 'i'); setTimeout((x) => { fired += x }, 1, 't');"
    "    clearTimeout(setTimeout(() => { fired += 'no' }, 1)); queueMicrotask(() => { fired += 'm' }); return 1 },"
    "  console() { console.log('%s is %d: %o', 'a', 7, [1]); console.log({ a: [1, 'x'], b: { c: null } });"
    "    console.error(list); console.count(); console.group('g'); console.table([[1]]); console.groupEnd();"
    "    console.assert(false, 'x'); return 1 },"
    "};"
    "globalThis.TheTypeError = TypeError; globalThis.TheRangeError = RangeError; globalThis.fired = '';"
    "globalThis.bytes = new Uint8Array(4);";

static void check_hits(const char *what) {
  miniracer_value hits = EVALUATE(context, "hits");
  if (!is_text(&hits, "")) {
    ++failed_checks;
    fprintf(stderr, "%s: called ", what);
    print_value(&hits);
    fprintf(stderr, "\n");
  }
  release(&hits);
  EXECUTE(context, "hits = ''");
}

#define UNTOUCHED(what) check_hits(what)

static void start(void) {
  if (isolate != 0) OK(miniracer_isolate_dispose(isolate));
  isolate = new_isolate();
  miniracer_context_options options =
      context_options(MINIRACER_CONTEXT_TIMERS | MINIRACER_CONTEXT_CONSOLE | MINIRACER_CONTEXT_WEB);
  options.console = listen;
  REQUIRE_OK(miniracer_context_new(isolate, &options, &context, NULL));
  define(context, "answer", answer, NULL);
  define(context, "fail", fail, NULL);
  define_host_object(context, "list", MINIRACER_HOST_OBJECT_LIST, two_elements);
  define_host_object(context, "callable", MINIRACER_HOST_OBJECT_CALLABLE, two_elements);
  EXECUTE(context, operations);
  EXECUTE(context, poison);
  UNTOUCHED("poison");
}

/* It is poison: what the guest itself does with it is noticed. */
static void poisoned(void) {
  start();
  CHECK_SCRIPT(context, "try { [1].map((x) => x) } catch (e) { 1 }", 1);
  CHECK_SCRIPT_TEXT(context, "hits", "Array.prototype.map ");
  CHECK_STATUS(MINIRACER_EXCEPTION, run_status(context, "({}).value", NULL));
  CHECK_STATUS(MINIRACER_EXCEPTION, run_status(context, "new Map()", NULL));
}

static void what_guests_use(void) {
  static const char *const expected[][2] = {
      {"url", "http://u:p@h:8/n%20w?y=1&z=2&k=v#h 2 http://h:8"},
      {"params", "a1a2a=1&a=2"},
      {"noUrl", "true"},
      {"text", "195h\xe9"},
      {"base64", "hello"},
      {"noBase64", "5"},
      {"clone", "1x2"},
      {"noClone", "25"},
      {"event", "x!!true"},
      {"abort", "ab20"},
      {"uuid", "-"},
      {"random", "true"},
      {"time", "true"},
      {"exception", "20m"},
      {"host", "3"},
      {"noHost", "true"},
      {"objects", "01823"},
      {"timers", "1"},
      {"console", "1"},
  };
  start();
  said[0] = '\0';
  for (size_t i = 0; i < COUNT(expected); ++i) {
    char source[100];
    snprintf(source, sizeof source, "'' + ops.%s()", expected[i][0]);
    miniracer_value result = EVALUATE(context, source);
    if (!is_text(&result, expected[i][1])) fprintf(stderr, "%s\n", expected[i][0]);
    CHECK_TEXT(expected[i][1], result);
    release(&result);
    UNTOUCHED(expected[i][0]);
  }
  uint64_t next = 0;
  for (int i = 0; i < 100 && next != MINIRACER_NO_TIMEOUT; ++i) {
    OK(miniracer_isolate_run_pending(isolate, NULL, &next, NULL));
    sleep_for(MILLISECOND);
  }
  CHECK_SCRIPT_TEXT(context, "fired", "mit");
  UNTOUCHED("the event loop");
  /* No class can be told, for want of a `constructor` that is no accessor. */
  CHECK(strstr(said, "a is 7: [Array(1): null prototype] [ 1, [length]: 1 ]\n[Object: null prototype] {\n") == said);
  CHECK(strstr(said, "Assertion failed: x\n") != NULL);
  if (failed_checks != 0) fprintf(stderr, "%s", said);
}

static void what_hosts_do(void) {
  start();
  miniracer_value object = EVALUATE(context, "({ a: 1, get b() { return 2 } })"), key = text("a"), result = undefined();
  miniracer_value *list = NULL, one = int32(1), shown = undefined();
  miniracer_property property;
  uint32_t count = 0;
  int32_t present = 0;
  OK(miniracer_object_get(context, object.as.handle, &key, NULL, &result, NULL));
  CHECK_NUMBER(1, result);
  OK(miniracer_object_set(context, object.as.handle, &key, &one, NULL, NULL));
  OK(miniracer_object_keys(context, object.as.handle, 0, NULL, &list, &count, NULL));
  CHECK_INT(2, count);
  miniracer_values_free(list, count);
  UNTOUCHED("get, set, keys");

  memset(&property, 0, sizeof property);
  property.struct_size = sizeof property;
  property.value = int32(3);
  key = text("c");
  OK(miniracer_object_define(context, object.as.handle, &key, &property, NULL, NULL));
  OK(miniracer_object_get_own_property(context, object.as.handle, &key, NULL, &property, &present, NULL));
  CHECK_INT(0, property.flags);
  CHECK_NUMBER(3, property.value);
  key = text("b");
  OK(miniracer_object_get_own_property(context, object.as.handle, &key, NULL, &property, &present, NULL));
  CHECK((property.flags & MINIRACER_PROPERTY_ACCESSOR) != 0 && property.setter.tag == MINIRACER_UNDEFINED);
  release(&property.getter);
  result = null();
  OK(miniracer_object_set_prototype(context, object.as.handle, &result, NULL, NULL));
  UNTOUCHED("properties");

  OK(miniracer_value_inspect(context, &object, NULL, NULL, &shown, NULL));
  CHECK_TEXT("[Object: null prototype] { a: 1, b: [Getter] }", shown);
  release(&shown);
  OK(miniracer_object_get_class_name(context, object.as.handle, &shown, NULL));
  release(&shown);
  miniracer_value json = text("{\"then\": [1, {\"value\": 2}], \"__proto__\": 3}");
  OK(miniracer_json_parse(context, &json, &result, NULL));
  OK(miniracer_value_inspect(context, &result, NULL, NULL, &shown, NULL));
  CHECK_TEXT(
      "[Object: null prototype] {\n  then: [Array(2): null prototype] [\n    1,\n"
      "    [Object: null prototype] { value: 2 }\n  ],\n  __proto__: 3\n}",
      shown);
  release(&shown);
  UNTOUCHED("inspect, JSON.parse");

  miniracer_graph *graph = NULL;
  OK(miniracer_graph_encode(context, &result, NULL, NULL, &graph, NULL));
  miniracer_graph_free(graph);
  release(&result);
  miniracer_value map = undefined(), promise = undefined();
  OK(miniracer_map_new(context, &map, NULL));
  OK(miniracer_collection_set(context, map.as.handle, &one, &one, NULL));
  OK(miniracer_collection_entries(context, map.as.handle, &list, &count, NULL));
  CHECK_INT(2, count);
  miniracer_values_free(list, count);
  release(&map);
  OK(miniracer_promise_new(context, &promise, NULL));
  OK(miniracer_promise_settle(context, promise.as.handle, MINIRACER_PROMISE_FULFILLED, &one, NULL, NULL));
  OK(miniracer_promise_wait(context, promise.as.handle, NULL, &result, NULL));
  CHECK_NUMBER(1, result);
  release(&promise);
  release(&object);
  UNTOUCHED("graphs, Maps, promises");
}

/* What a pickled graph becomes is made by definition. */
/* Whoever waits for a promise asks no guest what it is. */
static void waiting(void) {
  OK(miniracer_isolate_dispose(isolate));
  isolate = new_isolate();
  context = new_context(isolate);
  EXECUTE(context,
          "Object.defineProperty(Promise, Symbol.species, { get() { throw new Error('species') } });"
          "Object.defineProperty(Promise.prototype, 'constructor', { get() { throw new Error('bent') } })");
  miniracer_value promise = EVALUATE(context, "new Promise(() => {})"), result = undefined();
  miniracer_run_options run = with_timeout(20 * MILLISECOND);
  CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_promise_wait(context, promise.as.handle, &run, &result, NULL));
  CHECK_SCRIPT(context, "Object.getPrototypeOf(new Promise(() => {})) === Promise.prototype ? 1 : 0", 1);
  release(&promise);
}

static void decoding(void) {
  start();
  miniracer_value result = undefined();
  const char pickle[] = "\x80\x04}\x94(\x8c\x05value\x94K\x01\x8c\x04then\x94]\x94(K\x01K\x02\x65u.";
  miniracer_error *error = NULL;
  if (!OK(miniracer_graph_decode(context, pickle, sizeof pickle - 1, NULL, 0, NULL, NULL, &result, &error))) {
    print_error(error);
  }
  miniracer_error_free(error);
  miniracer_value shown = undefined();
  OK(miniracer_value_inspect(context, &result, NULL, NULL, &shown, NULL));
  CHECK_TEXT("[Object: null prototype] {\n  value: 1,\n  then: [Array(2): null prototype] [ 1, 2 ]\n}", shown);
  release(&shown);
  release(&result);
  UNTOUCHED("decode");
}

static void errors(void) {
  start();
  miniracer_value result = undefined();
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(context, "function f() {\n null.x }\nf()", NULL, &result, &error));
  REQUIRE(error != NULL);
  CHECK_TEXT("TypeError", error->name);
  CHECK_TEXT("Cannot read properties of null (reading 'x')", error->message);
  CHECK_INT(2, error->line);
  CHECK_INT(2, error->frame_count);
  CHECK_TEXT("f", error->frames[0].function);
  miniracer_error_free(error);
  error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(context, "throw {}", NULL, &result, &error));
  miniracer_error_free(error);
  error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(context, "fail()", NULL, &result, &error));
  CHECK_TEXT("no", error->message);
  miniracer_error_free(error);
  UNTOUCHED("errors");
}

/* How a guest wants stacks put and how deep changes no record, nor does it run for one. */
static void stacks(void) {
  static const char *const wishes[] = {
      "Error.stackTraceLimit = 0",
      "Error.stackTraceLimit = Infinity",
      "delete Error.stackTraceLimit",
      "Object.defineProperty(Error, 'stackTraceLimit', { get() { called++; return 1 } })",
      "Error.prepareStackTrace = () => { called++; return 'mine' }",
      "Error.prepareStackTrace = () => { called++; throw 1 }",
      "Object.defineProperty(Error, 'prepareStackTrace', { get() { called++ } })",
      "Error.captureStackTrace = () => { called++ }",
  };
  for (size_t i = 0; i < COUNT(wishes); ++i) {
    miniracer_context one = new_context(isolate);
    miniracer_value result = undefined();
    miniracer_error *error = NULL;
    EXECUTE(one, "globalThis.called = 0");
    EXECUTE(one, wishes[i]);
    CHECK_STATUS(MINIRACER_EXCEPTION,
                 evaluate(one, "function f() {\n throw new Error('x') }\nf()", NULL, &result, &error));
    if (error != NULL && !CHECK(error->frame_count == 2 && error->line == 2)) fprintf(stderr, "%s\n", wishes[i]);
    if (error != NULL) CHECK_TEXT("Error: x\n    at f (test.js:2:8)\n    at test.js:3:1", error->stack);
    miniracer_error_free(error);
    CHECK_SCRIPT(one, "called", 0);
    OK(miniracer_context_dispose(one));
  }
}

/* The same of a rejection, whose frames are those that waited. */
static void stacks_of_rejections(void) {
  miniracer_context one = new_context(isolate);
  EXECUTE(one,
          "globalThis.called = 0; Error.prepareStackTrace = () => { called++; return 'mine' };"
          "Object.defineProperty(Object.prototype, 'prepareStackTrace', { get() { called++ } });"
          "for (const name of ['then', 'constructor', 'stack', 'message', 'name']) {"
          "  const it = Object.getOwnPropertyDescriptor(Promise.prototype, name);"
          "  if (name !== 'constructor') Object.defineProperty(Promise.prototype, name, { get() { called++; return "
          "it?.value } });"
          "}");
  miniracer_value promise = EVALUATE(one,
                                     "async function f() { await 1; throw new Error('x') }\n"
                                     "async function g() { await f() }\ng()");
  miniracer_value result = undefined();
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_promise_wait(one, promise.as.handle, NULL, &result, &error));
  REQUIRE(error != NULL);
  CHECK_TEXT("x", error->message);
  CHECK_INT(2, error->frame_count);
  CHECK_INT(MINIRACER_FRAME_ASYNC, error->frames[1].flags & MINIRACER_FRAME_ASYNC);
  miniracer_error_free(error);
  release(&promise);
  CHECK_SCRIPT(one, "called", 0);
  OK(miniracer_context_dispose(one));
}

static void modules(void) {
  if (isolate != 0) OK(miniracer_isolate_dispose(isolate));
  isolate = new_isolate();
  context = new_context(isolate);
  miniracer_module_loader loader;
  memset(&loader, 0, sizeof loader);
  loader.struct_size = sizeof loader;
  loader.load =
      EVALUATE(context,
               "(url) => url === 'made' ? { exports: { seven: 7 } }"
               "  : { source: 'import { seven as s } from \"made\"; export const seven = s; import.meta.url' }");
  OK(miniracer_context_set_module_loader(context, &loader, NULL));
  release(&loader.load);
  EXECUTE(context, poison);
  miniracer_value name = text("x"), promise = undefined(), space = undefined(), key = text("seven"),
                  seven = undefined();
  OK(miniracer_context_import(context, &name, NULL, NULL, &promise, NULL));
  uint32_t state = 0;
  OK(miniracer_promise_get_state(context, promise.as.handle, &state, &space, NULL));
  CHECK_INT(MINIRACER_PROMISE_FULFILLED, state);
  OK(miniracer_object_get(context, space.as.handle, &key, NULL, &seven, NULL));
  CHECK_NUMBER(7, seven);
  release(&space);
  release(&promise);
  UNTOUCHED("modules");
}

int main(void) {
  RUN(poisoned);
  RUN(what_guests_use);
  RUN(what_hosts_do);
  RUN(decoding);
  RUN(errors);
  RUN(stacks);
  RUN(stacks_of_rejections);
  RUN(modules);
  RUN(waiting);
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
