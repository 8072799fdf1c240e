import Foundation
import MiniRacer
import Testing

/// A built-in function that never looks up: only a cut ends it, and the virtual machine with it.
private let stuck = "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)"

@Suite("Dead virtual machines", .timeLimit(.minutes(2)))
struct DeathTests {
  let events = Events()
  let context: JSContext

  init() throws {
    context = try JSContext(
      .init(timeout: .milliseconds(100), grace: .milliseconds(50)), eventHandler: events.add)
  }

  /// Has the virtual machine die, and gives the reason.
  @discardableResult
  private func kill(_ context: JSContext) throws -> String {
    let error = try #require(throws: MiniRacerError.self) { try context.evaluate(stuck) }
    #expect(error.code == .engineDead)
    #expect(!error.message.isEmpty)
    return error.message
  }

  private func dead(_ body: () throws -> Void) throws {
    let error = try #require(throws: MiniRacerError.self) { try body() }
    #expect(error.code == .engineDead)
    #expect(!error.message.isEmpty)
  }

  /// Events come on a thread of the library's.
  private func soon(_ condition: () -> Bool) {
    for _ in 0..<5000 where !condition() { Thread.sleep(forTimeInterval: 0.001) }
  }

  @Test("a built-in function that is stuck is cut off, and the host told once")
  func told() throws {
    let reason = try kill(context)
    try dead { try context.evaluate("1") }
    soon { !events.all.isEmpty }
    #expect(events.all == [.died(reason: reason)])
    #expect(try JSContext().evaluate("6 * 7") == 42)
  }

  @Test("every call says that it is dead, and why")
  func everything() throws {
    let object = try context.evaluate("({ f() {} })", as: JSObject.self)
    let function = try context.evaluate("(function () {})", as: JSFunction.self)
    let (promise, resolver) = try context.makePromise()
    try kill(context)
    try dead { _ = try object.get("f") }
    try dead { try object.set("f", 1) }
    try dead { _ = try object.keys() }
    try dead { try object.callMethod("f", arguments: []) }
    try dead { try function.call() }
    try dead { try function(1, 2) }
    try dead { _ = try function.new(arguments: []) }
    try dead { _ = try context.inspect(object) }
    try dead { _ = try context.string(of: object) }
    try dead { _ = try JSValue.object(object).tree() }
    try dead { try resolver.resolve(1) }
    try dead { _ = try promise.wait() }
    try dead { _ = try context.makeObject() }
    try dead { _ = try JSContext(virtualMachine: context.virtualMachine) }
    try dead { _ = try context.virtualMachine.heapStatistics }
    try dead { try context.virtualMachine.collectGarbage() }
    try dead { try context.virtualMachine.runMicrotasks() }
    try dead { try context.virtualMachine.withLock {} }
    try dead { try context.virtualMachine.setHeapLimit(64 << 20) }
    try dead { try context.virtualMachine.setUnhandledHandler { _ in } }
  }

  @Test("so do those that are the host's own loop's")
  func wakeHandler() throws {
    let context = try JSContext(.init(timeout: .milliseconds(100), eventLoop: .host, grace: .milliseconds(50)))
    let reason = try kill(context)
    let error = try #require(throws: MiniRacerError.self) { try context.virtualMachine.setWakeHandler { _ in } }
    #expect(error.code == .engineDead)
    #expect(error.message == reason)
    context.close()
    let closed = try #require(throws: MiniRacerError.self) { try context.virtualMachine.setWakeHandler { _ in } }
    #expect(closed.code == .closed)
    #expect(!closed.message.contains("event loop"))
    let limit = try #require(throws: MiniRacerError.self) { try context.virtualMachine.setHeapLimit(64 << 20) }
    #expect(limit.code == .closed)
  }

  @Test("what is held of it is let go by ARC, and what it held of Swift too")
  func released() throws {
    final class Tracked: Sendable {}
    weak var tracked: Tracked?
    weak var machine: JSVirtualMachine?
    let before = try MiniRacerLibrary.load().processStatistics
    do {
      let context = try JSContext(.init(timeout: .milliseconds(100), grace: .milliseconds(50)))
      let object = Tracked()
      (tracked, machine) = (object, context.virtualMachine)
      try context.setFunction("hold") { withExtendedLifetime(object) {} }
      let values = try ["({})", "Symbol('s')", "new Map", "() => 1", "'text'"].map { try context.evaluate($0) }
      try kill(context)
      #expect(values.count == 5)
      #expect(values[0].object?.description != nil)
    }
    #expect(machine == nil)
    // The library lets go of them on the thread that left it last.
    let deadline = ContinuousClock.now + .seconds(10)
    while tracked != nil, ContinuousClock.now < deadline { Thread.sleep(forTimeInterval: 0.01) }
    #expect(tracked == nil)
    #expect(try MiniRacerLibrary.load().processStatistics.deathCount > before.deathCount)
  }

