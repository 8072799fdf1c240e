/* Hostile guests: what they redefine changes nothing of the library's, and nothing that is not theirs can be reached. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

/* ---- Things of the host's ---- */

static int32_t fail(void *userdata, miniracer_call *call) {
  (void)userdata;
  miniracer_value message = text("no");
  OK(miniracer_call_throw_error(call, MINIRACER_THROW_RANGE_ERROR, NULL, &message, NULL, NULL));
  return 1;
}

/* Calls its argument as the host does. */
static int32_t call_back(void *userdata, miniracer_call *call) {
  (void)userdata;
  miniracer_value result = undefined();
  miniracer_status status = miniracer_function_call(call->context, call->arguments[0].as.handle, NULL, call->arguments,
                                                    call->argument_count, NULL, &result, NULL);
  if (status == MINIRACER_OK) OK(miniracer_call_return(call, &result));
  release(&result);
  return status;
}

static int32_t two_elements(void *userdata, miniracer_call *call) {
  (void)userdata;
  if (call->operation == MINIRACER_ACCESS_GET && call->arguments[0].tag == MINIRACER_STRING) {
    call->result = int32(2); /* length */
  } else if (call->operation == MINIRACER_ACCESS_GET && call->arguments[0].as.int32 < 2) {
    OK(miniracer_object_new(call->context, &call->result, NULL));
  } else if (call->operation == MINIRACER_ACCESS_HAS) {
    call->result = boolean(1);
  } else {
    call->flags |= MINIRACER_CALL_NOT_MINE;
  }
  return 0;
}

static int32_t silent(void *userdata, miniracer_call *call) {
  (void)userdata;
  (void)call;
  return 0;
}

/* A loader whose functions are JavaScript, made before the guest had its turn. */
static void set_loader(void) {
  miniracer_module_loader loader;
  memset(&loader, 0, sizeof loader);
  loader.struct_size = sizeof loader;
  loader.load = EVALUATE(context,
                         "(url) => {"
                         "  if (url === 'missing') throw new Error('missing');"
                         "  if (url === 'made') return { exports: { one: 1 } };"
                         "  if (url === 'json') return { source: '{ \"seven\": 7 }', type: 'json' };"
                         "  if (url === 'late') return { source: 'await 0; throw new Error(1)' };"
                         "  if (url === 'deep') return { source: 'await 0; (function f() { f() })()' };"
                         "  if (url === 'broken') return { source: 'await 0; export { x } from \"made\"' };"
                         "  return { source: 'export const seven = 7; export const meta = import.meta; await seven' };"
                         "}");
  OK(miniracer_context_set_module_loader(context, &loader, NULL));
  release(&loader.load);
}

/* A context with all that there is, beside one that nobody may reach from it. */
static void start(void) {
  if (isolate != 0) OK(miniracer_isolate_dispose(isolate));
  isolate = new_isolate();
  miniracer_context other = new_context(isolate);
  EXECUTE(other, "globalThis.secret = 1");
  miniracer_context_options options =
      context_options(MINIRACER_CONTEXT_TIMERS | MINIRACER_CONTEXT_CONSOLE | MINIRACER_CONTEXT_WEB);
  options.console = silent;
  REQUIRE_OK(miniracer_context_new(isolate, &options, &context, NULL));
  define(context, "fail", fail, NULL);
  miniracer_function_options constructor = function_options(silent, NULL);
  constructor.flags = MINIRACER_FUNCTION_CONSTRUCTOR | MINIRACER_FUNCTION_RECEIVER;
  constructor.name = text("Made");
  define_with(context, "Made", &constructor);
  define(context, "callBack", call_back, NULL);
  define_host_object(context, "object", 0, two_elements);
  define_host_object(context, "list", MINIRACER_HOST_OBJECT_LIST, two_elements);
  define_host_object(context, "callable", MINIRACER_HOST_OBJECT_CALLABLE, two_elements);
  set_loader();
}

/* ---- Nothing that is another realm's can be reached ---- */

