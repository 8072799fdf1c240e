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
