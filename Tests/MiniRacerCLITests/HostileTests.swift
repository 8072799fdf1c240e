import Testing

@testable import MiniRacerCLI

/// Looking at a value runs none of its code, and comes to an end.
@Suite(.enabled(if: ToolRun.hasLibrary))
struct HostileTests {
  /// Each of them would not end, or would show something else, if a trap, a getter or a patched built-in ran.
  @Test(arguments: [
    ("new Proxy({}, new Proxy({}, { get() { hang() } }))", "{}"),
    ("({ get a() { hang() }, get constructor() { hang() } })", "{ a: [Getter], constructor: [Getter] }"),
    ("Object.setPrototypeOf({ a: 1 }, new Proxy({}, { get: hang, getPrototypeOf: hang, has: hang }))", "{ a: 1 }"),
    ("class A {}; Object.defineProperty(A, Symbol.hasInstance, { value: hang }); new A", "A {}"),
    ("class A {}; Object.defineProperty(A, 'name', { get: hang }); new A", "{}"),
    ("const f = function f() {}; f.toString = hang; Object.defineProperty(f, 'name', { get: hang }); [f]", nil),
    ("Error.prepareStackTrace = hang; const e = new Error('x'); e", nil),
    ("Error.prepareStackTrace = hang; Object.freeze(Error); new Error('x')", nil),
    ("const e = new Error('x'); Object.defineProperty(e, 'stack', { get: hang }); e", nil),
    ("const p = Promise.resolve(1); Object.defineProperty(p, 'constructor', { get: hang }); p", nil),
    ("Object.defineProperty(Promise, Symbol.species, { get: hang }); Promise.resolve(1)", nil),
    ("class P extends Promise { static get [Symbol.species]() { hang() } }; new P(() => {})", nil),
    ("Promise.prototype.then = hang; Promise.resolve(1)", "Promise { 1 }"),
    (
      "const d = new Date(0); Date.prototype.toISOString = Date.prototype.getTime = hang; d", "1970-01-01T00:00:00.000Z"
    ),
    ("Object.defineProperty(RegExp.prototype, 'flags', { get: hang }); RegExp.prototype.toString = hang; /x/g", "/x/g"),
    (
      "const m = new Map([[1, 2]]); Map.prototype.entries = Map.prototype[Symbol.iterator] = hang; m",
      "Map(1) { 1 => 2 }"
    ),
    ("Map.prototype.get = Map.prototype.set = hang; ({ a: [1] })", "{ a: [ 1 ] }"),
    ("Reflect.ownKeys = Reflect.apply = JSON.stringify = Object.keys = hang; ({ a: 1 })", "{ a: 1 }"),
    ("Function.prototype.call = Function.prototype.apply = hang; ({ a: 1 })", "{ a: 1 }"),
    ("Array.prototype[Symbol.iterator] = Array.prototype.push = hang; [1, 2]", "[ 1, 2 ]"),
    ("Object.prototype.toJSON = String.prototype.toJSON = hang; ({ a: 'b' })", nil),
    ("Object.defineProperty(Array.prototype, 0, { get: hang, set: hang }); [, 1]", "[ <1 empty item>, 1 ]"),
    (
      "const [get, o] = [{ get: hang }, { a: 1 }]; Object.defineProperty(Object.prototype, 'value', get); o", "{ a: 1 }"
    ),
    ("const v = { get: hang, set: hang }; Object.defineProperty(Object.prototype, 'get', v); [{ a: 1 }]", nil),
    ("console.log = hang; delete globalThis.console; 1", "1"),
  ])
  func runsNoGuestCode(_ source: String, _ expected: String?) throws {
    let run = try eval("function hang() { for (;;); }; \(source)")
    #expect(run.error == "")
    #expect(run.exitCode == 0)
    #expect(!run.output.contains("too much to inspect"))
    if let expected { #expect(run.output == expected + "\n") }
  }

  /// Large things are cut.
  @Test(arguments: [
    "new Array(4294967295)", "const a = []; a[4294967290] = 1; a", "new Uint8Array(1e8)", "['x'.repeat(1e8)]",
    "let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; o", "let a = []; for (let i = 0; i < 1e4; i++) a = [a, a]; a",
    "const o = {}; for (let i = 0; i < 1e5; i++) o['k' + i] = i; o",
    "new Map(Array.from({ length: 1e5 }, (_, i) => [i, i]))",
    "const row = Array.from({ length: 200 }, () => 'x'.repeat(500)); Array.from({ length: 200 }, () => Array(200).fill(row))",
    "Object.assign(() => {}, { a: 'x'.repeat(1e6) })", "new ArrayBuffer(1e8)", "globalThis",
    "let p = {}; for (let i = 0; i < 1e5; i++) p = Object.create(p); p", "new Error('x'.repeat(1e6))",
  ])
  func isBounded(_ source: String) throws {
    let start = ContinuousClock.now
    let run = try eval(source)
    #expect(run.exitCode == 0)
    #expect(run.error == "")
    #expect(run.output.utf8.count < 3_000_000)
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  @Test func cutTexts() throws {
    #expect(try eval("['x'.repeat(10_003)]").output.hasSuffix("x'... 3 more characters ]\n") == false)
    #expect(try eval("['x'.repeat(10_003)]").output.contains("x'... 3 more characters\n"))
    #expect(try eval("Array.from({ length: 101 }, () => 'abcdefghi')").output.contains("... 1 more item\n"))
    #expect(
      try eval("({ ...Array.from({ length: 1002 }, (_, i) => 'k' + i) })").output.contains("... 2 more properties\n"))
  }

  @Test func deepRecursionIntoTheConsole() throws {
    let run = try eval(
      "let n = 0; function f() { n++; console.log([n]); f() }; try { f() } catch (e) { print(e.name) }; n > 100")
    #expect(run.output == "RangeError\ntrue\n")
    #expect(run.exitCode == 0)
  }

  @Test func textCannotTalkToTheTerminal() throws {
    let escape = "\\x1b]0;title\\x07"
    let run = try eval(
      "class A {}; Object.defineProperty(A, 'name', { value: '\(escape)' }); [new A, '\(escape)', Symbol('\(escape)'), { '\(escape)': 1 }]"
    )
    #expect(!run.output.contains("\u{1B}"))
    #expect(run.exitCode == 0)
  }
}
