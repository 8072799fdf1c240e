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
//! expect: out_of_memory or timeout
//! why: template objects, each of which is compiled
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
//! expect: out_of_memory or timeout or engine_dead
//! after: either
//! why: and trying again after each RangeError ends with the run; V8 collects ten times for each, and may not come to look in time
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
//! expect: out_of_memory or exception RangeError or engine_dead
//! after: full
//! why: one that grows, in steps that may get past the room to end in before V8 looks up; the global keeps it
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

//! case: intl-plural-rules
//! memory: 64MB
//! expect: out_of_memory or timeout or engine_dead
//! after: full
//! why: most of it is memory that ICU takes
const all = [];
for (;;) all.push(new Intl.PluralRules('en'));

//! case: intl-normalize-grows
//! memory: 64MB
//! timeout: 5s
//! expect: exception or out_of_memory or timeout or engine_dead
//! after: full
//! why: each character becomes eighteen, at one stroke of ICU's
'\uFDFA'.repeat(2 ** 23).normalize('NFKD');

//! case: wait-async-storm
//! memory: 64MB
//! expect: out_of_memory or timeout or engine_dead
//! after: full
//! why: V8 keeps a small block of the C library's for each
const cells = new Int32Array(new SharedArrayBuffer(4));
for (;;) Atomics.waitAsync(cells, 0, 0);

//! case: empty-buffers
//! memory: 64MB
//! expect: out_of_memory or timeout or engine_dead
//! after: full
//! why: a buffer of nothing is still three small blocks
const all = [];
for (;;) all.push(new ArrayBuffer(0));

//! case: intl-giant-tags
//! timeout: 5s
//! memory: 64MB
//! expect: ok "RangeError"
//! why: texts of 45 MB as language tags and the like: V8 copies them into strings of the C++ library's, which nobody counts
{
  const names = new Set();
  for (const s of ['x', 'abcde-'].map((part) => part.repeat((45 * 2 ** 20) / part.length))) {
    const tries = [
      () => new Intl.Locale(s),
      () => new Intl.Locale('en', { language: s }),
      () => new Intl.DateTimeFormat(s),
      () => new Intl.DateTimeFormat('en', { timeZone: s }),
      () => new Intl.DateTimeFormat('en', { calendar: s }),
      () => new Intl.NumberFormat('en', { style: 'unit', unit: s }),
      () => new Intl.DisplayNames('en', { type: 'language' }).of(s),
      () => Intl.getCanonicalLocales(s),
      () => 'a'.localeCompare('b', s),
      () => 'a'.toLocaleUpperCase(s),
    ];
    for (const f of tries) {
      try {
        f();
        names.add('none');
      } catch (e) {
        names.add(e.name);
      }
    }
  }
  [...names].join();
}

//! case: intl-giant-tags-repeated
//! timeout: 5s
//! memory: 64MB
//! expect: ok 100
//! why: a hundred of them leave nothing behind
{
  const s = 'en-u-' + 'abcde-'.repeat(5e6) + 'aaaaa';
  let refused = 0;
  for (let i = 0; i < 100; ++i) {
    try {
      Intl.getCanonicalLocales(s);
    } catch {
      ++refused;
    }
  }
  refused;
}
