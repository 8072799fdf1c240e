import Foundation
import MiniRacer
import Testing

@Suite("Memory limits", .timeLimit(.minutes(2)))
struct MemoryLimitsTests {
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
    let machine = try JSVirtualMachine()
    let before = try machine.heapStatistics.heapLimit
    let error = try #require(throws: MiniRacerError.self) { try machine.setHeapLimit(bytes) }
    #expect(error.code == .invalidArgument)
    #expect(error.message.hasPrefix("heapLimit is \(bytes)"))
    #expect(try machine.heapStatistics.heapLimit == before)
    machine.close()
    #expect(try #require(throws: MiniRacerError.self) { try machine.setHeapLimit(64 << 20) }.code == .closed)
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

  @Test(
    "one limit for the heap, ArrayBuffers and WebAssembly",
    arguments: [
      "const list = []; for (;;) list.push({ text: 'x' + list.length })",
      "const list = []; for (;;) list.push(new Uint8Array(1 << 20).fill(1))",
      "const memory = new WebAssembly.Memory({ initial: 1 }); for (;;) memory.grow(16)",
    ])
  func memoryLimit(source: String) throws {
    let context = try JSContext(.init(memoryLimit: 48 << 20))
    do {
      try context.evaluate(source, timeout: .seconds(60))
      Issue.record("it ended")
    } catch let error as MiniRacerError {
      if error.code == .engineDead { return }  // it could not go on without: it compiled, for one
      #expect(error.code == .outOfMemory)
    } catch let error as JSError {
      #expect(error.name == "RangeError", "the engine was refused the memory and said so")
    }
    let statistics = try context.virtualMachine.heapStatistics
    #expect(statistics.memoryLimit == 48 << 20)
    // A quarter and 32 MiB for V8 to come to its end in, and what it takes while it collects.
    #expect(statistics.memoryPeak <= (48 + 48 / 2 + 64) << 20)
    #expect(try JSContext().evaluate("1") == 1)
  }

  @Test("the one number counts what there is")
  func memory() throws {
    let context = try JSContext()
    let before = try context.virtualMachine.heapStatistics.memory
    #expect(before > 0)
    try context.evaluate("globalThis.memory = new WebAssembly.Memory({ initial: 32 })")
    try context.evaluate("globalThis.buffer = new ArrayBuffer(4 << 20)")
    let statistics = try context.virtualMachine.heapStatistics
    #expect(statistics.webAssembly >= 2 << 20)
    #expect(statistics.memory >= before + 6 << 20)
    #expect(statistics.memoryPeak >= statistics.memory)
    #expect(statistics.memoryLimit == 0)
  }

  @Test("a warning before the limit")
  func warning() throws {
    let events = Events()
    let context = try JSContext(.init(memoryLimit: 64 << 20, memoryWarning: 16 << 20), eventHandler: events.add)
    try context.evaluate("globalThis.buffer = new Uint8Array(20 << 20); 1")
    // It comes on a thread of the library's.
    for _ in 0..<5000 where events.all.isEmpty { Thread.sleep(forTimeInterval: 0.001) }
    let warnings = events.all.compactMap { if case .memoryWarning(let memory) = $0 { memory } else { nil } }
    #expect(warnings.count == 1)
    #expect(try #require(warnings.first) > 16 << 20)
  }
}
