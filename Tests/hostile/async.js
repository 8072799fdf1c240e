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
