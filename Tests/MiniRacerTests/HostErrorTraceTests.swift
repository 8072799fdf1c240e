import MiniRacer
import Testing

@Suite("A Swift error that went through JavaScript comes out with its way")
struct HostErrorTraceTests {
  let context: JSContext

  struct NotFound: JSTracedError, CustomStringConvertible {
    let key: String
    var jsTrace: JSError?
    var description: String { "there is no \(key)" }
  }

  struct Plain: Error, Equatable {}

  init() throws {
    context = try JSContext()
    try context.setFunction("find") { (key: String) throws -> Int in throw NotFound(key: key) }
    try context.setFunction("fail") { () throws -> Void in throw Plain() }
    try context.evaluate(
      "function inner() {\n  return find('x');\n}\nfunction outer() { inner() }", fileName: "find.js")
  }

  @Test("an error that keeps its trace")
  func traced() throws {
    let error = try #require(throws: NotFound.self) { try context.evaluate("outer()", fileName: "main.js") }
    #expect(error.key == "x")
    let trace = try #require(error.jsTrace)
    #expect(
      trace.frames.map(\.description) == ["at inner (find.js:2:10)", "at outer (find.js:4:20)", "at main.js:1:1"])
    #expect(trace.name == "NotFound")
    #expect(trace.message == "there is no x")
    #expect(trace.fileName == "find.js")
    #expect(trace.line == 2)
    #expect(trace.stack?.hasPrefix("NotFound: there is no x\n    at inner (find.js:2:10)") == true)
    #expect(trace.thrown == nil)
  }

  @Test("any other error: the virtual machine knows")
  func others() throws {
    #expect(context.virtualMachine.lastHostErrorTrace == nil)
    #expect(throws: Plain()) { try context.evaluate("fail()", fileName: "main.js") }
    let trace = try #require(context.virtualMachine.lastHostErrorTrace)
    #expect(trace.name == "Plain")
    #expect(trace.frames.map(\.description) == ["at main.js:1:1"])
    #expect(throws: JSError.self) { try context.evaluate("throw 1") }
    #expect(context.virtualMachine.lastHostErrorTrace?.name == "Plain")
    #expect(throws: NotFound.self) { try context.evaluate("outer()") }
    #expect(context.virtualMachine.lastHostErrorTrace?.name == "NotFound")
  }

  @Test("an object stays the same object, and nothing keeps it or the context alive")
  func classes() throws {
    final class Failure: JSTracedError, @unchecked Sendable { var jsTrace: JSError? }
    weak var last: Failure?
    weak var machine: JSVirtualMachine?
    do {
      let context = try JSContext()
      let failure = Failure()
      (last, machine) = (failure, context.virtualMachine)
      try context.setFunction("fail") { () throws -> Void in throw failure }
      #expect(try #require(throws: Failure.self) { try context.evaluate("fail()") } === failure)
      #expect(failure.jsTrace?.frames.count == 1)
    }
    #expect(machine == nil)
    #expect(last == nil)
  }

  @Test("through JavaScript in JavaScript, the outer trace is the last")
  func nested() throws {
    try context.setFunction("run", arguments: { call in try call.context.evaluate("outer()", fileName: "nested.js") })
    let error = try #require(throws: NotFound.self) { try context.evaluate("run()", fileName: "main.js") }
    #expect(error.jsTrace?.frames.map(\.description) == ["at main.js:1:1"])
  }

  @Test("an error that a script catches and throws again is the same, with the first place")
  func rethrown() throws {
    let error = try #require(throws: NotFound.self) {
      try context.evaluate("try { outer() } catch (error) {\n  throw error\n}", fileName: "main.js")
    }
    #expect(error.jsTrace?.frames.first?.description == "at inner (find.js:2:10)")
  }

  @Test("and out of promises")
  func rejections() async throws {
    let error = try await #require(throws: NotFound.self) {
      try await context.evaluateAsync("(async () => { await 0; outer() })()", fileName: "main.js")
    }
    #expect(error.jsTrace?.frames.first?.description == "at inner (find.js:2:10)")
  }
}
