// Code that never ends, in each of the forms that JavaScript has for it. V8 looks up in all of these, so the isolate lives.

//! case: while-true
//! timeout: 200ms
//! expect: timeout
//! why: the plainest endless loop
while (true);

//! case: while-true-cpu
//! timeout: none
//! cpu: 100ms
//! expect: cpu_time
//! why: processor time alone ends a loop
for (;;);

//! case: cpu-before-timeout
//! timeout: 5s
//! cpu: 100ms
//! expect: cpu_time
//! why: the limit that is reached first names the outcome
for (;;);

//! case: catch-the-end
//! timeout: 200ms
//! expect: timeout
//! why: the end of a run is no exception that a guest could catch
for (;;) {
  try {
    for (;;);
  } catch {
    continue;
  } finally {
    continue;
  }
}

//! case: finally-goes-on
//! timeout: 200ms
//! expect: timeout
//! why: finally blocks do not run when a run is ended
function again() {
  try {
    for (;;);
  } finally {
    again();
  }
}
again();

//! case: do-while
//! timeout: 200ms
//! expect: timeout
//! why: a loop that calls and does not inline
let n = 0; do { n = Math.sin(n); } while (n !== 7);

//! case: for-of-endless
//! timeout: 200ms
//! expect: timeout
//! why: an iterator without an end
for (const x of { [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) });

//! case: for-in-proxy
//! timeout: 200ms
//! expect: timeout
//! why: the keys of a Proxy are listed again and again
for (;;) for (const key in new Proxy({}, { ownKeys: () => ['a', 'b'] }));

//! case: labelled-continue
//! timeout: 200ms
//! expect: timeout
//! why: a loop by labels
outer: for (;;) { for (;;) continue outer; }

//! case: recursion-bounded
//! timeout: 200ms
//! expect: timeout
//! why: 2 ** 60 calls that never use much stack
function f(n) { return n === 0 ? 0 : f(n - 1) + f(n - 1); } f(60);

//! case: recursion-catches-overflow
//! timeout: 200ms
//! expect: timeout
//! why: catching the stack overflow and trying again is a loop like another
function f() {
  try {
    f();
  } catch {
    f();
  }
}
f();

//! case: generator-endless
//! timeout: 200ms
//! expect: timeout
//! why: a generator that yields for ever
function* g() { for (;;) yield 1; } for (const x of g());

//! case: generator-delegates
//! timeout: 200ms
//! expect: timeout
//! why: yield* to an iterator without an end
function* g() { yield* { [Symbol.iterator]: () => ({ next: () => ({}) }) }; } for (const x of g());

//! case: spread-endless
//! timeout: 200ms
//! expect: timeout or out_of_memory
//! why: spreading an endless iterator grows until a limit ends it
[...(function* () { for (;;) yield; })()];

//! case: destructuring-endless
//! timeout: 200ms
//! expect: timeout or out_of_memory
//! why: a rest element takes until a limit ends it
const [...all] = { [Symbol.iterator]: () => ({ next: () => ({ value: 1 }) }) };

//! case: iterator-return-loop
//! timeout: 200ms
//! expect: timeout
//! why: the return method of an iterator, which a break calls
for (const x of { [Symbol.iterator]: () => ({ next: () => ({}), return() { for (;;); } }) }) break;

//! case: array-from-mapping
//! timeout: 200ms
//! expect: timeout
//! why: the mapping function of Array.from
Array.from([1], () => { for (;;); });

//! case: array-from-endless
//! timeout: 200ms
//! expect: timeout
//! why: Array.from of an endless iterator that keeps nothing alive
Array.from({ [Symbol.iterator]: () => ({ next: () => { for (;;); } }) });

//! case: sort-comparator
//! timeout: 200ms
//! expect: timeout
//! why: a comparator that never answers
[2, 1].sort(() => { for (;;); });

//! case: sort-lies
//! timeout: 200ms
//! expect: timeout
//! why: a comparator that contradicts itself ends, and the guest starts again
for (;;) Array.from({ length: 1000 }, (_, i) => i).sort(() => Math.random() - 0.5);

//! case: replace-callback
//! timeout: 200ms
//! expect: timeout
//! why: the callback of String.prototype.replace
'a'.replace(/a/, () => { for (;;); });

//! case: replace-callback-flood
//! timeout: 200ms
//! expect: timeout
//! why: a callback a million times
for (;;) 'a'.repeat(1e6).replace(/a/g, () => 'b');

