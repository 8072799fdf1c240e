// Errors that fight back when they are thrown, described or kept.

//! case: throw-message-getter
//! timeout: 200ms
//! expect: exception
//! why: describing an error does not call a getter on `message`
throw Object.defineProperty(new Error('x'), 'message', { get() { for (;;); } });

//! case: throw-name-getter
//! timeout: 200ms
//! expect: exception
//! why: describing an error does not call a getter on `name`
throw Object.defineProperty(new Error('x'), 'name', { get() { for (;;); } });

//! case: throw-stack-getter
//! timeout: 200ms
//! expect: exception
//! why: describing an error does not call a getter on `stack`
throw Object.defineProperty(new Error('x'), 'stack', { get() { for (;;); } });

//! case: throw-cause-getter
//! timeout: 200ms
//! expect: exception
//! why: describing an error does not call a getter on `cause`
throw Object.defineProperty(new Error('x'), 'cause', { get() { for (;;); } });

//! case: throw-constructor-getter
//! timeout: 200ms
//! expect: exception
//! why: describing an error does not call a getter on `constructor`
throw Object.defineProperty(new Error('x'), 'constructor', { get() { for (;;); } });

//! case: throw-tostring-getter
//! timeout: 200ms
//! expect: exception
//! why: describing an error does not call a getter on `toString`
throw Object.defineProperty(new Error('x'), 'toString', { get() { for (;;); } });

//! case: throw-getter-prototype
//! timeout: 200ms
//! expect: exception
//! why: nor one on the prototype
Object.defineProperty(Error.prototype, 'name', { get() { for (;;); } });
throw new Error('x');

//! case: throw-to-string-loop
//! timeout: 200ms
//! expect: exception
//! why: what is thrown and is no Error is not converted
throw { toString() { for (;;); }, get message() { for (;;); } };

//! case: throw-proxy
//! timeout: 200ms
//! expect: exception
//! why: a Proxy that is thrown is not asked for anything
throw new Proxy(new Error("x"), { get() { for (;;); }, has() { for (;;); }, getPrototypeOf() { for (;;); }, getOwnPropertyDescriptor() { for (;;); } });

//! case: throw-proxy-prototype
//! timeout: 200ms
//! expect: exception
//! why: nor one that is a prototype
throw Object.setPrototypeOf(new Error("x"), new Proxy({}, { get() { for (;;); }, getPrototypeOf() { for (;;); } }));

//! case: throw-cause-cycle
//! timeout: 200ms
//! expect: exception Error
//! why: causes that go round
const e = new Error("x"); e.cause = e; throw e;

//! case: throw-cause-chain
//! timeout: 20s
//! expect: exception Error
//! why: a chain of a hundred thousand causes
let e = new Error("x"); for (let i = 0; i < 1e5; ++i) e = new Error("y", { cause: e }); throw e;

//! case: throw-cause-proxy
//! timeout: 200ms
//! expect: exception Error
//! why: a cause that is a Proxy
throw new Error("x", { cause: new Proxy(new Error("y"), { get() { for (;;); } }) });

//! case: throw-undefined
//! timeout: 200ms
//! expect: exception
//! why: undefined
throw undefined;

//! case: throw-symbol
//! timeout: 200ms
//! expect: exception
//! why: a symbol
throw Symbol("s");

//! case: throw-bare
//! timeout: 200ms
//! expect: exception
//! why: an object without a prototype
throw Object.create(null);

//! case: throw-revoked
//! timeout: 200ms
//! expect: exception
//! why: a Proxy that was revoked
const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy;

//! case: throw-giant-message
//! timeout: 2s
//! expect: exception Error
//! why: a message of many millions of letters
throw new Error('x'.repeat(2 ** 24));

//! case: throw-giant-string
//! timeout: 5s
//! expect: exception or out_of_memory or engine_dead
//! after: either
//! why: a thrown string of the greatest length
throw 'x'.repeat(2 ** 29 - 24);

//! case: throw-rope
//! timeout: 10s
//! expect: exception Error
//! why: a message that is a rope of a million pieces
let r = ''; for (let i = 0; i < 1e6; ++i) r = 'x' + r; throw new Error(r);

//! case: throw-many-frames
//! timeout: 5s
//! expect: exception Error
//! why: a stack of ten thousand frames
Error.stackTraceLimit = Infinity; (function f(n) { if (n) f(n - 1); else throw new Error("x"); })(5000);

//! case: throw-giant-name
//! timeout: 5s
//! expect: exception Error
//! why: names of functions are the guest's
const f = { ['x'.repeat(2 ** 20)]() { throw new Error('x'); } }; (function g(n) { if (n) g(n - 1); else Object.values(f)[0](); })(8);

//! case: throw-bent-frames
//! timeout: 200ms
//! expect: exception Error
//! why: functions with bent names
function f() { throw new Error('x'); } Object.defineProperty(f, 'name', { get() { for (;;); } }); f();

//! case: prepare-stack-trace-loop
//! timeout: 200ms
//! expect: exception Error or timeout
//! why: Error.prepareStackTrace runs within the limits or not at all
Error.prepareStackTrace = () => { for (;;); }; throw new Error("x");

//! case: prepare-stack-trace-read
//! timeout: 200ms
//! expect: timeout or ok
//! why: and when the guest itself reads the stack
Error.prepareStackTrace = () => { for (;;); }; new Error("x").stack;

