// Made by scripts/hostile.sh of Tests/hostile/*.js.
// swift-format-ignore-file

/// The files of the hostile suite, by their groups.
let hostileFiles: [(group: String, text: String)] = [
  (
    "async",
###"""
// Jobs, timers and promises that never come to an end.

//! case: microtask-loop
//! timeout: 200ms
//! expect: timeout
//! why: a promise reaction that makes the next
(function again() { Promise.resolve().then(again); })();

//! case: await-loop
//! timeout: 200ms
//! expect: timeout
//! why: an async function that awaits for ever
(async () => { for (;;) await null; })();

//! case: await-thenable-loop
//! timeout: 200ms
//! expect: timeout
//! why: a thenable that never settles but starts again
(async () => { await { then(resolve) { resolve(this); } }; })();

//! case: queue-microtask-loop
//! options: timers
//! timeout: 200ms
//! expect: timeout
//! why: queueMicrotask likewise
(function again() { queueMicrotask(again); })();

//! case: async-iterator-loop
//! timeout: 200ms
//! expect: timeout
//! why: for await over an endless iterator
(async () => { for await (const x of { [Symbol.asyncIterator]: () => ({ next: () => ({}) }) }); })();

//! case: async-generator-loop
//! timeout: 200ms
//! expect: timeout
//! why: an async generator that yields for ever
(async () => { for await (const x of (async function* () { for (;;) yield 1; })()); })();

//! case: job-busy
//! timeout: 200ms
//! expect: timeout
//! why: a reaction that never returns
Promise.resolve().then(() => { for (;;); });

//! case: then-getter
//! timeout: 200ms
//! expect: timeout
//! why: resolving a promise reads `then`
Promise.resolve({ get then() { for (;;); } });

//! case: promise-species
//! timeout: 200ms
//! expect: timeout
//! why: a constructor of the guest in a promise
const p = Promise.resolve(); p.constructor = { get [Symbol.species]() { for (;;); } }; p.then(() => 1);

//! case: promise-all-endless
//! timeout: 200ms
//! expect: timeout or out_of_memory
//! why: Promise.all of an endless iterator
Promise.all((function* () { for (;;) yield 1; })());

//! case: microtask-flood
//! timeout: 10s
//! expect: ok 0 or out_of_memory or timeout
//! why: a million reactions come to an end
for (let i = 0; i < 1e6; ++i) Promise.resolve().then(() => {}); 0;

//! case: microtask-doubles
//! timeout: 20s
//! memory: 64MB
//! expect: timeout or out_of_memory
//! after: full
//! why: reactions that double
(function again() { Promise.resolve().then(again); Promise.resolve().then(again); })();

//! case: unhandled-storm
//! timeout: 10s
//! expect: ok 0 or out_of_memory or timeout
//! why: a hundred thousand rejections that nobody handles
for (let i = 0; i < 1e5; ++i) Promise.reject(new Error("x")); 0;

//! case: explicit-microtasks-loop
//! options: explicit_microtasks
//! action: turn
//! timeout: 200ms
//! expect: timeout
//! why: with explicit microtasks the loop is in the turn
(function again() { Promise.resolve().then(again); })(); 0;

//! case: promise-never
//! action: promise
//! timeout: 200ms
//! expect: timeout
//! why: waiting for a promise has an end
new Promise(() => {});

//! case: promise-never-cpu
//! action: promise
//! timeout: 200ms
//! cpu: 100ms
//! expect: timeout
//! why: waiting takes no processor time, so the timeout ends it
new Promise(() => {});

//! case: promise-waits-for-timer
//! options: timers
//! action: promise
//! timeout: 200ms
//! expect: timeout
//! why: a promise that an endless chain of timers keeps busy
(function again() { setTimeout(again, 1); })(); new Promise(() => {});

//! case: promise-busy-timer
//! options: timers
//! action: promise
//! timeout: 200ms
//! expect: timeout
//! why: a timer that never returns, while the host waits
setTimeout(() => { for (;;); }, 1); new Promise(() => {});

//! case: promise-thenable-loop
//! action: promise
//! timeout: 200ms
//! expect: timeout
//! why: a promise that is resolved with a thenable without end
new Promise((resolve) => resolve({ then(next) { next(this); } }));

//! case: promise-then-bent
//! action: promise
//! timeout: 200ms
//! expect: ok 42
//! why: a promise whose then is the guest's
const p = Promise.resolve(42); p.then = () => { for (;;); }; p;

//! case: promise-constructor-bent
//! action: promise
//! timeout: 200ms
//! expect: ok 42 or timeout
//! why: and whose constructor is
const p = Promise.resolve(42); Object.defineProperty(p, 'constructor', { get() { for (;;); } }); p;

//! case: promise-prototype-bent
//! action: promise
//! timeout: 200ms
//! expect: ok 42
//! why: and whose prototype is
Promise.prototype.then = () => { for (;;); }; (async () => 42)();

//! case: interval-rearms
//! options: timers
//! action: turn
//! timeout: 200ms
//! expect: ok undefined
//! why: timers that make timers keep no turn from ending
(function again() { setTimeout(again, 0); setInterval(() => {}, 0); })(); 0;

//! case: immediate-rearms
//! options: timers
//! action: turn
//! timeout: 200ms
//! expect: ok undefined
//! why: nor does an immediate that makes the next
(function again() { setImmediate(again); })(); 0;

//! case: timer-busy
//! options: timers
//! action: turn
//! timeout: 200ms
//! expect: timeout
//! why: a timer that never returns ends with its turn
setTimeout(() => { for (;;); }); 0;

//! case: interval-busy
//! options: timers
//! action: turn
//! timeout: 200ms
//! expect: timeout
//! why: an interval that never returns, again and again
setInterval(() => { for (;;); }, 1); 0;

//! case: interval-busy-background
//! options: timers background_loop
//! action: turn
//! timeout: 200ms
//! expect: ok undefined
//! why: the same on the library's thread: others get in between
setInterval(() => { for (;;); }, 1); 0;

//! case: microtask-loop-in-timer
//! options: timers
//! action: turn
//! timeout: 200ms
//! expect: timeout
//! why: a timer whose reactions never end
setTimeout(function again() { Promise.resolve().then(again); }); 0;

//! case: timer-arguments
//! options: timers
//! timeout: 200ms
//! expect: timeout
//! why: delays and arguments that are converted
setTimeout(() => {}, { valueOf() { for (;;); } });

//! case: timer-odd-delays
//! options: timers
//! action: turn
//! timeout: 200ms
//! expect: ok undefined
//! why: delays that are no numbers
for (const delay of [NaN, Infinity, -Infinity, 2 ** 53, "x", null, -1, 1e308]) setTimeout(() => {}, delay); 0;

//! case: timer-flood
//! options: timers
//! timeout: 10s
//! expect: exception RangeError
//! why: more timers than there may be are a RangeError
for (;;) setTimeout(() => {}, 1e9);

//! case: timer-string
//! options: timers
//! action: turn
//! timeout: 200ms
//! expect: exception TypeError or ok undefined
//! why: text is no code for a timer
setTimeout("for (;;);", 0); 0;

//! case: clear-bent
//! options: timers
//! timeout: 200ms
//! expect: ok 0
//! why: clearing what is no timer
for (const id of [NaN, -1, {}, "x", Symbol.iterator, 2 ** 53]) { try { clearTimeout(id); } catch {} } 0;

//! case: finalizer-loop
//! action: turn
//! timeout: 2s
//! expect: timeout or ok undefined
//! why: a finalizer that never returns
globalThis.r = new FinalizationRegistry(() => { for (;;); }); for (let i = 0; i < 1e5; ++i) r.register({}, i); for (let i = 0; i < 200; ++i) new Array(1e5).fill({}); 0;

//! case: finalizer-storm
//! action: turn
//! timeout: 5s
//! expect: ok undefined
//! why: finalizers that register more
globalThis.r = new FinalizationRegistry(() => r.register({}, 1)); for (let i = 0; i < 1e5; ++i) r.register({}, i); for (let i = 0; i < 200; ++i) new Array(1e5).fill({}); 0;

//! case: atomics-wait-async-never
//! action: promise
//! timeout: 200ms
//! expect: timeout
//! why: Atomics.waitAsync that nobody wakes
Atomics.waitAsync ? Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0).value : new Promise(() => {});

//! case: async-stack-deep
//! timeout: 5s
//! expect: ok 0 or exception RangeError
//! why: a hundred thousand async functions that wait for each other
(async function f(n) { return n && (await f(n - 1)); })(1e5).catch(() => 0); 0;

//! case: promise-chain-long
//! action: promise
//! timeout: 20s
//! expect: ok 7 or out_of_memory
//! why: a chain of a million promises
let p = Promise.resolve(7); for (let i = 0; i < 1e6; ++i) p = p.then((x) => x); p;

//! case: promise-resolve-nested
//! action: promise
//! timeout: 20s
//! expect: ok 7
//! why: promises resolved with promises, a hundred thousand deep
let p = Promise.resolve(7); for (let i = 0; i < 1e5; ++i) { const q = p; p = new Promise((resolve) => resolve(q)); } p;

//! case: abort-signal-loop
//! options: web timers
//! timeout: 200ms
//! expect: timeout
//! why: a listener that aborts anew for ever
const c = new AbortController(); c.signal.addEventListener("abort", () => { for (;;); }); c.abort();

"""###
  ),
  (
    "bursts",
###"""
// Memory that is asked for at one stroke. V8 throws, ends the run, or gives the isolate up; its host notices no more than that.

//! case: array-fill
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: an array of a gigabyte
new Array(2 ** 27).fill(0);

//! case: array-fill-small
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: one that is just beyond the limit
new Array(2 ** 24).fill(0);

//! case: array-from-length-giant
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or timeout
//! after: either
//! why: Array.from of a giant length
Array.from({ length: 2 ** 30 });

//! case: array-literal-length
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a length that is set
const a = [1]; a.length = 2 ** 25; a.fill(1);

//! case: array-concat
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: arrays joined until they are too large
let a = [1]; for (;;) a = a.concat(a);

//! case: array-spread
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: arrays spread likewise
let a = [1]; for (;;) a = [...a, ...a];

//! case: array-push-spread
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: more arguments than the stack holds
const a = new Array(2 ** 22).fill(0); a.push(...a);

//! case: array-slice-copies
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: copies of a large array
const a = new Array(2 ** 20).fill(0), b = []; for (;;) b.push(a.slice());

//! case: array-flat-doubles
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: flat of an array that holds itself many times
let a = [1]; for (;;) a = [a, a].flat();

//! case: array-elements-kind
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok
//! after: either
//! why: an array of integers that becomes one of objects
const a = new Array(2 ** 22).fill(1); a[0] = 1.5; a[1] = {}; const b = a.map((x) => x + 0.5); b;

//! case: repeat-replace
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a replacement that doubles a giant
'x'.repeat(2 ** 28).replace(/x/g, 'yy');

//! case: repeat-split
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a giant into letters
'x'.repeat(2 ** 29 - 24).split('');

//! case: repeat-split-regexp
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or timeout
//! after: either
//! why: by a regular expression
'ax'.repeat(2 ** 27).split(/x/);

//! case: repeat-spread
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: by its iterator
[...'x'.repeat(2 ** 28)];

//! case: repeat-match
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: all matches of a giant
'x'.repeat(2 ** 27).match(/x/g);

//! case: repeat-upper-case
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a giant in upper case
'\u00df'.repeat(2 ** 28).toUpperCase();

//! case: repeat-normalize
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a giant, normalized
'\u00e9'.repeat(2 ** 27).normalize('NFD');

//! case: repeat-flatten
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok
//! after: either
//! why: a giant that is flattened
const s = 'x'.repeat(2 ** 28) + 'y'; s.charCodeAt(5);

//! case: repeat-two-byte
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok
//! after: either
//! why: a giant of two bytes a letter
const s = '\u0101'.repeat(2 ** 28) + 'y'; s.charCodeAt(5);

//! case: repeat-as-key
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok undefined
//! after: either
//! why: a giant as the name of a property
({})['x'.repeat(2 ** 28)];

//! case: repeat-too-long
//! timeout: 10s
//! memory: 64MB
//! expect: exception RangeError
//! after: usable
//! why: a string longer than any
'x'.repeat(2 ** 30);

//! case: pad-end
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok
//! after: either
//! why: padded to a giant
const s = 'x'.padEnd(2 ** 28, 'ab'); s.charCodeAt(5);

//! case: join-giant
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a giant from an array
new Array(2 ** 20).fill('x'.repeat(1000)).join();

//! case: join-numbers
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: numbers, joined
new Array(2 ** 22).fill(1.5).join();

//! case: template-doubles
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a template that doubles, flattened each time
let s = 'x'; for (;;) { s = `${s}${s}`; s.charCodeAt(1); }

//! case: json-doubles
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: JSON of JSON of JSON
let s = '"'; for (;;) s = JSON.stringify(s);

//! case: json-stringify-indent
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok
//! after: either
//! why: a small tree with giant indents
let o = []; for (let i = 0; i < 2000; ++i) o = [o, 1, 2, 3, 4, 5, 6, 7, 8, 9, o.length]; JSON.stringify(new Array(1e6).fill(o.slice(1)), null, 10);

//! case: json-parse-large
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: the text of a large array
JSON.parse('[' + '0,'.repeat(2 ** 24) + '0]');

//! case: json-parse-objects
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: the text of many small objects
JSON.parse('[' + '{},'.repeat(2 ** 22) + '0]');

//! case: array-buffer-giant
//! timeout: 10s
//! memory: 64MB
//! expect: exception RangeError or out_of_memory
//! after: usable
//! why: an ArrayBuffer beyond the limit is a RangeError
new ArrayBuffer(2 ** 32);

//! case: typed-array-giant
//! timeout: 10s
//! memory: 64MB
//! expect: exception RangeError or out_of_memory
//! after: usable
//! why: a typed array likewise
new Float64Array(2 ** 27);

//! case: typed-array-copies
//! timeout: 10s
//! memory: 64MB
//! expect: exception RangeError or out_of_memory
//! after: usable
//! why: copies of a typed array
let a = new Uint8Array(2 ** 20); const b = []; for (;;) b.push(a.slice());

//! case: shared-array-buffer-giant
//! timeout: 10s
//! memory: 64MB
//! expect: exception RangeError or out_of_memory
//! after: usable
//! why: a SharedArrayBuffer
new SharedArrayBuffer(2 ** 32);

//! case: resizable-giant
//! timeout: 10s
//! memory: 64MB
//! expect: exception RangeError or out_of_memory or ok "no"
//! after: usable
//! why: a resizable buffer that may grow to a giant
const b = new ArrayBuffer(1, { maxByteLength: 2 ** 34 }); b.resize && b.resize(2 ** 33); b.byteLength > 1 ? "grew" : "no";

//! case: webassembly-memory-giant
//! timeout: 10s
//! memory: 64MB
//! expect: exception RangeError or out_of_memory
//! after: usable
//! why: a WebAssembly memory of 4 GB
new WebAssembly.Memory({ initial: 65536 });

//! case: webassembly-memory-grow-giant
//! timeout: 10s
//! memory: 64MB
//! expect: exception RangeError or out_of_memory
//! after: usable
//! why: one that grows to 4 GB
const m = new WebAssembly.Memory({ initial: 1, maximum: 65536 }); m.grow(65535);

//! case: webassembly-memory-reserved
//! timeout: 10s
//! memory: 64MB
//! expect: ok 1 or exception RangeError or out_of_memory
//! after: usable
//! why: a hundred that might grow
{ const a = []; for (let i = 0; i < 200; ++i) a.push(new WebAssembly.Memory({ initial: 0, maximum: 65536 })); } 1;

//! case: webassembly-table-giant
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a table of ten million
new WebAssembly.Table({ initial: 10000000, element: "anyfunc" });

//! case: regexp-giant
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok false or exception SyntaxError or exception InternalError
//! after: either
//! why: a regular expression that is compiled to a giant
new RegExp('(?:a{0,1000}){0,1000}b'.repeat(50)).test('a');

//! case: regexp-giant-class
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok false or exception SyntaxError
//! after: either
//! why: one from many millions of letters
new RegExp('x'.repeat(2 ** 24)).test('x');

//! case: regexp-many-captures
//! timeout: 10s
//! memory: 64MB
//! expect: ok 60001 or exception RangeError or exception SyntaxError or out_of_memory or engine_dead
//! after: either
//! why: sixty thousand captures
new RegExp('()'.repeat(60000)).exec('x').length;

//! case: regexp-nested-quantifiers
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok false or exception SyntaxError or timeout
//! after: either
//! why: quantifiers of quantifiers
new RegExp('(?:'.repeat(200) + 'a' + '){2}'.repeat(200)).test('a');

//! case: source-giant
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok
//! after: either
//! why: source text of many millions
eval('1' + '+1'.repeat(2 ** 21));

//! case: source-many-functions
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok
//! after: either
//! why: a hundred thousand functions in one text
eval('(function f() { return 1; });'.repeat(2 ** 18));

//! case: source-giant-literal
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok 1048576
//! after: either
//! why: a giant literal
eval('[' + '{a:1},'.repeat(2 ** 20) + ']').length;

//! case: source-giant-switch
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok undefined or timeout
//! after: either
//! why: a switch of many cases
eval('switch (1) {' + Array.from({ length: 2 ** 17 }, (_, i) => `case ${i}.5: f();`).join('') + '}');

//! case: source-many-parameters
//! timeout: 10s
//! memory: 64MB
//! expect: exception SyntaxError or exception RangeError
//! after: usable
//! why: more parameters than there can be
new Function(...Array.from({ length: 70000 }, (_, i) => 'a' + i), '');

//! case: source-giant-template
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok
//! after: either
//! why: a template of many pieces
eval('`' + '${1}'.repeat(2 ** 18) + '`').length;

//! case: bigint-giant
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a BigInt of 128 MB
(1n << (2n ** 30n - 1n)) + 1n;

//! case: bigint-shift
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or timeout
//! after: either
//! why: shifts that double
let b = 1n; for (;;) b <<= 1000000n;

//! case: map-from-giant
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a Map from millions of entries
new Map(Array.from({ length: 2 ** 21 }, (_, i) => [i, i]));

//! case: set-too-large
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a Set of 17 million is the largest
const s = new Set(); for (let i = 0; i < 2 ** 25; ++i) s.add(i);

//! case: object-from-entries
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: an object with millions of properties
Object.fromEntries(Array.from({ length: 2 ** 21 }, (_, i) => ['k' + i, i]));

//! case: object-assign-string
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or timeout
//! after: either
//! why: a giant string, letter by letter
Object.assign({}, 'x'.repeat(2 ** 24));

//! case: own-keys-giant
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: the names of many millions of elements
Reflect.ownKeys(new Uint8Array(2 ** 25));

//! case: structured-clone-burst
//! options: web
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or exception DataCloneError
//! after: either
//! why: a clone of a large array
structuredClone(new Array(2 ** 22).fill({}));

//! case: text-encode-burst
//! options: web
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: the bytes of a giant string
new TextEncoder().encode('\u0101'.repeat(2 ** 26));

//! case: base64-burst
//! options: web
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: the Base64 of a giant string
btoa('x'.repeat(2 ** 27));

//! case: random-burst
//! options: web
//! timeout: 10s
//! memory: 64MB
//! expect: exception
//! after: usable
//! why: random bytes
crypto.getRandomValues(new Uint8Array(2 ** 28));

//! case: console-burst
//! options: console
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok undefined
//! after: either
//! why: a giant line for the console
console.log('x'.repeat(2 ** 28));

//! case: host-string-burst
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok or too_large or host_out_of_memory
//! after: either
//! why: a giant string that crosses to the host
'x'.repeat(2 ** 28) + 'y';

//! case: host-bigint-burst
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok or too_large
//! after: either
//! why: a giant BigInt that crosses
1n << (2n ** 27n);

//! case: host-json-burst
//! action: json
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: JSON that is a giant
new Array(2 ** 20).fill('x'.repeat(200));

//! case: host-graph-burst
//! action: graph
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok or too_large
//! after: either
//! why: a graph that is a giant
Array.from({ length: 2 ** 18 }, (_, i) => 'x'.repeat(200) + i);

//! case: host-inspect-burst
//! action: inspect
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok
//! after: either
//! why: a text for people of a giant
Array.from({ length: 1000 }, () => 'x'.repeat(2 ** 20));

//! case: tiny-heap-burst
//! timeout: 10s
//! memory: 16MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a burst in a tiny heap
new Array(2 ** 22).fill(0);

//! case: burst-in-job
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError or ok 0
//! after: either
//! why: a burst in a promise reaction
Promise.resolve().then(() => new Array(2 ** 27).fill(0)); 0;

//! case: burst-in-timer
//! options: timers
//! action: turn
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a burst in a timer
setTimeout(() => new Array(2 ** 27).fill(0)); 0;

//! case: burst-in-getter
//! action: get
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a burst while the host reads a property
({ get x() { return new Array(2 ** 27).fill(0); } });

//! case: burst-in-module
//! action: module
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a burst in a module
() => 'new Array(2 ** 27).fill(0);';

//! case: burst-single-threaded
//! options: single_threaded
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a burst in an engine without threads
new Array(2 ** 27).fill(0);

//! case: burst-jitless
//! options: jitless
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or exception RangeError
//! after: either
//! why: a burst in an engine without compilers
new Array(2 ** 27).fill(0);

//! case: burst-caught
//! timeout: 2s
//! memory: 64MB
//! expect: out_of_memory or engine_dead or timeout
//! after: either
//! why: catching a burst and trying again
{ const a = []; for (;;) try { a.push(new Array(2 ** 23).fill(0)); } catch {} }

"""###
  ),
  (
    "caps",
###"""
// The preset for untrusted code, the switches of isolates and the caps on what a guest may hold.

//! case: untrusted-time
//! preset: untrusted
//! expect: timeout or cpu_time
//! why: the preset has a timeout and a budget of processor time
for (;;);

//! case: untrusted-memory
//! preset: untrusted
//! expect: out_of_memory or timeout or cpu_time
//! why: and a limit of memory
{ const a = []; for (;;) a.push(new Array(1000).fill(0)); }

//! case: untrusted-memory-patient
//! preset: untrusted
//! timeout: 20s
//! cpu: none
//! expect: out_of_memory
//! why: which ends the run where there is time enough
{ const a = []; for (;;) a.push(new Array(1000).fill(0)); }

//! case: untrusted-eval
//! preset: untrusted
//! expect: exception EvalError
//! why: eval is refused
eval('1');

//! case: untrusted-eval-indirect
//! preset: untrusted
//! expect: exception EvalError
//! why: indirectly, too
(0, eval)('1');

//! case: untrusted-function
//! preset: untrusted
//! expect: exception EvalError
//! why: so are functions from text
new Function('return 1')();

//! case: untrusted-function-constructor
//! preset: untrusted
//! expect: exception EvalError
//! why: by whatever way they are reached
(() => {}).constructor('return 1')();

//! case: untrusted-generator-constructor
//! preset: untrusted
//! expect: exception EvalError
//! why: those of generators
(function* () {}).constructor('yield 1');

//! case: untrusted-async-constructor
//! preset: untrusted
//! expect: exception EvalError
//! why: of async functions
(async () => {}).constructor('return 1');

//! case: untrusted-eval-object
//! preset: untrusted
//! expect: ok 1 or exception EvalError
//! why: an object that is no text is itself, as ECMA-262 says
eval({}) && 1;

//! case: untrusted-timer-text
//! preset: untrusted
//! options: timers
//! action: turn
//! expect: exception or ok undefined
//! why: text is no code for a timer
setTimeout('globalThis.x = 1'); 0;

//! case: untrusted-webassembly
//! preset: untrusted
//! expect: ok "undefined"
//! why: there is no WebAssembly
typeof WebAssembly;

//! case: untrusted-webassembly-hidden
//! preset: untrusted
//! expect: ok 0
//! why: nowhere
Object.getOwnPropertyNames(globalThis).filter((n) => /wasm|webassembly/i.test(n)).length;

//! case: untrusted-shared-memory
//! preset: untrusted
//! expect: ok "undefinedundefined"
//! why: there is no shared memory
typeof SharedArrayBuffer + typeof Atomics;

//! case: untrusted-clock
//! preset: untrusted
//! options: web
//! expect: ok true
//! why: the clock is a coarse one
let finest = Infinity, last = performance.now(); for (let i = 0; i < 1e5; ++i) { const now = performance.now(); if (now > last) finest = Math.min(finest, now - last); last = now; } finest >= 0.999;

//! case: untrusted-handles
//! preset: untrusted
//! action: keep
//! timeout: 5s
//! cpu: none
//! expect: too_many_handles
//! why: there are only so many handles
() => ({});

//! case: untrusted-timers
//! preset: untrusted
//! options: timers
//! expect: exception RangeError
//! why: only so many timers
for (;;) setTimeout(() => {}, 1e9);

//! case: untrusted-modules
//! preset: untrusted
//! action: module
//! timeout: 5s
//! cpu: none
//! expect: exception
//! why: only so many modules
(url) => `import '${url}a'; import '${url}b';`;

//! case: untrusted-console
//! preset: untrusted
//! options: console
//! timeout: 10s
//! cpu: none
//! expect: ok 1
//! why: only so much for the console
for (let i = 0; i < 1e4; ++i) console.log('x'.repeat(1000)); 1;

//! case: untrusted-useful
//! preset: untrusted
//! expect: ok "2,4,6"
//! why: what is left is a language to work with
[3, 1, 2].sort().map((x) => x * 2).join();

//! case: no-eval-alone
//! options: no_eval
//! expect: exception EvalError
//! why: the switch alone
eval('1');

//! case: no-eval-in-job
//! options: no_eval
//! action: promise
//! expect: exception EvalError
//! why: holds in promise reactions
Promise.resolve().then(() => eval('1'));

//! case: no-eval-bent
//! options: no_eval
//! expect: ok "EvalError"
//! why: and is no property that could be set
globalThis.eval = Function; try { globalThis.eval('return 7')(); } catch (e) { e.name; }

//! case: no-eval-own-scripts
//! options: no_eval web timers console
//! expect: ok "a"
//! why: what the library does itself goes on
structuredClone({ a: new URL('http://a/b').host }).a;

//! case: no-webassembly-alone
//! options: no_webassembly
//! expect: ok "undefined"
//! why: the switch alone
typeof WebAssembly;

//! case: no-shared-memory-alone
//! options: no_shared_memory
//! expect: ok "undefinedundefined"
//! why: the switch alone
typeof SharedArrayBuffer + typeof Atomics;

//! case: no-shared-memory-by-webassembly
//! options: no_shared_memory
//! expect: exception or ok "ArrayBuffer"
//! why: no shared memory comes by way of WebAssembly
new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer.constructor.name;

//! case: jitless-no-webassembly
//! options: jitless
//! expect: ok "undefined"
//! why: an engine without compilers has no WebAssembly
typeof WebAssembly;

//! case: jitless-works
//! options: jitless
//! timeout: 5s
//! expect: ok 4999950000
//! why: and does all else
let s = 0; for (let i = 0; i < 1e5; ++i) s += i; s;

//! case: no-signals-loop
//! options: no_signals
//! timeout: 200ms
//! expect: timeout
//! why: an engine without signals ends what looks up
for (;;);

//! case: clock-frozen
//! clock: frozen
//! expect: ok 0
//! why: a clock that stands still while a run lasts
const t = Date.now(); for (let i = 0; i < 3e6; ++i); Date.now() - t;

//! case: clock-frozen-new-date
//! clock: frozen
//! expect: ok 0
//! why: by each of its names
const t = +new Date(); for (let i = 0; i < 3e6; ++i); +new Date() - t + (new Date() - t);

//! case: clock-frozen-performance
//! options: web
//! clock: frozen
//! expect: ok 0
//! why: performance.now likewise
const t = performance.now(); for (let i = 0; i < 3e6; ++i); performance.now() - t;

//! case: clock-coarse
//! clock: 1s
//! expect: ok 0
//! why: a clock of a second
Date.now() % 1000;

//! case: clock-coarse-date
//! clock: 1s
//! expect: ok 0
//! why: for Date, too
new Date().getMilliseconds();

//! case: clock-coarse-intl
//! clock: 1s
//! expect: ok "000"
//! why: and for what formats the time
new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3 }).format();

