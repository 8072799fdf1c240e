import MiniRacer
import Testing

@Suite("Limits", .timeLimit(.minutes(2)))
struct LimitsTests {
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

  @Test("the heap limit ends the run and not the process")
  func heapLimit() throws {
    let context = try JSContext(.init(heapLimit: 32 << 20))
    let error = try #require(throws: MiniRacerError.self) {
      try context.evaluate("const list = []; for (;;) list.push({ text: 'x' + list.length })", timeout: .seconds(60))
    }
    #expect(error.code == .outOfMemory)
    #expect(try JSContext().evaluate("1") == 1)
  }

  @Test("a host function raises the heap limit of the run that called it")
  func raisedHeapLimit() throws {
    let context = try JSContext(.init(heapLimit: 32 << 20))
    try context.setFunction("raise", arguments: { call in try call.context.virtualMachine.setHeapLimit(256 << 20) })
    // About 40 MB of numbers that are no small integers.
    let source = "const list = []; for (let i = 0; i < 1e6; i++) list.push({ x: i + 0.5 }); list.length"
    let error = try #require(throws: MiniRacerError.self) { try context.evaluate("{ \(source) }") }
    #expect(error.code == .outOfMemory)
    #expect(try context.evaluate("{ raise(); \(source) }") == 1_000_000)
    #expect(try context.virtualMachine.heapStatistics.heapLimit >= 256 << 20)
  }

  @Test("a heap limit is lowered for the runs to come")
  func loweredHeapLimit() throws {
    let source = "{ const list = []; for (let i = 0; i < 1e6; i++) list.push({ x: i + 0.5 }); list.length }"
    let context = try JSContext(.init(heapLimit: 256 << 20))
    let machine = context.virtualMachine
    #expect(try context.evaluate(source) == 1_000_000)
    try machine.collectGarbage()  // what is in use cannot be undercut
    try machine.setHeapLimit(32 << 20)
    #expect(try #require(throws: MiniRacerError.self) { try context.evaluate(source) }.code == .outOfMemory)
    #expect(try context.evaluate("1 + 1") == 2)
    try machine.setHeapLimit(nil)
    #expect(try context.evaluate(source) == 1_000_000)
  }

  @Test("a heap limit that cannot be", arguments: [-1, 0, 1, (4 << 20) - 1])
  func badHeapLimit(bytes: Int) throws {
    let machine = context.virtualMachine
    let before = try machine.heapStatistics.heapLimit
    let error = try #require(throws: MiniRacerError.self) { try machine.setHeapLimit(bytes) }
    #expect(error.code == .invalidArgument)
    #expect(error.message.hasPrefix("heapLimit is \(bytes)"))
    #expect(try machine.heapStatistics.heapLimit == before)
    machine.close()
    #expect(try #require(throws: MiniRacerError.self) { try machine.setHeapLimit(64 << 20) }.code == .closed)
  }

  @Test("what cannot be configured")
  func badConfiguration() throws {
    for configuration in [
      JSVirtualMachine.Configuration(heapLimit: -1), JSVirtualMachine.Configuration(heapLimit: 0),
      JSVirtualMachine.Configuration(stackLimit: -5),
    ] {
      #expect(try #require(throws: MiniRacerError.self) { try JSContext(configuration) }.code == .invalidArgument)
    }
  }

  @Test("heap statistics")
  func heapStatistics() throws {
    let context = try JSContext(.init(heapLimit: 64 << 20))
    try context.evaluate("globalThis.buffer = new ArrayBuffer(1 << 20)")
    let object = try context.makeObject()
    let statistics = try context.virtualMachine.heapStatistics
    #expect(statistics.heapUsed > 0)
    #expect(statistics.heapUsed <= statistics.heapCommitted)
    #expect(statistics.arrayBuffers >= 1 << 20)
    #expect(statistics.contextCount == 1)
    #expect(statistics.handleCount >= 1)
    #expect(statistics.heapLimit >= 60 << 20 && statistics.heapLimit <= 128 << 20)
    _ = object
  }

  @Test("V8's flags cannot change once it runs, and its own words are kept")
  func engineFlags() throws {
    let library = context.virtualMachine.library
    try library.start()
    let late = try #require(throws: MiniRacerError.self) { try library.start(EngineOptions(v8Flags: ["--jitless"])) }
    #expect(late.code == .tooLate)
    let unknown = try #require(throws: MiniRacerError.self) {
      try library.start(EngineOptions(v8Flags: ["--no-such-flag-at-all"]))
    }
    #expect([.unknownFlag, .tooLate].contains(unknown.code))
  }
}