  @Test("a Swift error on its way through it")
  func swiftError() throws {
    struct Refused: Error {}
    try context.setFunction(
      "dies",
      arguments: { call -> Int in
        // A nested run dies; what is thrown here then has no JavaScript to go through any more.
        #expect(throws: MiniRacerError.self) { try call.context.evaluate(stuck, timeout: .milliseconds(50)) }
        throw Refused()
      })
    try dead { try context.evaluate("try { dies() } catch (error) { 'caught' }", timeout: .seconds(20)) }
    try dead { try context.evaluate("1") }
  }

  @Test("errors that came out of it still say what they said")
  func errorsStay() throws {
    let error = try #require(throws: JSError.self) { try context.evaluate("throw new TypeError('x')") }
    try kill(context)
    #expect(error.name == "TypeError")
    #expect(error.message == "x")
    #expect(error.thrown?.object != nil)
    #expect(error.description.hasPrefix("TypeError: x"))
  }

  @Test("a task that is cancelled in a stuck built-in function comes to its end")
  func taskCancellation() async throws {
    let context = try JSContext(.init(grace: .milliseconds(50)), eventHandler: events.add)
    let task = Task { try await context.evaluateAsync(stuck) }
    try await Task.sleep(for: .milliseconds(200))
    task.cancel()
    let result = await task.result
    #expect(throws: (any Error).self) { try result.get() }
    // It came to a look, or was cut off.
    do { #expect(try context.evaluate("1") == 1) } catch let error as MiniRacerError {
      #expect(error.code == .engineDead)
    }
  }

  @Test("an async run that dies, and those that wait behind it")
  func asyncEvaluate() async throws {
    let context = context
    let dying = Task { try await context.evaluateAsync(stuck) }
    let behind = Task { try await context.evaluateAsync("1") }
    let first = try await #require(throws: MiniRacerError.self) { try await dying.value }
    #expect(first.code == .engineDead)
    // It may have had its turn before.
    do { #expect(try await behind.value == 1) } catch let error as MiniRacerError { #expect(error.code == .engineDead) }
    let later = try await #require(throws: MiniRacerError.self) { try await context.evaluateAsync("1") }
    #expect(later.code == .engineDead)
  }

  @Test("who awaits a promise learns that it will never be settled")
  func promise() async throws {
    let context = try JSContext(.init(grace: .milliseconds(50)), eventHandler: events.add)
    let promise = try context.makePromise().promise
    let waiting = Task { try await promise.value }
    try await Task.sleep(for: .milliseconds(50))
    try dead { try context.evaluate(stuck, timeout: .milliseconds(50)) }
    let error = try await #require(throws: MiniRacerError.self) { try await waiting.value }
    #expect(error.code == .engineDead)
    #expect(!error.message.isEmpty)
  }

  @Test("an async host function whose promise died")
  func asyncHostFunction() async throws {
    let context = context
    let gate = AsyncStream<Void>.makeStream()
    try context.setFunction("later") { () async throws -> Int in
      for await _ in gate.stream { break }
      return 1
    }
    let promise = try #require(try context.evaluate("later()").object as? JSPromise)
    try kill(context)
    gate.continuation.yield()
    let error = try await #require(throws: MiniRacerError.self) { try await promise.value }
    // What the promise is finalized with and the event that tells why come on different threads.
    #expect(error.code == .engineDead || error.code == .closed)
  }

  @Test("a host function is not cut off; the host is told that the run does not end")
  func hostFunction() throws {
    try context.setFunction("sleep") { Thread.sleep(forTimeInterval: 0.5) }
    let error = try #require(throws: MiniRacerError.self) { try context.evaluate("sleep(); for (;;);") }
    #expect(error.code == .timeout)
    #expect(try context.evaluate("1") == 1)
    for event in events.all {
      guard case .unresponsive(let overdue) = event else {
        Issue.record("\(event)")
        continue
      }
      #expect(overdue >= .milliseconds(50))
    }
  }

  @Test("the handler may use the dead virtual machine, and others")
  func handlerCallsBack() throws {
    let spare = try JSContext()
    let answers = Answers()
    let context = try JSContext(
      .init(timeout: .milliseconds(100), grace: .milliseconds(50)),
      eventHandler: { _ in
        answers.add(try? spare.evaluate("6 * 7").number)
        answers.add(try? JSContext().evaluate("1").number)
      })
    try kill(context)
    soon { answers.all.count == 2 }
    #expect(answers.all == [42, 1])
  }

  @Test("closing a dead one")
  func close() throws {
    try kill(context)
    context.close()
    #expect(try #require(throws: MiniRacerError.self) { try context.evaluate("1") }.code == .closed)
    context.close()
  }
}

private final class Answers: @unchecked Sendable {
  private let lock = NSLock()
  private var numbers: [Double?] = []

  var all: [Double?] { lock.withLock { numbers } }
  func add(_ number: Double?) { lock.withLock { numbers.append(number) } }
}