//! case: timers-cap
//! options: timers
//! timers: 10
//! expect: ok "10RangeError"
//! why: the cap counts pending timers
let n = 0; try { for (;;) { setTimeout(() => {}, 1e9); ++n; } } catch (e) { n + e.name; }

//! case: timers-cap-cleared
//! options: timers
//! timers: 10
//! expect: ok 1
//! why: and those only
for (let i = 0; i < 1000; ++i) clearTimeout(setTimeout(() => {}, 1e9)); 1;

//! case: timers-cap-intervals
//! options: timers
//! timers: 10
//! expect: ok "10RangeError"
//! why: of each kind
let n = 0; try { for (;;) { n % 2 ? setInterval(() => {}, 1e9) : setImmediate(() => {}); ++n; } } catch (e) { n + e.name; }

//! case: console-cap-lines
//! options: console
//! timeout: 10s
//! console: 10KB
//! expect: ok 1
//! why: many short lines for the console
for (let i = 0; i < 1e5; ++i) console.log(i); 1;

//! case: console-cap-table
//! options: console
//! timeout: 10s
//! console: 10KB
//! expect: ok 1
//! why: large tables for the console
for (let i = 0; i < 10; ++i) console.table(Array.from({ length: 100 }, (_, i) => ({ i, j: i }))); 1;

