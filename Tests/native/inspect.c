/* What values look like to people: Node's util.inspect is the measure, but that no code of the guest's runs. */
#include "inspect.h"

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
  for (size_t i = 0; i < COUNT(rows); ++i) check_shown(rows[i][0], NULL, rows[i][1]);
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
      check_shown(source, NULL, hostile[i][1]);
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

/* Nothing of the library's own shows in the stack of an error, and what is shown again is shown the same. */
static void errors(void) {
  check_shown("function f() { return new TypeError('bad') }\n[f()]", NULL,
              "[\n  TypeError: bad\n      at f (test.js:1:23)\n      at test.js:2:2\n]");
}

int main(void) {
  isolate = new_isolate();
  RUN(values);
  RUN(hostile_values);
  RUN(host_objects);
  RUN(errors);
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
