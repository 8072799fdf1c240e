// Nesting and recursion: what uses up the stack is a RangeError of the guest and no crash of the host.

//! case: recursion
//! timeout: 5s
//! expect: exception RangeError
//! why: plain recursion
(function f() { f(); })();

//! case: recursion-getter
//! timeout: 5s
//! expect: exception RangeError
//! why: by a getter
({ get x() { return this.x; } }).x;

//! case: recursion-to-string
//! timeout: 5s
//! expect: exception RangeError
//! why: by toString
`${{ toString() { return `${this}`; } }}`;

//! case: recursion-to-json
//! timeout: 5s
//! expect: exception RangeError
//! why: by toJSON
JSON.stringify({ toJSON() { return JSON.stringify(this); } });

//! case: recursion-proxy
//! timeout: 5s
//! expect: exception RangeError
//! why: by a trap
const p = new Proxy({}, { get: (t, k) => p[k] }); p.x;

//! case: recursion-proxy-of-itself
//! timeout: 5s
//! expect: exception
//! why: a Proxy whose prototype is itself
const p = new Proxy({}, {}); Object.setPrototypeOf(p, Object.create(p)); p.x;

//! case: recursion-replace
//! timeout: 5s
//! expect: exception RangeError
//! why: by the callback of replace
(function f() { 'a'.replace(/a/, f); })();

//! case: recursion-sort
//! timeout: 5s
//! expect: exception RangeError
//! why: by a comparator
(function f() { [2, 1].sort(f); })();

//! case: recursion-map
//! timeout: 5s
//! expect: exception RangeError
//! why: by map
(function f() { [1].map(f); })();

//! case: recursion-reflect
//! timeout: 5s
//! expect: exception RangeError
//! why: by Reflect.apply
(function f() { Reflect.apply(f, null, []); })();

//! case: recursion-construct
//! timeout: 5s
//! expect: exception RangeError
//! why: by constructors
(function F() { new F(); })();

//! case: recursion-class
//! timeout: 5s
//! expect: exception RangeError
//! why: by a field of a class
class C { x = new C(); } new C();

//! case: recursion-generator
//! timeout: 5s
//! expect: exception RangeError
//! why: by generators
function* g() { yield* g(); } g().next();

//! case: recursion-async
//! action: promise
//! timeout: 5s
//! expect: exception RangeError
//! why: by async functions
(async function f() { await f(); })();

//! case: recursion-eval
//! timeout: 5s
//! expect: exception RangeError
//! why: by eval
(function f() { eval('f()'); })();

//! case: recursion-function-constructor
//! timeout: 5s
//! expect: exception RangeError
//! why: by functions made from text
globalThis.f = new Function('f()'); f();

//! case: recursion-accessor-chain
//! timeout: 5s
//! expect: exception RangeError
//! why: by instanceof
class C { static [Symbol.hasInstance]() { return {} instanceof C; } } ({}) instanceof C;

//! case: recursion-many-arguments
//! timeout: 5s
//! expect: exception RangeError
//! why: with many arguments
(function f(...a) { f(...a, 1, 2, 3); })();

//! case: recursion-many-locals
//! timeout: 5s
//! expect: exception RangeError
//! why: with many locals
eval('(function f() { ' + Array.from({ length: 5000 }, (_, i) => `var v${i} = ${i};`).join('') + ' f(); })()');

//! case: recursion-json-reviver
//! timeout: 5s
//! expect: exception RangeError
//! why: by a reviver
(function f() { JSON.parse('[1]', f); })();

//! case: recursion-prepare-stack-trace
//! timeout: 5s
//! expect: exception RangeError or ok
//! why: by Error.prepareStackTrace
Error.prepareStackTrace = () => new Error("x").stack; new Error("x").stack;

//! case: recursion-small-stack
//! timeout: 5s
//! stack: 64KB
//! expect: exception RangeError
//! why: with little stack
(function f() { f(); })();

//! case: recursion-host-get
//! action: get
//! timeout: 5s
//! expect: exception RangeError
//! why: by a getter that the host calls
({ get x() { return this.x; } });

//! case: recursion-host-call
//! action: call
//! timeout: 5s
//! expect: exception RangeError
//! why: by a function that the host calls
(function f() { f(); });

//! case: recursion-host-construct
//! action: construct
//! timeout: 5s
//! expect: exception RangeError
//! why: by a constructor that the host calls
(function F() { new F(); });

//! case: recursion-host-json
//! action: json
//! timeout: 5s
//! expect: ok "{}" or exception RangeError or ok
//! why: by toJSON for the host
({ toJSON() { return { toJSON: this.toJSON }; } });

