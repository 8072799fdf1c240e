/* Whole graphs of values in one piece: there, back, and what is refused. The form is told in docs/graph.md. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

static miniracer_graph_options options_of(uint32_t flags, uint32_t max_depth, uint64_t max_nodes, uint64_t max_bytes) {
  miniracer_graph_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.flags = flags;
  options.max_depth = max_depth;
  options.max_nodes = max_nodes;
  options.max_bytes = max_bytes;
  return options;
}

static miniracer_status encode_with(const char *source, const miniracer_graph_options *options,
                                    const miniracer_run_options *run, miniracer_graph **graph,
                                    miniracer_error **error) {
  miniracer_value value = EVALUATE(context, source);
  miniracer_status status = miniracer_graph_encode(context, &value, options, run, graph, error);
  release(&value);
  return status;
}

static miniracer_graph *encoded(const char *source) {
  miniracer_graph *graph = NULL;
  miniracer_error *error = NULL;
  if (!OK(encode_with(source, NULL, NULL, &graph, &error))) print_error(error);
  miniracer_error_free(error);
  REQUIRE(graph != NULL);
  return graph;
}

/* Whether a value is encoded as these bytes, after the 11 of PROTO and FRAME. */
static void is_encoded(int line, const char *source, const char *expected, size_t length) {
  miniracer_graph *graph = encoded(source);
  const unsigned char *data = graph->data;
  int same = graph->length == length + 11 && memcmp(data, "\x80\x04\x95", 3) == 0 && data[3] == length &&
             memcmp(data + 11, expected, length) == 0;
  if (!same) {
    check_failed(__FILE__, line);
    fprintf(stderr, "%s is encoded as", source);
    for (uint64_t i = 11; i < graph->length; ++i) fprintf(stderr, " %02x", data[i]);
    fputc('\n', stderr);
  }
  miniracer_graph_free(graph);
}
#define ENCODED(source, bytes) is_encoded(__LINE__, source, bytes, sizeof(bytes) - 1)

static miniracer_status decode(const void *data, size_t length, miniracer_value *result, miniracer_error **error) {
  return miniracer_graph_decode(context, data, length, NULL, 0, NULL, NULL, result, error);
}

/* Decodes into the global variable `it`; an expression about it must be true. */
static void is_decoded(int line, const void *data, size_t length, const char *expression) {
  miniracer_value result = undefined();
  miniracer_error *error = NULL;
  if (!check_status(__FILE__, line, MINIRACER_OK, decode(data, length, &result, &error), expression)) {
    print_error(error);
    miniracer_error_free(error);
    return;
  }
  set_global(context, "it", &result);
  release(&result);
  result = EVALUATE(context, expression);
  check_true(__FILE__, line, result.tag == MINIRACER_BOOLEAN && result.as.int32, expression);
  release(&result);
}
#define DECODED(bytes, expression) is_decoded(__LINE__, bytes, sizeof(bytes) - 1, expression)

/* There and back again. */
static void survives(int line, const char *source, const char *expression) {
  miniracer_graph *graph = encoded(source);
  is_decoded(line, graph->data, graph->length, expression);
  miniracer_graph_free(graph);
}
#define SURVIVES(source, expression) survives(__LINE__, source, expression)

static void check_refused(int line, miniracer_status expected, miniracer_status status, miniracer_error *error,
                          const char *message) {
  check_status(__FILE__, line, expected, status, message);
  if (check_true(__FILE__, line, error != NULL, message)) {
    const miniracer_value *said = &error->message;
    char *found = calloc(said->length + 1, 1);
    memcpy(found, said->as.data, said->length);
    if (!check_true(__FILE__, line, strstr(found, message) != NULL, message)) print_error(error);
    free(found);
  }
  miniracer_error_free(error);
}

static void malformed(int line, const void *data, size_t length, const char *message) {
  miniracer_value result = int32(5);
  miniracer_error *error = NULL;
  miniracer_status status = decode(data, length, &result, &error);
  check_refused(line, MINIRACER_INVALID_ARGUMENT, status, error, message);
  CHECK_NUMBER(5, result);
}
#define MALFORMED(bytes, message) malformed(__LINE__, bytes, sizeof(bytes) - 1, message)

