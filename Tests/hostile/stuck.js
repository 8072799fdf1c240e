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
