import Foundation
import MiniRacer
import Testing

@Suite("Processor time", .timeLimit(.minutes(2)))
struct ProcessorTimeTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  private func used(_ body: () throws -> Void) throws {
    let error = try #require(throws: MiniRacerError.self) { try body() }
    #expect(error.code == .cpuTime)
    #expect(error.code.category == .limit)
    #expect(try context.evaluate("1 + 1") == 2, "the context works on")
  }

  @Test("a loop ends with it")
  func loop() throws {
    try used { try context.evaluate("for (;;);", cpuTime: .milliseconds(50)) }
  }

  @Test("sleep is not counted, and the timeout is")
  func sleep() throws {
    try context.setFunction("sleep") { Thread.sleep(forTimeInterval: 0.3) }
    #expect(try context.evaluate("sleep(); 'rested'", cpuTime: .milliseconds(150)) == "rested")
    let error = try #require(throws: MiniRacerError.self) {
      try context.evaluate("sleep(); for (;;);", timeout: .milliseconds(100), cpuTime: .seconds(20))
    }
    #expect(error.code == .timeout)
  }

  @Test("everything that takes a timeout takes it too")
  func everything() throws {
    let object = try context.evaluate("({ get slow() { for (;;); }, run() { for (;;); } })", as: JSObject.self)
    let loop = try context.evaluate("(function () { for (;;); })", as: JSFunction.self)
    let short = Duration.milliseconds(20)
    try used { _ = try object.get("slow", cpuTime: short) }
    try used { try object.callMethod("run", arguments: [], cpuTime: short) }
    try used { try loop(cpuTime: short) }
    try used { try loop(1, cpuTime: short) }
    try used { try loop(1, 2, cpuTime: short) }
    try used { try loop(1, 2, 3, timeout: .seconds(20), cpuTime: short) }
    try used { try loop.call(cpuTime: short) }
    try used { try loop.call(cpuTime: short, cancellation: CancellationToken()) }
    try used { _ = try loop.new(arguments: [], cpuTime: short) }
    try used { _ = try context.stringifyJSON(object, cpuTime: short) }
  }

  @Test("a default for all runs, and how to lift it")
  func defaultTime() throws {
    let context = try JSContext(.init(cpuTime: .milliseconds(30)))
    let busy = "{ const end = Date.now() + 100; while (Date.now() < end); 'done' }"
    #expect(try #require(throws: MiniRacerError.self) { try context.evaluate("for (;;);") }.code == .cpuTime)
    #expect(try context.evaluate(busy, cpuTime: .unlimited) == "done")
  }

  @Test("async runs")
  func async() async throws {
    let context = context
    let error = try await #require(throws: MiniRacerError.self) {
      try await context.evaluateAsync("for (;;);", cpuTime: .milliseconds(30))
    }
    #expect(error.code == .cpuTime)
  }
}