static void not_encoded(int line, const char *source, const miniracer_graph_options *options, miniracer_status expected,
                        const char *message) {
  miniracer_graph *graph = NULL;
  miniracer_error *error = NULL;
  miniracer_status status = encode_with(source, options, NULL, &graph, &error);
  check_refused(line, expected, status, error, message);
  check_true(__FILE__, line, graph == NULL, source);
}
#define NOT_ENCODED(source, options, status, message) not_encoded(__LINE__, source, options, status, message)

static void bytes_of_each_type(void) {
  ENCODED("undefined", "NQ\x94.");
  ENCODED("null", "N.");
  ENCODED("[true, false]",
          "]\x94(\x88\x89"
          "e.");
  ENCODED("0", "K\0.");
  ENCODED("255", "K\xff.");
  ENCODED("256", "M\0\1.");
  ENCODED("65536", "J\0\0\1\0.");
  ENCODED("-1", "J\xff\xff\xff\xff.");
  ENCODED("2 ** 31", "\x8a\x08\0\0\0\x80\0\0\0\0.");
  ENCODED("-(2 ** 53)", "\x8a\x08\0\0\0\0\0\0\xe0\xff.");
  ENCODED("2 ** 54", "GCP\0\0\0\0\0\0.");
  ENCODED("-0", "G\x80\0\0\0\0\0\0\0.");
  ENCODED("1.5", "G\x3f\xf8\0\0\0\0\0\0.");
  ENCODED("-Infinity", "G\xff\xf0\0\0\0\0\0\0.");
  ENCODED("5n", "\x8b\x08\0\0\0\5\0\0\0\0\0\0\0.");
  ENCODED("-(2n ** 64n)",
          "\x8b\x18\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff.");
  ENCODED("'caf\\u00e9\\0'", "\x8c\6caf\xc3\xa9\0.");
  ENCODED("'\\ud83d\\ude00\\ud800'", "\x8c\7\xf0\x9f\x98\x80\xed\xa0\x80.");
  ENCODED("[]", "]\x94.");
  ENCODED("({a: 1})", "}\x94(\x8c\1a\x94K\1u.");
  ENCODED("[{a: 1}, {a: 2}]", "]\x94(}\x94(\x8c\1a\x94K\1u}\x94(h\2K\2ue.");
  ENCODED("new Map([['a', 1]])", "(d\x94(\x8c\1aK\1u.");
  ENCODED("new Map([[true, 1]])", "\x8c\3map\x94\x85Q\x94(\x88K\1u.");
  ENCODED("new Set([1])", "\x8f\x94(K\1\x90.");
  ENCODED("new Set([1n])", "\x8c\3set\x94\x85Q\x94(\x8b\x08\0\0\0\1\0\0\0\0\0\0\0\x90.");
  ENCODED("new Date(5)", "\x8c\4date\x94K\5\x86Q\x94.");
  ENCODED("/a/gi", "\x8c\6regexp\x94\x8c\1a\x8c\2gi\x87Q\x94.");
  ENCODED("new Uint8Array([1, 2])", "C\2\1\2\x94.");
  ENCODED("new Int16Array([1])", "\x8c\ntypedarray\x94K\4C\2\1\0\x87Q\x94.");
  ENCODED("new ArrayBuffer(2)",
          "\x8c\x0b"
          "arraybuffer\x94"
          "C\2\0\0\x86Q\x94.");
  ENCODED("Object('s')", "\x8c\5boxed\x94\x8c\1s\x86Q\x94.");
  ENCODED("var cycle = []; cycle.push(cycle); cycle", "]\x94(h\0e.");
}

