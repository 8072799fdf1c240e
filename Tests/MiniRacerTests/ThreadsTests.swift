import Foundation
import MiniRacer
import Synchronization
import Testing

@Suite("Threads", .timeLimit(.minutes(2)))
struct ThreadsTests {
  /// Runs the body on so many threads at once and waits for all.
  private func onThreads(_ count: Int, stackSize: Int = 0, _ body: @escaping @Sendable (Int) throws -> Void) throws {
    let failures = Mutex<[any Error]>([])
    let group = DispatchGroup()
    for index in 0..<count {
      group.enter()
      let thread = Thread {
        do { try body(index) } catch { failures.withLock { $0.append(error) } }
        group.leave()
      }
      if stackSize > 0 { thread.stackSize = stackSize }
      thread.start()
    }
    group.wait()
    if let failure = failures.withLock(\.first) { throw failure }
  }

  @Test("one context, many threads")
  func shared() throws {
    let context = try JSContext()
    try context.evaluate("var n = 0; function count() { return ++n }")
    let count = try context.global.get("count", as: JSFunction.self)
    try onThreads(8) { _ in for _ in 0..<500 { try count() } }
    #expect(try context.evaluate("n") == 4000)
  }

  @Test("a context for each thread")
  func separate() throws {
    try onThreads(6) { index in
      let context = try JSContext()
      try context.setFunction("index") { index }
      for _ in 0..<50 { #expect(try context.evaluate("index() * 2", as: Int.self) == index * 2) }
    }
  }

  @Test("objects are let go of on other threads while the context runs")
  func release() throws {
    let context = try JSContext()
    let make = try context.evaluate("() => ({})", as: JSFunction.self)
    for _ in 0..<20 {
      let objects = Mutex(try (0..<100).map { _ in try make() })
      try onThreads(2) { index in
        if index == 0 { objects.withLock { $0.removeAll() } } else { for _ in 0..<100 { try make() } }
      }
    }
    try context.virtualMachine.collectGarbage()
    #expect(try context.virtualMachine.heapStatistics.handleCount < 10)
  }

  @Test("a lock held over a batch keeps others out")
  func lock() throws {
    let context = try JSContext()
    try context.evaluate("var list = []; function put(x) { list.push(x) }")
    let put = try context.global.get("put", as: JSFunction.self)
    try onThreads(4) { index in
      for _ in 0..<20 {
        try context.virtualMachine.withLock { for _ in 0..<10 { try put(index) } }
      }
    }
    // Every run of ten is of one thread.
    #expect(try context.evaluate("list.every((x, i) => x === list[i - i % 10]) && list.length") == 800)
  }

  @Test("the lock can be taken again by the thread that has it")
  func nestedLock() throws {
    let context = try JSContext()
    let machine = context.virtualMachine
    #expect(try machine.withLock { try machine.withLock { try context.evaluate("1") } } == 1)
  }

  @Test("small stacks: deep recursion is a RangeError on every thread", arguments: [256 << 10, 1 << 20, 8 << 20])
  func stacks(size: Int) throws {
    let context = try JSContext()
    try onThreads(2, stackSize: size) { _ in
      let error = try #require(throws: JSError.self) { try context.evaluate("(function f() { f() })()") }
      #expect(error.name == "RangeError")
    }
  }

  @Test("host functions run on the thread that runs the JavaScript")
  func hostThread() throws {
    let context = try JSContext()
    try context.setFunction("isHere", arguments: { _ in Thread.current.threadDictionary["mark"] != nil })
    try onThreads(2) { index in
      if index == 1 { Thread.current.threadDictionary["mark"] = true }
      let isHere = try context.evaluate("isHere()", as: Bool.self)
      #expect(isHere == (index == 1))
    }
  }

  @Test("the deadline counts while waiting for another thread")
  func waiting() throws {
    let context = try JSContext()
    let inside = DispatchSemaphore(value: 0)
    try context.setFunction("enter", arguments: { _ in inside.signal() })
    Thread.detachNewThread { _ = try? context.evaluate("enter(); for (;;);", timeout: .seconds(30)) }
    inside.wait()
    let error = try #require(throws: MiniRacerError.self) { try context.evaluate("1", timeout: .milliseconds(50)) }
    #expect(error.code == .timeout)
    context.cancel()
  }

  @Test("tasks of Swift's pool, which change threads")
  func tasks() async throws {
    let context = try JSContext()
    let double = try context.evaluate("x => x * 2", as: JSFunction.self)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for index in 0..<200 {
        group.addTask {
          await Task.yield()
          return try double(index).number == Double(index * 2)
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }
}
