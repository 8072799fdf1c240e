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
