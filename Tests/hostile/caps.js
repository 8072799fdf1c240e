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