static void there_and_back(void) {
  SURVIVES("undefined", "it === undefined");
  SURVIVES("[1, , undefined, null]", "it.length === 4 && it[1] === undefined && it[3] === null");
  SURVIVES("[0, -0, NaN, 1/0, 5e-324, 2 ** 31, -(2 ** 53), 2 ** 53 + 2, 0.1]",
           "it.every((v, i) => Object.is(v, [0, -0, NaN, 1/0, 5e-324, 2 ** 31, -(2 ** 53), 2 ** 53 + 2, 0.1][i]))");
  SURVIVES("[0n, -1n, 2n ** 63n, -(2n ** 63n), 2n ** 64n, -(2n ** 1000n)]",
           "it.join() === [0n, -1n, 2n ** 63n, -(2n ** 63n), 2n ** 64n, -(2n ** 1000n)].join()");
  SURVIVES(
      "['', 'a\\0', '\\xff', '\\u20ac', '\\ud83d\\ude00', '\\udc00\\ud800', 'x'.repeat(1000), '\\xe9'.repeat(300), "
      "'\\u20ac'.repeat(70000)]",
      "it[0] === '' && it[1] === 'a\\0' && it[2] === '\\xff' && it[3] === '\\u20ac' && it[4] === '\\ud83d\\ude00' && "
      "it[5] === '\\udc00\\ud800' && it[6] === 'x'.repeat(1000) && it[7] === '\\xe9'.repeat(300) && "
      "it[8] === '\\u20ac'.repeat(70000)");
  SURVIVES("({b: 1, a: {2: 3, '': 4}, ['__proto__']: 5, \"\\u20ac\": 6})",
           "JSON.stringify(it) === '{\"b\":1,\"a\":{\"2\":3,\"\":4},\"__proto__\":5,\"\\u20ac\":6}'");
  SURVIVES("[Object.prototype, Promise.prototype, Object.getPrototypeOf([].values()), /a/]",
           "JSON.stringify(it) === '[{},{},{},{}]'");
  SURVIVES("new class Point { x = 1 }", "Object.getPrototypeOf(it) === Object.prototype && it.x === 1");
  SURVIVES("new Map([[1, 'a'], [true, 'b'], ['1', 'c'], [1n, 'd'], [undefined, 'e'], [NaN, 'f']])",
           "it instanceof Map && it.size === 6 && it.get(true) === 'b' && it.get(1n) === 'd' && it.get(NaN) === 'f'");
  SURVIVES("var key = {}; ({map: new Map([[key, 1]]), key})", "it.map.get(it.key) === 1");
  SURVIVES("new Set(['a', 1, null, true, undefined])", "[...it].join() === 'a,1,,true,'");
  SURVIVES("new Date(NaN)", "it instanceof Date && isNaN(it)");
  SURVIVES("new Date(8.64e15)", "it.getTime() === 8.64e15");
  SURVIVES("/[/]\\//dgimsuy", "String(it) === '/[/]\\\\//dgimsuy'");
  SURVIVES("Object.assign(new TypeError('no', {cause: new Error('deeper')}), {code: 7})",
           "it instanceof TypeError && it.message === 'no' && it.cause.message === 'deeper' && it.code === 7 && "
           "Object.keys(it).join() === 'code' && it.stack.startsWith('TypeError: no\\n    at test.js')");
  SURVIVES("class Own extends Error { name = 'Own' }; new Own('mine')", "String(it) === 'Own: mine'");
  SURVIVES("new AggregateError([1, 2], 'all')", "it.name === 'AggregateError' && it.errors.join() === '1,2'");
  SURVIVES("var e = new RangeError('me'); e.cause = e; e", "it instanceof RangeError && it.cause === it");
  SURVIVES(
      "[new Int8Array([-1]), new Uint8ClampedArray([300]), new Uint16Array([1, 2]), new Int32Array([-5]), "
      "new Uint32Array([7]), new Float32Array([0.5]), new Float64Array([0.1]), new BigInt64Array([-1n]), "
      "new BigUint64Array([1n]), new Int16Array([3])]",
      "it.map(a => a.constructor.name + a).join() === 'Int8Array-1,Uint8ClampedArray255,Uint16Array1,2,Int32Array-5,"
      "Uint32Array7,Float32Array0.5,Float64Array0.1,BigInt64Array-1,BigUint64Array1,Int16Array3'");
  SURVIVES("new Uint8Array([1, 2, 3, 4]).subarray(1, 3)", "it instanceof Uint8Array && it.join() === '2,3'");
  SURVIVES("[new ArrayBuffer(3), new DataView(new ArrayBuffer(2)), new SharedArrayBuffer(4)]",
           "it[0].byteLength === 3 && it[1].byteLength === 2 && it[2] instanceof SharedArrayBuffer");
  SURVIVES("[Object(1), Object(1.5), Object('s'), Object(true), Object(2n ** 70n), Object(-1n)]",
           "it.every(v => typeof v === 'object') && it.join() === '1,1.5,s,true,' + 2n ** 70n + ',-1'");
  /* Identity. */
  SURVIVES("var s = {}, d = new Date(1), u = new Uint8Array(1); [s, s, d, d, u, u]",
           "it[0] === it[1] && it[2] === it[3] && it[4] === it[5]");
  SURVIVES("var a = {m: new Map(), s: new Set(), l: []}; a.m.set('a', a); a.s.add(a); a.l.push(a); a.a = a; a",
           "it.a === it && it.m.get('a') === it && it.s.has(it) && it.l[0] === it");
  /* Proxies are read through, accessors called, toJSON not. */
  SURVIVES("[new Proxy({a: 1}, {}), new Proxy([1, 2], {}), {get x() { return 3 }}, null]",
           "JSON.stringify(it) === '[{\"a\":1},[1,2],{\"x\":3},null]'");
  /* Few elements and a large length. */
  SURVIVES("var far = []; far.length = 2 ** 32 - 1; far[5] = 'x'; far[2 ** 32 - 2] = far; far",
           "it.length === 2 ** 32 - 1 && it[5] === 'x' && it[it.length - 1] === it && Object.keys(it).length === 2");
  SURVIVES("var holes = Array(3e7); holes[7] = 1; [holes, holes]",
           "it[0] === it[1] && it[0].length === 3e7 && it[0][7] === 1 && Object.keys(it[0]).length === 1");
  SURVIVES("Array.from({length: 5000}, (_, i) => i)", "it.length === 5000 && it[4999] === 4999");
  /* What the guest changed does not count. */
  EXECUTE(context,
          "var told = 0, mine = {x: 1, m: new Map([[{}, 1]]), l: [1]}; Object.defineProperty(Object.prototype, 'x', "
          "{set() { ++told }, configurable: true});"
          "Map.prototype.set = Set.prototype.add = Array.prototype.push = () => { ++told };"
          "Array.prototype[Symbol.iterator] = function* () { ++told }");
  SURVIVES("mine", "it.x === 1 && told === 0");
  miniracer_context_dispose(context);
  context = new_context(isolate);
}