//! case: console-groups
//! options: console
//! timeout: 10s
//! console: 10KB
//! expect: ok 1 or timeout or out_of_memory
//! why: groups without end
for (let i = 0; i < 1e5; ++i) console.group("x"); console.log("y"); 1;

//! case: console-counters
//! options: console
//! timeout: 5s
//! memory: 64MB
//! console: 10KB
//! expect: timeout or out_of_memory
//! after: full
//! why: counters and timers of the console without end
for (let i = 0; ; ++i) { console.count("c" + i); console.time("t" + i); }

//! case: console-flood
//! options: console
//! timeout: 200ms
//! expect: timeout
//! why: a flood of lines ends with the run
for (;;) console.log('x'.repeat(1000));

//! case: console-hostile
//! options: console
//! expect: ok 1
//! why: what is logged is not asked anything
console.log({ get x() { for (;;); } }, new Proxy({}, { get() { for (;;); } })); 1;

//! case: console-format-bent
//! options: console
//! timeout: 200ms
//! expect: ok 1 or timeout
//! why: formats and their arguments
console.log('%s %d %i %f %j %o %O %c %%', ...Array.from({ length: 9 }, () => ({ toString() { for (;;); }, valueOf() { for (;;); } }))); 1;

//! case: handles-cap-host-results
//! action: keep
//! handles: 100
//! expect: too_many_handles
//! why: the cap of handles holds for what the host keeps
() => Symbol("s");

//! case: process-intact
//! expect: ok ""
//! why: what processes have is out of reach
['process', 'require', 'module', 'Buffer', 'Deno', 'global', 'load', 'print', 'read', 'quit', 'd8', 'gc'].filter((n) => n in globalThis).join();

//! case: natives-syntax
//! expect: syntax_error
//! why: the engine's own syntax is an error
%DebugPrint(1);

"""###
  ),
  (
    "confusion",
###"""
// Guests that bend the language under the feet of their host.

//! case: array-prototype-setter
//! expect: ok 1
//! why: elements are not set by the guest's setters
for (const i of [0, 1, 2]) Object.defineProperty(Array.prototype, i, { set() { for (;;); }, get() { for (;;); }, configurable: true }); 1;

//! case: array-prototype-methods
//! expect: ok 1
//! why: methods of arrays are not the host's tools
for (const n of Object.getOwnPropertyNames(Array.prototype)) if (typeof Array.prototype[n] === 'function') Array.prototype[n] = () => { for (;;); }; 1;

//! case: array-prototype-inspect
//! action: inspect
//! expect: ok undefined
//! why: nor where it shows values
for (const n of Object.getOwnPropertyNames(Array.prototype)) if (typeof Array.prototype[n] === 'function') Array.prototype[n] = () => { for (;;); }; [1, { a: 2 }];

//! case: array-prototype-graph
//! action: graph
//! expect: ok undefined
//! why: nor where it encodes them
for (const n of Object.getOwnPropertyNames(Array.prototype)) if (typeof Array.prototype[n] === 'function') Array.prototype[n] = () => { for (;;); }; [1, { a: 2 }];

//! case: object-prototype-getters
//! expect: ok 1
//! why: getters on Object.prototype are not taken for options
for (const n of ['value', 'get', 'set', 'writable', 'enumerable', 'configurable', 'then', 'length', 'source', 'type', 'exports', 'url', 'message', 'stack', 'cause', 'signal', 'transfer', 'once']) Object.defineProperty(Object.prototype, n, { __proto__: null, get() { for (;;); }, set() { for (;;); } }); 1;

//! case: object-prototype-keys
//! action: keys
//! expect: ok 1
//! why: nor enumerated
Object.prototype.bad = 1; ({ x: 1 });

//! case: object-prototype-proxy
//! action: keys
//! expect: ok 0
//! why: a prototype that is a Proxy where there was an ordinary one
const o = Object.setPrototypeOf({}, new Proxy({}, { get() { for (;;); }, has() { for (;;); }, ownKeys() { for (;;); } })); o;

//! case: promise-then
//! action: promise
//! expect: ok 1
//! why: Promise.prototype.then is not what settles promises
Promise.prototype.then = () => { for (;;); }; Promise.resolve = null; Promise.reject = null; Promise.resolved = 1; (async () => 1)();

//! case: promise-constructor
//! action: promise
//! expect: ok 1
//! why: nor is globalThis.Promise
globalThis.Promise = function () { for (;;); }; (async () => 1)();

//! case: promise-timers
//! options: timers
//! action: turn
//! expect: ok undefined
//! why: nor in timers
Promise.prototype.then = () => { for (;;); }; setTimeout(() => {}); queueMicrotask(() => {}); 0;

//! case: symbol-iterator
//! options: console
//! expect: ok 1 or exception TypeError
//! why: Array.prototype[Symbol.iterator] is not how the host walks
Array.prototype[Symbol.iterator] = function* () { for (;;) yield 1; }; console.log([1, 2], new Map([[1, 2]]), new Set([1])); 1;

//! case: iterator-next
//! options: web
//! expect: ok 1
//! why: nor the next of iterators
Object.getPrototypeOf([][Symbol.iterator]()).next = () => { for (;;); }; Object.getPrototypeOf(new Map().entries()).next = () => { for (;;); }; new URLSearchParams('a=1').get('a') * 1;

//! case: json-replaced
//! action: json
//! expect: ok "{.a.:1}" or ok
//! why: JSON is the engine's and not the guest's
JSON.stringify = JSON.parse = () => { for (;;); }; globalThis.JSON = null; ({ a: 1 });

//! case: function-call
//! action: call
//! expect: ok 1
//! why: Function.prototype.call and apply are not how the host calls
Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => { for (;;); }; Reflect.apply = () => { for (;;); }; () => 1;

//! case: function-call-web
//! options: web timers console
//! expect: ok 1
//! why: nor how the web's functions do
Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => { for (;;); }; Reflect.apply = () => { for (;;); }; new URL('http://a/').host === 'a' && structuredClone(1);

//! case: string-prototype-bent
//! options: web
//! expect: ok 1
//! why: methods of strings bent before the web's functions run
for (const n of Object.getOwnPropertyNames(String.prototype)) if (typeof String.prototype[n] === 'function') String.prototype[n] = () => { for (;;); }; new URL('http://a/b?c#d').host === 'a' && atob(btoa('x')) === 'x' ? 1 : 0;

//! case: regexp-prototype-bent
//! options: web
//! expect: ok 1
//! why: and of regular expressions
for (const n of Reflect.ownKeys(RegExp.prototype)) { try { RegExp.prototype[n] = () => { for (;;); }; } catch {} } Object.defineProperty(RegExp.prototype, 'exec', { get() { for (;;); } }); Object.defineProperty(RegExp.prototype, 'flags', { get() { for (;;); } }); new URL('http://a/b').host === 'a' ? 1 : 0;

//! case: map-prototype-bent
//! options: web console
//! timeout: 500ms
//! expect: ok 1 or exception
//! why: and of Maps and Sets
for (const C of [Map, Set, WeakMap, WeakSet]) for (const n of Object.getOwnPropertyNames(C.prototype)) { const d = Object.getOwnPropertyDescriptor(C.prototype, n); if (typeof d.value === 'function' && n !== 'constructor') C.prototype[n] = () => { for (;;); }; } new EventTarget().addEventListener('x', () => {}); console.count('x'); console.log(new Map([]), 1); structuredClone({ a: 1 }).a;

//! case: globals-deleted
//! expect: ok 1
//! why: a global object without anything
{ const all = globalThis; for (const n of Reflect.ownKeys(all)) delete all[n]; } 1;

//! case: globals-deleted-inspect
//! action: inspect
//! expect: ok undefined
//! why: and the host looks at a value
{ const all = globalThis; for (const n of Reflect.ownKeys(all)) delete all[n]; } [{ a: 1 }];

//! case: globals-deleted-promise
//! options: timers web console
//! action: promise
//! expect: ok 1
//! why: and waits for a promise
const make = async () => 1; { const all = globalThis; for (const n of Reflect.ownKeys(all)) delete all[n]; } make();

//! case: globals-deleted-module
//! action: module
//! expect: ok undefined
//! why: and imports a module
{ const all = globalThis; for (const n of Reflect.ownKeys(all)) delete all[n]; } () => 'export const x = 1;';

//! case: global-frozen
//! expect: ok 1 or exception TypeError
//! why: a global object that is frozen
Object.freeze(globalThis); Object.freeze(Object.prototype); Object.freeze(Array.prototype); 1;

//! case: global-prototype
//! expect: ok 1 or exception TypeError
//! why: a global object whose prototype is a Proxy
Object.setPrototypeOf(globalThis, new Proxy({}, { get() { return undefined; }, has: () => true })); 1;

//! case: caller
//! expect: ok 1
//! why: the caller of a function is not to be had
(function f() { return f.caller; })() === null ? 1 : 0;

//! case: callee
//! expect: exception TypeError
//! why: nor is that of a strict one
'use strict'; (function () { return arguments.callee; })();

//! case: call-sites
//! options: web
//! expect: ok 1
//! why: call sites give no function and no `this` of the library's
Error.prepareStackTrace = (e, sites) => sites.map((s) => [s.getFunction(), s.getThis()].filter((x) => x !== undefined && x !== globalThis)); const found = structuredClone ? (() => { try { structuredClone({ get x() { return new Error('x').stack; } }); } catch {} return new Error('y').stack; })() : []; Array.isArray(found) ? 1 : 0;

//! case: call-sites-constructor
//! expect: ok 1
//! why: call sites are no way out of the context
Error.prepareStackTrace = (e, sites) => sites[0].constructor; const C = new Error('x').stack; C === undefined || C.constructor === Function ? 1 : 0;

//! case: call-sites-eval-origin
//! expect: ok 1
//! why: nor are their origins
Error.prepareStackTrace = (e, sites) => sites.map((s) => String(s.getEvalOrigin()) + s.getFileName()).join(); new Error('x').stack.includes('native/') ? 0 : 1;

//! case: constructor-walk
//! options: timers console web
//! expect: ok 0
//! why: the constructors of all that there is are this context's own
const seen = new Set(); const F = Function; let foreign = 0; (function walk(o, n) { if (n > 6 || (typeof o !== 'object' && typeof o !== 'function') || o === null || seen.has(o)) return; seen.add(o); if (typeof o === 'function' && !(o instanceof F) && o !== F.prototype) ++foreign; for (const k of Reflect.ownKeys(o)) { let d; try { d = Reflect.getOwnPropertyDescriptor(o, k); } catch { continue; } if (!d) continue; walk(d.value, n + 1); walk(d.get, n + 1); walk(d.set, n + 1); } walk(Object.getPrototypeOf(o), n + 1); })(globalThis, 0); foreign;

//! case: errors-of-own-context
//! options: timers web
//! expect: ok 0
//! why: errors of the web's functions are this context's
let foreign = 0; for (const f of [() => new URL('x'), () => atob('\u0101'), () => structuredClone(() => {}), () => setTimeout(), () => new TextDecoder('x'), () => crypto.getRandomValues(1)]) { try { f(); } catch (e) { if (!(e instanceof Error)) ++foreign; if (e.constructor.constructor !== Function) ++foreign; } } foreign;

//! case: errors-of-overflow
//! options: console web
//! timeout: 5s
//! expect: ok 0 or exception RangeError
//! why: so are those where the stack is used up in them
let foreign = 0; function f() { try { f(); } catch { for (const g of [() => new URL('x'), () => structuredClone({}), () => console.log({})]) try { g(); } catch (e) { if (!(e instanceof Error)) ++foreign; } } } f(); foreign;

//! case: host-function-constructor
//! options: timers console web
//! expect: ok 1
//! why: a function of the library's has no constructor of another context
setTimeout.constructor === Function && console.log.constructor === Function ? 1 : 0;

