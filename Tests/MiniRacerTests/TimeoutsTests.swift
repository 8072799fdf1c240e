import Foundation
import MiniRacer
import Testing

@Suite("Timeouts", .timeLimit(.minutes(2)))
struct TimeoutsTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  private func timeout(_ body: () throws -> Void) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let error = try #require(throws: MiniRacerError.self) { try body() }
    #expect(error.code == .timeout)
    #expect(clock.now - start < .seconds(10))
    #expect(try context.evaluate("1 + 1") == 2, "the context works on")
  }

  @Test("an endless loop")
  func endlessLoop() throws {
    try timeout { try context.evaluate("for (;;);", timeout: .milliseconds(50)) }
  }

  @Test("a loop that catches everything")
  func stubbornLoop() throws {
    try timeout {
      try context.evaluate("for (;;) { try { for (;;); } catch {} finally { for (;;); } }", timeout: .milliseconds(50))
    }
  }

  @Test("appending to an array runs what the guest put in its way")
  func appending() throws {
    let array = try context.evaluate(
      "var a = []; Object.defineProperty(Array.prototype, 0, { set() { for (;;); }, configurable: true }); a",
      as: JSArray.self)
    try timeout { try array.append(1, timeout: .milliseconds(50)) }
    try context.evaluate("delete Array.prototype[0]")
    try array.append("one", timeout: .seconds(20))
    #expect(try array.elements == ["one"])
  }

  @Test("the event loop until an instant, under limits")
  func pendingUntil() throws {
    let context = try JSContext(.init(eventLoop: .host))
    let machine = context.virtualMachine
    func code(_ source: String, _ body: () throws -> Void) throws -> MiniRacerError.Code {
      try context.evaluate(source)
      let start = ContinuousClock.now
      let error = try #require(throws: MiniRacerError.self) { try body() }
      #expect(ContinuousClock.now - start < .seconds(10))
      return error.code
    }
    let (spin, often) = ("setTimeout(() => { for (;;); })", "setInterval(() => {}, 1)")
    let later = ContinuousClock.now + .seconds(60)
    #expect(try code(spin) { try machine.runPending(until: later, timeout: .milliseconds(50)) } == .timeout)
    #expect(try code(spin) { try machine.runPending(until: later, cpuTime: .milliseconds(50)) } == .cpuTime)
    // All turns together, and what is between them.
    #expect(try code(often) { try machine.runPending(until: later, timeout: .milliseconds(100)) } == .timeout)
    let token = CancellationToken()
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.05)
      token.cancel()
    }
    let idle = try JSContext(.init(eventLoop: .host))
    try idle.evaluate("setTimeout(() => {}, 50000)")
    let start = ContinuousClock.now
    let error = try #require(throws: MiniRacerError.self) {
      try idle.virtualMachine.runPending(until: later, cancellation: token)
    }
    #expect(error.code == .cancelled)
    #expect(ContinuousClock.now - start < .seconds(10))
    #expect(
      try #require(throws: MiniRacerError.self) {
        try idle.virtualMachine.runPending(until: later, timeout: .milliseconds(50))
      }.code == .timeout)
  }

  @Test("everything that can run JavaScript keeps the deadline")
  func everything() throws {
    let object = try context.evaluate(
      """
      ({ get slow() { for (;;); }, set slow(v) { for (;;); }, run() { for (;;); }, toString() { for (;;); },
         toJSON() { for (;;); } })
      """, as: JSObject.self)
    let proxy = try context.evaluate(
      "new Proxy({}, { has() { for (;;); }, deleteProperty() { for (;;); }, ownKeys() { for (;;); } })",
      as: JSObject.self)
    let loop = try context.evaluate("(function () { for (;;); })", as: JSFunction.self)
    let short = Duration.milliseconds(20)
    try timeout { _ = try object.get("slow", timeout: short) }
    try timeout { try object.set("slow", 1, timeout: short) }
    try timeout { try object.callMethod("run", arguments: [], timeout: short) }
    try timeout { _ = try context.string(of: object, timeout: short) }
    try timeout { _ = try context.stringifyJSON(object, timeout: short) }
    try timeout { _ = try proxy.has("x", timeout: short) }
    try timeout { try proxy.delete("x", timeout: short) }
    try timeout { _ = try proxy.keys(timeout: short) }
    try timeout { try loop.call(timeout: short) }
    try timeout { _ = try loop.new(arguments: [], timeout: short) }
  }

  @Test("promise reactions keep the deadline")
  func microtasks() throws {
    try timeout {
      try context.evaluate(
        "(function again() { Promise.resolve().then(again) })()", timeout: .milliseconds(50))
    }
  }

  @Test("a time that has already passed", arguments: [Duration.zero, .seconds(-1), .nanoseconds(1)])
  func passed(duration: Duration) throws {
    try timeout { try context.evaluate("for (;;);", timeout: duration) }
  }

  @Test("a default for all runs, and how to lift it")
  func defaultTimeout() throws {
    let context = try JSContext(.init(timeout: .milliseconds(30)))
    let busy = "const end = Date.now() + 100; while (Date.now() < end); 'done'"
    #expect(try #require(throws: MiniRacerError.self) { try context.evaluate("for (;;);") }.code == .timeout)
    #expect(try #require(throws: MiniRacerError.self) { try context.evaluate("{\(busy)}") }.code == .timeout)
    #expect(try context.evaluate("{\(busy)}", timeout: .unlimited) == "done")
    #expect(try context.evaluate("{\(busy)}", timeout: .seconds(20)) == "done")
  }

  @Test("a nested run's deadline ends that run only")
  func nested() throws {
    try context.setFunction(
      "inner",
      arguments: { call -> String in
        do {
          try call.context.evaluate("for (;;);", timeout: .milliseconds(20))
          return "nothing"
        } catch let error as MiniRacerError {
          return error.code.description
        }
      })
    #expect(try context.evaluate("inner() + ' ' + inner()", timeout: .seconds(20)) == "timeout timeout")
  }

  @Test("the outer deadline ends nested runs too")
  func outer() throws {
    try context.setFunction(
      "inner", arguments: { call in try call.context.evaluate("for (;;);", timeout: .seconds(60)) })
    try timeout { try context.evaluate("inner()", timeout: .milliseconds(50)) }
  }

  @Test("a run that ends in time leaves nothing behind")
  func nothingLeft() throws {
    for _ in 0..<200 { #expect(try context.evaluate("1", timeout: .milliseconds(500)) == 1) }
    let end = "const end = Date.now() + 700; while (Date.now() < end); 'whole'"
    #expect(try context.evaluate("{\(end)}") == "whole")
  }
}
