import Foundation
import MiniRacer
import Synchronization
import Testing

/// The library tells that memory is back as the thread leaves JavaScript: whoever waited for that inside would wait for ever.
@Suite("Lending inside of JavaScript", .timeLimit(.minutes(5)))
struct LendingInsideTests {
  private let stuck = "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)"
  private let context: JSContext
  private let given = Given()

  /// What was lent, as it came back.
  private final class Given: Sendable {
    let elements = Mutex<[Float]>([])
  }

  private final class Holder: @unchecked Sendable {
    var context: JSContext?
  }

  init() throws {
    context = try JSContext(.init(grace: .milliseconds(50)))
    try context.evaluate("var kept; const fill = (array, value) => { kept = array.fill(value); kept.length }")
  }

  /// A host function that lends ten floats to JavaScript, filled with 1, and then runs this.
  private func setLend(_ context: JSContext, _ body: @escaping @Sendable (JSContext) throws -> Void) throws {
    try context.setFunction(
      "lend",
      arguments: { [given] call -> Int in
        var lent = [Float](repeating: 0, count: 10)
        defer { given.elements.withLock { $0 = lent } }
        try call.context.withLent(&lent) { array in
          try call.context.global.set("array", array)
          try call.context.evaluate("fill(array, 1)")
          try body(call.context)
        }
        return try call.context.evaluate("kept.length", as: Int.self)
      })
  }

  private var areOnes: Bool { given.elements.withLock { $0 } == [Float](repeating: 1, count: 10) }

  @Test("in a host function, and by the lock")
  func inside() throws {
    try setLend(context) { _ in }
    #expect(try context.evaluate("lend() + kept.buffer.byteLength") == 0)
    #expect(areOnes)
    var numbers = [1.0, 2]
    try context.virtualMachine.withLock {
      try context.withLent(&numbers) { array in
        try context.global.set("array", array)
        try context.evaluate("fill(array, 3)")
      }
      #expect(try context.evaluate("kept.length") == 0)
    }
    #expect(numbers == [3, 3])
    struct Failure: Error {}
    try setLend(context) { _ in throw Failure() }
    #expect(throws: Failure.self) { try context.evaluate("lend()") }
    #expect(try context.evaluate("kept.length") == 0)
  }

  @Test("in a task that the event loop runs")
  func loop() async throws {
    let context = context
    let numbers = try await context.virtualMachine.perform { _ in
      var numbers = [1.0, 2]
      try context.withLent(&numbers) { array in
        try context.global.set("array", array)
        try context.evaluate("fill(array, 3)")
      }
      return numbers
    }
    #expect(numbers == [3, 3])
  }

  @Test("closed meanwhile: nothing of the guest's runs any more, and the memory is the host's")
  func closed() throws {
    try setLend(context) { $0.virtualMachine.close() }
    let error = try #require(throws: MiniRacerError.self) {
      try context.evaluate("try { lend(); kept[0] = 2 } catch { kept[0] = 3 } finally { kept[0] = 4 }")
    }
    #expect(error.code == .closed)
    #expect(areOnes)
  }

  @Test("closed meanwhile in the middle of a built-in function")
  func closedInBuiltIn() throws {
    try setLend(context) { $0.virtualMachine.close() }
    #expect(throws: MiniRacerError.self) {
      try context.evaluate(
        "JSON.parse('[0, [1]]', function (key) { if (key === '0') { lend(); this[1] = kept }; return 7 })")
    }
    #expect(areOnes)
  }

  private enum Place: CaseIterable {
    case hostObject, console, resolve, reaction
  }

  private final class Object: JSHostObject {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    func jsGet(_ key: JSPropertyKey, in context: JSContext) -> JSValue? {
      body()
      return 1
    }
  }

  @Test("closed meanwhile, wherever the host is called from", arguments: Place.allCases)
  private func closedAnywhere(place: Place) throws {
    let machine = try JSVirtualMachine()
    let (given, holder) = (given, Holder())
    let lend: @Sendable () -> Void = {
      var lent = [Float](repeating: 0, count: 10)
      try? holder.context?.withLent(&lent) { array in
        try holder.context?.global.set("kept", array)
        machine.close()
      }
      given.elements.withLock { $0 = lent }
    }
    let context = try JSContext(virtualMachine: machine, console: JSConsole { _ in lend() })
    holder.context = context
    defer { holder.context = nil }
    try context.evaluate("var kept = []")
    var source = "at(); kept[0] = 1; kept[1] = 1"
    switch place {
    case .hostObject:
      try context.global.set("object", Object(lend))
      source = source.replacing("at()", with: "object.x")
    case .console: source = source.replacing("at()", with: "console.log(1)")
    case .resolve:
      let resolve: @Sendable (JSImport) throws -> String? = { request in
        lend()
        return request.specifier
      }
      try context.setModuleLoader(JSModuleLoader().resolving(resolve))
      source = source.replacing("at()", with: "import('m')")
    case .reaction:
      let promise = try context.evaluate("var promise = Promise.resolve(1); promise", as: JSPromise.self)
      try promise.watch { _ in lend() }
      source = "promise.then(() => { kept[0] = 1 }); for (let i = 0; i < 10; i++) promise.then(() => { kept[0] = 1 })"
    }
    _ = try? context.evaluate(source)
    let end = ContinuousClock.now + .seconds(20)
    while given.elements.withLock({ $0.isEmpty }), ContinuousClock.now < end { Thread.sleep(forTimeInterval: 0.001) }
    #expect(given.elements.withLock { $0 } == [Float](repeating: 0, count: 10))
  }

  @Test("closed meanwhile by another thread")
  func closedElsewhere() throws {
    let context = context
    try setLend(context) { context in
      Thread.detachNewThread { context.virtualMachine.close() }
      while (try? context.evaluate("1")) != nil {}
    }
    #expect(throws: MiniRacerError.self) { try context.evaluate("lend(); kept[0] = 2") }
    #expect(areOnes)
  }

  @Test("closed with the lock held")
  func closedLocked() throws {
    var numbers = [1.0, 2]
    #expect(throws: MiniRacerError.self) {
      try context.virtualMachine.withLock { try context.withLent(&numbers) { _ in context.close() } }
    }
    #expect(numbers == [1, 2])
  }

  @Test("a context of several: others do not reach the memory any more, and go on unless another thread closed it")
  func oneContext() throws {
    for isElsewhere in [false, true] {
      let machine = try JSVirtualMachine()
      let (outer, inner) = (try JSContext(virtualMachine: machine), try JSContext(virtualMachine: machine))
      let numbers = Mutex<[Double]>([])
      try outer.setFunction("lend") { () throws -> Void in
        var lent = [1.0, 2]
        defer { numbers.withLock { $0 = lent } }
        try inner.withLent(&lent) { array in
          try outer.global.set("array", array)
          if !isElsewhere { return inner.close() }
          Thread { inner.close() }.start()
          while (try? inner.evaluate("1")) != nil {}
        }
      }
      #expect(throws: MiniRacerError.self) { try outer.evaluate("try { lend() } finally { array[0] = 2 }") }
      #expect(numbers.withLock { $0 } == [1, 2])
      #expect(((try? outer.evaluate("array.length")) == 0) == !isElsewhere)
    }
  }

  @Test("dead meanwhile")
  func dead() throws {
    let stuck = stuck
    try setLend(context) { context in _ = try? context.evaluate(stuck, timeout: .milliseconds(50)) }
    let error = try #require(throws: MiniRacerError.self) { try context.evaluate("lend(); kept[0] = 2") }
    #expect(error.code == .engineDead)
    #expect(areOnes)
  }
}