//! case: host-function-bent
//! options: timers console web
//! expect: ok 1
//! why: functions of the library's called on anything
let n = 0; for (const f of [setTimeout, clearTimeout, structuredClone, atob, btoa, queueMicrotask, console.log, console.table, crypto.getRandomValues, URL.prototype.toString, EventTarget.prototype.dispatchEvent, AbortSignal.prototype.throwIfAborted, TextDecoder.prototype.decode]) for (const a of [undefined, null, 0, '', Symbol('s'), 1n, {}, [], () => {}, new Proxy({}, {}), globalThis]) for (const t of [undefined, null, 1, {}, globalThis, Object.create(URL.prototype)]) { try { Reflect.apply(f, t, [a, a, a]); } catch { ++n; } } 1;

//! case: host-function-new
//! options: timers console web
//! expect: ok 1
//! why: and constructed
let n = 0; for (const f of [setTimeout, atob, console.log, structuredClone]) try { new f(); } catch (e) { n += e instanceof TypeError; } 1;

//! case: class-extends-library
//! options: web timers
//! expect: ok 1
//! why: and extended
for (const C of [URL, URLSearchParams, TextEncoder, TextDecoder, EventTarget, Event, AbortController, DOMException]) { class D extends C { constructor(...a) { super(...a); } } try { new D('x', 'http://a/'); } catch {} try { Reflect.construct(C, ['x'], Object.assign(function () {}, { prototype: null })); } catch {} } 1;

//! case: species-bent
//! expect: ok 1
//! why: species of typed arrays that give the wrong thing
class A extends Uint8Array { static get [Symbol.species]() { return function () { return new Uint8Array(1); }; } } try { new A(10).slice(); } catch {} 1;

//! case: length-changes
//! expect: ok 1
//! why: an array that is emptied while it is read
const a = [1, 2, 3, { toString() { a.length = 0; return 'x'; } }, 5]; a.join() === '1,2,3,x,' ? 1 : 0;

//! case: length-changes-json
//! action: json
//! expect: ok "[1,2,null]"
//! why: while JSON is made of it
const a = [1, { toJSON() { a.length = 0; return 2; } }, 3]; a;

//! case: sort-changes
//! expect: ok 1
//! why: an array that is emptied while it is sorted
const a = Array.from({ length: 100 }, (_, i) => 100 - i); a.sort(() => { a.length = 0; return 1; }); 1;

//! case: buffer-detached
//! options: web
//! expect: ok 1
//! why: a buffer that is detached while it is filled
const u = new Uint8Array(1000); try { u.fill({ valueOf() { structuredClone(u.buffer, { transfer: [u.buffer] }); return 1; } }); } catch {} u.length === 0 ? 1 : 0;

//! case: buffer-detached-sort
//! options: web
//! expect: ok 1
//! why: while it is sorted
const u = new Uint8Array(1000); let once = 0; try { u.sort(() => { if (!once++) structuredClone(u.buffer, { transfer: [u.buffer] }); return 0; }); } catch {} 1;

//! case: buffer-detached-encode
//! options: web
//! expect: ok 1
//! why: while the library writes into it
const u = new Uint8Array(100); structuredClone(u.buffer, { transfer: [u.buffer] }); try { new TextEncoder().encodeInto('x', u); crypto.getRandomValues(u); new TextDecoder().decode(u); } catch {} 1;

//! case: clone-getters
//! options: web
//! expect: ok 1
//! why: structuredClone of what changes while it is read
const o = { get a() { delete o.b; o.c = o; return 1; }, b: 2 }; structuredClone(o).a;

//! case: clone-transfer-twice
//! options: web
//! expect: ok 1
//! why: transfers that make no sense
const b = new ArrayBuffer(8); let n = 0; for (const t of [[b, b], [{}], [1], { length: 2 ** 32 }, new Proxy([b], { get() { throw 1; } })]) try { structuredClone(1, { transfer: t }); } catch { ++n; } n > 2 ? 1 : 0;

//! case: getter-on-index
//! action: json
//! expect: ok "[1,2,null]" or ok
//! why: a getter on an index of an array that the host reads
const a = [1, 2, 3]; Object.defineProperty(a, 1, { get() { a.length = 1; return 2; } }); a;

//! case: well-known-symbols
//! expect: ok 1
//! why: well-known symbols on everything
for (const n of ['iterator', 'asyncIterator', 'toPrimitive', 'toStringTag', 'hasInstance', 'isConcatSpreadable', 'species', 'unscopables', 'match', 'replace', 'search', 'split']) for (const o of [Object.prototype, Function.prototype]) try { Object.defineProperty(o, Symbol[n], { get() { throw new Error('asked'); }, configurable: true }); } catch {} 1;

//! case: lock-down
//! options: timers console web
//! timeout: 5s
//! expect: ok 1 or exception TypeError
//! why: all that there is, frozen
(function freeze(o, seen) { if ((typeof o !== 'object' && typeof o !== 'function') || o === null || seen.has(o)) return; seen.add(o); Object.freeze(o); for (const k of Reflect.ownKeys(o)) { const d = Reflect.getOwnPropertyDescriptor(o, k); freeze(d.value, seen); freeze(d.get, seen); freeze(d.set, seen); } freeze(Object.getPrototypeOf(o), seen); })(globalThis, new Set()); 1;

//! case: let-shadows
//! expect: ok 1
//! why: names at the top level that the library uses itself
let undefined_ = 1, Promise_ = 2; const Symbol_ = 3; var Array = 1, Object = 2, Error = 3, TypeError = 4, RangeError = 5, Function = 6, Map = 7, String = 8; 1;

//! case: document-all
//! expect: ok 1
//! why: objects that say they are undefined
[, ...[null]].length === 2 ? 1 : 0;

//! case: weird-text
//! expect: ok
//! why: text with lone surrogates and NULs
'\u0000\ud800\udc00\ud800';

//! case: weird-text-keys
//! action: keys
//! expect: ok 4
//! why: as names of properties
({ '\u0000': 1, '\ud800': 2, '': 3, __proto__: null, 'constructor': 4 });

//! case: proto-property
//! expect: ok 1
//! why: __proto__ as a name of JSON
JSON.parse('{"__proto__": { "x": 1 }}').x === undefined ? 1 : 0;

//! case: proto-graph
//! action: graph
//! expect: ok undefined
//! why: __proto__ in a graph is a property
JSON.parse('{"__proto__": { "polluted": 1 }, "constructor": { "prototype": { "polluted": 1 } }}');

//! case: weak-keys-collected
//! expect: ok 1
//! why: what is collected while the host looks
globalThis.w = Array.from({ length: 1000 }, () => new WeakRef({})); new Array(1e6).fill({}); w.filter((r) => r.deref()).length >= 0 ? 1 : 0;

//! case: resurrect
//! action: turn
//! expect: ok undefined
//! why: a finalizer that brings back what it has got
globalThis.r = new FinalizationRegistry((held) => (globalThis.back = held)); r.register({}, {}); for (let i = 0; i < 50; ++i) new Array(1e5).fill({}); 0;

//! case: unhandled-bent
//! action: turn
//! expect: exception Error
//! why: rejections that change what is rejected
const p = Promise.reject(new Error('x')); Promise.prototype.catch = () => { for (;;); }; p.catch = 1; 0;

"""###
  ),
  (
    "conversion",
###"""
// What the host asks of a value runs guest code, within the limits.

//! case: host-to-string-loop
//! action: to_string
//! timeout: 200ms
//! expect: timeout
//! why: String(value) runs toString
({ toString() { for (;;); } });

//! case: host-value-of-loop
//! action: to_string
//! timeout: 200ms
//! expect: timeout
//! why: or valueOf
({ toString: null, valueOf() { for (;;); } });

//! case: host-to-primitive-loop
//! action: to_string
//! timeout: 200ms
//! expect: timeout
//! why: or Symbol.toPrimitive
({ [Symbol.toPrimitive]() { for (;;); } });

//! case: host-to-string-throws
//! action: to_string
//! timeout: 200ms
//! expect: exception RangeError
//! why: what toString throws is an exception
({ toString() { throw new RangeError('x'); } });

//! case: host-to-string-object
//! action: to_string
//! timeout: 200ms
//! expect: exception TypeError
//! why: a toString that gives objects
({ toString: () => ({}), valueOf: () => ({}) });

//! case: host-to-string-giant
//! action: to_string
//! timeout: 5s
//! expect: ok or out_of_memory or exception RangeError or too_large or host_out_of_memory or engine_dead
//! after: either
//! why: a string of the greatest length
({ toString: () => 'x'.repeat(2 ** 29 - 24) });

//! case: host-to-string-array-cycle
//! action: to_string
//! timeout: 200ms
//! expect: ok ","
//! why: an array that contains itself
const a = []; a.push(a, a); a;

//! case: host-to-string-symbol
//! action: to_string
//! timeout: 200ms
//! expect: ok "Symbol(s)"
//! why: a symbol has a description
Symbol("s");

//! case: host-to-string-bare
//! action: to_string
//! timeout: 200ms
//! expect: exception TypeError
//! why: an object without a prototype
Object.create(null);

//! case: host-get-loop
//! action: get
//! timeout: 200ms
//! expect: timeout
//! why: a getter
({ get x() { for (;;); } });

//! case: host-get-trap-loop
//! action: get
//! timeout: 200ms
//! expect: timeout
//! why: the get trap
new Proxy({}, { get() { for (;;); } });

//! case: host-get-revoked
//! action: get
//! timeout: 200ms
//! expect: exception TypeError
//! why: a Proxy that was revoked
const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); proxy;

//! case: host-get-prototype-chain
//! action: get
//! timeout: 5s
//! expect: ok undefined
//! why: a prototype chain of a hundred thousand
let o = {}; for (let i = 0; i < 1e5; ++i) o = Object.create(o); o;

//! case: host-get-recursive
//! action: get
//! timeout: 1s
//! expect: exception RangeError
//! why: a getter that recurses
({ get x() { return this.x; } });

//! case: host-set-loop
//! action: set
//! timeout: 200ms
//! expect: timeout
//! why: a setter
({ set x(v) { for (;;); } });

//! case: host-set-trap-loop
//! action: set
//! timeout: 200ms
//! expect: timeout
//! why: the set trap
new Proxy({}, { set() { for (;;); } });

//! case: host-set-frozen
//! action: set
//! timeout: 200ms
//! expect: exception TypeError
//! why: a refusal is an exception
Object.freeze({});

//! case: host-has-trap-loop
//! action: has
//! timeout: 200ms
//! expect: timeout
//! why: the has trap
new Proxy({}, { has() { for (;;); } });

//! case: host-delete-trap-loop
//! action: delete
//! timeout: 200ms
//! expect: timeout
//! why: the deleteProperty trap
new Proxy({}, { deleteProperty() { for (;;); } });

//! case: host-delete-sealed
//! action: delete
//! timeout: 200ms
//! expect: ok false
//! why: what cannot be deleted stays
Object.seal({ x: 1 });

//! case: host-keys-trap-loop
//! action: keys
//! timeout: 200ms
//! expect: timeout
//! why: the ownKeys trap
new Proxy({}, { ownKeys() { for (;;); } });

//! case: host-keys-descriptor-loop
//! action: keys
//! timeout: 200ms
//! expect: timeout
//! why: and the getOwnPropertyDescriptor trap
new Proxy({}, { ownKeys: () => ['a'], getOwnPropertyDescriptor() { for (;;); } });

//! case: host-keys-lie
//! action: keys
//! timeout: 200ms
//! expect: exception TypeError
//! why: a Proxy that names a key twice
new Proxy({}, { ownKeys: () => ['a', 'a'] });

//! case: host-keys-million
//! action: keys
//! timeout: 5s
//! expect: ok 1000000
//! why: a million keys are a list of a million
new Uint8Array(1e6);

//! case: host-keys-giant
//! action: keys
//! timeout: 2s
//! expect: out_of_memory or timeout or too_large or engine_dead
//! after: either
//! why: more keys than the limit has room for
new Uint8Array(2 ** 25);

//! case: host-json-loop
//! action: json
//! timeout: 200ms
//! expect: timeout
//! why: toJSON
({ toJSON() { for (;;); } });

//! case: host-json-getter-loop
//! action: json
//! timeout: 200ms
//! expect: timeout
//! why: a getter in JSON
({ a: [{ get x() { for (;;); } }] });

//! case: host-json-cycle
//! action: json
//! timeout: 200ms
//! expect: exception TypeError
//! why: a cycle is an exception
const o = {}; o.o = o; o;

//! case: host-json-bigint
//! action: json
//! timeout: 200ms
//! expect: exception TypeError
//! why: a BigInt likewise
1n;

//! case: host-json-deep
//! action: json
//! timeout: 2s
//! expect: exception RangeError or timeout
//! why: nesting of a hundred thousand is one, too, if the engine gets that far: it looks for cycles in a list
let a = []; for (let i = 0; i < 1e5; ++i) a = [a]; a;

//! case: host-json-tree
//! action: json
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory or exception RangeError
//! after: either
//! why: a small graph that is a giant tree
let o = {}; for (let i = 0; i < 100; ++i) o = { a: o, b: o }; o;

//! case: host-json-proxy-endless
//! action: json
//! timeout: 500ms
//! expect: timeout or engine_dead or out_of_memory or exception RangeError
//! after: either
//! why: an array that says it is endless
new Proxy([], { get: (target, key) => (key === 'length' ? 2 ** 53 - 1 : 0) });

//! case: host-graph-getter-loop
//! action: graph
//! timeout: 200ms
//! expect: timeout
//! why: a getter in a graph
({ a: { get x() { for (;;); } } });

//! case: host-graph-trap-loop
//! action: graph
//! timeout: 200ms
//! expect: timeout or ok
//! why: a trap in a graph
[new Proxy({}, { ownKeys() { for (;;); } })];