/* walk(seeds): goes along all properties, accessors and prototypes, and tells of what has not its root in this realm. */
static const char walker[] =
    "globalThis.seeds = [];"
    "globalThis.attempt = (f) => { try { return f() } catch (e) { return e } };"
    "globalThis.walk = (start, seen = new Set()) => {"
    "  const { ownKeys, getPrototypeOf, getOwnPropertyDescriptor } = Reflect;"
    "  const problems = [], todo = [], mine = Object.prototype;"
    "  const isRoot = (o) => getPrototypeOf(o) === null && Object.hasOwn(o, 'hasOwnProperty');"
    "  const add = (value, path) => {"
    "    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return;"
    "    seen.add(value); todo.push([value, path]);"
    "  };"
    "  start.forEach((value, i) => add(value, `[${i}]`));"
    "  while (todo.length > 0) {"
    "    const [object, path] = todo.pop();"
    "    if (isRoot(object) && object !== mine) problems.push(path);"
    "    if (object === list || object === callable || object === globalThis.object) continue;"
    "    add(getPrototypeOf(object), path + '.__proto__');"
    "    if (typeof object === 'function') {"
    "      for (const key of ['caller', 'arguments']) add(attempt(() => object[key]), `${path}.${key}`);"
    "    }"
    "    for (const key of ownKeys(object)) {"
    "      const name = `${path}.${String(key)}`, it = attempt(() => getOwnPropertyDescriptor(object, key)) ?? {};"
    "      add(it.value, name); add(it.get, name + '(get)'); add(it.set, name + '(set)');"
    "    }"
    "  }"
    "  return problems.join();"
    "};"
    /* A sloppy function: it may ask who called it, and on what. */
    "globalThis.functions = new Set(); globalThis.spied = 0;"
    "globalThis.spy = function spy() {"
    "  spied++;"
    "  const { prepareStackTrace, stackTraceLimit } = Error;"
    "  Error.stackTraceLimit = Infinity;"
    "  Error.prepareStackTrace = (error, sites) => sites;"
    "  const sites = new Error().stack;"
    "  Error.prepareStackTrace = prepareStackTrace; Error.stackTraceLimit = stackTraceLimit;"
    "  seeds.push(this, sites, spy.caller, spy.arguments, attempt(() => arguments.callee.caller), ...arguments);"
    "  for (const site of sites) {"
    "    seeds.push(site, site.getThis(), site.getFunction());"
    "    if (site.getFunction() !== undefined) functions.add(site.getFunction());"
    "  }"
    "};";

/* The walk finds what it is to find. */
static void walking(void) {
  start();
  EXECUTE(context, walker);
  miniracer_context other = new_context(isolate);
  miniracer_value foreign = EVALUATE(other, "({ deep: { down: () => {} } })");
  set_global(context, "foreign", &foreign);
  release(&foreign);
  CHECK_SCRIPT_TEXT(context, "walk([{ x: { get y() { return 1 }, z: foreign.deep.down } }]).split('.')[0]", "[0]");
  CHECK_SCRIPT_TEXT(context, "walk([{ x: foreign }]) === '' ? 'missed' : ''", "");
}

static void from_globals(void) {
  start();
  EXECUTE(context, walker);
  CHECK_SCRIPT_TEXT(context, "walk([globalThis])", "");
  EXECUTE(
      context,
      "seeds.push(attempt(() => new URL('x')), new URL('http://a?b=c').searchParams.entries(),"
      "  new URLSearchParams('a=b')[Symbol.iterator]().next(), attempt(() => atob('*')), attempt(() => URL()),"
      "  attempt(() => structuredClone(() => {})), attempt(() => structuredClone(list)),"
      "  structuredClone({ a: [new Map([[1, new Date()]]), new Set(), /x/, new TypeError('x'), new Uint8Array(2)] }),"
      "  AbortSignal.abort().reason, attempt(() => AbortSignal.abort().throwIfAborted()), AbortSignal.any([]),"
      "  new Event('x').composedPath(), new TextEncoder().encode('x'), new TextEncoder().encodeInto('x',"
      "  new Uint8Array(1)), attempt(() => new TextDecoder('x')), attempt(() => crypto.getRandomValues(1)),"
      "  performance.toJSON(), attempt(fail), attempt(fail).constructor, attempt(() => callBack(() => { throw 1 })),"
      "  new Made(), list[0], list[Symbol.iterator](), [...list], list.toJSON(), list.concat([1]), "
      "Object.entries(list),"
      "  Object.getOwnPropertyDescriptors(list), attempt(() => { list.x = 1 }), attempt(() => { object.x = 1 }),"
      "  attempt(() => callable()), attempt(() => new callable()), attempt(() => setTimeout('x')),"
      "  attempt(() => setTimeout()), attempt(() => queueMicrotask(1)), attempt(() => console.log()),"
      "  attempt(() => new AbortSignal()), attempt(() => AbortSignal.timeout(-1)), AbortSignal.timeout(1e6));"
      "import('missing').catch((e) => { seeds.push(e) });"
      "import('x').then((n) => { seeds.push(n, n.meta, n.meta.resolve, attempt(() => n.meta.resolve(Symbol()))) });"
      "for (const name of ['late', 'deep', 'broken', 'b roken(']) import(name).catch((e) => { seeds.push(e) });"
      "import('made').then((n) => { seeds.push(n) });"
      "import('json').catch((e) => { seeds.push(e) });");
  for (int i = 0; i < 4; ++i) OK(miniracer_isolate_run_microtasks(isolate, NULL, NULL));
  CHECK_SCRIPT_TEXT(context, "walk(seeds)", "");
  CHECK_SCRIPT(context, "seeds.length > 45 ? 1 : seeds.length", 1);
}

