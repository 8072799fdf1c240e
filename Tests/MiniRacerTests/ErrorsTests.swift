import MiniRacer
import Testing

@Suite("Errors: what JavaScript threw, as data")
struct ErrorsTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  private func error(_ source: String, fileName: String? = "test.js") throws -> JSError {
    try #require(throws: JSError.self) { try context.evaluate(source, fileName: fileName) }
  }

  @Test("an exception with its place and stack")
  func exception() throws {
    let error = try error(
      "function inner() {\n  throw new TypeError('bad thing');\n}\nfunction outer() { inner() }\nouter()")
    #expect(error.kind == .exception)
    #expect(error.isErrorObject)
    #expect(error.name == "TypeError")
    #expect(error.message == "bad thing")
    #expect(error.fileName == "test.js")
    #expect(error.line == 2)
    #expect(error.column == 3)
    #expect(error.sourceLine == "  throw new TypeError('bad thing');")
    #expect(error.frames.map(\.function) == ["inner", "outer", nil])
    #expect(error.frames.map(\.line) == [2, 4, 5])
    #expect(error.frames.allSatisfy { $0.fileName == "test.js" })
    #expect(error.frames[0].description == "at inner (test.js:2:9)")
    #expect(error.description.hasPrefix("TypeError: bad thing\n    at inner (test.js:2:9)"))
    #expect(try #require(error.thrown?.object).get("message") == "bad thing")
  }

  @Test("a syntax error, and nothing of the script ran")
  func syntaxError() throws {
    let error = try error("globalThis.ran = 1;\nlet x = ;")
    #expect(error.kind == .syntaxError)
    #expect(error.name == "SyntaxError")
    #expect(error.message == "Unexpected token ';'")
    #expect(error.line == 2)
    #expect(error.column == 9)
    #expect(error.endColumn == 10)
    #expect(error.sourceLine == "let x = ;")
    #expect(error.thrown == nil)
    #expect(try context.evaluate("typeof ran") == "undefined")
  }

  @Test(
    "anything can be thrown",
    arguments: [
      ("1", 1), ("undefined", .undefined), ("null", nil), ("'text'", "text"), ("true", true), ("10n", .bigInt(10)),
    ] as [(String, JSValue)])
  func primitives(source: String, value: JSValue) throws {
    let error = try error("throw \(source)")
    #expect(error.kind == .exception)
    #expect(error.thrown == value)
    #expect(!error.isErrorObject)
    #expect(!error.message.isEmpty)
  }

  @Test func thrownObject() throws {
    let error = try error("globalThis.o = { code: 5 }; throw o")
    #expect(error.thrown == (try context.evaluate("o")))
    #expect(!error.isErrorObject)
  }

  @Test("causes")
  func causes() throws {
    let error = try error(
      """
      try { null.x } catch (e) { throw new Error('outer', { cause: new RangeError('middle', { cause: e }) }) }
      """)
    #expect(error.message == "outer")
    #expect(error.cause?.name == "RangeError")
    #expect(error.cause?.cause?.name == "TypeError")
    #expect(error.cause?.cause?.cause == nil)
  }

  struct NotFound: JSTracedError, Equatable {
    let key: String
    var jsTrace: JSError?
    static func == (a: NotFound, b: NotFound) -> Bool { a.key == b.key }
  }

  @Test("the cause of an error is the Swift error that a host function threw")
  func hostErrorAsCause() throws {
    try context.setFunction("find") { (key: String) throws -> Void in throw NotFound(key: key) }
    let error = try error(
      """
      function page() {
        try { find('x') } catch (e) { throw new Error('no page', { cause: e }) }
      }
      try { page() } catch (e) { throw new TypeError('no site', { cause: e }) }
      """)
    #expect(error.hostError == nil && error.cause?.hostError == nil)
    let cause = try #require(error.cause?.cause)
    #expect(cause.name == "NotFound")
    let found = try #require(cause.hostError as? NotFound)
    #expect(found.key == "x")
    #expect(found.jsTrace?.frames.first?.description == "at page (test.js:2:9)")
    // What a JavaScript error made of a Swift one is no Swift error.
    #expect(
      try self.error("try { find('y') } catch (e) { throw new Error('other', { cause: new Error(e) }) }").cause?
        .hostError == nil)
  }

  @Test("a host function that throws such a cause throws the Swift error")
  func causeThrown() throws {
    try context.setFunction("find") { (key: String) throws -> Void in throw NotFound(key: key) }
    try context.setFunction("unwrapped") { (body: JSFunction) throws -> JSValue in
      do { return try body() } catch let error as JSError { throw error.cause ?? error }
    }
    #expect(throws: NotFound(key: "x")) {
      try context.evaluate(
        "unwrapped(() => { try { find('x') } catch (e) { throw new Error('no page', { cause: e }) } })")
    }
  }

  @Test("an object that is its own cause keeps neither itself nor the context alive")
  func causeOfItself() throws {
    final class Failure: JSTracedError, @unchecked Sendable { var jsTrace: JSError? }
    weak var last: Failure?
    weak var machine: JSVirtualMachine?
    do {
      let context = try JSContext()
      let failure = Failure()
      (last, machine) = (failure, context.virtualMachine)
      try context.setFunction("fail") { () throws -> Void in throw failure }
      #expect(throws: Failure.self) { try context.evaluate("try { fail() } catch (e) { e.cause = e; throw e }") }
      #expect(failure.jsTrace?.cause?.name == "Failure")
      #expect(failure.jsTrace?.cause?.hostError == nil)
      let error = try #require(throws: JSError.self) {
        try context.evaluate("try { fail() } catch (e) { throw new Error('outer', { cause: e }) }")
      }
      #expect(error.cause?.hostError as? Failure === failure)
    }
    #expect(machine == nil)
    #expect(last == nil)
  }

  @Test("subclasses and own properties")
  func subclass() throws {
    let error = try error(
      """
      class HttpError extends Error { constructor(m, status) { super(m); this.status = status } get name() { return 'X' } }
      throw new HttpError('not found', 404)
      """)
    #expect(error.message == "not found")
    #expect(error.isErrorObject)
    #expect(try error.thrown?.status == 404)
  }

  @Test(
    "describing an error runs nothing of the guest", .timeLimit(.minutes(1)),
    arguments: [
      "const e = new Error('m'); Object.defineProperty(e, 'message', { get() { for (;;); } }); throw e",
      "const e = new Error('m'); Object.defineProperty(e, 'stack', { get() { for (;;); } }); throw e",
      "Error.prepareStackTrace = () => { for (;;); }; throw new Error('m')",
      "throw { toString() { for (;;); }, get name() { for (;;); } }",
      "throw new Proxy(new Error('m'), { get() { for (;;); }, getPrototypeOf() { for (;;); } })",
      "throw new (class extends Error { get name() { for (;;); } toString() { for (;;); } })('m')",
    ])
  func hostileErrors(source: String) throws {
    // The guest must not be asked; where V8 asks it all the same, the deadline ends it, and that is a failure here.
    #expect(throws: JSError.self) { try context.evaluate(source, timeout: .seconds(5)) }
    #expect(try context.evaluate("1") == 1)
  }

  @Test("frames say what they are")
  func frames() async throws {
    let error = try error("class A { constructor() { eval('inner()') } }\nfunction inner() { null.x }\nnew A()")
    #expect(error.frames.map(\.function) == ["inner", "eval", "A", nil])
    #expect(error.frames.map(\.isEval) == [false, true, false, false])
    #expect(error.frames.map(\.isConstructor) == [false, false, true, false])
    #expect(error.frames[2].description == "at new A (test.js:1:27)")
    #expect(!error.frames.contains { $0.isAsync || $0.isWebAssembly })

    let source = "async function inner() { await 0; null.x }\nasync function outer() { await inner() }\nouter()"
    let rejection = try await #require(throws: JSError.self) {
      try await context.evaluateAsync(source, fileName: "test.js")
    }
    #expect(rejection.frames.map(\.function) == ["inner", "outer"])
    #expect(rejection.frames.map(\.isAsync) == [false, true])
    #expect(rejection.frames[1].description == "at async outer (test.js:2:26)")
    #expect(
      rejection.frames[1] == JSStackFrame(function: "outer", fileName: "test.js", line: 2, column: 26, isAsync: true))
  }

  @Test("the engine's own functions are frames, too")
  func nativeFrames() throws {
    let error = try error("[1].forEach(function each() { null.x })")
    #expect(error.frames.map(\.function) == ["each", "Array.forEach", nil])
    #expect(error.frames.map(\.isNative) == [false, true, false])
    #expect(error.frames[1].description == "at Array.forEach (<anonymous>)")
  }

  @Test("an error can be kept when the context is gone")
  func outlives() throws {
    var kept: JSError?
    do {
      let context = try JSContext()
      kept = try #require(throws: JSError.self) { try context.evaluate("throw new Error('kept')") }
      context.close()
    }
    #expect(kept?.message == "kept")
    let error = try #require(throws: MiniRacerError.self) { try kept?.thrown?.object?.get("message") }
    #expect(error.code == .closed)
  }

  @Test("statuses by their range")
  func categories() {
    #expect(MiniRacerError.Code.timeout.category == .limit)
    #expect(MiniRacerError.Code.closed.category == .lifecycle)
    #expect(MiniRacerError.Code.wrongType.category == .misuse)
    #expect(MiniRacerError.Code(rawValue: 399).category == .limit)
    #expect(MiniRacerError.Code(rawValue: 399).description == "status 399")
    #expect(MiniRacerError(.timeout, "").description == "timeout")
  }
}