//! case: host-graph-cycle
//! action: graph
//! timeout: 200ms
//! expect: ok undefined
//! why: cycles stay cycles
const o = { a: [] }; o.a.push(o, o.a); o;

//! case: host-graph-deep
//! action: graph
//! timeout: 5s
//! expect: too_large
//! why: deeper than the graph may be
let a = []; for (let i = 0; i < 1e5; ++i) a = [a]; a;

//! case: host-graph-holes
//! action: graph
//! timeout: 500ms
//! expect: ok or timeout or too_large or out_of_memory or engine_dead
//! after: either
//! why: an array of holes, for which nothing has to be stored
new Array(2 ** 32 - 1);

//! case: host-graph-lying-length
//! action: graph
//! timeout: 200ms
//! expect: ok
//! why: a getter that changes the array that is read
const a = [1, 2, 3]; Object.defineProperty(a, 0, { get() { a.length = 0; a.push(...Array(1000).keys()); return 1; }, enumerable: true }); a;

//! case: host-graph-detaches
//! action: graph
//! timeout: 200ms
//! expect: ok
//! why: a getter that changes the object that is read
const o = { get a() { delete o.b; o.c = 1; return 1; }, b: 2 }; o;

//! case: host-graph-handles
//! action: graph
//! timeout: 10s
//! handles: 1000
//! expect: ok or too_many_handles or out_of_memory
//! why: a million functions cross as handles
Array.from({ length: 1e6 }, () => () => 1);

//! case: host-inspect-getter
//! action: inspect
//! timeout: 200ms
//! expect: ok
//! why: looking at an object calls no getter
({ get x() { for (;;); }, get [Symbol.toStringTag]() { for (;;); } });

//! case: host-inspect-proxy
//! action: inspect
//! timeout: 200ms
//! expect: ok
//! why: nor a trap
new Proxy({}, { get() { for (;;); }, ownKeys() { for (;;); }, getPrototypeOf() { for (;;); } });

//! case: host-inspect-custom
//! action: inspect
//! timeout: 200ms
//! expect: ok
//! why: nor a method that Node would call
({ [Symbol.for('nodejs.util.inspect.custom')]() { for (;;); }, inspect() { for (;;); } });

//! case: host-inspect-deep
//! action: inspect
//! timeout: 2s
//! expect: ok or timeout or exception RangeError or out_of_memory
//! why: all levels of a hundred thousand
let a = []; for (let i = 0; i < 1e5; ++i) a = [a]; a;

//! case: host-inspect-tree
//! action: inspect
//! timeout: 500ms
//! expect: timeout or ok or out_of_memory or exception RangeError or engine_dead
//! after: either
//! why: a small graph that is a giant tree
let o = {}; for (let i = 0; i < 100; ++i) o = { a: o, b: o }; o;

//! case: host-inspect-giant
//! action: inspect
//! timeout: 2s
//! expect: ok
//! why: lists are cut short
new Uint8Array(2 ** 25);

//! case: host-call-loop
//! action: call
//! timeout: 200ms
//! expect: timeout
//! why: a function that never returns
() => { for (;;); };

//! case: host-call-proxy
//! action: call
//! timeout: 200ms
//! expect: timeout
//! why: the apply trap
new Proxy(() => {}, { apply() { for (;;); } });

//! case: host-call-bound-chain
//! action: call
//! timeout: 5s
//! expect: ok 1 or exception RangeError
//! why: a hundred thousand functions bound to each other
let f = () => 1; for (let i = 0; i < 1e5; ++i) f = f.bind(null); f;

//! case: host-call-class
//! action: call
//! timeout: 200ms
//! expect: exception TypeError
//! why: a class is no function to call
class C {} C;

//! case: host-construct-loop
//! action: construct
//! timeout: 200ms
//! expect: timeout
//! why: a constructor that never returns
function F() { for (;;); } F;

//! case: host-construct-new-target
//! action: construct
//! timeout: 200ms
//! expect: timeout
//! why: the prototype of new.target is a getter
new Proxy(function () {}, { get() { for (;;); } });

//! case: host-construct-arrow
//! action: construct
//! timeout: 200ms
//! expect: exception TypeError
//! why: an arrow is no constructor
() => 1;

//! case: host-call-array-giant
//! action: call
//! timeout: 5s
//! expect: ok
//! why: a result of a million elements crosses as one handle
() => new Array(1e6).fill(0);

//! case: host-call-string-rope
//! action: call
//! timeout: 10s
//! expect: ok
//! why: a result that is a rope of a million pieces
() => { let r = ''; for (let i = 0; i < 1e6; ++i) r = 'x' + r; return r; };

//! case: host-keep-objects
//! action: keep
//! timeout: 10s
//! memory: 64MB
//! expect: out_of_memory
//! after: usable
//! why: results that the host keeps count
() => new Array(1000).fill(0);

//! case: host-keep-handles
//! action: keep
//! timeout: 5s
//! handles: 1000
//! expect: too_many_handles
//! why: there are only so many handles
() => ({});

//! case: host-keep-strings
//! action: keep
//! timeout: 5s
//! memory: 64MB
//! expect: ok undefined
//! why: text is the host's own
() => 'text';

"""###
  ),
  (
    "depth",
###"""
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
//! expect: ok 1 or exception RangeError or engine_dead
//! after: either
//! why: and does a lot where there is no stack left; V8 gives up where a regular expression is compiled there
(function f() { try { f(); } catch { new Intl.DateTimeFormat("de"); JSON.parse("[[[1]]]"); /(a+)+b/.test("aaaa"); [3, 2, 1].sort(); } })(); 1;

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
//! expect: ok or exception RangeError or out_of_memory
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

"""###
  ),
  (
    "errors",
###"""
// Errors that fight back when they are thrown, described or kept.

//! case: throw-message-getter
//! timeout: 200ms
//! expect: exception
//! why: describing an error does not call a getter on `message`
throw Object.defineProperty(new Error('x'), 'message', { get() { for (;;); } });

//! case: throw-name-getter
//! timeout: 200ms
//! expect: exception
//! why: describing an error does not call a getter on `name`
throw Object.defineProperty(new Error('x'), 'name', { get() { for (;;); } });

//! case: throw-stack-getter
//! timeout: 200ms
//! expect: exception
//! why: describing an error does not call a getter on `stack`
throw Object.defineProperty(new Error('x'), 'stack', { get() { for (;;); } });

//! case: throw-cause-getter
//! timeout: 200ms
//! expect: exception
//! why: describing an error does not call a getter on `cause`
throw Object.defineProperty(new Error('x'), 'cause', { get() { for (;;); } });

//! case: throw-constructor-getter
//! timeout: 200ms
//! expect: exception
//! why: describing an error does not call a getter on `constructor`
throw Object.defineProperty(new Error('x'), 'constructor', { get() { for (;;); } });

//! case: throw-tostring-getter
//! timeout: 200ms
//! expect: exception
//! why: describing an error does not call a getter on `toString`
throw Object.defineProperty(new Error('x'), 'toString', { get() { for (;;); } });

//! case: throw-getter-prototype
//! timeout: 200ms
//! expect: exception
//! why: nor one on the prototype
Object.defineProperty(Error.prototype, 'name', { get() { for (;;); } });
throw new Error('x');

//! case: throw-to-string-loop
//! timeout: 200ms
//! expect: exception
//! why: what is thrown and is no Error is not converted
throw { toString() { for (;;); }, get message() { for (;;); } };

//! case: throw-proxy
//! timeout: 200ms
//! expect: exception
//! why: a Proxy that is thrown is not asked for anything
throw new Proxy(new Error("x"), { get() { for (;;); }, has() { for (;;); }, getPrototypeOf() { for (;;); }, getOwnPropertyDescriptor() { for (;;); } });

//! case: throw-proxy-prototype
//! timeout: 200ms
//! expect: exception
//! why: nor one that is a prototype
throw Object.setPrototypeOf(new Error("x"), new Proxy({}, { get() { for (;;); }, getPrototypeOf() { for (;;); } }));

//! case: throw-cause-cycle
//! timeout: 200ms
//! expect: exception Error
//! why: causes that go round
const e = new Error("x"); e.cause = e; throw e;

//! case: throw-cause-chain
//! timeout: 20s
//! expect: exception Error
//! why: a chain of a hundred thousand causes
let e = new Error("x"); for (let i = 0; i < 1e5; ++i) e = new Error("y", { cause: e }); throw e;

//! case: throw-cause-proxy
//! timeout: 200ms
//! expect: exception Error
//! why: a cause that is a Proxy
throw new Error("x", { cause: new Proxy(new Error("y"), { get() { for (;;); } }) });

//! case: throw-undefined
//! timeout: 200ms
//! expect: exception
//! why: undefined
throw undefined;

//! case: throw-symbol
//! timeout: 200ms
//! expect: exception
//! why: a symbol
throw Symbol("s");

//! case: throw-bare
//! timeout: 200ms
//! expect: exception
//! why: an object without a prototype
throw Object.create(null);

//! case: throw-revoked
//! timeout: 200ms
//! expect: exception
//! why: a Proxy that was revoked
const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy;

//! case: throw-giant-message
//! timeout: 2s
//! expect: exception Error
//! why: a message of many millions of letters
throw new Error('x'.repeat(2 ** 24));

//! case: throw-giant-string
//! timeout: 5s
//! expect: exception or out_of_memory or engine_dead
//! after: either
//! why: a thrown string of the greatest length
throw 'x'.repeat(2 ** 29 - 24);

//! case: throw-rope
//! timeout: 10s
//! expect: exception Error
//! why: a message that is a rope of a million pieces
let r = ''; for (let i = 0; i < 1e6; ++i) r = 'x' + r; throw new Error(r);

//! case: throw-many-frames
//! timeout: 5s
//! expect: exception Error
//! why: a stack of ten thousand frames
Error.stackTraceLimit = Infinity; (function f(n) { if (n) f(n - 1); else throw new Error("x"); })(5000);

//! case: throw-giant-name
//! timeout: 5s
//! expect: exception Error
//! why: names of functions are the guest's
const f = { ['x'.repeat(2 ** 20)]() { throw new Error('x'); } }; (function g(n) { if (n) g(n - 1); else Object.values(f)[0](); })(8);

//! case: throw-bent-frames
//! timeout: 200ms
//! expect: exception Error
//! why: functions with bent names
function f() { throw new Error('x'); } Object.defineProperty(f, 'name', { get() { for (;;); } }); f();

//! case: prepare-stack-trace-loop
//! timeout: 200ms
//! expect: exception Error or timeout
//! why: Error.prepareStackTrace runs within the limits or not at all
Error.prepareStackTrace = () => { for (;;); }; throw new Error("x");

//! case: prepare-stack-trace-read
//! timeout: 200ms
//! expect: timeout or ok
//! why: and when the guest itself reads the stack
Error.prepareStackTrace = () => { for (;;); }; new Error("x").stack;

//! case: prepare-stack-trace-throws
//! timeout: 200ms
//! expect: exception Error
//! why: one that throws
Error.prepareStackTrace = () => { throw new Error("y"); }; throw new Error("x");

//! case: prepare-stack-trace-recurses
//! timeout: 200ms
//! expect: exception
//! why: one that throws errors whose stacks are prepared
Error.prepareStackTrace = (e) => new Error("y").stack; throw new Error("x");

//! case: prepare-stack-trace-getter
//! timeout: 200ms
//! expect: exception Error or timeout
//! why: one that is a getter
Object.defineProperty(Error, "prepareStackTrace", { get() { for (;;); } }); throw new Error("x");

//! case: stack-trace-limit-getter
//! timeout: 200ms
//! expect: exception Error or timeout
//! why: stackTraceLimit as a getter
Object.defineProperty(Error, "stackTraceLimit", { get() { for (;;); } }); throw new Error("x");

//! case: stack-trace-limit-odd
//! timeout: 200ms
//! expect: exception Error
//! why: stackTraceLimit as anything
for (const limit of [NaN, -1, 2 ** 53, "x", {}, Infinity]) { Error.stackTraceLimit = limit; new Error("x").stack; } throw new Error("y");

//! case: stack-frozen
//! timeout: 200ms
//! expect: exception Error
//! why: an error that is frozen
throw Object.freeze(new Error("x"));

//! case: stack-deleted
//! timeout: 200ms
//! expect: exception Error
//! why: an error without a stack
const e = new Error("x"); delete e.stack; throw e;

//! case: stack-is-object
//! timeout: 200ms
//! expect: exception
//! why: a stack that is no text
const e = new Error("x"); e.stack = { toString() { for (;;); } }; e.message = { toString() { for (;;); } }; e.name = Symbol("n"); throw e;

//! case: syntax-error-giant-line
//! timeout: 5s
//! expect: exception SyntaxError
//! why: a syntax error in a line of many millions
eval('"' + 'x'.repeat(2 ** 24));