//! case: recursion-host-keys
//! action: keys
//! timeout: 5s
//! expect: exception RangeError
//! why: by a trap for the host
const p = new Proxy({}, { ownKeys: () => Reflect.ownKeys(p) }); p;

//! case: recursion-host-graph
//! action: graph
//! timeout: 5s
//! expect: too_large or exception RangeError
//! why: by getters without end in a graph
const make = () => ({ get x() { return make(); } }); make();

//! case: recursion-timer
//! options: timers
//! action: turn
//! timeout: 5s
//! expect: exception RangeError
//! why: in a timer
setTimeout(function f() { f(); }); 0;

//! case: recursion-job
//! action: promise
//! timeout: 5s
//! expect: exception RangeError
//! why: in a promise reaction
Promise.resolve().then(function f() { f(); });

//! case: recursion-catches
//! timeout: 5s
//! expect: ok 1 or ok
//! why: a guest that catches the overflow lives on
let n = 0; (function f() { try { f(); } catch { ++n; } })(); n;

//! case: recursion-catches-in-depth
//! timeout: 5s
//! expect: ok 1 or exception
//! why: and does a lot where there is no stack left
(function f() { try { f(); } catch { new Intl.DateTimeFormat("de"); JSON.parse("[[[1]]]"); /(a+)+b/.test("aaaa"); [3, 2, 1].sort(); } })(); 1;

//! case: recursion-compiles-regexp
//! timeout: 5s
//! expect: ok true
//! why: a regular expression that is compiled where there is no stack left is an exception, and can be used later
const r = /(a+)+b|(?<=c)d*/;
let thrown = 0;
(function f() { try { f(); } catch { try { r.test('aaab'); } catch { ++thrown; } } })();
thrown > 0 && r.test('aaab');

//! case: parse-parentheses
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: parentheses, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('('.repeat(N) + '1' + ')'.repeat(N));

//! case: parse-arrays
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: arrays, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('['.repeat(N) + ']'.repeat(N));

//! case: parse-objects
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: objects, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('('+'{a:'.repeat(N) + '1' + '}'.repeat(N)+')');

//! case: parse-templates
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: templates, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('`${'.repeat(N) + '1' + '}`'.repeat(N));

//! case: parse-blocks
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: blocks, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('{'.repeat(N) + '}'.repeat(N));

//! case: parse-functions
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: functions, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('(function () {'.repeat(N) + '})'.repeat(N));

//! case: parse-arrows
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: arrow functions, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('() => '.repeat(N) + '1');

//! case: parse-unary
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: operators, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('- '.repeat(N) + '1');

//! case: parse-binary
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: sums, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('1' + '+1'.repeat(N));

//! case: parse-conditional
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: conditions, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('1 ? 1 : '.repeat(N) + '1');

//! case: parse-if-else
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: if and else, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('if (0) ; else '.repeat(N) + ';');

//! case: parse-labels
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: labels, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval(Array.from({ length: N }, (_, i) => 'l' + i + ':').join('') + ';');

//! case: parse-members
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: members, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('x' + '.x'.repeat(N));

//! case: parse-calls
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: calls, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('x' + '()'.repeat(N));

//! case: parse-new
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: new, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('new '.repeat(N) + 'Object');

//! case: parse-commas
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: commas, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('1' + ',1'.repeat(N));

//! case: parse-assignments
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: assignments, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('x = '.repeat(N) + '1');

//! case: parse-patterns
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: patterns, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('let ' + '['.repeat(N) + 'x' + ']'.repeat(N) + ' = 1');

//! case: parse-classes
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: classes, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('(class extends '.repeat(N) + 'Object' + '{})'.repeat(N));

//! case: parse-await
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: await, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('(async () => { ' + 'await '.repeat(N) + '1 })()');

//! case: parse-optional-chains
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: optional chains, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('x' + '?.x'.repeat(N));

//! case: parse-exponents
//! timeout: 5s
//! expect: ok or exception or engine_dead or timeout
//! after: either
//! why: powers, nested a hundred thousand times, in the parser and the compiler
globalThis.x = undefined;
const N = 1e5;
eval('1' + '**1'.repeat(N));

//! case: parse-million
//! timeout: 5s
//! expect: exception RangeError
//! why: and a million times
const N = 1e6; eval('['.repeat(N) + ']'.repeat(N));

//! case: parse-json
//! timeout: 5s
//! expect: ok or exception RangeError
//! why: JSON, nested a million times
JSON.parse('['.repeat(1e6) + ']'.repeat(1e6));

//! case: parse-json-objects
//! timeout: 5s
//! expect: ok or exception RangeError or out_of_memory or engine_dead
//! after: either
//! why: JSON objects likewise
JSON.parse('{"a":'.repeat(1e6) + '1' + '}'.repeat(1e6));