static void what_python_writes(void) {
  /* pickle.dumps({'a': [1, 2.5, None], 'b': (True, 'x'), 3: {1}, 'c': frozenset([2]), 'd': b'\1'}, 4) */
  DECODED(
      "\x80\x04\x95\x3d\0\0\0\0\0\0\0}\x94(\x8c\1a\x94]\x94(K\1G@\4\0\0\0\0\0\0Ne\x8c\1b\x94\x88\x8c\1x\x94\x86\x94"
      "K\3\x8f\x94(K\1\x90\x8c\1c\x94(K\2\x91\x94\x8c\1d\x94"
      "C\1\1\x94u.",
      "JSON.stringify([it.a, it.b, [...it[3]], [...it.c], [...it.d]]) === '[[1,2.5,null],[true,\"x\"],[1],[2],[1]]'");
  DECODED("\x80\2]q\0(K\1M\0\1J\xff\xff\xff\xff\x8a\1\x80X\1\0\0\0sh\0e.",
          "it[4] === 's' && it[3] === -128 && it[5] === it");
  DECODED("\x80\5\x96\2\0\0\0\0\0\0\0\1\2.", "it instanceof Uint8Array && it.length === 2");
  DECODED("c__builtin__\nbytearray\nC\1\7\x85R.", "it[0] === 7");
  DECODED(
      "\x8c\x0b"
      "collections\x8c\x0bOrderedDict\x93)R(\x8c\1aK\1u.",
      "it.a === 1");
  DECODED("\x8a\x07\1\0\0\0\0\0\x20.", "it === 2n ** 53n + 1n");
  DECODED("\x8c\tminiracer\x8c\4date\x93K\5\x85R.", "it.getTime() === 5");
  DECODED("\x8c\tminiracer\x8c\x09undefined\x93)R.", "it === undefined");
  DECODED("\x8c\tminiracer\x8c\6bigint\x93K\5\x85R.", "it === 5n");
  DECODED("\x8c\tminiracer\x8c\3map\x93)R(]K\1u.", "it instanceof Map && it.size === 1");
  DECODED("(K\1K\2l.", "it.join() === '1,2'");
  DECODED("}(K\7K\1J\xff\xff\xff\xffK\2u.", "it[7] === 1 && it['-1'] === 2");
}

