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
//! after: full
//! why: copies of a typed array, which a script's own variables keep
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
//! expect: ok or out_of_memory or engine_dead or exception RangeError
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
//! expect: ok or out_of_memory or engine_dead or exception RangeError
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
