import Foundation
import MiniRacer
import Testing

@Suite("Lifecycle", .timeLimit(.minutes(2)))
struct LifecycleTests {
  private func isClosed(_ body: () throws -> Void) throws {
    #expect(try #require(throws: MiniRacerError.self) { try body() }.code == .closed)
  }

  @Test("after closing, every call says so")
  func close() throws {
    let context = try JSContext()
    let object = try context.makeObject()
    let function = try context.evaluate("() => 1", as: JSFunction.self)
    context.close()
    context.close()
    try isClosed { try context.evaluate("1") }
    try isClosed { _ = try object.get("x") }
    try isClosed { try object.set("x", 1) }
    try isClosed { _ = try object.keys() }
    try isClosed { try function() }
    try isClosed { _ = try context.makeObject() }
    try isClosed { try context.setFunction("f") { 1 } }
    try isClosed { _ = try context.virtualMachine.heapStatistics }
    try isClosed { try context.virtualMachine.withLock {} }
    try isClosed { _ = try JSContext(virtualMachine: context.virtualMachine) }
    context.cancel()
    #expect(object.description == "[object Object]")
    #expect(object == object)
    _ = Set([object, function])
  }

  @Test("a set of objects still works when they are closed")
  func hashAfterClose() throws {
    let context = try JSContext()
    let objects = try (0..<10).map { _ in try context.makeObject() }
    let set = Set(objects)
    context.close()
    #expect(objects.allSatisfy(set.contains))
  }

  @Test("closing one of several contexts")
  func closeOne() throws {
    let machine = try JSVirtualMachine()
    let (a, b) = (try JSContext(virtualMachine: machine), try JSContext(virtualMachine: machine))
    try b.global.set("shared", a.evaluate("({ from: 'a' })"))
    a.close()
    try isClosed { try a.evaluate("1") }
    #expect(try b.evaluate("shared.from") == "a")
    #expect(try machine.heapStatistics.contextCount == 1)
  }

  @Test("objects keep their context")
  func objectsKeepContext() throws {
    func make() throws -> JSFunction { try JSContext().evaluate("let n = 0; () => ++n", as: JSFunction.self) }
    let count = try make()
    #expect(try count() == 1)
    #expect(try count() == 2)
  }

  @Test("what nobody refers to is closed")
  func deinitCloses() throws {
    let machine = try JSVirtualMachine()
    do {
      let context = try JSContext(virtualMachine: machine)
      try context.evaluate("1")
      #expect(try machine.heapStatistics.contextCount == 1)
    }
    #expect(try machine.heapStatistics.contextCount == 0)
  }

  @Test("handles are given back")
  func handles() throws {
    let context = try JSContext()
    let before = try context.virtualMachine.heapStatistics.handleCount
    for _ in 0..<1000 {
      _ = try context.evaluate("[{}, Symbol()]").object?.get(0)
      _ = context.global
      _ = try? context.evaluate("throw {}")
    }
    #expect(try context.virtualMachine.heapStatistics.handleCount <= before + 1)
  }

  @Test("a snapshot of the heap, and one that is given up")
  func heapSnapshot() throws {
    let context = try JSContext()
    try context.evaluate("class Needle {}; var needle = new Needle()")
    var snapshot: [UInt8] = []
    try context.virtualMachine.takeHeapSnapshot { snapshot += $0 }
    let text = String(decoding: snapshot, as: UTF8.self)
    #expect(text.hasPrefix("{\"snapshot\":") && text.contains("\"Needle\""))
    struct Full: Error {}
    #expect(throws: Full.self) { try context.virtualMachine.takeHeapSnapshot { _ in throw Full() } }
    #expect(try context.evaluate("needle instanceof Needle") == true)
  }

  @Test("closing inside a host function ends the run")
  func closeInside() throws {
    let context = try JSContext()
    try context.setFunction("finish", arguments: { call in call.context.close() })
    try isClosed { try context.evaluate("finish(); for (;;);") }
  }

  @Test("closing while another thread runs ends its run")
  func closeFromOutside() throws {
    let context = try JSContext()
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.05)
      context.close()
    }
    try isClosed { try context.evaluate("for (;;);") }
  }

  @Test("many contexts, one after the other and at once")
  func many() throws {
    for _ in 0..<30 { #expect(try JSContext().evaluate("1") == 1) }
    let machine = try JSVirtualMachine()
    let contexts = try (0..<50).map { _ in try JSContext(virtualMachine: machine) }
    for (index, context) in contexts.enumerated() { try context.evaluate("globalThis.i = \(index)") }
    #expect(try contexts.enumerated().allSatisfy { try $1.evaluate("i").number == Double($0) })
  }
}