static void what_is_malformed(void) {
  MALFORMED("", "at byte 0: it ends too early");
  MALFORMED("K", "at byte 0");
  MALFORMED(".", "more or less than one value");
  MALFORMED("NN.", "more or less than one value");
  MALFORMED("N(.", "more or less than one value");
  MALFORMED("(e.", "items without a place");
  MALFORMED("]K\1s.", "takes more from the stack");
  MALFORMED("}(K\1u.", "a key without a value");
  MALFORMED("K\1K\2a.", "items without a place");
  MALFORMED("h\5.", "a memo number that nothing has");
  MALFORMED("Nr\xff\xff\xff\xff.", "a memo number beyond");
  MALFORMED("X\xff\xff\xff\xff.", "it ends too early");
  MALFORMED("\x8e\xff\xff\xff\xff\xff\xff\xff\xff.", "it ends too early");
  MALFORMED("\x8c\1\x80.", "at byte 2: ill-formed UTF-8");
  MALFORMED("\x80\6N.", "newer than 5");
  MALFORMED("cos\nsystem\n\x8c\2ls\x85R.", "the global os.system");
  MALFORMED("\xff.", "the opcode 255");
  MALFORMED("cminiracer\nno\n)R.", "nothing is called 'no'");
  MALFORMED("cminiracer\ndate\n.", "a name is no value");
  MALFORMED("\x8c\4date\x8c\1x\x86Q.", "the arguments of 'date'");
  MALFORMED("\x8c\6regexp\x8c\1(\x8c\0\x87Q.", "a regular expression that is none");
  MALFORMED("\x8c\6regexp\x8c\1a\x8c\1?\x87Q.", "a flag that");
  MALFORMED("\x8c\ntypedarrayK\5C\3abc\x87Q.", "no whole number of elements");
  MALFORMED(
      "\x8c\ntypedarrayK\x63"
      "C\0\x87Q.",
      "unknown kind 99");
  MALFORMED("\x8c\6handleK\0\x86Q.", "the handle 0 of 0");
  MALFORMED(
      "}(K\1N\x8c\1"
      "1Nu.",
      "the key '1' twice");
  /* set(list), and then more for the list. */
  MALFORMED(
      "]q\0K\1"
      "acbuiltins\nset\nh\0\x85R0h\0K\2"
      "a.",
      "elements for what can have none");
  MALFORMED("}(\x88Nu.", "neither a text nor an integer");
  MALFORMED("\x8c\6sparseK\2\x86Q(K\2Nu.", "no index below the length");
  miniracer_value result = int32(5);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, decode(NULL, 1, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, decode("N.", 2, NULL, NULL));
  CHECK_NUMBER(5, result);
}

/* Whatever one byte or two are changed to, it is a value or a refusal. */
static void flipped_bytes(void) {
  miniracer_graph *graph = encoded(
      "var shared = {k: 'v'}; [shared, shared, 1, -1, 2 ** 40, 5n, 1.5, 'text', '\\u20ac', null, undefined, true, "
      "new Map([[1, shared]]), new Map([[shared, 1]]), new Set([1]), new Set([shared]), new Date(1), /a/g, "
      "new Error('e', {cause: shared}), new Float32Array(2), new ArrayBuffer(2), Object(1n), "
      "Object.assign([], {length: 5000})]");
  unsigned char *copy = malloc(graph->length);
  for (uint64_t i = 0; i < graph->length; ++i) {
    for (int changed = 0; changed < 256; changed += i < 40 ? 1 : 5) {
      memcpy(copy, graph->data, graph->length);
      copy[i] = (unsigned char)changed;
      if (changed % 3 == 0) copy[(i * 7 + (unsigned)changed) % graph->length] ^= 0x15;
      miniracer_value result = undefined();
      miniracer_status status = decode(copy, graph->length, &result, NULL);
      CHECK(status == MINIRACER_OK || status == MINIRACER_INVALID_ARGUMENT || status == MINIRACER_TOO_LARGE);
      release(&result);
    }
    CHECK(decode(graph->data, i, &(miniracer_value){0}, NULL) == MINIRACER_INVALID_ARGUMENT);
  }
  free(copy);
  miniracer_graph_free(graph);
}

