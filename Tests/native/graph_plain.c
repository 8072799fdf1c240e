/* Plain data is written by other code than the rest, from what V8's serializer tells of it: whichever code writes a graph,
 * it is the same bytes. A function beside a value, which is left out, makes the graph one for the other code. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

/* Anew, as an isolate is a different one once it has encoded much. */
static void start(void) {
  isolate = new_isolate();
  context = new_context(isolate);
}

static int32_t no_answer(void *userdata, miniracer_call *call) {
  (void)userdata, (void)call;
  return 0;
}

static miniracer_status encode(miniracer_value value, miniracer_graph **graph, miniracer_error **error) {
  miniracer_graph_options drop;
  memset(&drop, 0, sizeof drop);
  drop.struct_size = sizeof drop;
  drop.flags = MINIRACER_GRAPH_DROP;
  *graph = NULL;
  *error = NULL;
  miniracer_status status = miniracer_graph_encode(context, &value, &drop, NULL, graph, error);
  release(&value);
  return status;
}

static int same_text(const miniracer_value *one, const miniracer_value *other) {
  return one->length == other->length && memcmp(one->as.data, other->as.data, one->length) == 0;
}

static void is_one_graph(int line, const char *source) {
  miniracer_value value = text(source);
  set_global(context, "source", &value);
  miniracer_graph *plain, *walked;
  miniracer_error *plain_error, *walked_error;
  miniracer_status status = encode(EVALUATE(context, "({value: (0, eval)(source)})"), &plain, &plain_error);
  check_status(__FILE__, line, status,
               encode(EVALUATE(context, "({value: (0, eval)(source), f() {}})"), &walked, &walked_error), source);
  int same = (plain == NULL) == (walked == NULL) && (plain_error == NULL) == (walked_error == NULL);
  if (same && plain != NULL)
    same = plain->length == walked->length && !memcmp(plain->data, walked->data, plain->length);
  if (same && plain_error != NULL) same = same_text(&plain_error->message, &walked_error->message);
  check_true(__FILE__, line, same, source);
  if (!same) print_error(plain_error), print_error(walked_error);
  miniracer_graph_free(plain), miniracer_graph_free(walked);
  miniracer_error_free(plain_error), miniracer_error_free(walked_error);
}

