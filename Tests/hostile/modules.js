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
//! modules: 5000
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
//! expect: timeout or exception
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

//! case: import-long-names
//! action: module
//! timeout: 20s
//! memory: 64MB
//! expect: out_of_memory or exception RangeError
//! after: either
//! why: a thousand names of a million letters, which stay as long as the context does
(url) => (url === 'main' ? 'for (let i = 0; i < 1000; ++i) await import("x".repeat(2 ** 20 - 9) + i);' : 'export {};');

//! case: import-name-too-long
//! action: module
//! timeout: 5s
//! memory: 64MB
//! expect: exception TypeError
//! why: a name of forty million letters is not copied
(url) => (url === 'main' ? 'await import("x".repeat(4e7));' : 'export {};');
