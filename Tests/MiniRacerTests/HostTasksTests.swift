import Foundation
import MiniRacer
import Testing

/// Tasks of Swift's that run for JavaScript end with it.
@Suite("Tasks of async host functions", .timeLimit(.minutes(1)))
struct HostTasksTests {
  /// What closures say of themselves.
  struct Log: Sendable {
    private let stream: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func callAsFunction(_ what: String) { continuation.yield(what) }

    /// An hour's work, which says how it began and how it ended.
    func work(_ name: String) async throws {
      self("\(name) began")
      do {
        try await Task.sleep(for: .seconds(3600))
      } catch {
        self("\(name) \(error is CancellationError ? "cancelled" : "failed")")
        throw error
      }
    }

    func next(_ count: Int = 1) async -> Set<String> {
      var seen: Set<String> = []
      for await what in stream {
        seen.insert(what)
        if seen.count == count { break }
      }
      return seen
    }
  }

  let log = Log()

  @Test("closing a virtual machine cancels them")
  func closing() async throws {
    let context = try JSContext()
    try context.setFunction("slow") { [log] (name: String) async throws -> Int in
      try await log.work(name)
      return 1
    }
    try context.evaluate("slow('a').then(() => slow('never')); slow('b').catch(() => slow('never')); 0")
    #expect(await log.next(2) == ["a began", "b began"])
    context.virtualMachine.close()
    #expect(await log.next(2) == ["a cancelled", "b cancelled"])
  }

  @Test("closing a further context cancels its own, and no others")
  func closingContext() async throws {
    let machine = try JSVirtualMachine()
    let contexts = try (0..<2).map { _ in try JSContext(virtualMachine: machine) }
    for (index, context) in contexts.enumerated() {
      try context.setFunction("slow") { [log] () async throws -> Void in try await log.work("\(index)") }
      try context.evaluate("slow(); 0")
      #expect(await log.next() == ["\(index) began"])
    }
    contexts[0].close()
    #expect(await log.next() == ["0 cancelled"])
    log("nothing more")
    #expect(await log.next() == ["nothing more"])
    machine.close()
    #expect(await log.next() == ["1 cancelled"])
  }

  @Test("closing cancels loaders, too")
  func loaders() async throws {
    let context = try JSContext()
    try context.setModuleLoader(
      JSModuleLoader()
        .resolving { [log] request in
          if request.specifier == "resolve" { try await log.work("resolve") }
          return request.specifier
        }
        .loading { [log] _ in
          try await log.work("load")
          return nil
        })
    _ = try context.beginImport("resolve")
    _ = try context.beginImport("load")
    #expect(await log.next(2) == ["resolve began", "load began"])
    context.close()
    #expect(await log.next(2) == ["resolve cancelled", "load cancelled"])
  }

  @Test("where the virtual machine dies, they are cancelled")
  func death() async throws {
    let context = try JSContext(.init(timeout: .milliseconds(100), grace: .milliseconds(50)))
    try context.setFunction("slow") { [log] () async throws -> Void in try await log.work("it") }
    try context.evaluate("slow(); 0")
    #expect(await log.next() == ["it began"])
    #expect(throws: MiniRacerError.self) {
      try context.evaluate("Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)")
    }
    #expect(await log.next() == ["it cancelled"])
  }

  @Test("one that is done is kept by nobody")
  func done() async throws {
    weak var machine: JSVirtualMachine?
    do {
      let context = try JSContext()
      machine = context.virtualMachine
      try context.setFunction("quick") { (number: Int) async throws -> Int in number + 1 }
      #expect(try await context.evaluateAsync("quick(41)") == 42)
      await #expect(throws: JSError.self) { try await context.evaluateAsync("quick('x')") }
    }
    for _ in 0..<5000 where machine != nil { try await Task.sleep(for: .milliseconds(1)) }
    #expect(machine == nil)
  }
}