/* V8's own console and all that a context has without the library's globals. */
static void from_plain_globals(void) {
  miniracer_context plain = new_context(isolate);
  EXECUTE(plain, walker);
  EXECUTE(plain, "globalThis.list = globalThis.callable = globalThis.object = undefined");
  CHECK_SCRIPT_TEXT(plain, "walk([globalThis, attempt(() => console.context('x')), attempt(() => console.log(1))])",
                    "");
  OK(miniracer_context_dispose(plain));
}

/* Errors for want of stack come from wherever the library just is. */
static void without_stack(void) {
  start();
  EXECUTE(context, walker);
  EXECUTE(
      context,
      "let left = 40;"
      "const tries = [() => new URL('http://a/b?c'), () => new URLSearchParams('a=b'), () => structuredClone([{}]),"
      "  () => console.log({ a: [1] }), () => console.table([[1]]), () => list.toJSON(), () => btoa('x'), () => fail(),"
      "  () => new DOMException('x'), () => AbortSignal.abort(), () => new AbortController().abort(), () => "
      "import('x'),"
      "  () => new TextDecoder().decode(new Uint8Array(3)), () => callBack(() => {}), () => object.x];"
      "function deep() { try { deep() } catch (e) { }"
      "  if (left-- > 0) for (const one of tries) try { seeds.push(attempt(one)) } catch { } }"
      "deep();");
  CHECK_SCRIPT_TEXT(context, "walk(seeds)", "");
}

static void settled(void *userdata, uint32_t state, miniracer_value *value, miniracer_error *error) {
  (void)userdata;
  (void)state;
  (void)value;
  miniracer_error_free(error);
}

/* Calls of the host's that run what the guest made: getters, traps, species. */
static void from_the_host(void) {
  miniracer_value trap = EVALUATE(context, "trap"), says = EVALUATE(context, "says"), key = text("a");
  miniracer_value getter = EVALUATE(context, "getter"), result = undefined(), *keys = NULL;
  miniracer_property property;
  miniracer_graph *graph = NULL;
  uint32_t count = 0;
  int32_t answer = 0;
  memset(&property, 0, sizeof property);
  property.struct_size = sizeof property;
  miniracer_value_to_string(context, &says, NULL, &result, NULL);
  release(&result);
  miniracer_object_get(context, trap.as.handle, &key, NULL, &result, NULL);
  release(&result);
  miniracer_object_set(context, trap.as.handle, &key, &key, NULL, NULL);
  miniracer_object_has(context, trap.as.handle, &key, NULL, &answer, NULL);
  miniracer_object_delete(context, trap.as.handle, &key, NULL, &answer, NULL);
  miniracer_object_define(context, trap.as.handle, &key, &property, NULL, NULL);
  miniracer_object_get_own_property(context, trap.as.handle, &key, NULL, &property, &answer, NULL);
  miniracer_object_set_prototype(context, trap.as.handle, &says, NULL, NULL);
  miniracer_value_instance_of(context, &says, trap.as.handle, NULL, &answer, NULL);
  if (miniracer_object_keys(context, trap.as.handle, MINIRACER_KEYS_INHERITED, NULL, &keys, &count, NULL) == 0) {
    miniracer_values_free(keys, count);
  }
  miniracer_json_stringify(context, &trap, 0, NULL, &result, NULL);
  release(&result);
  if (miniracer_graph_encode(context, &getter, NULL, NULL, &graph, NULL) == 0) miniracer_graph_free(graph);
  graph = NULL;
  if (miniracer_graph_encode(context, &trap, NULL, NULL, &graph, NULL) == 0) miniracer_graph_free(graph);
  OK(miniracer_value_inspect(context, &trap, NULL, NULL, &result, NULL));
  release(&result);

  miniracer_value promise = undefined(),
                  thenable = EVALUATE(context, "({ get then() { spy.call(this); return spy } })");
  OK(miniracer_promise_new(context, &promise, NULL));
  set_global(context, "promise", &promise);
  EXECUTE(context,
          "promise.constructor = { get [Symbol.species]() { spy.call(this); return function (executor) {"
          "  spy.call(this, executor); return new Promise(executor) } } }; promise.then = spy;");
  OK(miniracer_promise_watch(context, promise.as.handle, settled, NULL, NULL, NULL, NULL));
  OK(miniracer_promise_settle(context, promise.as.handle, MINIRACER_PROMISE_FULFILLED, &thenable, NULL, NULL));
  release(&promise);
  release(&thenable);
  release(&getter);
  release(&says);
  release(&trap);
}