//! case: syntax-error
//! timeout: 200ms
//! expect: syntax_error
//! why: source text that does not compile is told of as such
for (;;) {

//! case: source-map-comment
//! timeout: 200ms
//! expect: exception Error
//! why: a comment that names a source map elsewhere is nothing but a comment
throw new Error("x");
//# sourceMappingURL=file:///etc/passwd
//# sourceURL=/etc/passwd

//! case: source-url-giant
//! timeout: 2s
//! expect: exception Error
//! why: a sourceURL of a million letters
eval('throw new Error(1)\n//# sourceURL=' + 'x'.repeat(2 ** 20));

//! case: overflow-in-to-string
//! action: to_string
//! timeout: 2s
//! expect: exception RangeError
//! why: the stack overflows while the host converts
({ toString() { return `${this}`; } });

//! case: overflow-in-description
//! timeout: 500ms
//! expect: exception or timeout or engine_dead
//! after: either
//! why: finally blocks that throw are unwound without looking up, and each throw walks the whole stack
(function f() { try { f(); } finally { throw new Error("x", { cause: new Error("y") }); } })();

//! case: throw-in-loop
//! action: turn
//! timeout: 2s
//! expect: exception Error
//! why: a thousand errors a turn, none of which is handled
for (let i = 0; i < 1000; ++i) Promise.reject(new Error("x")); 0;

//! case: reject-hostile
//! action: promise
//! timeout: 200ms
//! expect: exception
//! why: a rejection that fights back
Promise.reject(Object.defineProperty(new Error("x"), "message", { get() { for (;;); } }));

//! case: aggregate-error-cycle
//! timeout: 200ms
//! expect: exception AggregateError
//! why: an AggregateError that holds itself
const e = new AggregateError([], "x"); e.errors.push(e, e); throw e;

//! case: dom-exception-hostile
//! options: web
//! timeout: 200ms
//! expect: exception
//! why: a DOMException with a bent prototype
Object.defineProperty(DOMException.prototype, 'name', { get() { for (;;); } }); throw new DOMException('x');

"""###
  ),
  (
    "giants",
###"""
// Built-in functions on giant text, numbers and buffers, most of which do not look up either.

//! case: bigint-power
//! timeout: 200ms
//! expect: exception RangeError
//! after: usable
//! why: a BigInt of a billion bits is too large
2n ** (2n ** 40n);

//! case: bigint-power-largest
//! timeout: 200ms
//! expect: timeout or engine_dead or exception RangeError or out_of_memory
//! after: either
//! why: the largest power that there can be
3n ** (2n ** 29n);

//! case: bigint-multiply
//! timeout: 200ms
//! expect: timeout or engine_dead or exception RangeError or out_of_memory
//! after: either
//! why: products of giants
let b = 3n; for (;;) b *= b;

//! case: bigint-divide
//! timeout: 200ms
//! expect: timeout or engine_dead or exception RangeError or out_of_memory
//! after: either
//! why: division of giants
const b = (1n << (2n ** 28n)) / 7n; for (;;) (b * 3n) % (b >> 7n);

//! case: bigint-to-string
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory
//! after: either
//! why: the decimal digits of a giant
((1n << (2n ** 28n)) - 1n).toString();

//! case: bigint-to-string-radix
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory
//! after: either
//! why: its digits to another base
((1n << (2n ** 27n)) - 1n).toString(7);

//! case: bigint-parse
//! timeout: 200ms
//! expect: timeout or engine_dead or exception RangeError or exception SyntaxError or out_of_memory
//! after: either
//! why: a BigInt from ten million digits
BigInt('9'.repeat(1e8));

//! case: string-index-of
//! timeout: 200ms
//! expect: timeout or engine_dead or ok -1
//! after: either
//! why: a search that is quadratic
('a'.repeat(2 ** 20) + 'b').repeat(16).indexOf('a'.repeat(2 ** 20) + 'c');

//! case: string-last-index-of
//! timeout: 200ms
//! expect: timeout or engine_dead or ok -1
//! after: either
//! why: backwards it is quadratic
'a'.repeat(2 ** 24).lastIndexOf('b' + 'a'.repeat(2 ** 22));

//! case: string-includes
//! timeout: 200ms
//! expect: timeout or engine_dead or ok
//! after: either
//! why: and with two-byte text
('\u0101'.repeat(2 ** 18)).repeat(16).includes('\u0101'.repeat(2 ** 20) + 'c');

//! case: string-normalize
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory or ok
//! after: either
//! why: normalizing a giant of marks that have to be sorted
'a\u0301\u0323'.repeat(2 ** 22).normalize('NFD').normalize('NFC');

//! case: string-locale-compare
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory or ok
//! after: either
//! why: comparing giants
const a = 'a\u0301'.repeat(2 ** 22); a.localeCompare(a + 'b', 'de');

//! case: string-upper-case
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory
//! after: either
//! why: the case of a giant in a locale
for (;;) '\u0131\u00df'.repeat(2 ** 20).toLocaleUpperCase('tr');

//! case: string-split-join
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory
//! after: either
//! why: splitting and joining a string of many millions
for (;;) 'ab'.repeat(2 ** 20).split('').join('');

//! case: string-replace-all
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory or exception RangeError or ok
//! after: either
//! why: replacing each letter of a giant
'x'.repeat(2 ** 24).replaceAll('x', '$&$&');

//! case: string-flatten
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory
//! after: either
//! why: a rope of a million pieces, flattened at once
let r = ''; for (let i = 0; i < 1e6; ++i) r = i + r; for (;;) { (r + 'x').charCodeAt(3); }

//! case: escape-giant
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory or exception RangeError
//! after: either
//! why: escaping a giant
for (;;) escape('\u0101'.repeat(2 ** 21));

//! case: encode-uri-giant
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory or exception RangeError
//! after: either
//! why: encoding a giant
for (;;) encodeURIComponent('\u0101'.repeat(2 ** 21));

//! case: parse-float-giant
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory
//! after: either
//! why: a number of a hundred million digits
for (;;) parseFloat('1'.repeat(2 ** 24));

//! case: json-parse-giant
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory or ok
//! after: either
//! why: JSON of 16 million elements
JSON.parse('[' + '0,'.repeat(2 ** 23) + '0]');

//! case: json-stringify-giant
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory
//! after: either
//! why: JSON of an array of a million objects
const a = Array.from({ length: 2 ** 18 }, (_, i) => ({ i })); for (;;) JSON.stringify(a);

//! case: json-stringify-holes
//! timeout: 200ms
//! expect: timeout or engine_dead or exception RangeError or out_of_memory
//! after: either
//! why: JSON of an array of holes
JSON.stringify(new Array(2 ** 32 - 1));

//! case: json-stringify-shared
//! timeout: 200ms
//! expect: timeout or engine_dead or exception RangeError or out_of_memory
//! after: either
//! why: JSON of a small graph that is a giant tree
let o = {}; for (let i = 0; i < 100; ++i) o = { a: o, b: o }; JSON.stringify(o);

//! case: typed-array-sort
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory or exception RangeError
//! after: either
//! why: sort of a typed array of 32 million
for (;;) new Float64Array(2 ** 22).map(Math.random).sort();

//! case: typed-array-fill
//! timeout: 200ms
//! expect: timeout or engine_dead or exception RangeError or out_of_memory
//! after: either
//! why: fill of a typed array, again and again
const a = new Uint8Array(2 ** 25); for (;;) a.fill(1);

//! case: typed-array-set
//! timeout: 200ms
//! expect: timeout or engine_dead or exception RangeError or out_of_memory or ok
//! after: either
//! why: set from an object with a giant length
new Uint8Array(2 ** 25).set({ length: 2 ** 25 });

//! case: typed-array-join
//! timeout: 200ms
//! expect: timeout or engine_dead or exception RangeError or out_of_memory or ok
//! after: either
//! why: join of a typed array of many millions
new Uint8Array(2 ** 25).join();

//! case: typed-array-index-of
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: a search in a typed array, again and again
const a = new Float64Array(2 ** 22); for (;;) a.lastIndexOf(1);

//! case: typed-array-from-iterator
//! timeout: 1s
//! expect: timeout or engine_dead or out_of_memory
//! after: either
//! why: a typed array from an endless iterator
new Uint8Array((function* () { for (;;) yield 1; })());

//! case: object-assign-giant
//! timeout: 500ms
//! expect: timeout or engine_dead or out_of_memory
//! after: either
//! why: copying a million properties again and again
const o = {}; for (let i = 0; i < 1e5; ++i) o["k" + i] = i; for (;;) Object.assign({}, o);

//! case: object-freeze-giant
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory or ok
//! after: either
//! why: freezing a giant
const a = new Array(2 ** 22).fill(0); Object.freeze(a);

//! case: object-entries-giant
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory
//! after: either
//! why: listing a typed array of many millions
Object.entries(new Uint8Array(2 ** 24));

//! case: own-keys-dictionary
//! timeout: 500ms
//! expect: timeout or engine_dead or out_of_memory
//! after: either
//! why: sorting the keys of a sparse array
const a = []; for (let i = 0; i < 1e5; ++i) a[(i * 7919) % 2 ** 32] = i; for (;;) Object.keys(a);

//! case: map-grow
//! timeout: 200ms
//! memory: 64MB
//! expect: timeout or engine_dead or out_of_memory or exception RangeError
//! after: either
//! why: a Map that rehashes, with keys that collide
const m = new Map(); for (let i = 0; ; ++i) m.set(i * 2 ** 32, i);

//! case: hash-collisions
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory
//! after: either
//! why: many strings of one hash
const o = {}; for (let i = 0; ; i = (i + 1) % 1e5) o['a'.repeat(1100) + i] = i;

//! case: structured-clone-giant
//! options: web
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory
//! after: either
//! why: structuredClone of a giant tree
const a = Array.from({ length: 2 ** 18 }, (_, i) => ({ i })); for (;;) structuredClone(a);

//! case: base64-giant
//! options: web
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory
//! after: either
//! why: btoa of a giant
for (;;) atob(btoa('x'.repeat(2 ** 22)));

//! case: text-encoder-giant
//! options: web
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory or exception RangeError
//! after: either
//! why: encoding a giant
for (;;) new TextDecoder().decode(new TextEncoder().encode('\u0101'.repeat(2 ** 21)));

//! case: url-giant
//! options: web
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory
//! after: either
//! why: parsing a giant URL
for (;;) new URL('http://a/' + '../\u0101'.repeat(2 ** 18));

"""###
  ),
  (
    "memory",
###"""
// Memory that is taken bit by bit: the run is ended at the limit, and the isolate lives on.

//! case: array-grows
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: an array that grows by small objects
{ const a = []; for (;;) a.push({}); }

//! case: array-grows-global
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! after: full
//! why: and is reachable afterwards: the isolate is what it was, and full
globalThis.a = []; for (;;) a.push([1, 2, 3, Math.random()]);

//! case: strings-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: a string that doubles, by pieces
{ const a = []; for (let i = 0; ; ++i) a.push('x'.repeat(1000) + i); }

//! case: rope-grows
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or exception RangeError
//! why: a rope
{ let s = ''; for (let i = 0; ; ++i) s += i + 'abcdefghijklmnop'; }

//! case: map-grows
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or exception RangeError or engine_dead
//! after: either
//! why: a Map
{ const m = new Map(); for (let i = 0; ; ++i) m.set(i, {}); }

//! case: set-grows
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or exception RangeError or engine_dead
//! after: either
//! why: a Set
{ const s = new Set(); for (let i = 0; ; ++i) s.add("x" + i); }

//! case: weak-map-grows
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or engine_dead
//! after: either
//! why: a WeakMap whose keys are kept
{ const w = new WeakMap(), k = []; for (;;) { const o = {}; k.push(o); w.set(o, [1, 2, 3]); } }

//! case: closures-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: closures
{ const a = []; for (let i = 0; ; ++i) { const j = [i]; a.push(() => j); } }

//! case: symbols-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: symbols
{ const a = []; for (let i = 0; ; ++i) a.push(Symbol("s" + i)); }

//! case: registered-symbols-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or engine_dead
//! after: either
//! why: registered symbols
{ const a = []; for (let i = 0; ; ++i) a.push(Symbol.for("s" + i)); }

//! case: properties-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or exception RangeError or engine_dead
//! after: either
//! why: an object with ever more properties
{ const o = {}; for (let i = 0; ; ++i) o["p" + i] = i; }

//! case: elements-grow-sparse
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or exception RangeError or engine_dead
//! after: either
//! why: a sparse array
{ const a = []; for (let i = 0; ; ++i) a[(i * 7919) % 4294967291] = i; }

//! case: hidden-classes-grow
//! timeout: 60s
//! memory: 64MB
//! expect: out_of_memory
//! why: objects that all have different shapes
{ const a = []; for (let i = 0; ; ++i) { const o = {}; for (let j = 0; j < 8; ++j) o["p" + i + "_" + j] = j; a.push(o); } }

//! case: functions-grow
//! timeout: 60s
//! memory: 64MB
//! expect: out_of_memory
//! why: functions made from text
{ const a = []; for (let i = 0; ; ++i) a.push(new Function("return " + i)); }

//! case: eval-grows
//! timeout: 60s
//! memory: 64MB
//! expect: out_of_memory
//! why: eval en masse
{ const a = []; for (let i = 0; ; ++i) a.push(eval("(() => " + i + ")")); }

//! case: regexps-grow
//! timeout: 60s
//! memory: 64MB
//! expect: out_of_memory
//! why: regular expressions
{ const a = []; for (let i = 0; ; ++i) { const r = new RegExp('a' + i + '[b-z]*'); r.test('a'); a.push(r); } }

//! case: templates-grow
//! timeout: 60s
//! memory: 64MB
//! expect: out_of_memory
//! why: template objects
{ const a = []; for (let i = 0; ; ++i) a.push(eval("((x) => x)`" + i + "`")); }

//! case: generators-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: generators that have begun
{ const a = []; for (;;) { const g = (function* () { yield 1; })(); g.next(); a.push(g); } }

//! case: promises-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: promises
{ const a = []; for (;;) a.push(new Promise(() => {})); }

//! case: promises-global
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! after: full
//! why: promises that wait for each other
globalThis.p = new Promise(() => {}); for (;;) p.then(() => 1);

//! case: proxies-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: Proxies
{ const a = []; for (;;) a.push(new Proxy({}, {})); }

//! case: bound-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: bound functions
{ const a = []; for (;;) a.push(Math.max.bind(null, 1, 2, 3)); }

//! case: classes-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: classes
{ const a = []; for (;;) a.push(class { x = 1; static y = 2; z() {} }); }

//! case: bigints-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: BigInts
{ const a = []; for (let i = 1n; ; ++i) a.push(i << 10000n); }

//! case: errors-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: errors with their stacks
{ const a = []; for (;;) a.push(new Error("x")); }

//! case: dates-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: Dates
{ const a = []; for (;;) a.push(new Date()); }

//! case: intl-grows
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or timeout
//! why: Intl objects, most of which is memory of ICU
{ const a = []; for (;;) a.push(new Intl.NumberFormat("de-DE", { style: "currency", currency: "EUR" })); }

//! case: finalization-registry-grows
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or exception or engine_dead
//! after: either
//! why: a FinalizationRegistry
{ const r = new FinalizationRegistry(() => {}), k = []; for (;;) { const o = {}; k.push(o); r.register(o, o, o); } }

//! case: weak-refs-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or timeout
//! why: WeakRefs
{ const a = []; for (;;) a.push(new WeakRef({})); }

//! case: array-buffers-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or exception RangeError
//! why: ArrayBuffers count
{ const a = []; for (;;) a.push(new ArrayBuffer(2 ** 20)); }

//! case: array-buffers-small
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or exception RangeError
//! why: small ones, too
{ const a = []; for (;;) a.push(new ArrayBuffer(64)); }

//! case: array-buffers-caught
//! timeout: 2s
//! memory: 64MB
//! expect: out_of_memory or timeout
//! why: and trying again after each RangeError ends with the run
{ const a = []; for (;;) try { a.push(new ArrayBuffer(2 ** 20)); } catch {} }

//! case: array-buffers-garbage
//! timeout: 20s
//! memory: 64MB
//! expect: ok 1
//! why: garbage of buffers is collected in time
for (let i = 0; i < 500; ++i) new ArrayBuffer(2 ** 22); 1;

//! case: typed-arrays-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: typed arrays on the heap
{ const a = []; for (;;) a.push(new Uint8Array(60)); }

//! case: shared-buffers-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or exception RangeError
//! why: SharedArrayBuffers
{ const a = []; for (;;) a.push(new SharedArrayBuffer(2 ** 20)); }

//! case: resizable-buffers-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or exception RangeError
//! why: resizable buffers, where there are any
{ const a = []; for (;;) { const b = new ArrayBuffer(2 ** 12, { maxByteLength: 2 ** 24 }); b.resize && b.resize(2 ** 24); a.push(b); } }

//! case: webassembly-memories-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or exception RangeError
//! why: WebAssembly memories
{ const a = []; for (;;) a.push(new WebAssembly.Memory({ initial: 16 })); }

//! case: webassembly-memory-grows
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or exception RangeError
//! why: one that grows
const m = new WebAssembly.Memory({ initial: 1 }); for (;;) m.grow(16);

//! case: webassembly-tables-grow
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or exception RangeError or engine_dead
//! after: either
//! why: and tables
{ const a = []; for (;;) a.push(new WebAssembly.Table({ initial: 100000, element: "anyfunc" })); }

//! case: json-text-grows
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: objects from JSON
{ const a = []; for (;;) a.push(JSON.parse('{"a":[1,2,3,{"b":null}]}')); }

//! case: split-grows
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: pieces of a string that keep all of it
{ const a = []; for (let i = 0; ; ++i) a.push(("x".repeat(1000) + i).slice(1)); }

//! case: numbers-as-text
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: numbers as text, which the engine caches
{ const a = []; for (let i = 0.5; ; ++i) a.push(String(i)); }

//! case: linked-list
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: a list, which the collector walks
{ let l = null; for (;;) l = { l }; }

//! case: cyclic-garbage
//! timeout: 20s
//! memory: 64MB
//! expect: ok 1
//! why: cycles are garbage
for (let i = 0; i < 3e6; ++i) { const o = {}; o.o = { o }; } 1;

//! case: catch-and-go-on
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: a run at the limit is no exception that a guest could catch
{ const a = []; for (;;) try { for (;;) a.push([1, 2, 3]); } catch {} }

//! case: finally-at-the-limit
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: nor do finally blocks run
{ const a = []; (function f() { try { for (;;) a.push([1, 2, 3]); } finally { f(); } })(); }

//! case: free-at-the-limit
//! timeout: 20s
//! memory: 64MB
//! expect: ok 1
//! why: a guest that lets go in time is not ended
let a = []; for (let i = 0; i < 3e6; ++i) { a.push({ i }); if (a.length > 1e5) a = []; } 1;

//! case: getter-grows
//! action: get
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: memory that is taken while the host reads a property
({ get x() { const a = []; for (;;) a.push({}); } });

//! case: to-string-grows
//! action: to_string
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: while the host wants a string
({ toString() { const a = []; for (;;) a.push({}); } });

//! case: to-json-grows
//! action: json
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: while the host wants JSON
({ toJSON() { const a = []; for (;;) a.push({}); } });

//! case: trap-grows
//! action: keys
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: while the host lists keys
new Proxy({}, { ownKeys() { const a = []; for (;;) a.push({}); } });

//! case: job-grows
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: in a promise reaction
Promise.resolve().then(() => { const a = []; for (;;) a.push({}); }); 0;

//! case: timer-grows
//! options: timers
//! action: turn
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: in a timer
setTimeout(() => { const a = []; for (;;) a.push({}); }); 0;

//! case: graph-grows
//! action: graph
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: in a graph
({ get x() { const a = []; for (;;) a.push({}); } });

//! case: heap-limit-alone
//! timeout: 20s
//! memory: none
//! heap: 32MB
//! expect: out_of_memory
//! why: a limit of the heap alone
{ const a = []; for (;;) a.push({}); }

//! case: heap-and-memory
//! timeout: 20s
//! memory: 256MB
//! heap: 32MB
//! expect: out_of_memory
//! why: both limits: the lower one counts
{ const a = []; for (;;) a.push({}); }

//! case: smallest-limit
//! timeout: 20s
//! memory: 16MB
//! expect: out_of_memory
//! why: the smallest limit that there can be
{ const a = []; for (;;) a.push({}); }

//! case: large-limit
//! timeout: 60s
//! memory: 512MB
//! expect: out_of_memory
//! why: a large one
{ const a = []; for (;;) a.push(new Array(100).fill(0)); }

//! case: single-threaded-grows
//! options: single_threaded
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: in an engine without threads
{ const a = []; for (;;) a.push({}); }

//! case: jitless-grows
//! options: jitless
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: in an engine without compilers
{ const a = []; for (;;) a.push({}); }

//! case: structured-clone-grows
//! options: web
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: clones
{ const a = []; for (;;) a.push(structuredClone({ a: [1, 2, 3] })); }

//! case: urls-grow
//! options: web
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! why: URLs
{ const a = []; for (let i = 0; ; ++i) a.push(new URL("http://a/" + i)); }

//! case: events-grow
//! options: web
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or timeout
//! after: full
//! why: listeners
{ const t = new EventTarget(); for (;;) t.addEventListener("x", () => {}); }

//! case: timers-memory
//! options: timers
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or exception RangeError
//! after: full
//! why: timers that hold a lot
for (;;) setTimeout(() => {}, 1e9, new Array(1000).fill(0));

"""###
  ),
  (
    "modules",
###"""
// ES modules.

//! case: cycle-of-2000
//! action: module
//! timeout: 10s
//! expect: ok undefined
//! why: the modules of a long cycle are linked without running out of stack
(url) => {
  const number = url === 'main' ? 0 : Number(url);
  return `import { f as next } from '${(number + 1) % 2000 || 'main'}'; export function f() { return next; }`;
};

//! case: chain-of-2000
//! action: module
//! timeout: 10s
//! expect: ok undefined or exception RangeError
//! why: nor those of a long chain
(url) => (url === '2000' ? 'export const x = 1;' : `import { x as y } from '${url === 'main' ? 1 : Number(url) + 1}'; export const x = y + 1;`);

//! case: reexport-chain
//! action: module
//! timeout: 10s
//! expect: ok undefined or exception RangeError or exception SyntaxError
//! why: nor names that are looked for through two thousand modules
(url) => (url === '2000' ? 'export const x = 1;' : `export * from '${url === 'main' ? 1 : Number(url) + 1}';`) + (url === 'main' ? 'import { x } from "main"; x;' : '');

//! case: reexport-cycle
//! action: module
//! timeout: 200ms
//! expect: exception SyntaxError
//! why: names that are looked for in a circle
(url) => (url === 'main' ? 'import { x } from "a";' : url === 'a' ? 'export { x } from "b";' : 'export { x } from "a";');

//! case: fan-out-endless
//! action: module
//! timeout: 1s
//! expect: timeout or exception or out_of_memory
//! after: full
//! why: each module imports two more: the cap or the time ends it
(url) => `import '${url}a'; import '${url}b';`;

//! case: fan-out-capped
//! action: module
//! timeout: 5s
//! modules: 100
//! expect: exception
//! why: and the cap of modules says so
(url) => `import '${url}a'; import '${url}b';`;

//! case: dynamic-import-loop
//! action: module
//! timeout: 200ms
//! expect: timeout or exception or out_of_memory
//! after: full
//! why: a dynamic import of ever new names
(url) => (url === 'main' ? 'for (let i = 0; ; ++i) await import(`${i}`);' : 'export default 1;');

//! case: dynamic-import-storm
//! action: module
//! timeout: 200ms
//! expect: timeout or exception or out_of_memory
//! after: full
//! why: without waiting for any
(url) => (url === 'main' ? 'for (let i = 0; ; ++i) import(`${i}`);' : 'export default 1;');

//! case: top-level-await-never
//! action: module
//! timeout: 200ms
//! expect: timeout
//! why: a top-level await that never ends
() => 'await new Promise(() => {});';

//! case: top-level-await-deadlock
//! action: module
//! timeout: 200ms
//! expect: timeout
//! why: two modules that wait for each other
(url) => (url === 'main' ? 'import "a";' : 'await import("main");');

//! case: module-loop
//! action: module
//! timeout: 200ms
//! expect: timeout
//! why: a module that never ends
() => 'for (;;);';

//! case: loader-loop
//! action: module
//! timeout: 200ms
//! expect: timeout
//! why: a load function that never returns
() => { for (;;); };

//! case: loader-promise-never
//! action: module
//! timeout: 200ms
//! expect: timeout
//! why: one whose promise never settles
() => new Promise(() => {});

//! case: loader-throws
//! action: module
//! timeout: 200ms
//! expect: exception RangeError
//! why: one that throws
() => { throw new RangeError("x"); };

//! case: loader-nonsense
//! action: module
//! timeout: 200ms
//! expect: exception
//! why: one that answers with no module
() => 42;

//! case: loader-getter
//! action: module
//! timeout: 200ms
//! expect: timeout
//! why: one that answers with getters
() => ({ get source() { for (;;); }, get exports() { for (;;); } });

//! case: loader-proxy
//! action: module
//! timeout: 200ms
//! expect: timeout
//! why: one that answers with a Proxy
() => new Proxy({}, { get() { for (;;); }, ownKeys() { for (;;); } });

//! case: loader-imports
//! action: module
//! timeout: 200ms
//! expect: exception or timeout
//! why: one that imports what it is asked for
(url) => import(url);

//! case: module-syntax-error
//! action: module
//! timeout: 200ms
//! expect: exception SyntaxError or syntax_error
//! why: a module that does not compile
() => 'for (';

//! case: module-exports-many
//! action: module
//! timeout: 10s
//! expect: ok undefined or timeout
//! why: a hundred thousand exports
() => Array.from({ length: 1e5 }, (_, i) => `export const a${i} = ${i};`).join('');

//! case: namespace-then
//! action: module
//! timeout: 200ms
//! expect: timeout
//! why: a namespace with a then
() => 'export function then() { for (;;); }';

//! case: namespace-then-resolves
//! action: module
//! timeout: 200ms
//! expect: timeout
//! why: one that resolves with itself
() => 'export function then(resolve) { resolve({ then }); }';

//! case: import-meta-bent
//! action: module
//! timeout: 200ms
//! expect: ok undefined
//! why: import.meta is an object like others
() => 'import.meta.url = { toString() { for (;;); } }; Object.freeze(import.meta);';

//! case: import-attributes-bent
//! action: module
//! timeout: 200ms
//! expect: timeout
//! why: names that are converted
() => 'await import({ toString() { for (;;); } });';

//! case: import-giant-name
//! action: module
//! timeout: 5s
//! expect: ok undefined or exception
//! why: a name of a million letters
(url) => (url === 'main' ? 'await import("x".repeat(2 ** 20));' : 'export {};');

//! case: import-without-loader
//! action: promise
//! timeout: 200ms
//! expect: exception
//! why: without a loader imports are refused
import('fs');

//! case: import-file-url
//! action: promise
//! timeout: 200ms
//! expect: exception
//! why: whatever the name is
import('file:///etc/passwd');

//! case: module-memory
//! action: module
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory
//! after: full
//! why: a module that takes all memory
() => 'const a = []; for (;;) a.push(new Array(100).fill(0));';

"""###
  ),
  (
    "stuck",
###"""
// Built-in functions that work on and on without looking up: a request to end the run does not reach them, so they are cut
// off, which costs the isolate. An engine that looks up there ends them with TIMEOUT.

//! case: fill-sparse
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: fill on a plain object with a giant length is one loop in the engine
Array.prototype.fill.call({ length: 2 ** 31 }, 0);

//! case: fill-giant-array
//! timeout: 200ms
//! expect: timeout or engine_dead or out_of_memory
//! after: either
//! why: an array of 2 ** 32 - 1 holes becomes a dictionary, slowly
new Array(2 ** 32 - 1).fill(0);

//! case: index-of-holes
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: indexOf on an array of holes
new Array(2 ** 32 - 1).indexOf(1);

//! case: index-of-object
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: indexOf on an object
Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);