static void values_of_all_kinds(void) {
  start();
  define_host_object(context, "hostObject", 0, no_answer);
  define_host_object(context, "hostList", MINIRACER_HOST_OBJECT_LIST, no_answer);
  static const char *const sources[] = {
      "1",
      "'text'",
      "[]",
      "({})",
      "[[], {}, [[]], {a: {}}]",
      "[0, 1, 255, 256, 65535, 65536, -1, 2147483647, 2147483648, -2147483648, -2147483649]",
      "[-0, 0.5, -0.5, NaN, -NaN, Infinity, -Infinity, 2 ** 53, 2 ** 53 + 2, -(2 ** 53), 1e300, 5e-324, 4294967296.5]",
      "[true, false, null, undefined, undefined, {u: undefined}]",
      "['', 'a', 'x'.repeat(64), 'x'.repeat(65), 'x'.repeat(255), 'x'.repeat(256), 'x'.repeat(4096)]",
      "['\\xe9', '\\u20ac', '\\u{1f600}', '\\ud800', '\\xff'.repeat(70), '\\u0100'.repeat(70), '\\0']",
      "['\\xe9'.repeat(127), '\\xe9'.repeat(128), '\\u20acascii'.slice(1), 'a' + 'b'.repeat(30) + 'c']",
      "({'\\xe9': 1, '\\u20ac': 2, '': 3, ' ': 4, a: 'a', b: 'a', ['k'.repeat(80)]: 5})",
      "({b: 1, a: 2, 1: 3, 0: 4})",
      "[{a: 1, b: 2}, {b: 1, a: 2}, {c: {a: 1}}]",
      "const o = {}; o.o = o; o.l = [o, o]; o",
      "const l = []; l.push(l, l); l",
      "[[,1], [1,,], Array(3), Object.assign([1], {more: 2})]",
      "Array.prototype[1] = 'inherited'; [[0, , 2]]",
      "delete Array.prototype[1]; [Object.create(null), Object.create({a: 1})]",
      "[1n, -1n, 2n ** 63n, 2n ** 70n]",
      "[new Date(5), /a/g, new Map([[1, 2]]), new Set([1]), new Error('e').message]",
      "({get a() { return 1 }, b: 2})",
      "[Object.defineProperty({b: 1}, 'hidden', {value: 2}), {[Symbol()]: 1, a: 2}]",
      "Object.defineProperty([1, 2], 1, {get() { return 3 }, enumerable: true})",
      "Object.freeze([1, Object.freeze({a: 1})])",
      "[new Proxy({a: 1}, {}), new Proxy([1], {})]",
      "(function () { return arguments })(1, 2)",
      "Object.setPrototypeOf(new Uint8Array(2), Object.prototype)",
      "Object.setPrototypeOf(new Date(1), Object.prototype)",
      "Object.setPrototypeOf([1, 2], Object.prototype)",
      "[new (class extends Array {})(1, 2), new (class { a = 1 })]",
      "Array.from({length: 300}, (_, i) => i)",
      "Array.from({length: 10}, (_, i) => ({id: i, tags: ['a', i]}))",
      "Array.from({length: 70}, () => ({}))",
      "Object.fromEntries(Array.from({length: 70}, (_, i) => ['k' + i, i]))",
      "let deep = 1; for (let i = 0; i < 100; ++i) deep = [deep]; deep",
      "JSON.parse('{\"a\": [1, 2.5, {\"b\": null}], \"\\\\u00e9\": \"\\\\u20ac\"}')",
      "[-(2n ** 63n), 2n ** 63n - 1n, 2n ** 64n, 0n, Object(1n)]",
      "({'\\u20ac': 1, a: '\\u20ac', aa: {'\\u20ac': '\\u20ac'}, 5: {5: 5}, 4294967294: 1, 4294967295: 2, '-1': 3})",
      "[{date: 1}, new Date(5), {date: new Date(NaN), map: 2}, new Date(0.5), new Date(-8.64e15)]",
      "const d = new Date(1), m = new Map([[1, d]]); d.own = 1; [d, d, m, m, new (class extends Date {})(7)]",
      "[new Map(), new Set(), new Map([['a', {a: 1}], [1, 2], [NaN, -0], [null, []]]), new Set(['a', 1, 0.5, null, "
      "''])]",
      "[new Map([[1, 1], [true, 2]]), new Set([undefined]), new Map([[{}, 1]]), new Set([1n]), new Map([[new Date(1), "
      "1]])]",
      "const m = new Map(), s = new Set(['x']); m.set('m', m); m.set('s', s); m.own = 1; [m, s, new Set([1, 'y'])]",
      "[new (class extends Map {})([[1, 2]]), new (class extends Set { x = 1 })([1])]",
      "[new Error('e', {cause: 1}), new TypeError('t')].map(e => (e.stack = 's', e))",
      "[/a/g, Object(1), Object('s'), Object(true), new Uint8Array(3), new ArrayBuffer(2), new DataView(new "
      "ArrayBuffer(1))]",
      "[new SharedArrayBuffer(1), new BigInt64Array(2), new Float32Array([0.5])]",
      "[Symbol(), () => 1, Promise.resolve(), new WeakMap, new WeakRef({}), (function* () {})(), [].values(), new "
      "Map().keys()]",
      "class P { #hidden = 1; x = 1; get y() { return 2 } static z = 3 }; [new P, Object.create(new P), new (class "
      "extends P {})]",
      "Object.create({inherited: 1}, {own: {value: 1, enumerable: true}, hidden: {value: 2}})",
      "const o = {a: 1, b: 2, c: 3}; delete o.a; o.a = 4; delete o.b; for (let i = 0; i < 40; ++i) o['k' + i % 9] = i; "
      "[o, {...o}]",
      "Object.fromEntries(Array.from({length: 2000}, (_, i) => ['key ' + i * 7919 % 2000, i]))",
      "({__proto__: null, a: 1, ['__proto__']: 2, constructor: 3, toString: 4, hasOwnProperty: 5, toJSON: 6})",
      "[Object.freeze([1, , 3]), Object.seal([1, {a: 2}]), Object.preventExtensions([1.5]), Object.freeze(['a', 0.5])]",
      "[[1, 2, 3], [1.5, 2, -0, NaN], ['a', 1], [, 1], [undefined, 1], Array(5).fill(0), Array.from({length: 9}, (_, "
      "i) => [i])]",
      "const a = [1, 2, 3]; a.length = 5; const b = [1]; b[3000] = 1; const c = []; c[2 ** 32 - 2] = 1; [a, b, c]",
      "const a = [1, 2]; Object.defineProperty(a, 0, {enumerable: false}); const b = [1]; b.own = () => 1; [a, b]",
      "const a = [1, 2]; a['-1'] = 0; a[Symbol.iterator] = null; a.x = {}; [a, a.x]",
      "[{get a() { return {deep: [1]} }}, new Proxy([1, {a: 1}], {}), new Proxy(() => 1, {})]",
      "let runs = 0; [{a: 1, get b() { return ++runs }}, {get c() { return ++runs }}]",
      "[{get a() { throw new RangeError('mine') }}]",
      "const o = {get a() { delete o.b; return 1 }, b: 2}; o",
      "Array.from({length: 3000}, (_, i) => ({id: i, name: 'n' + i, score: i * 1.5, on: i % 3 === 0, tags: ['t' + i % "
      "7]}))",
      "const s = {s: 1}; Array.from({length: 400}, (_, i) => i % 2 ? s : {s, t: [s]})",
      "let deep = {}; for (let i = 0; i < 990; ++i) deep = i % 2 ? [deep] : {deep}; deep",
      "let deep = {}; for (let i = 0; i < 1100; ++i) deep = i % 2 ? [deep] : {deep}; deep",
      "['x'.repeat(100), '\\xe9'.repeat(1000), 'a\\xe9\\0b', '\\u20ac'.repeat(3000), '\\udc00\\ud800\\ud83d']",
      "const half = 'abcdefghijklmnopqrstuvwxyz'; [half + half, (half + half).slice(5, 40), ('\\u20ac' + "
      "half).slice(1)]",
      "(function () { return arguments })(1, {a: 2})",
      "globalThis",
      "JSON",
      "Math",
      "[Intl, Reflect, Atomics, WebAssembly]",
      "new Intl.Collator()",
      "new WebAssembly.Memory({initial: 1})",
      "Object.setPrototypeOf(new WebAssembly.Memory({initial: 1}), Object.prototype)",
      "hostObject",
      "hostList",
      "Object.create(hostObject, {a: {value: 1, enumerable: true}})",
      "Object.assign(Object.prototype, {polluted: 1}); [{a: 1}, {polluted: 2}, []]",
      "delete Object.prototype.polluted; Object.defineProperty(Object.prototype, 'a', {set() {}, get() {}, "
      "configurable: true}); "
      "[JSON.parse('{\"a\": 1}'), {a: 2}, {b: 1}]",
      "delete Object.prototype.a; Array.prototype[0] = 'hole'; [[, 1], [], [2]]",
      "delete Array.prototype[0]; Array.prototype.push = Map.prototype.entries = Object.keys = null; [[1], new "
      "Map([[1, 2]])]",
      "Map.prototype[Symbol.iterator] = Set.prototype[Symbol.iterator] = Array.prototype[Symbol.iterator] = null; "
      "[new Map(), {a: 1}, new Date(1)]",
      "Object.defineProperty(globalThis, 'JSON', {get() { throw 1 }}); Date.prototype.getTime = null; [new Date(5), "
      "'x']",
      "Error.prepareStackTrace = () => { throw 2 }; Error.stackTraceLimit = {}; [() => 1, {a: Symbol()}]",
      "['x'.repeat(5e6), {a: 1}]",
  };
  for (size_t i = 0; i < COUNT(sources); ++i) is_one_graph(__LINE__, sources[i]);
  OK(miniracer_isolate_dispose(isolate));
}