static void what_has_no_form(void) {
  NOT_ENCODED("({a: [1, {b: () => 1}]})", NULL, MINIRACER_WRONG_TYPE, "value.a[1].b: a function has no form");
  NOT_ENCODED("Symbol()", NULL, MINIRACER_WRONG_TYPE, "value: a symbol");
  NOT_ENCODED("({'a b': Promise.resolve()})", NULL, MINIRACER_WRONG_TYPE, "value[\"a b\"]: a promise");
  NOT_ENCODED("new Map([['x', 1], [new WeakMap(), 1]])", NULL, MINIRACER_WRONG_TYPE, "value.<entry 1>: a WeakMap");
  NOT_ENCODED("[new WeakSet(), 1]", NULL, MINIRACER_WRONG_TYPE, "value[0]: a WeakSet");
  NOT_ENCODED("[(function* () {})()]", NULL, MINIRACER_WRONG_TYPE, "a generator");
  NOT_ENCODED("[new WebAssembly.Memory({initial: 1})]", NULL, MINIRACER_WRONG_TYPE, "WebAssembly");
  NOT_ENCODED("[Object(Symbol())]", NULL, MINIRACER_WRONG_TYPE, "a symbol object");
  NOT_ENCODED("[new WebAssembly.Global({value: 'i32'})]", NULL, MINIRACER_WRONG_TYPE, "WebAssembly");
  NOT_ENCODED("[new WeakRef({})]", NULL, MINIRACER_WRONG_TYPE, "a WeakRef");
  NOT_ENCODED("[[].values()]", NULL, MINIRACER_WRONG_TYPE, "an iterator");
  NOT_ENCODED("[new Intl.Collator()]", NULL, MINIRACER_WRONG_TYPE, "an object of this kind");
  /* Whatever guests make of their prototypes. */
  NOT_ENCODED("[Object.setPrototypeOf(Promise.resolve(), Object.prototype)]", NULL, MINIRACER_WRONG_TYPE, "a promise");
  NOT_ENCODED("[Object.setPrototypeOf(() => 1, Object.prototype)]", NULL, MINIRACER_WRONG_TYPE, "a function");

  miniracer_graph_options drop = options_of(MINIRACER_GRAPH_DROP, 0, 0, 0);
  miniracer_graph *graph = NULL;
  REQUIRE_OK(
      encode_with("({f() {}, a: 1, l: [Symbol(), 2], m: new Map([[Symbol(), 1], ['k', Symbol()]]), "
                  "s: new Set([Symbol(), 1]), g() {}, b: {f: 1}, c: {f: 2}})",
                  &drop, NULL, &graph, NULL));
  is_decoded(
      __LINE__, graph->data, graph->length,
      "Object.keys(it).join() === 'a,l,m,s,b,c' && it.l.length === 2 && it.l[0] === undefined && it.m.size === 0 && "
      "it.s.size === 1 && it.b.f === 1 && it.c.f === 2");
  miniracer_graph_free(graph);

  miniracer_graph_options handle = options_of(MINIRACER_GRAPH_HANDLE, 0, 0, 0);
  REQUIRE_OK(
      encode_with("var f = () => 7, q = Symbol('q'), p = new Proxy(f, {}); "
                  "({f, again: f, q, l: [q], p, m: new Map([[f, q], [q, f]]), s: new Set([q, f]), "
                  "e: Object.assign(new Error(''), {q})})",
                  &handle, NULL, &graph, NULL));
  CHECK_INT(3, graph->handle_count);
  CHECK(graph->handles[0].tag == MINIRACER_OBJECT && graph->handles[0].subtype == MINIRACER_OBJECT_FUNCTION);
  miniracer_value result = undefined();
  REQUIRE_OK(miniracer_graph_decode(context, graph->data, graph->length, graph->handles, graph->handle_count, NULL,
                                    NULL, &result, NULL));
  set_global(context, "it", &result);
  release(&result);
  CHECK_SCRIPT(context,
               "+(it.f === f && it.again === f && it.q === q && it.l[0] === q && it.p === p && it.m.get(f) === q && "
               "it.m.get(q) === f && it.s.has(q) && it.s.has(f) && it.e.q === q)",
               1);
  /* A taken handle is the caller's; the others go with the graph. */
  uint64_t before = handle_count(isolate);
  miniracer_value taken = graph->handles[1];
  graph->handles[1].tag = MINIRACER_UNDEFINED;
  graph->handles[1].flags = 0;
  miniracer_graph_free(graph);
  CHECK_INT(before - 2, handle_count(isolate));
  release(&taken);
  CHECK_INT(before - 3, handle_count(isolate));
  miniracer_graph_free(NULL);
}