//! case: prepare-stack-trace-throws
//! timeout: 200ms
//! expect: exception Error
//! why: one that throws
Error.prepareStackTrace = () => { throw new Error("y"); }; throw new Error("x");

//! case: prepare-stack-trace-recurses
//! timeout: 200ms
//! expect: exception
//! why: one that throws errors whose stacks are prepared
Error.prepareStackTrace = (e) => new Error("y").stack; throw new Error("x");

//! case: prepare-stack-trace-getter
//! timeout: 200ms
//! expect: exception Error or timeout
//! why: one that is a getter
Object.defineProperty(Error, "prepareStackTrace", { get() { for (;;); } }); throw new Error("x");

//! case: stack-trace-limit-getter
//! timeout: 200ms
//! expect: exception Error or timeout
//! why: stackTraceLimit as a getter
Object.defineProperty(Error, "stackTraceLimit", { get() { for (;;); } }); throw new Error("x");

//! case: stack-trace-limit-odd
//! timeout: 200ms
//! expect: exception Error
//! why: stackTraceLimit as anything
for (const limit of [NaN, -1, 2 ** 53, "x", {}, Infinity]) { Error.stackTraceLimit = limit; new Error("x").stack; } throw new Error("y");

//! case: stack-frozen
//! timeout: 200ms
//! expect: exception Error
//! why: an error that is frozen
throw Object.freeze(new Error("x"));

//! case: stack-deleted
//! timeout: 200ms
//! expect: exception Error
//! why: an error without a stack
const e = new Error("x"); delete e.stack; throw e;

//! case: stack-is-object
//! timeout: 200ms
//! expect: exception
//! why: a stack that is no text
const e = new Error("x"); e.stack = { toString() { for (;;); } }; e.message = { toString() { for (;;); } }; e.name = Symbol("n"); throw e;

//! case: syntax-error-giant-line
//! timeout: 5s
//! expect: exception SyntaxError
//! why: a syntax error in a line of many millions
eval('"' + 'x'.repeat(2 ** 24));

//! case: syntax-error
//! timeout: 200ms
//! expect: syntax_error
//! why: source text that does not compile is told of as such
for (;;) {

//! case: source-map-comment
//! timeout: 200ms
//! expect: exception Error
//! why: a comment that names a source map elsewhere is nothing but a comment
throw new Error("x");
//# sourceMappingURL=file:///etc/passwd
//# sourceURL=/etc/passwd

//! case: source-url-giant
//! timeout: 2s
//! expect: exception Error
//! why: a sourceURL of a million letters
eval('throw new Error(1)\n//# sourceURL=' + 'x'.repeat(2 ** 20));

//! case: overflow-in-to-string
//! action: to_string
//! timeout: 2s
//! expect: exception RangeError
//! why: the stack overflows while the host converts
({ toString() { return `${this}`; } });

//! case: overflow-in-description
//! timeout: 500ms
//! expect: exception or timeout or engine_dead
//! after: either
//! why: finally blocks that throw are unwound without looking up, and each throw walks the whole stack
(function f() { try { f(); } finally { throw new Error("x", { cause: new Error("y") }); } })();

//! case: throw-in-loop
//! action: turn
//! timeout: 2s
//! expect: exception Error
//! why: a thousand errors a turn, none of which is handled
for (let i = 0; i < 1000; ++i) Promise.reject(new Error("x")); 0;

//! case: reject-hostile
//! action: promise
//! timeout: 200ms
//! expect: exception
//! why: a rejection that fights back
Promise.reject(Object.defineProperty(new Error("x"), "message", { get() { for (;;); } }));

//! case: aggregate-error-cycle
//! timeout: 200ms
//! expect: exception AggregateError
//! why: an AggregateError that holds itself
const e = new AggregateError([], "x"); e.errors.push(e, e); throw e;

//! case: dom-exception-hostile
//! options: web
//! timeout: 200ms
//! expect: exception
//! why: a DOMException with a bent prototype
Object.defineProperty(DOMException.prototype, 'name', { get() { for (;;); } }); throw new DOMException('x');

//! case: stack-of-a-thousand-waiting-functions
//! preset: untrusted
//! expect: ok
//! why: as V8 describes the stack, more handles come than fit into one block of them
Error.stackTraceLimit = Infinity;
async function wait(n) {
  if (n > 0) return await Promise.all([wait(n - 1), 1]);
  await 1;
  throw Error('x');
}
wait(5000);
0;

//! case: frames-of-giant-names
//! timeout: 5s
//! memory: 64MB
//! expect: exception Error
//! why: forty frames with the name of a function of sixteen million letters
const f = (n) => { if (n === 0) throw new Error('x'); f(n - 1); };
Object.defineProperty(f, 'name', { value: 'x'.repeat(2 ** 24) });
f(40);

//! case: frames-of-giant-files
//! timeout: 5s
//! memory: 64MB
//! expect: exception Error
//! why: and with the name of a script
eval(`(function f(n) { if (n === 0) throw new Error('x'); f(n - 1); })\n//# sourceURL=${'x'.repeat(2 ** 22)}`)(90);

//! case: causes-of-giant-messages
//! timeout: 5s
//! memory: 64MB
//! expect: exception Error or out_of_memory or engine_dead
//! after: either
//! why: a message of sixteen million letters for each cause; V8 needs it in one piece
let e; for (let i = 0; i < 9; ++i) e = new Error('y'.repeat(2 ** 24), { cause: e }); throw e;