/* Objects that V8 makes for itself are plain ones, too. */
static void engine_objects(void) {
  start();
  static const char *const sources[] = {
      "Object.prototype",
      "Array.prototype",
      "Function.prototype",
      "Map.prototype",
      "Set.prototype",
      "WeakMap.prototype",
      "Date.prototype",
      "RegExp.prototype",
      "Promise.prototype",
      "Error.prototype",
      "Symbol.prototype",
      "String.prototype",
      "Number.prototype",
      "ArrayBuffer.prototype",
      "Uint8Array.prototype",
      "Object.getPrototypeOf(Uint8Array.prototype)",
      "DataView.prototype",
      "WeakRef.prototype",
      "Intl.Collator.prototype",
      "WebAssembly.Memory.prototype",
      "Object.getPrototypeOf([].values())",
      "Object.getPrototypeOf(Object.getPrototypeOf([].values()))",
      "Object.getPrototypeOf(new Map().keys())",
      "Object.getPrototypeOf(new Set().keys())",
      "Object.getPrototypeOf(''[Symbol.iterator]())",
      "Object.getPrototypeOf('a'.matchAll(/a/g))",
      "Object.getPrototypeOf(function* () {}).prototype",
      "Object.getPrototypeOf((function* () {})())",
      "Object.getPrototypeOf((async function* () {})())",
      "(() => { let o; try { null.x } catch (e) { o = e } return Object.getPrototypeOf(o) })()",
      "Array.prototype[Symbol.unscopables]",
      "'a'.match(/(?<n>a)/).groups",
      "'a'.match(/a/d)",
      "Object.getOwnPropertyDescriptor({a: 1}, 'a')",
      "[].entries().next()",
      "Set.prototype.mine = {a: 1}, Set.prototype",
      "Object.prototype.mine = {a: 1}, [Object.prototype, Object.prototype.mine]",
  };
  for (size_t i = 0; i < COUNT(sources); ++i) is_one_graph(__LINE__, sources[i]);
  OK(miniracer_isolate_dispose(isolate));
}