//! case: regexp-backtracking
//! timeout: 200ms
//! expect: timeout
//! why: a regular expression that backtracks exponentially
/^(a+)+$/.test('a'.repeat(40) + 'b');

//! case: regexp-backtracking-alternatives
//! timeout: 200ms
//! expect: timeout
//! why: the same with alternatives
/^(a|aa)+$/.test('a'.repeat(60) + 'b');

//! case: regexp-backtracking-lookbehind
//! timeout: 200ms
//! expect: timeout
//! why: the same looking behind, on two-byte text
/(?<=^x(\u0101|\u0101\u0101)+)b/.test('\u0101'.repeat(60) + 'b');

//! case: regexp-quadratic
//! timeout: 200ms
//! expect: timeout
//! why: a polynomial one, compiled and interpreted
for (;;) /\s+$/.test(' '.repeat(100000) + 'x');

//! case: regexp-backreference
//! timeout: 200ms
//! expect: timeout
//! why: backreferences make it hard to be clever
/(a*)(a*)(a*)(a*)(a*)(a*)(a*)\1\2\3x/.test('a'.repeat(400));

//! case: regexp-unicode-ignore-case
//! timeout: 200ms
//! expect: timeout
//! why: case folding of Unicode in every step
/^(\p{L}+)+$/iu.test('\u00e9'.repeat(40) + '!');

//! case: regexp-exec-loop
//! timeout: 200ms
//! expect: timeout
//! why: an empty match that never moves on
const r = /(?:)/g; while (r.exec('abc')) r.lastIndex = 0;

//! case: regexp-species-loop
//! timeout: 200ms
//! expect: timeout
//! why: split makes its own regular expression, by a constructor of the guest
const r = /x/; r.constructor = { get [Symbol.species]() { for (;;); } }; 'axb'.split(r);

//! case: match-all-endless
//! timeout: 200ms
//! expect: timeout or out_of_memory
//! why: an exec of the guest that always matches
const r = /x/g; r.exec = () => ({ 0: 'x', index: 0 }); 'x'.match(r);

//! case: getter-loop
//! timeout: 200ms
//! expect: timeout
//! why: a getter
({ get x() { for (;;); } }).x;

//! case: setter-loop
//! timeout: 200ms
//! expect: timeout
//! why: a setter
({ set x(v) { for (;;); } }).x = 1;

//! case: value-of-loop
//! timeout: 200ms
//! expect: timeout
//! why: valueOf in arithmetic
+{ valueOf() { for (;;); } };

//! case: to-primitive-loop
//! timeout: 200ms
//! expect: timeout
//! why: Symbol.toPrimitive in a template
`${{ [Symbol.toPrimitive]() { for (;;); } }}`;

//! case: to-string-tag-loop
//! timeout: 200ms
//! expect: timeout
//! why: Symbol.toStringTag in Object.prototype.toString
Object.prototype.toString.call({ get [Symbol.toStringTag]() { for (;;); } });

//! case: has-instance-loop
//! timeout: 200ms
//! expect: timeout
//! why: Symbol.hasInstance
1 instanceof { [Symbol.hasInstance]() { for (;;); } };

//! case: species-loop
//! timeout: 200ms
//! expect: timeout
//! why: Symbol.species of an array
const a = []; a.constructor = { get [Symbol.species]() { for (;;); } }; a.map((x) => x);

//! case: is-concat-spreadable-loop
//! timeout: 200ms
//! expect: timeout
//! why: Symbol.isConcatSpreadable
[].concat({ get [Symbol.isConcatSpreadable]() { for (;;); } });

//! case: unscopables-loop
//! timeout: 200ms
//! expect: timeout
//! why: Symbol.unscopables in a with statement
with ({ get [Symbol.unscopables]() { for (;;); }, x: 1 }) x;

//! case: to-json-loop
//! timeout: 200ms
//! expect: timeout
//! why: toJSON in JSON.stringify
JSON.stringify({ toJSON() { for (;;); } });

//! case: json-replacer-loop
//! timeout: 200ms
//! expect: timeout
//! why: the replacer of JSON.stringify
JSON.stringify({ a: 1 }, () => { for (;;); });

//! case: json-replacer-grows
//! timeout: 200ms
//! expect: timeout or exception RangeError or out_of_memory
//! why: a replacer that makes the tree deeper and deeper
JSON.stringify({}, (key, value) => ({ value }));

//! case: json-reviver-loop
//! timeout: 200ms
//! expect: timeout
//! why: the reviver of JSON.parse
JSON.parse('[1]', () => { for (;;); });

