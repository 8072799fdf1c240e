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

  @Test("a context of several: its virtual machine goes with it, for others could reach the memory")
  func oneContext() throws {
    let machine = try JSVirtualMachine()
    let (outer, inner) = (try JSContext(virtualMachine: machine), try JSContext(virtualMachine: machine))
    let numbers = Mutex<[Double]>([])
    try outer.setFunction("lend") { () throws -> Void in
      var lent = [1.0, 2]
      defer { numbers.withLock { $0 = lent } }
      try inner.withLent(&lent) { array in
        try outer.global.set("array", array)
        inner.close()
      }
    }
    #expect(throws: MiniRacerError.self) { try outer.evaluate("try { lend() } finally { array[0] = 2 }") }
    #expect(numbers.withLock { $0 } == [1, 2])
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