static void limits(void) {
  miniracer_graph_options options = options_of(0, 3, 0, 0);
  NOT_ENCODED("({a: [[[1]]]})", &options, MINIRACER_TOO_LARGE, "value.a[0][0]: nested deeper than 3 levels");
  options = options_of(0, 0, 3, 0);
  NOT_ENCODED("[1, 2, 3]", &options, MINIRACER_TOO_LARGE, "value[2]: more than 3 values");
  options = options_of(0, 0, 0, 1000);
  NOT_ENCODED("['x'.repeat(1000)]", &options, MINIRACER_TOO_LARGE, "larger than 1000 bytes");
  NOT_ENCODED("Array(300).fill(1.5)", &options, MINIRACER_TOO_LARGE, "larger than 1000 bytes");
  options = options_of(0, UINT32_MAX, 0, 0);
  NOT_ENCODED("var deep = []; for (let i = 0; i < 100000; ++i) deep = [deep]; deep", NULL, MINIRACER_TOO_LARGE,
              "nested deeper than 1000 levels");
  NOT_ENCODED("deep", &options, MINIRACER_TOO_LARGE, "beyond what the engine can walk");

  size_t depth = 100000;
  char *nested = malloc(2 * depth);
  memset(nested, ']', depth);
  memset(nested + depth, 'a', depth - 1);
  nested[2 * depth - 1] = '.';
  miniracer_value result = int32(5);
  miniracer_error *error = NULL;
  miniracer_status status = decode(nested, 2 * depth, &result, &error);
  check_refused(__LINE__, MINIRACER_TOO_LARGE, status, error, "nested deeper than 1000 levels");
  error = NULL;
  status = miniracer_graph_decode(context, nested, 2 * depth, NULL, 0, &options, NULL, &result, &error);
  check_refused(__LINE__, MINIRACER_TOO_LARGE, status, error, "deeper than the stack allows");
  free(nested);
  options = options_of(0, 0, 2, 0);
  CHECK_STATUS(MINIRACER_TOO_LARGE,
               miniracer_graph_decode(context, "](NNe.", 6, NULL, 0, &options, NULL, &result, NULL));
  options = options_of(0, 0, 0, 5);
  CHECK_STATUS(MINIRACER_TOO_LARGE,
               miniracer_graph_decode(context, "](NNe.", 6, NULL, 0, &options, NULL, &result, NULL));
  /* The same bytes again and again. */
  options = options_of(0, 0, 0, 100);
  const char repeated[] =
      "](C\x28"
      "0123456789012345678901234567890123456789\x94\x8c\x0b"
      "arraybufferh\0\x86Q\x8c\x0b"
      "arraybufferh\0\x86Qe.";
  CHECK_STATUS(MINIRACER_TOO_LARGE,
               miniracer_graph_decode(context, repeated, sizeof repeated - 1, NULL, 0, &options, NULL, &result, NULL));
  options = options_of(3, 0, 0, 0);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
               miniracer_graph_decode(context, "N.", 2, NULL, 0, &options, NULL, &result, NULL));
  options.flags = 8;
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG,
               miniracer_graph_decode(context, "N.", 2, NULL, 0, &options, NULL, &result, NULL));
  CHECK_NUMBER(5, result);
}

/* Encodes what JavaScript hands over, inside of JavaScript. */
static int32_t encode_nested(void *userdata, miniracer_call *call) {
  (void)userdata;
  miniracer_graph *graph = NULL;
  miniracer_status status = miniracer_graph_encode(call->context, call->arguments, NULL, NULL, &graph, NULL);
  call->result = int32(status == MINIRACER_OK ? (int32_t)graph->length : -status);
  miniracer_graph_free(graph);
  return 0;
}