//! case: json-reviver-grows
//! timeout: 200ms
//! expect: timeout or ok
//! after: either
//! why: a reviver that lengthens what is being walked
JSON.parse('[1]', function (key, value) { if (Array.isArray(this)) this.length = 2 ** 32 - 1; return value; });

//! case: tagged-template-loop
//! timeout: 200ms
//! expect: timeout
//! why: a tag
((strings) => { for (;;); })`x`;

//! case: class-static-block-loop
//! timeout: 200ms
//! expect: timeout
//! why: a static block of a class
class C { static { for (;;); } }

//! case: default-argument-loop
//! timeout: 200ms
//! expect: timeout
//! why: a default argument
((x = (() => { for (;;); })()) => x)();

//! case: computed-key-loop
//! timeout: 200ms
//! expect: timeout
//! why: a computed key
({ [{ toString() { for (;;); } }]: 1 });

//! case: date-set-loop
//! timeout: 200ms
//! expect: timeout
//! why: arguments of Date methods are converted
new Date(0).setHours({ valueOf() { for (;;); } });

//! case: eval-loop
//! timeout: 200ms
//! expect: timeout
//! why: code that is made at run time
for (;;) eval('1 + ' + Math.random());

//! case: function-constructor-loop
//! timeout: 200ms
//! expect: timeout
//! why: and compiled again and again
for (;;) new Function('return ' + Math.random())();

//! case: call-apply-loop
//! timeout: 200ms
//! expect: timeout
//! why: built-in calls only
for (;;) Reflect.apply(Math.max, null, [1, 2]);

//! case: optimized-loop
//! timeout: 200ms
//! expect: timeout
//! why: a loop that is optimized while it runs
let s = 0; for (let i = 0; ; i = (i + 1) | 0) s = (s + i) | 0;

//! case: exception-storm
//! timeout: 200ms
//! expect: timeout
//! why: throwing and catching for ever
for (;;) try { null.x; } catch {}

//! case: stack-trace-storm
//! timeout: 200ms
//! expect: timeout
//! why: and keeping the stacks
Error.stackTraceLimit = 200; for (;;) try { (function f(n) { if (n) f(n - 1); else throw new Error('x'); })(100); } catch (e) { e.stack; }

//! case: debugger-loop
//! timeout: 200ms
//! expect: timeout
//! why: debugger statements are nothing
for (;;) debugger;

//! case: date-storm
//! timeout: 200ms
//! expect: timeout
//! why: Date en masse
for (;;) new Date(Math.random() * 1e15).toString();

//! case: date-locale-storm
//! timeout: 200ms
//! expect: timeout or out_of_memory
//! why: Date in a locale en masse
for (;;) new Date().toLocaleString('de-DE', { dateStyle: 'full', timeStyle: 'long', timeZone: 'Asia/Tokyo' });

//! case: intl-storm
//! timeout: 2s
//! expect: timeout or out_of_memory
//! why: Intl objects hold memory of ICU, which nobody counts but the collector
for (;;) new Intl.DateTimeFormat('ja-JP', { dateStyle: 'full' }).format(0);

//! case: intl-collator-storm
//! timeout: 200ms
//! expect: timeout or out_of_memory
//! why: the same with collators
for (;;) ['a', 'b'].sort(new Intl.Collator('de', { numeric: true }).compare);

//! case: proxy-of-proxy
//! timeout: 200ms
//! expect: timeout or exception RangeError
//! why: a chain of ten thousand Proxies
let p = {}; for (let i = 0; i < 1e4; ++i) p = new Proxy(p, {}); for (;;) p.x;

//! case: prototype-proxy-loop
//! timeout: 200ms
//! expect: timeout
//! why: a prototype that is a Proxy is asked for what is not there
Object.create(new Proxy({}, { get() { for (;;); } })).x;

//! case: weak-ref-storm
//! timeout: 200ms
//! expect: timeout
//! why: WeakRefs and collections
for (;;) new WeakRef({}).deref();

//! case: trap-get
//! timeout: 200ms
//! expect: timeout
//! why: the get trap of a Proxy
const p = new Proxy(function () {}, { get() { for (;;); } });
p.x;

//! case: trap-set
//! timeout: 200ms
//! expect: timeout
//! why: the set trap of a Proxy
const p = new Proxy(function () {}, { set() { for (;;); } });
p.x = 1;

//! case: trap-has
//! timeout: 200ms
//! expect: timeout
//! why: the has trap of a Proxy
const p = new Proxy(function () {}, { has() { for (;;); } });
'x' in p;