/* Whatever is put together of plain values, shared and in circles. */
static void any_mixture(void) {
  start();
  EXECUTE(
      context,
      "function mixture(seed) {"
      "  const below = n => (seed = seed * 1103515245 + 12345 & 0x7fffffff, (seed >> 8) % n), made = [];"
      "  const leaves = [() => below(300), () => -below(1e6), () => below(1e9) * 5e3, () => below(1e6) / 7, () => "
      "'text' +"
      "    below(9), () => '\\xe9'.repeat(below(90)), () => '\\u20ac'.repeat(below(90)), () => undefined, () => null,"
      "    () => below(2) === 0, () => BigInt(below(1e6)) ** 3n, () => new Date(below(1e9)), () => NaN, () => -0,"
      "    () => made[below(made.length)]];"
      "  const key = () => below(8) ? 'k' + below(12) : below(2) ? below(20) : '\\u20ac' + below(3);"
      "  function value(depth) {"
      "    const kind = depth > 5 ? 9 : below(10);"
      "    if (kind > 4) return leaves[below(leaves.length)]();"
      "    const whole = [[], {}, {}, new Map, new Set][kind];"
      "    made.push(whole);"
      "    for (let i = below(12); i > 0; --i) {"
      "      if (kind === 0) whole.push(value(depth + 1));"
      "      else if (kind < 3) whole[key()] = value(depth + 1);"
      "      else if (kind === 3) whole.set(below(40) ? key() : value(depth + 1), value(depth + 1));"
      "      else whole.add(below(40) ? key() : value(depth + 1));"
      "    }"
      "    return whole;"
      "  }"
      "  return Array.from({length: 5}, () => value(0));"
      "}");
  for (int seed = 1; seed <= 300; ++seed) {
    char source[40];
    snprintf(source, sizeof source, "mixture(%d)", seed);
    is_one_graph(__LINE__, source);
  }
  OK(miniracer_isolate_dispose(isolate));
}

static int32_t count_call(void *userdata, miniracer_call *call) {
  miniracer_value seven = int32(7);
  ++*(int *)userdata;
  CHECK_SCRIPT(call->context, "3 + 4", 7);
  call->result = seven;
  return 0;
}