//! case: last-index-of-holes
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: lastIndexOf on an array of holes
new Array(2 ** 32 - 1).lastIndexOf(1);

//! case: includes-holes
//! timeout: 200ms
//! expect: ok false or timeout or engine_dead
//! after: either
//! why: includes on an array of holes, whose elements the engine knows to be none
new Array(2 ** 32 - 1).includes(1);

//! case: includes-object
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: includes on an object
Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1);

//! case: reverse-sparse
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: reverse on an object with a giant length
Array.prototype.reverse.call({ length: 2 ** 53 - 1 });

//! case: reverse-giant-array
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: reverse of an array of holes
const a = new Array(2 ** 32 - 1); a[0] = 1; a.reverse();

//! case: join-holes
//! timeout: 200ms
//! expect: timeout or engine_dead or exception RangeError or out_of_memory or ok
//! after: either
//! why: join of an array of holes
new Array(2 ** 32 - 1).join('');

//! case: join-object
//! timeout: 200ms
//! expect: timeout or engine_dead or exception RangeError or exception TypeError or out_of_memory
//! after: either
//! why: join of an object, each of whose elements is asked for
Array.prototype.join.call({ length: 2 ** 53 - 1 }, '');

//! case: join-separators
//! timeout: 200ms
//! expect: exception RangeError or timeout or engine_dead
//! after: either
//! why: separators alone are longer than any string
new Array(2 ** 30).join('ab');