/* Whoever is called by the library sees neither its functions nor its objects in the stack. */
static void from_callbacks(void) {
  start();
  EXECUTE(context, walker);
  EXECUTE(
      context,
      "const getter = { get a() { spy.call(this); return 1 } }, trap = new Proxy({}, new Proxy({}, {"
      "  get(_, name) { return function (...given) { spy.apply(this, given); return Reflect[name](...given) } } }));"
      "structuredClone(getter); attempt(() => structuredClone(1, { get transfer() { spy.call(this) } }));"
      "attempt(() => structuredClone(1, { transfer: { [Symbol.iterator]: spy } }));"
      "const says = { toString() { spy.call(this); return 'http://a/' }, handleEvent: spy };"
      "new URL(says).searchParams.append(says, says); new URL('http://a').href = says; new URLSearchParams(trap);"
      "attempt(() => new URLSearchParams({ [Symbol.iterator]: spy }));"
      "new URLSearchParams('a=1&b=2').forEach(spy); new URLSearchParams('a=1').forEach(spy, says);"
      "new TextEncoder().encode(says); attempt(() => btoa(says)); attempt(() => new TextDecoder(says));"
      "new TextDecoder('utf-8', { get fatal() { spy.call(this) } }).decode();"
      "const target = new EventTarget(); target.addEventListener('x', spy); target.addEventListener('x', says);"
      "target.dispatchEvent(new CustomEvent('x', { get detail() { spy.call(this) } }));"
      "const aborts = new AbortController(); aborts.signal.onabort = spy; aborts.signal.addEventListener('abort', spy);"
      "AbortSignal.any([aborts.signal]).onabort = spy; aborts.abort(says);"
      "new DOMException(says, { get name() { spy.call(this); return 'x' } });"
      "setTimeout(spy, { valueOf() { spy.call(this); return 1 } }, says); setImmediate(spy); queueMicrotask(spy);"
      "callBack(spy); console.log(getter, trap, says); console.table([getter]); console.count(says);"
      "list.map(spy); [].concat(list, trap); JSON.stringify({ toJSON: spy, list });"
      "import({ toString() { spy.call(this); return 'x' } }).then(spy, spy);"
      "import('missing').then(spy, spy); attempt(() => Reflect.apply(fail, trap, []));");
  uint64_t next = 0;
  for (int i = 0; i < 20 && next != MINIRACER_NO_TIMEOUT; ++i) {
    OK(miniracer_isolate_run_pending(isolate, NULL, &next, NULL));
    sleep_for(MILLISECOND);
  }
  from_the_host();
  CHECK_SCRIPT(context, "spied > 40 ? 1 : spied", 1);
  CHECK_SCRIPT_TEXT(context, "walk(seeds)", "");
  /* Of the functions on the stack it saw its own; what is native among them, it knew anyway. */
  CHECK_SCRIPT_TEXT(
      context,
      "const known = new Set(); walk([globalThis], known);"
      "[...functions].filter((f) => !known.has(f) && Function.prototype.toString.call(f).includes('native'))"
      "  .map((f) => f.name).join()",
      "");
}

int main(void) {
  RUN(walking);
  RUN(from_globals);
  RUN(from_plain_globals);
  RUN(without_stack);
  RUN(from_callbacks);
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