/* Whichever code meets an accessor: it runs once, and may run anything. */
static void accessors_run_once(void) {
  int calls = 0;
  miniracer_context_options options = context_options(0);
  isolate = new_isolate();
  options.console = count_call;
  options.console_userdata = &calls;
  REQUIRE_OK(miniracer_context_new(isolate, &options, &context, NULL));
  define(context, "hostGetter", count_call, &calls);
  EXECUTE(context,
          "var runs = 0; var getter = { get() { return ++runs && hostGetter() }, enumerable: true }, host ="
          "{ get: hostGetter, enumerable: true }; 0");
  const char *const sources[] = {
      "Object.defineProperty({}, 'a', getter)",
      "Object.defineProperty([], 0, getter)",
      "Object.defineProperty({}, 'a', host)",
      "[Object.defineProperty([], 0, host), new Map()]",
      "[Object.defineProperty({}, 0, host), Symbol]",
      "Object.defineProperty({}, 'a', {get: console.log, enumerable: true})",
  };
  for (size_t i = 0; i < COUNT(sources); ++i) {
    miniracer_graph *graph;
    miniracer_error *error;
    calls = 0;
    EXECUTE(context, "runs = 0");
    OK(encode(EVALUATE(context, sources[i]), &graph, &error));
    CHECK_INT(1, calls);
    CHECK_SCRIPT(context, "runs", i < 2);
    miniracer_graph_free(graph);
  }
  OK(miniracer_isolate_dispose(isolate));
}

/* An isolate that only has plain data to give needs none of what the rest takes: a context of its own, for one. */
static void nothing_else_is_set_up(void) {
  start();
  EXECUTE(context, "var plain = Array.from({length: 1000}, (_, i) => ({id: i, tags: ['a', new Date(i)]}))");
  collect_all(isolate);
  uint64_t before = statistics_of(isolate).heap_used;
  miniracer_graph *graph;
  miniracer_error *error;
  OK(encode(EVALUATE(context, "plain"), &graph, &error));
  miniracer_graph_free(graph);
  collect_all(isolate);
  CHECK(statistics_of(isolate).heap_used < before + 200000);
  OK(encode(EVALUATE(context, "[/a/]"), &graph, &error));
  miniracer_graph_free(graph);
  collect_all(isolate);
  CHECK(statistics_of(isolate).heap_used > before + 200000);
  OK(miniracer_isolate_dispose(isolate));
}

static int32_t encode_here(void *userdata, miniracer_call *call) {
  (void)userdata;
  miniracer_graph *graph = NULL;
  miniracer_graph_encode(call->context, call->arguments, NULL, NULL, &graph, NULL);
  miniracer_graph_free(graph);
  return 0;
}

#ifdef __SANITIZE_THREAD__ /* ten times as slow */
#define GRACE (2 * SECOND)
#else
#define GRACE (100 * MILLISECOND)
#endif

/* Where V8's serializer does not look whether the run is to end, another code is at it. */
static void deadlines_hold(void) {
  static const char *const sources[] = {
      "[[...Array(3e7).fill(1.5)]]",           "[Array(3e7).fill(1)]",
      "Array.from({length: 1e6}, () => ({}))", "Array.from({length: 1e6}, () => [])",
      "[...Array(1e6)].map(i => ({i}))",
  };
  for (size_t i = 0; i < COUNT(sources); ++i) {
    miniracer_isolate_options options = isolate_options();
    options.grace = GRACE;
    isolate = isolate_with(&options);
    context = new_context(isolate);
    miniracer_value value = EVALUATE(context, sources[i]);
    miniracer_run_options run = with_timeout(5 * MILLISECOND);
    miniracer_graph *graph = NULL;
    CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_graph_encode(context, &value, NULL, &run, &graph, NULL));
    /* It was this run that was to end, and no other. */
    OK(miniracer_graph_encode(context, &(miniracer_value){0}, NULL, NULL, &graph, NULL));
    miniracer_graph_free(graph);
    CHECK_SCRIPT(context, "3 + 4", 7);
    define(context, "encodeHere", encode_here, NULL);
    run = with_timeout(20 * MILLISECOND);
    CHECK_STATUS(
        MINIRACER_TIMEOUT,
        run_status(context, "const all = Array.from({length: 900}, () => ({})); for (;;) encodeHere(all)", &run));
    release(&value);
    OK(miniracer_isolate_dispose(isolate));
  }
}

int main(void) {
  RUN(values_of_all_kinds);
  RUN(engine_objects);
  RUN(any_mixture);
  RUN(accessors_run_once);
  RUN(nothing_else_is_set_up);
  RUN(deadlines_hold);
  return test_result();
}