//! case: copy-within-object
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: copyWithin on an object
Array.prototype.copyWithin.call({ length: 2 ** 53 - 1 }, 0, 2 ** 52);

//! case: unshift-object
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: unshift on an object moves each element
Array.prototype.unshift.call({ length: 2 ** 52 }, 1);

//! case: shift-object
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: shift on an object likewise
Array.prototype.shift.call({ length: 2 ** 53 - 1 });

//! case: splice-object
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: splice on an object likewise
Array.prototype.splice.call({ length: 2 ** 52 }, 0, 1);

//! case: concat-spreadable
//! timeout: 200ms
//! expect: ok or timeout or engine_dead or exception TypeError
//! after: either
//! why: concat of an object that says it is an array
[].concat({ length: 2 ** 53 - 2, [Symbol.isConcatSpreadable]: true });

//! case: concat-giants
//! timeout: 200ms
//! expect: timeout or engine_dead or exception TypeError or exception RangeError or ok
//! after: either
//! why: concat of arrays of holes
const a = new Array(2 ** 31); [].concat(a, a);

//! case: sort-sparse
//! timeout: 200ms
//! expect: timeout or engine_dead or ok
//! after: either
//! why: sort of an array of holes
const a = new Array(2 ** 32 - 1); a[0] = 2; a[2 ** 31] = 1; a.sort();

//! case: sort-object
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: sort of an object with a giant length
Array.prototype.sort.call({ length: 2 ** 40 });

//! case: for-each-object
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: forEach on an object that has nothing
Array.prototype.forEach.call({ length: 2 ** 53 - 1 }, () => {});

//! case: map-holes
//! timeout: 200ms
//! expect: timeout or engine_dead or exception RangeError or out_of_memory
//! after: either
//! why: map of an array of holes
new Array(2 ** 32 - 1).map(() => 1);

//! case: filter-holes
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: filter of an array of holes
new Array(2 ** 32 - 1).filter(() => true);

//! case: every-object
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: every on an object
Array.prototype.every.call({ length: 2 ** 53 - 1 }, () => true);

//! case: reduce-object
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: reduce on an object that has nothing
Array.prototype.reduce.call({ length: 2 ** 53 - 1 }, () => 1, 0);

//! case: find-last-object
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: findLast with a built-in as predicate
Array.prototype.findLast.call({ length: 2 ** 53 - 1 }, Boolean);

//! case: find-index-object
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: findIndex with a built-in as predicate
Array.prototype.findIndex.call({ length: 2 ** 53 - 1 }, Boolean);

//! case: flat-object
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: flat of an object
Array.prototype.flat.call({ length: 2 ** 53 - 1 });

//! case: to-locale-string-object
//! timeout: 200ms
//! expect: timeout or engine_dead or exception RangeError or exception TypeError or out_of_memory
//! after: either
//! why: toLocaleString of an object
Array.prototype.toLocaleString.call({ length: 2 ** 53 - 1 });

//! case: slice-object
//! timeout: 200ms
//! expect: timeout or engine_dead or exception RangeError or out_of_memory
//! after: either
//! why: slice of an object
Array.prototype.slice.call({ length: 2 ** 32 - 1 });

//! case: at-giant
//! timeout: 200ms
//! expect: ok undefined
//! after: usable
//! why: at looks at one element only
[].at.call({ length: 2 ** 53 - 1 }, -1);

//! case: array-from-length
//! timeout: 200ms
//! expect: timeout or engine_dead or exception RangeError or out_of_memory
//! after: either
//! why: Array.from of a length alone
Array.from({ length: 2 ** 30 });

//! case: apply-giant
//! timeout: 200ms
//! expect: exception RangeError or timeout or engine_dead or out_of_memory
//! after: either
//! why: an argument list longer than the stack
Math.max.apply(null, { length: 2 ** 26 });

//! case: create-list-from-holes
//! timeout: 200ms
//! expect: exception RangeError or timeout or engine_dead or out_of_memory
//! after: either
//! why: an argument list of holes
Reflect.apply(Math.max, null, new Array(2 ** 25));

//! case: atomics-wait
//! timeout: 200ms
//! expect: timeout or engine_dead or exception TypeError
//! after: either
//! why: Atomics.wait blocks the thread
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);

//! case: atomics-wait-long
//! timeout: 200ms
//! expect: timeout or engine_dead or exception TypeError
//! after: either
//! why: and with a timeout of its own, longer than that of the run
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1e9);

//! case: array-length-shrink
//! timeout: 200ms
//! expect: timeout or engine_dead or exception TypeError or ok
//! after: either
//! why: shrinking a sparse giant
const a = []; a[2 ** 32 - 2] = 1; Object.defineProperty(a, 5, { value: 1 }); a.length = 0;

//! case: single-threaded-stuck
//! options: single_threaded
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: a built-in that never looks up, in an engine without threads
Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1);

//! case: jitless-loop
//! options: jitless
//! timeout: 200ms
//! expect: timeout
//! after: usable
//! why: a loop in an engine without compilers
for (;;);

//! case: jitless-regexp
//! options: jitless
//! timeout: 200ms
//! expect: timeout
//! after: usable
//! why: a regular expression in an engine without compilers
/^(a+)+$/.test('a'.repeat(40) + 'b');

//! case: stuck-cpu
//! timeout: none
//! cpu: 100ms
//! expect: cpu_time or engine_dead
//! after: either
//! why: processor time ends what never looks up, too
Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1);

//! case: stuck-in-getter
//! action: get
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: cut off while the host reads a property
({ get x() { return Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1); } });

//! case: stuck-in-to-string
//! action: to_string
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: cut off while the host wants a string
({ toString() { return String(Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1)); } });

//! case: stuck-in-job
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: cut off in a promise reaction
Promise.resolve().then(() => Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1)); 0;

//! case: stuck-in-timer
//! options: timers
//! action: turn
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: cut off in a timer
setTimeout(() => Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1)); 0;

//! case: stuck-in-graph
//! action: graph
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: cut off while the host encodes a graph
({ get x() { return Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1); } });

//! case: stuck-in-module
//! action: module
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: cut off in a module
() => 'Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1);';

//! case: stuck-in-replace
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: cut off in a callback of a regular expression
'a'.replace(/a/, () => Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1));

//! case: stuck-in-sort
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: cut off in a comparator
[2, 1].sort(() => Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1));

"""###
  ),
  (
    "time",
###"""
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

"""###
  ),
  (
    "webassembly",
###"""
// WebAssembly: loops, memories, tables and the stack of compiled code.

//! case: wasm-loop
//! timeout: 200ms
//! expect: timeout
//! why: a loop in compiled code looks up at each turn
const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11])), {});
instance.exports.f();

//! case: wasm-loop-called
//! action: call
//! timeout: 200ms
//! expect: timeout
//! why: and where the host calls it
const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11])), {});
instance.exports.f;

//! case: wasm-start-loop
//! timeout: 200ms
//! expect: timeout
//! why: a loop in the start function
const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11])), {});
1;

//! case: wasm-recursion
//! timeout: 2s
//! expect: exception RangeError
//! why: recursion ends in a RangeError
const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 6, 1, 4, 0, 16, 0, 11])), {});
instance.exports.f();

//! case: wasm-recursion-large-frames
//! timeout: 2s
//! expect: exception RangeError
//! why: with fifty thousand locals
const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 10, 1, 8, 1, 208, 134, 3, 126, 16, 0, 11])), {});
instance.exports.f();

//! case: wasm-unreachable
//! timeout: 200ms
//! expect: exception RuntimeError
//! why: a trap is an exception
const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11])), {});
instance.exports.f();

//! case: wasm-out-of-bounds
//! timeout: 200ms
//! expect: exception RuntimeError
//! why: an access out of bounds is a trap and no signal of the host's
const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 5, 1, 1, 102, 0, 0, 10, 10, 1, 8, 0, 65, 127, 40, 2, 0, 26, 11])), {});
instance.exports.f();

//! case: wasm-divide-by-zero
//! timeout: 200ms
//! expect: exception RuntimeError
//! why: so is a division by zero
const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 10, 1, 8, 0, 65, 1, 65, 0, 109, 26, 11])), {});
instance.exports.f();

//! case: wasm-null-call
//! timeout: 200ms
//! expect: exception RuntimeError
//! why: and a call of what is not in a table
const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 4, 4, 1, 112, 0, 1, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 65, 0, 17, 0, 0, 11])), {});
instance.exports.f();

//! case: wasm-grow-loop
//! timeout: 1s
//! memory: 64MB
//! expect: timeout or out_of_memory
//! why: a memory that grows from within, until it may not
const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 5, 1, 1, 102, 0, 0, 10, 14, 1, 12, 0, 3, 64, 65, 16, 64, 0, 26, 12, 0, 11, 11])), {});
instance.exports.f();

//! case: wasm-fill-loop
//! timeout: 200ms
//! expect: timeout or engine_dead
//! after: either
//! why: bulk operations
const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 4, 1, 0, 128, 4, 7, 5, 1, 1, 102, 0, 0, 10, 21, 1, 19, 0, 3, 64, 65, 0, 65, 1, 65, 128, 128, 128, 16, 252, 11, 0, 12, 0, 11, 11])), {});
instance.exports.f();

//! case: wasm-import-recursion
//! timeout: 2s
//! expect: exception RangeError
//! why: recursion across the border of the languages
globalThis.m = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 97, 1, 98, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 1, 10, 6, 1, 4, 0, 16, 0, 11]));
const instance = new WebAssembly.Instance(m, { a: { b: () => instance.exports.f() } });
instance.exports.f();

//! case: wasm-import-throws
//! timeout: 200ms
//! expect: exception EvalError
//! why: what an import throws goes through
globalThis.m = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 97, 1, 98, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 1, 10, 6, 1, 4, 0, 16, 0, 11]));
new WebAssembly.Instance(m, { a: { b() { throw new EvalError('x'); } } }).exports.f();

//! case: wasm-import-getter
//! timeout: 200ms
//! expect: timeout
//! why: imports are read by getters
globalThis.m = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 97, 1, 98, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 1, 10, 6, 1, 4, 0, 16, 0, 11]));
new WebAssembly.Instance(m, { get a() { for (;;); } });

//! case: wasm-invalid
//! timeout: 200ms
//! expect: exception CompileError
//! why: bytes that are no module
new WebAssembly.Module(new Uint8Array(1000));

//! case: wasm-truncated
//! timeout: 5s
//! expect: ok true
//! why: and each beginning of one
const b = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 5, 1, 1, 102, 0, 0, 10, 14, 1, 12, 0, 3, 64, 65, 16, 64, 0, 26, 12, 0, 11, 11]); let n = 0; for (let i = 0; i < b.length; ++i) try { new WebAssembly.Module(b.slice(0, i)); } catch { ++n; } n > 10;

//! case: wasm-flipped
//! timeout: 10s
//! expect: ok 1
//! why: each bit of one turned
const b = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 5, 1, 1, 102, 0, 0, 10, 14, 1, 12, 0, 3, 64, 65, 16, 64, 0, 26, 12, 0, 11, 11]); for (let i = 64; i < b.length * 8; ++i) { const c = b.slice(); c[i >> 3] ^= 1 << (i & 7); try { new WebAssembly.Module(c); } catch {} } 1;

//! case: wasm-compile-storm
//! timeout: 200ms
//! expect: timeout or out_of_memory
//! why: modules compiled en masse
for (;;) new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11]));

//! case: wasm-instances-storm
//! timeout: 5s
//! memory: 64MB
//! expect: timeout or out_of_memory or exception RangeError
//! why: and instances
{ const m = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 5, 1, 1, 102, 0, 0, 10, 14, 1, 12, 0, 3, 64, 65, 16, 64, 0, 26, 12, 0, 11, 11])), a = []; for (;;) a.push(new WebAssembly.Instance(m)); }

//! case: wasm-async-compile-storm
//! timeout: 5s
//! expect: ok 0 or timeout
//! why: asynchronously
for (let i = 0; i < 1000; ++i) WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11])); 0;

//! case: wasm-async-instantiate-loop
//! action: promise
//! timeout: 200ms
//! expect: timeout
//! why: a start function that never ends, asynchronously
WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11]));

//! case: wasm-memory-detached
//! timeout: 200ms
//! expect: ok 0
//! why: the buffer of a memory that grew is empty
const m = new WebAssembly.Memory({ initial: 1 }), b = m.buffer; m.grow(1); b.byteLength;

//! case: wasm-no-codegen
//! options: no_eval
//! timeout: 200ms
//! expect: ok 1 or exception
//! why: with eval switched off a module is refused or there is none
new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11])) && 1;

//! case: wasm-off
//! options: no_webassembly
//! timeout: 200ms
//! expect: exception ReferenceError
//! why: with the switch there is nothing
WebAssembly.Module;

"""###
  ),
]