static void hostile_guests(void) {
  NOT_ENCODED("({get x() { throw new RangeError('mine') }})", NULL, MINIRACER_EXCEPTION, "mine");
  NOT_ENCODED("var r = Proxy.revocable({}, {}); r.revoke(); [r.proxy]", NULL, MINIRACER_EXCEPTION, "revoked");
  NOT_ENCODED("new Proxy({}, {ownKeys() { return [1] }})", NULL, MINIRACER_EXCEPTION, "1");
  NOT_ENCODED("[{get x() { return (function f() { f() })() }}]", NULL, MINIRACER_EXCEPTION, "call stack");
  /* What is thrown is of the guest's world, and nothing of ours is reachable from it. */
  miniracer_error *error = NULL;
  miniracer_graph *graph = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, encode_with("r.proxy", NULL, NULL, &graph, &error));
  set_global(context, "thrown", &error->thrown);
  CHECK_SCRIPT(context, "+(thrown instanceof TypeError)", 1);
  miniracer_error_free(error);
  /* Changing what is being walked. */
  SURVIVES("var list = [{get x() { list.length = 1; return 1 }}, 2, 3]; list",
           "it.length === 3 && it[2] === undefined");
  SURVIVES("var many = [{get x() { for (let i = 0; i < 9; ++i) many.push(i); return 1 }}]; many", "it.length === 1");
  SURVIVES("var o = {get a() { delete o.b; o.c = 1; return 1 }, b: 2}; o", "it.a === 1 && it.b === undefined");
  SURVIVES("var m = new Map([['a', {get x() { m.clear(); return 1 }}], ['b', 2]]); m",
           "it.size === 2 && it.get('b') === 2");
  SURVIVES("new Proxy([], {get: (t, k) => k === 'length' ? 2.5 : k})", "it.join() === '0,1'");
  SURVIVES("Object.setPrototypeOf(new Map([[1, 2]]), null)", "it.get(1) === 2");
  SURVIVES("Object.assign(Object.create(Map.prototype), {a: 1})", "it.a === 1");
  SURVIVES("({[Symbol.toStringTag]: 'Date', a: 1})", "it.a === 1");
  /* Graphs within graphs. */
  define(context, "encode", encode_nested, NULL);
  SURVIVES(
      "({a: 'before', get b() { return encode([1, {c: 'inside', get d() { return encode('deep') }}]) }, c: 'after'})",
      "it.a === 'before' && it.b > 0 && it.c === 'after'");
  SURVIVES("({get a() { return encode({f() {}}) }, b: 1})", "it.a === -103 && it.b === 1");
  /* The walker's frames give nothing away. */
  EXECUTE(context,
          "var seen = []; Error.prepareStackTrace = (e, sites) => { for (const s of sites) "
          "seen.push(s.getThis(), s.getFunction()); return '' }");
  SURVIVES("({get x() { 'use strict'; return new Error().stack.length }})", "seen.every(v => v === undefined)");
  EXECUTE(context, "delete Error.prepareStackTrace; function caller() { return caller.caller } ");
  SURVIVES("Object.defineProperty({}, 'x', {get: caller, enumerable: true})", "it.x === null");
  /* Limits end it. */
  miniracer_run_options run = with_timeout(50 * MILLISECOND);
  CHECK_STATUS(MINIRACER_TIMEOUT, encode_with("({get x() { for (;;); }})", NULL, &run, &graph, NULL));
  CHECK_STATUS(MINIRACER_TIMEOUT,
               encode_with("new Proxy([], {get: (t, k) => k === 'length' ? 1e9 : { k }, has: () => true})", NULL, &run,
                           &graph, NULL));
  uint32_t cancel = 1;
  run = with_cancel(&cancel);
  CHECK_STATUS(MINIRACER_CANCELLED, encode_with("1", NULL, &run, &graph, NULL));
  CHECK_STATUS(MINIRACER_CANCELLED,
               miniracer_graph_decode(context, "N.", 2, NULL, 0, NULL, &run, &(miniracer_value){0}, NULL));
  SURVIVES("[1]", "it[0] === 1");
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(bytes_of_each_type);
  RUN(there_and_back);
  RUN(what_python_writes);
  RUN(what_is_malformed);
  RUN(flipped_bytes);
  RUN(what_has_no_form);
  RUN(limits);
  RUN(hostile_guests);
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