//! case: stringify-deep
//! timeout: 2s
//! expect: exception RangeError or timeout
//! why: and back, if the engine gets that far: it looks for cycles in a list
let a = []; for (let i = 0; i < 1e6; ++i) a = [a]; JSON.stringify(a);

//! case: regexp-nested
//! timeout: 5s
//! expect: exception SyntaxError or exception RangeError or ok true
//! why: a regular expression, nested a hundred thousand times
new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).test('');

//! case: regexp-nested-class
//! timeout: 500ms
//! expect: exception SyntaxError or exception RangeError or ok or timeout or engine_dead
//! after: either
//! why: non-capturing groups likewise, whose compiler never looks up
new RegExp('(?:'.repeat(1e5) + 'a' + ')*'.repeat(1e5)).test('a');

//! case: regexp-lookaheads
//! timeout: 5s
//! expect: exception SyntaxError or exception RangeError or ok
//! why: lookaheads likewise
new RegExp('(?='.repeat(1e4) + 'a' + ')'.repeat(1e4)).test('a');

//! case: regexp-alternatives
//! timeout: 1s
//! expect: exception SyntaxError or exception RangeError or ok true or timeout or out_of_memory or engine_dead
//! after: either
//! why: a million alternatives
new RegExp('a|'.repeat(1e6)).test('b');

//! case: string-raw-giant
//! timeout: 5s
//! expect: ok or exception or timeout or engine_dead or out_of_memory
//! after: either
//! why: String.raw of a giant length
String.raw({ raw: { length: 2 ** 30 } });

//! case: flat-deep
//! timeout: 5s
//! expect: exception RangeError
//! why: flat of a deep array
let a = []; for (let i = 0; i < 1e5; ++i) a = [a]; a.flat(Infinity);

//! case: to-string-deep
//! timeout: 5s
//! expect: exception RangeError
//! why: toString of a deep array
let a = []; for (let i = 0; i < 1e5; ++i) a = [a]; String(a);

//! case: structured-clone-deep
//! options: web
//! timeout: 5s
//! expect: exception or ok
//! why: structuredClone of a deep array
let a = []; for (let i = 0; i < 1e5; ++i) a = [a]; structuredClone(a);

//! case: console-deep
//! options: console
//! timeout: 5s
//! expect: ok undefined
//! why: console.log of a deep array
let a = []; for (let i = 0; i < 1e5; ++i) a = [a]; console.log(a);

//! case: rope-deep
//! timeout: 10s
//! expect: ok -1
//! why: a rope as deep as a million, compared and searched
let s = 'x', t = 'x'; for (let i = 0; i < 1e6; ++i) { s = s + 'y'; t = t + 'y'; } s === t && s.indexOf('z');

//! case: closure-scopes-deep
//! timeout: 5s
//! expect: ok 1 or exception RangeError or timeout
//! why: scopes, nested a thousand times
eval('(function () { let a = 1; return '.repeat(1000) + 'a' + '; })()'.repeat(1000));

//! case: prototype-deep
//! timeout: 20s
//! memory: 512MB
//! expect: ok false
//! why: instanceof along a chain of a million
let o = {}; for (let i = 0; i < 1e6; ++i) o = Object.create(o); o instanceof Array;

//! case: proxy-deep
//! timeout: 5s
//! expect: exception RangeError
//! why: a Proxy of a Proxy, a hundred thousand deep
let p = {}; for (let i = 0; i < 1e5; ++i) p = new Proxy(p, {}); p.x;

//! case: proxy-is-array-deep
//! timeout: 5s
//! expect: ok true or exception RangeError
//! why: which is asked whether it is an array
let p = []; for (let i = 0; i < 1e5; ++i) p = new Proxy(p, {}); Array.isArray(p);

//! case: bound-deep
//! timeout: 5s
//! expect: ok false or exception RangeError
//! why: a function bound a hundred thousand times, in instanceof
let f = function () {}; for (let i = 0; i < 1e5; ++i) f = f.bind(); ({}) instanceof f;

//! case: garbage-deep
//! timeout: 5s
//! expect: ok 1
//! why: a list of five million as garbage, which the collector walks
let l = null; for (let i = 0; i < 5e5; ++i) l = [l]; l = null; 1;

//! case: regexp-lookbehind-compiled
//! preset: untrusted
//! expect: engine_dead or exception or timeout
//! after: either
//! why: V8's compiler of regular expressions does not look at the stack, and runs into its end
new RegExp('(?<='.repeat(1e5) + 'a' + ')'.repeat(1e5)).exec('a');
0;
