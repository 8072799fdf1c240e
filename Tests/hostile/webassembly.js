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
//! expect: timeout or out_of_memory or engine_dead
//! after: either
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

//! case: wasm-compile-blocks
//! timeout: 10s
//! memory: 64MB
//! expect: engine_dead or out_of_memory
//! after: either
//! why: a function of two million blocks, which V8 would take two gigabytes to compile, on a thread of its own as well
const leb = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >>> 7)]);
// A module of one function: its locals and first instructions, what is repeated, and how often a block ends.
const wasm = (head, times, code, ends) => {
  const size = head.length + times * code.length + ends;
  const bytes = new Uint8Array(size + 40).fill(0x0b);
  const start = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, ...leb(1 + leb(size).length + size), 1, ...leb(size), ...head];
  bytes.set(start);
  for (let i = 0; i < times; ++i) bytes.set(code, start.length + i * code.length);
  return bytes.slice(0, start.length - head.length + size);
};
new WebAssembly.Module(wasm([0], 2e6, [0x02, 0x40], 2e6 + 1));

//! case: wasm-compile-locals
//! timeout: 10s
//! memory: 64MB
//! expect: engine_dead or out_of_memory
//! after: either
//! why: one of a few kilobytes, which keeps fifty thousand locals for each of a thousand branches
const leb = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >>> 7)]);
// A module of one function: its locals and first instructions, what is repeated, and how often a block ends.
const wasm = (head, times, code, ends) => {
  const size = head.length + times * code.length + ends;
  const bytes = new Uint8Array(size + 40).fill(0x0b);
  const start = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, ...leb(1 + leb(size).length + size), 1, ...leb(size), ...head];
  bytes.set(start);
  for (let i = 0; i < times; ++i) bytes.set(code, start.length + i * code.length);
  return bytes.slice(0, start.length - head.length + size);
};
new WebAssembly.Module(wasm([1, ...leb(49000), 0x7e], 1000, [0x41, 1, 0x04, 0x40], 1001));

//! case: wasm-compile-blocks-async
//! action: promise
//! timeout: 10s
//! memory: 64MB
//! expect: engine_dead or out_of_memory
//! after: either
//! why: the same where nobody is in the isolate
const leb = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >>> 7)]);
// A module of one function: its locals and first instructions, what is repeated, and how often a block ends.
const wasm = (head, times, code, ends) => {
  const size = head.length + times * code.length + ends;
  const bytes = new Uint8Array(size + 40).fill(0x0b);
  const start = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, ...leb(1 + leb(size).length + size), 1, ...leb(size), ...head];
  bytes.set(start);
  for (let i = 0; i < times; ++i) bytes.set(code, start.length + i * code.length);
  return bytes.slice(0, start.length - head.length + size);
};
WebAssembly.compile(wasm([0], 2e6, [0x02, 0x40], 2e6 + 1));

//! case: wasm-compile-long
//! timeout: 500ms
//! memory: 64MB
//! expect: timeout or engine_dead
//! after: either
//! why: one that V8 compiles for longer than any deadline, while the run waits for it
const leb = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >>> 7)]);
// A module of one function: its locals and first instructions, what is repeated, and how often a block ends.
const wasm = (head, times, code, ends) => {
  const size = head.length + times * code.length + ends;
  const bytes = new Uint8Array(size + 40).fill(0x0b);
  const start = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, ...leb(1 + leb(size).length + size), 1, ...leb(size), ...head];
  bytes.set(start);
  for (let i = 0; i < times; ++i) bytes.set(code, start.length + i * code.length);
  return bytes.slice(0, start.length - head.length + size);
};
new WebAssembly.Module(wasm([1, ...leb(49000), 0x7e, 0x02, 0x40], 1e6, [0x41, 1, 0x0d, 0], 2));

//! case: wasm-compile-long-async
//! action: promise
//! timeout: 500ms
//! memory: 64MB
//! expect: timeout or engine_dead
//! after: either
//! why: and while the host waits for it
const leb = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >>> 7)]);
// A module of one function: its locals and first instructions, what is repeated, and how often a block ends.
const wasm = (head, times, code, ends) => {
  const size = head.length + times * code.length + ends;
  const bytes = new Uint8Array(size + 40).fill(0x0b);
  const start = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, ...leb(1 + leb(size).length + size), 1, ...leb(size), ...head];
  bytes.set(start);
  for (let i = 0; i < times; ++i) bytes.set(code, start.length + i * code.length);
  return bytes.slice(0, start.length - head.length + size);
};
WebAssembly.compile(wasm([1, ...leb(49000), 0x7e, 0x02, 0x40], 1e6, [0x41, 1, 0x0d, 0], 2));

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

//! case: wasm-compile-large
//! timeout: 20s
//! memory: 256MB
//! expect: ok 42
//! why: a module of two megabytes and twenty thousand functions is none of that
const leb = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >>> 7)]);
const section = (id, content) => [id, ...leb(content.length), ...content];
const count = 30000, body = [0, 0x41, 0, ...Array(21).fill([0x41, 2, 0x6a]).flat(), 0x0b], one = [...leb(body.length), ...body];
const types = section(1, [1, 96, 0, 1, 127]), functions = section(3, [...leb(count), ...Array(count).fill(0)]);
const start = [0, 97, 115, 109, 1, 0, 0, 0, ...types, ...functions, ...section(7, [1, 1, 102, 0, 0]),
  10, ...leb(leb(count).length + count * one.length), ...leb(count)];
const bytes = new Uint8Array(start.length + count * one.length);
bytes.set(start);
for (let i = 0; i < count; ++i) bytes.set(one, start.length + i * one.length);
new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.f();
