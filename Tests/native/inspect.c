/* What values look like to people: Node's util.inspect is the measure, but that no code of the guest's runs. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

static miniracer_inspect_options inspect_options(uint32_t flags, uint32_t levels, uint32_t width) {
  miniracer_inspect_options options = {.struct_size = sizeof options, .flags = flags, .levels = levels, .width = width};
  return options;
}

static miniracer_status inspect(const miniracer_value *value, const miniracer_inspect_options *options,
                                uint64_t timeout, miniracer_value *result) {
  miniracer_run_options run = with_timeout(timeout);
  return miniracer_value_inspect(context, value, options, &run, result, NULL);
}

/* The text as UTF-8. */
static char *utf8_of(const miniracer_value *value) {
  char *text = malloc((size_t)value->length * 3 + 1), *end = text;
  for (uint32_t i = 0; i < value->length; ++i) {
    uint32_t code = value->subtype == MINIRACER_LATIN1 ? ((const uint8_t *)value->as.data)[i]
                                                       : ((const uint16_t *)value->as.data)[i];
    if (code >= 0xd800 && code < 0xdc00 && i + 1 < value->length) {
      code = 0x10000 + ((code - 0xd800) << 10) + (((const uint16_t *)value->as.data)[++i] - 0xdc00u);
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
static char *shown(const char *source, const miniracer_inspect_options *options) {
  miniracer_value text = undefined();
  context = new_context(isolate);
  miniracer_value value = EVALUATE(context, source);
  OK(inspect(&value, options, 10 * SECOND, &text));
  release(&value);
  char *utf8 = text.tag == MINIRACER_STRING ? utf8_of(&text) : calloc(1, 1);
  release(&text);
  OK(miniracer_context_dispose(context));
  return utf8;
}

static void check_shown(const char *source, const char *expected) {
  char *text = shown(source, NULL);
  if (strcmp(text, expected) != 0) {
    ++failed_checks;
    fprintf(stderr, "%s:\n--- expected\n%s\n--- is\n%s\n", source, expected, text);
  }
  free(text);
}

static const char *const rows[][2] = {
    /* clang-format off */
    {"42",
     "42"},
    {"-0",
     "-0"},
    {"NaN",
     "NaN"},
    {"1e21",
     "1e+21"},
    {"1e-7",
     "1e-7"},
    {"10n",
     "10n"},
    {"true",
     "true"},
    {"null",
     "null"},
    {"undefined",
     "undefined"},
    {"Symbol('s')",
     "Symbol(s)"},
    {"Symbol()",
     "Symbol()"},
    {"['a', \"it's\", '\"both\\' `', 'tab\\t', '\\x1b', '\\ud83d', '\360\237\230\200']",
     "[ 'a', \"it's\", '\"both\\' `', 'tab\\t', '\\x1B', '\\ud83d', '\360\237\230\200' ]"},
    {"['\\\\']",
     "[ '\\\\' ]"},
    {"({})",
     "{}"},
    {"[]",
     "[]"},
    {"({ a: 1, b: [1, 2] })",
     "{ a: 1, b: [ 1, 2 ] }"},
    {"({ 'a-b': 1, 2: 3, $c: 4, [Symbol('k')]: 5 })",
     "{ '2': 3, 'a-b': 1, '$c': 4, [Symbol(k)]: 5 }"},
    {"[[[[]]]]",
     "[ [ [ [] ] ] ]"},
    {"[[[[1]]]]",
     "[ [ [ [Array] ] ] ]"},
    {"({ a: { b: { c: {} } } })",
     "{ a: { b: { c: {} } } }"},
    {"({ a: { b: { c: { d: 1 } } } })",
     "{ a: { b: { c: [Object] } } }"},
    {"({ a: { b: { c: new Map([[1, 2]]) } } })",
     "{ a: { b: { c: [Map] } } }"},
    {"({ a: { b: { c: Object.create(null, { x: { value: 1, enumerable: true } }) } } })",
     "{ a: { b: { c: [Object: null prototype] } } }"},
    {"({ get a() { throw 1 }, set b(v) {}, get c() { throw 2 }, set c(v) {} })",
     "{ a: [Getter], b: [Setter], c: [Getter/Setter] }"},
    {"const o = { a: 1 }; o.self = o; o",
     "<ref *1> { a: 1, self: [Circular *1] }"},
    {"const o = {}; o.o = [o, { o }]; [o, o]",
     "[\n"
     "  <ref *1> { o: [ [Circular *1], [Object] ] },\n"
     "  <ref *1> { o: [ [Circular *1], [Object] ] }\n"
     "]"},
    {"const s = new Set(); s.add(s); s",
     "<ref *1> Set(1) { [Circular *1] }"},
    {"const a = { n: 1 }, b = { n: 2 }; a.b = b; b.a = a; [a, b]",
     "[\n"
     "  <ref *1> { n: 1, b: { n: 2, a: [Circular *1] } },\n"
     "  <ref *2> { n: 2, a: <ref *1> { n: 1, b: [Circular *2] } }\n"
     "]"},
    {"(function foo() {})",
     "[Function: foo]"},
    {"(() => {})",
     "[Function (anonymous)]"},
    {"(async () => {})",
     "[AsyncFunction (anonymous)]"},
    {"(function* gen() {})",
     "[GeneratorFunction: gen]"},
    {"(async function* ag() {})",
     "[AsyncGeneratorFunction: ag]"},
    {"Object.assign(function foo() {}, { a: 1 })",
     "[Function: foo] { a: 1 }"},
    {"Object.setPrototypeOf(function f() {}, null)",
     "[Function (null prototype): f]"},
    {"Math.max",
     "[Function: max]"},
    {"class A {}; A",
     "[class A]"},
    {"(class {})",
     "[class (anonymous)]"},
    {"class A {}; class B extends A {}; B",
     "[class B extends A]"},
    {"class C extends Array {}; C",
     "[class C extends Array]"},
    {"class Point { constructor() { this.x = 1 } }; new Point",
     "Point { x: 1 }"},
    {"class Empty {}; new Empty",
     "Empty {}"},
    {"class M extends Map {}; new M([[1, 2]])",
     "M(1) [Map] { 1 => 2 }"},
    {"class L extends Array {}; L.of(1, 2)",
     "L(2) [ 1, 2 ]"},
    {"class A {}; A.prototype",
     "{}"},
    {"class A {}; class B extends A {}; new B",
     "B {}"},
    {"new (class {})",
     "{}"},
    {"Object.create(null)",
     "[Object: null prototype] {}"},
    {"Object.assign(Object.create(null), { a: 1 })",
     "[Object: null prototype] { a: 1 }"},
    {"Object.setPrototypeOf([1, 2], null)",
     "[Array(2): null prototype] [ 1, 2 ]"},
    {"Object.create({ inherited: 1 })",
     "{}"},
    {"({ [Symbol.toStringTag]: 'T', a: 1 })",
     "{ a: 1, [Symbol(Symbol.toStringTag)]: 'T' }"},
    {"Object.create({ [Symbol.toStringTag]: 'T' })",
     "Object [T] {}"},
    {"[1, , 3, , , ]",
     "[ 1, <1 empty item>, 3, <2 empty items> ]"},
    {"[, 1]",
     "[ <1 empty item>, 1 ]"},
    {"new Array(5)",
     "[ <5 empty items> ]"},
    {"const a = [1]; a[1000] = 2; a",
     "[ 1, <999 empty items>, 2 ]"},
    {"Object.assign([1, 2], { k: 'v' })",
     "[ 1, 2, k: 'v' ]"},
    {"[undefined, null]",
     "[ undefined, null ]"},
    {"new Map([['a', 1], [{ k: 1 }, [2]]])",
     "Map(2) { 'a' => 1, { k: 1 } => [ 2 ] }"},
    {"new Map()",
     "Map(0) {}"},
    {"new Set([1, 'a', {}])",
     "Set(3) { 1, 'a', {} }"},
    {"new Set()",
     "Set(0) {}"},
    {"new Date(0)",
     "1970-01-01T00:00:00.000Z"},
    {"new Date(NaN)",
     "Invalid Date"},
    {"/a\\/b/gi",
     "/a\\/b/gi"},
    {"Object.assign(/x/, { a: 1 })",
     "/x/ { a: 1 }"},
    {"/x/dgimsuy",
     "/x/dgimsuy"},
    {"new Uint8Array([1, 2, 3])",
     "Uint8Array(3) [ 1, 2, 3 ]"},
    {"new Float64Array(2)",
     "Float64Array(2) [ 0, 0 ]"},
    {"new BigInt64Array(1)",
     "BigInt64Array(1) [ 0n ]"},
    {"new Uint16Array()",
     "Uint16Array(0) []"},
    {"new ArrayBuffer(4)",
     "ArrayBuffer { [Uint8Contents]: <00 00 00 00>, byteLength: 4 }"},
    {"new SharedArrayBuffer(2)",
     "SharedArrayBuffer { [Uint8Contents]: <00 00>, byteLength: 2 }"},
    {"new DataView(new ArrayBuffer(4), 1)",
     "DataView {\n"
     "  byteLength: 3,\n"
     "  byteOffset: 1,\n"
     "  buffer: ArrayBuffer { [Uint8Contents]: <00 00 00 00>, byteLength: 4 }\n"
     "}"},
    {"new WeakMap()",
     "WeakMap { <items unknown> }"},
    {"new WeakSet()",
     "WeakSet { <items unknown> }"},
    {"Object(1)",
     "[Number: 1]"},
    {"Object('ab')",
     "[String: 'ab']"},
    {"Object(1n)",
     "[BigInt: 1n]"},
    {"Object(Symbol('q'))",
     "[Symbol: Symbol(q)]"},
    {"Object(false)",
     "[Boolean: false]"},
    {"Object.assign(Object('ab'), { z: 1 })",
     "[String: 'ab'] { z: 1 }"},
    {"(function* () {})()",
     "Object [Generator] {}"},
    {"Math",
     "Object [Math] {}"},
    {"JSON",
     "Object [JSON] {}"},
    {"Reflect",
     "Object [Reflect] {}"},
    {"[1.5, -2, 1e100]",
     "[ 1.5, -2, 1e+100 ]"},
    {"({ f() {}, g: class X extends Map {}, async h() {} })",
     "{ f: [Function: f], g: [class X extends Map], h: [AsyncFunction: h] }"},
    {"Array.from({ length: 7 }, (_, i) => i)",
     "[\n"
     "  0, 1, 2, 3,\n"
     "  4, 5, 6\n"
     "]"},
    {"Array.from({ length: 101 }, (_, i) => i)",
     "[\n"
     "   0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11,\n"
     "  12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,\n"
     "  24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,\n"
     "  36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,\n"
     "  48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59,\n"
     "  60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71,\n"
     "  72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83,\n"
     "  84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95,\n"
     "  96, 97, 98, 99,\n"
     "  ... 1 more item\n"
     "]"},
    {"Array.from({ length: 30 }, (_, i) => `item ${i}`)",
     "[\n"
     "  'item 0',  'item 1',  'item 2',\n"
     "  'item 3',  'item 4',  'item 5',\n"
     "  'item 6',  'item 7',  'item 8',\n"
     "  'item 9',  'item 10', 'item 11',\n"
     "  'item 12', 'item 13', 'item 14',\n"
     "  'item 15', 'item 16', 'item 17',\n"
     "  'item 18', 'item 19', 'item 20',\n"
     "  'item 21', 'item 22', 'item 23',\n"
     "  'item 24', 'item 25', 'item 26',\n"
     "  'item 27', 'item 28', 'item 29'\n"
     "]"},
    {"Array.from({ length: 27 }, (_, i) => 'k'.repeat(i % 5))",
     "[\n"
     "  '',     'k',    'kk',   'kkk',\n"
     "  'kkkk', '',     'k',    'kk',\n"
     "  'kkk',  'kkkk', '',     'k',\n"
     "  'kk',   'kkk',  'kkkk', '',\n"
     "  'k',    'kk',   'kkk',  'kkkk',\n"
     "  '',     'k',    'kk',   'kkk',\n"
     "  'kkkk', '',     'k'\n"
     "]"},
    {"Array.from({ length: 10 }, (_, i) => BigInt(i) ** 5n)",
     "[\n"
     "      0n,     1n,    32n,\n"
     "    243n,  1024n,  3125n,\n"
     "   7776n, 16807n, 32768n,\n"
     "  59049n\n"
     "]"},
    {"new Uint8Array(200)",
     "Uint8Array(200) [\n"
     "  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n"
     "  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n"
     "  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n"
     "  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n"
     "  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n"
     "  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n"
     "  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n"
     "  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n"
     "  0, 0, 0, 0,\n"
     "  ... 100 more items\n"
     "]"},
    {"new Map(Array.from({ length: 5 }, (_, i) => [`key ${i}`, { index: i, even: i % 2 === 0 }]))",
     "Map(5) {\n"
     "  'key 0' => { index: 0, even: true },\n"
     "  'key 1' => { index: 1, even: false },\n"
     "  'key 2' => { index: 2, even: true },\n"
     "  'key 3' => { index: 3, even: false },\n"
     "  'key 4' => { index: 4, even: true }\n"
     "}"},
    {"({ name: 'a name of some length', list: [1, 2, 3], nested: { more: 'and more text here', end: true } })",
     "{\n"
     "  name: 'a name of some length',\n"
     "  list: [ 1, 2, 3 ],\n"
     "  nested: { more: 'and more text here', end: true }\n"
     "}"},
    {"({ text: 'a line of text that is long enough\\n'.repeat(3) })",
     "{\n"
     "  text: 'a line of text that is long enough\\n' +\n"
     "    'a line of text that is long enough\\n' +\n"
     "    'a line of text that is long enough\\n'\n"
     "}"},
    {"['x'.repeat(100)]",
     "[\n"
     "  'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\n"
     "]"},
    {"({ users: [{ id: 1, tags: ['a', 'b'], at: { city: { name: 'X' } } }, { id: 2, tags: [], at: null }] })",
     "{\n"
     "  users: [\n"
     "    { id: 1, tags: [Array], at: [Object] },\n"
     "    { id: 2, tags: [], at: null }\n"
     "  ]\n"
     "}"},
    {"const e = new Error('boom'); e.stack = 'Error: boom\\n    at f (x.js:1:2)'; e",
     "Error: boom\n"
     "    at f (x.js:1:2)"},
    {"const e = new Error('boom'); e.stack = 'Error: boom\\n    at f (x.js:1:2)'; ({ e, list: [e] })",
     "{\n"
     "  e: Error: boom\n"
     "      at f (x.js:1:2),\n"
     "  list: [\n"
     "    Error: boom\n"
     "        at f (x.js:1:2)\n"
     "  ]\n"
     "}"},
    {"const e = new RangeError('r', { cause: 'c' }); e.stack = 'RangeError: r\\n    at f (x.js:1:2)'; e.code = 7; e",
     "RangeError: r\n"
     "    at f (x.js:1:2) {\n"
     "  code: 7,\n"
     "  [cause]: 'c'\n"
     "}"},
    {"const e = new Error('no frames'); e.stack = 'Error: no frames'; [e]",
     "[ [Error: no frames] ]"},
    {"class ParseError extends Error {}; const e = new ParseError('p'); e.stack = 'Error: p\\n    at f (x.js:1:2)'; e",
     "ParseError: p\n"
     "    at f (x.js:1:2)"},
    {"(function () { return arguments })(1, 2)",
     "[Arguments] [ 1, 2 ]"},
    {"new Proxy({ a: 1 }, {})",
     "{ a: 1 }"},
    {"[new Proxy(() => {}, {})]",
     "[ [Function (anonymous)] ]"},
    {"class T { get [Symbol.toStringTag]() { throw 1 } }; new T",
     "T {}"},
    {"new WeakRef({ a: 1 })",
     "WeakRef { { a: 1 } }"},
    {"Promise.resolve(1)",
     "Promise { 1 }"},
    {"Promise.reject({ a: 1 }).catch(() => {}), [Promise.reject(2)]",
     "[ Promise { <rejected> 2 } ]"},
    {"new Promise(() => {})",
     "Promise { <pending> }"},
    {"[Promise.resolve({ then(f) { f([1]) } })]",
     "[ Promise { [ 1 ] } ]"},
    {"'x'.repeat(20000).split().concat(1)[0].length",
     "20000"},
    {"['x'.repeat(10001)][0].length",
     "10001"},
    {"[new Map([[1, 2]]).entries()]",
     "[ [Map Entries] { [ 1, 2 ] } ]"},
    {"new Proxy(new Proxy([1], {}), {})", "[ 1 ]"},
    {"const r = Proxy.revocable({}, {}); r.revoke(); [r.proxy]", "[ <Revoked Proxy> ]"},
    {"const p = new Proxy({}, {}); p.self = p; p", "<ref *1> { self: [Circular *1] }"},
    {"new Set([1, 'a']).values()", "[Set Iterator] { 1, 'a' }"},
    {"class E extends Error {}; const e = new E('m'); e.stack = ''; e", "[E [Error]: m]"},
    {"const e = new AggregateError([1], 'm'); e.stack = 'AggregateError: m'; e",
     "[AggregateError: m] { [errors]: [ 1 ] }"},
    {"globalThis.b = new ArrayBuffer(2); new WebAssembly.Memory({ initial: 1 })", "Memory [WebAssembly.Memory] {}"},
    {"({ 'a\\nb': 1, '': 2, '\\u{1f600}': 3 })", "{ 'a\\nb': 1, '': 2, '\360\237\230\200': 3 }"},
    {"10n ** 3n ** 3n", "1000000000000000000000000000n"},
    /* clang-format on */
};

static void values(void) {
  for (size_t i = 0; i < COUNT(rows); ++i) check_shown(rows[i][0], rows[i][1]);
}

/* Each would not end, or would show something else, if a trap, a getter or something redefined ran. */
static const char *const hostile[][2] = {
    {"new Proxy({}, new Proxy({}, { get() { hang() } }))", "{}"},
    {"({ get a() { hang() }, get constructor() { hang() } })", "{ a: [Getter], constructor: [Getter] }"},
    {"Object.setPrototypeOf({ a: 1 }, new Proxy({}, { get: hang, getPrototypeOf: hang, has: hang }))", "{ a: 1 }"},
    {"class A {}; Object.defineProperty(A, Symbol.hasInstance, { value: hang }); new A", "A {}"},
    {"class A {}; Object.defineProperty(A, 'name', { get: hang }); new A", "{}"},
    {"const f = function f() {}; f.toString = hang; Object.defineProperty(f, 'name', { get: hang }); [f]",
     "[ [Function (anonymous)] { toString: [Function: hang] } ]"},
    {"Error.prepareStackTrace = hang; const e = new Error('x'); e", NULL},
    {"Error.prepareStackTrace = hang; Object.freeze(Error); new Error('x')", NULL},
    {"const e = new Error('x'); Object.defineProperty(e, 'stack', { get: hang }); e", NULL},
    {"const p = Promise.resolve(1); Object.defineProperty(p, 'constructor', { get: hang }); p", "Promise { 1 }"},
    {"Object.defineProperty(Promise, Symbol.species, { get: hang }); Promise.resolve(1)", "Promise { 1 }"},
    {"class P extends Promise { static get [Symbol.species]() { hang() } }; new P(() => {})",
     "P [Promise] { <pending> }"},
    {"Promise.prototype.then = hang; Promise.resolve(1)", "Promise { 1 }"},
    {"const d = new Date(0); Date.prototype.toISOString = Date.prototype.getTime = hang; d",
     "1970-01-01T00:00:00.000Z"},
    {"Object.defineProperty(RegExp.prototype, 'flags', { get: hang }); RegExp.prototype.toString = hang; /x/g", "/x/g"},
    {"const m = new Map([[1, 2]]); Map.prototype.entries = Map.prototype[Symbol.iterator] = hang; m",
     "Map(1) { 1 => 2 }"},
    {"Reflect.ownKeys = Reflect.apply = JSON.stringify = Object.keys = hang; ({ a: 1 })", "{ a: 1 }"},
    {"Array.prototype[Symbol.iterator] = Array.prototype.push = hang; [1, 2]", "[ 1, 2 ]"},
    {"Object.defineProperty(Array.prototype, 0, { get: hang, set: hang }); [, 1]", "[ <1 empty item>, 1 ]"},
    {"const [get, o] = [{ get: hang }, { a: 1 }]; Object.defineProperty(Object.prototype, 'value', get); o",
     "{ a: 1 }"},
    {"({ [Symbol.for('nodejs.util.inspect.custom')]: hang, toString: hang, toJSON: hang })", NULL},
};

/* Large things are cut. */
static const char *const large[] = {
    "new Array(4294967295)",
    "const a = []; a[4294967290] = 1; a",
    "new Uint8Array(1e8)",
    "['x'.repeat(1e8)]",
    "let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; o",
    "let a = []; for (let i = 0; i < 1e4; i++) a = [a, a]; a",
    "const o = {}; for (let i = 0; i < 1e5; i++) o['k' + i] = i; o",
    "new Map(Array.from({ length: 1e5 }, (_, i) => [i, i]))",
    "const row = Array.from({ length: 200 }, () => 'x'.repeat(500));"
    "Array.from({ length: 200 }, () => Array(200).fill(row))",
    "Object.assign(() => {}, { a: 'x'.repeat(1e6) })",
    "new ArrayBuffer(1e8)",
    "globalThis",
    "let p = {}; for (let i = 0; i < 1e5; i++) p = Object.create(p); p",
    "new Error('x'.repeat(1e6))",
    "2n ** 1000000n",
    "const a = [1]; a[3e6] = 1; a.fill(1, 2e6); a",
};

static void hostile_values(void) {
  for (size_t i = 0; i < COUNT(hostile); ++i) {
    char source[400];
    snprintf(source, sizeof source, "function hang() { for (;;); }; %s", hostile[i][0]);
    if (hostile[i][1] != NULL) {
      check_shown(source, hostile[i][1]);
    } else {
      free(shown(source, NULL));
    }
  }
  for (size_t i = 0; i < COUNT(large); ++i) {
    char *text = shown(large[i], NULL);
    CHECK(strlen(text) > 0 && strlen(text) < 3000000);
    free(text);
  }
}

/* Objects of the host's are not asked for anything. */
static int32_t never_asked(void *userdata, miniracer_call *call) {
  (void)userdata;
  CHECK(!"asked");
  call->flags |= MINIRACER_CALL_NOT_MINE;
  return 0;
}

static void host_objects(void) {
  static const char *const cases[][2] = {{"host", "[Host: Object]"},
                                         {"new Proxy(host, {})", "[Host: Object]"},
                                         {"({ list })", "{ list: [Host: Array] }"},
                                         {"[callable]", "[ [Host: Function] ]"},
                                         {"point", "[Host: Point]"},
                                         {"Object.setPrototypeOf(host, class Mine {}.prototype)", "[Host: Mine]"},
                                         {"Object.setPrototypeOf(host, null)", "[Host: null prototype]"},
                                         {"Object.create(list)", "{}"}};
  static const char *const names[] = {"host", "callable", "list", "point"};
  static const uint32_t flags[] = {0, MINIRACER_HOST_OBJECT_CALLABLE, MINIRACER_HOST_OBJECT_LIST, 0};
  context = new_context(isolate);
  for (size_t i = 0; i < COUNT(names); ++i) {
    miniracer_host_object_options options;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.callback = never_asked;
    options.flags = flags[i];
    if (i == 3) options.class_name = text("Point");
    miniracer_value object = undefined();
    OK(miniracer_host_object_new(context, &options, &object, NULL));
    set_global(context, names[i], &object);
    release(&object);
  }
  for (size_t i = 0; i < COUNT(cases); ++i) {
    miniracer_value value = EVALUATE(context, cases[i][0]), shown_as = undefined();
    OK(inspect(&value, NULL, 10 * SECOND, &shown_as));
    CHECK_TEXT(cases[i][1], shown_as);
    release(&value), release(&shown_as);
  }
  OK(miniracer_context_dispose(context));
}

static void check_shown_as(const char *expected, char *text) {
  if (strcmp(expected, text) != 0) {
    ++failed_checks;
    fprintf(stderr, "--- expected\n%s\n--- is\n%s\n", expected, text);
  }
  free(text);
}

static void levels(void) {
  const char *source = "({ a: { b: { c: { d: 1 } } } })";
  const char *const expected[] = {"{ a: { b: { c: [Object] } } }", "{ a: [Object] }", "{ a: { b: [Object] } }",
                                  "{ a: { b: { c: [Object] } } }", "{\n  a: { b: { c: { d: 1 } } }\n}"};
  for (uint32_t count = 0; count < COUNT(expected); ++count) {
    miniracer_inspect_options options = inspect_options(0, count, 0);
    check_shown_as(expected[count], shown(source, &options));
  }
  miniracer_inspect_options all = inspect_options(0, MINIRACER_INSPECT_ALL_LEVELS, 0);
  /* As deep as there is stack for. */
  char *text = shown("let o = {}; for (let i = 0; i < 15000; i++) o = { o }; o", &all);
  CHECK(strlen(text) > 1000);
  free(text);
}

static void widths(void) {
  const char *source = "[['a', 'b'], ['c', 'd']]";
  miniracer_inspect_options narrow = inspect_options(0, 0, 30), wide = inspect_options(0, 0, 200);
  check_shown_as("[ [ 'a', 'b' ], [ 'c', 'd' ] ]", shown(source, NULL));
  check_shown_as("[\n  [ 'a', 'b' ],\n  [ 'c', 'd' ]\n]", shown(source, &narrow));
  source = "({ first: 'x'.repeat(40), second: 'y'.repeat(40) })";
  char *broken = shown(source, NULL), *whole = shown(source, &wide);
  CHECK(strchr(broken, '\n') != NULL);
  CHECK(strchr(whole, '\n') == NULL);
  free(broken);
  free(whole);
}

/* As Node's: util.inspect(value, { colors: true }). */
static void colors(void) {
  static const char *const painted[][2] = {
      {"[1, 'a', true, null, undefined, 1n, Symbol('s')]",
       "[ \x1b[33m1\x1b[39m, \x1b[32m'a'\x1b[39m, \x1b[33mtrue\x1b[39m, \x1b[1mnull\x1b[22m, "
       "\x1b[90mundefined\x1b[39m, \x1b[33m1n\x1b[39m, \x1b[32mSymbol(s)\x1b[39m ]"},
      {"({ 'b-c': new Date(0), [Symbol('k')]: /x/, get g() { return 1 } })",
       "{ \x1b[32m'b-c'\x1b[39m: \x1b[35m1970-01-01T00:00:00.000Z\x1b[39m, g: \x1b[36m[Getter]\x1b[39m, "
       "[\x1b[32mSymbol(k)\x1b[39m]: \x1b[31m/x/\x1b[39m }"},
      {"const o = { f() {} }; o.o = o; o",
       "\x1b[36m<ref *1>\x1b[39m { f: \x1b[36m[Function: f]\x1b[39m, o: \x1b[36m[Circular *1]\x1b[39m }"},
      {"[Object(1), [,], [[[[1]]]]]",
       "[ \x1b[33m[Number: 1]\x1b[39m, [ \x1b[90m<1 empty item>\x1b[39m ], "
       "[ [ \x1b[36m[Array]\x1b[39m ] ] ]"},
      {"Promise.resolve('x')", "Promise { \x1b[32m'x'\x1b[39m }"},
      {"RegExp('\x1b')", "\x1b[31m/\\x1B/\x1b[39m"}, /* a guest's own sequences are escaped */
  };
  miniracer_inspect_options options = inspect_options(MINIRACER_INSPECT_COLORS, 0, 0);
  for (size_t i = 0; i < COUNT(painted); ++i) check_shown_as(painted[i][1], shown(painted[i][0], &options));

  /* They take no columns: without them, the text is the one without colours. */
  const char *source =
      "({ list: Array.from({ length: 120 }, (_, i) => i), text: 'x'.repeat(50), map: new Map([[1, 2]]) })";
  char *colored = shown(source, &options), *end = colored;
  for (const char *c = colored; *c != '\0'; ++c) {
    if (*c == 0x1b) {
      while (*c != 'm') ++c;
    } else {
      *end++ = *c;
    }
  }
  *end = '\0';
  char *plain = shown(source, NULL);
  CHECK(strlen(plain) > 500);
  check_shown_as(plain, colored);
  free(plain);
}

/* Nothing of the library's own shows in the stack of an error, and what is shown again is shown the same. */
static void errors(void) {
  char *text = shown("function f() { return new TypeError('bad') }\n[f()]", NULL);
  CHECK(strcmp(text, "[\n  TypeError: bad\n      at f (test.js:1:23)\n      at test.js:2:2\n]") == 0);
  free(text);
}

static void statuses(void) {
  miniracer_value result = undefined(), value = undefined();
  context = new_context(isolate);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_value_inspect(context, NULL, NULL, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_value_inspect(context, &value, NULL, NULL, NULL, NULL));
  miniracer_inspect_options options = inspect_options(2, 0, 0);
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, inspect(&value, &options, 0, &result));
  options.struct_size = 0;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, inspect(&value, &options, 0, &result));
  OK(inspect(&value, NULL, 0, &result));
  CHECK_TEXT("undefined", result);
  release(&result);
  value = EVALUATE(context, "globalThis.list = Array.from({ length: 100 }, () => ({ a: [1, 2] }))");
  miniracer_value stale = value;
  release(&value);
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, inspect(&stale, NULL, 0, &result));
  /* A deadline that has passed ends it like any run, and the next one is whole. */
  value = EVALUATE(context, "let p = {}; for (let i = 0; i < 2e5; i++) p['k' + i] = i; p");
  CHECK_STATUS(MINIRACER_TIMEOUT, inspect(&value, NULL, 1, &result));
  OK(inspect(&value, NULL, 10 * SECOND, &result));
  release(&result);
  release(&value);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_context_dispose(context));
}

int main(void) {
  isolate = new_isolate();
  RUN(values);
  RUN(hostile_values);
  RUN(host_objects);
  RUN(levels);
  RUN(widths);
  RUN(colors);
  RUN(errors);
  RUN(statuses);
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
