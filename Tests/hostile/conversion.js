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