//! case: trap-delete-property
//! timeout: 200ms
//! expect: timeout
//! why: the deleteProperty trap of a Proxy
const p = new Proxy(function () {}, { deleteProperty() { for (;;); } });
delete p.x;

//! case: trap-own-keys
//! timeout: 200ms
//! expect: timeout
//! why: the ownKeys trap of a Proxy
const p = new Proxy(function () {}, { ownKeys() { for (;;); } });
Object.keys(p);

//! case: trap-get-own-property-descriptor
//! timeout: 200ms
//! expect: timeout
//! why: the getOwnPropertyDescriptor trap of a Proxy
const p = new Proxy(function () {}, { getOwnPropertyDescriptor() { for (;;); } });
Object.getOwnPropertyDescriptor(p, 'x');

//! case: trap-define-property
//! timeout: 200ms
//! expect: timeout
//! why: the defineProperty trap of a Proxy
const p = new Proxy(function () {}, { defineProperty() { for (;;); } });
Object.defineProperty(p, 'x', {});

//! case: trap-get-prototype-of
//! timeout: 200ms
//! expect: timeout
//! why: the getPrototypeOf trap of a Proxy
const p = new Proxy(function () {}, { getPrototypeOf() { for (;;); } });
Object.getPrototypeOf(p);

//! case: trap-set-prototype-of
//! timeout: 200ms
//! expect: timeout
//! why: the setPrototypeOf trap of a Proxy
const p = new Proxy(function () {}, { setPrototypeOf() { for (;;); } });
Object.setPrototypeOf(p, null);

//! case: trap-is-extensible
//! timeout: 200ms
//! expect: timeout
//! why: the isExtensible trap of a Proxy
const p = new Proxy(function () {}, { isExtensible() { for (;;); } });
Object.isExtensible(p);

//! case: trap-prevent-extensions
//! timeout: 200ms
//! expect: timeout
//! why: the preventExtensions trap of a Proxy
const p = new Proxy(function () {}, { preventExtensions() { for (;;); } });
Object.preventExtensions(p);

//! case: trap-apply
//! timeout: 200ms
//! expect: timeout
//! why: the apply trap of a Proxy
const p = new Proxy(function () {}, { apply() { for (;;); } });
p();

//! case: trap-construct
//! timeout: 200ms
//! expect: timeout
//! why: the construct trap of a Proxy
const p = new Proxy(function () {}, { construct() { for (;;); } });
new p();

//! case: bigint-compared-with-text
//! timeout: 200ms
//! expect: timeout
//! why: V8 looks up there without a context to describe the stack in
const digits = '9'.repeat(2 ** 22);
for (;;) 1n == digits;

//! case: bigint-less-than-text
//! cpu: 100ms
//! expect: cpu_time
//! why: likewise
const digits = '9'.repeat(2 ** 22);
for (;;) 1n < digits;

//! case: regexp-of-many-classes
//! timeout: 200ms
//! expect: ok or timeout or engine_dead
//! after: either
//! why: each class is a call of ICU's, and V8 is back in its own code only for moments
new RegExp('\\p{L}\\P{Lu}'.repeat(1000), 'iu').exec('abc');
0;

//! case: optimizer-many-variables
//! timeout: 1s
//! memory: 128MB
//! expect: ok or timeout or engine_dead
//! after: either
//! why: 1,000 variables in 300 loops take V8's optimising compiler minutes and a gigabyte: the run ends, and the isolate goes at once
{
  const names = Array.from({ length: 1000 }, (_, i) => 'v' + i);
  const declared = 'let ' + names.map((name) => name + ' = n').join() + ';';
  const body = 'while (c) {'.repeat(300) + names.map((name) => name + '++;').join('') + 'c = 0;' + '}'.repeat(300);
  const f = new Function('n', 'c', declared + body);
  for (;;) f(1, 1);
}

//! case: optimizer-many-handlers
//! timeout: 1s
//! memory: 128MB
//! expect: timeout or engine_dead
//! after: either
//! why: 1,000 variables that live across 1,000 calls with a handler, while regular expressions are compiled
{
  const names = Array.from({ length: 1000 }, (_, i) => 'v' + i);
  const calls = names.map((name, i) => name + ' = g(v' + ((i + 1) % 1000) + ');').join('');
  const declared = 'let ' + names.map((name) => name + ' = n').join() + ';';
  const f = new Function('g', 'n', declared + 'try {' + calls + '} catch {} return ' + names.join('+'));
  for (let i = 0; ; ++i) {
    f((x) => x + 1, 1);
    new RegExp('(a|b' + i + ')+c').test('abab');
  }
}
