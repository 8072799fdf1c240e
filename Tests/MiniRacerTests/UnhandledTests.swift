import Foundation
import MiniRacer
import Testing

@Suite("What nobody handles", .timeLimit(.minutes(1)))
struct UnhandledTests {
  /// A program that does not say what is to become of it; its output and what it writes to standard error.
  private func run(_ source: String, _ options: String...) throws -> Child {
    try Child(Child.built("LoaderProbe"), [source] + options, folder: checkout)
  }

  @Test("by default standard error is told of a rejection, and nothing ends")
  func rejection() throws {
    let child = try run("Promise.reject(new Error('lost')); 1")
    #expect(
      child.lines.prefix(3) == [
        "miniracer: unhandled rejection in JavaScript: Error: lost", "    at <anonymous>:1:16", "1",
      ])
    #expect(child.exitCode == 0)
    #expect(try run("Promise.reject(new Error('caught')).catch(() => {}); 1").lines.first == "1")
  }

  @Test("by default standard error is told of what a timer throws")
  func timer() throws {
    let child = try run("setTimeout(() => { throw 'late' }); 1", "wait")
    #expect(child.lines.contains("miniracer: unhandled error in JavaScript: late"))
    #expect(child.exitCode == 0)
  }

  @Test("a report is of a bearable length, and does not talk to the terminal")
  func guestText() throws {
    let child = try run("Promise.reject(new Error('\\x1b]0;title\\x07' + 'x'.repeat(1e6))); 1")
    let start = "miniracer: unhandled rejection in JavaScript: Error: \u{FFFD}]0;title\u{FFFD}xxx"
    #expect(child.lines.first?.hasPrefix(start) == true)
    #expect(!child.output.contains("\u{1B}") && !child.output.contains("\u{7}"))
    #expect(child.output.utf8.count < 20_000)
    #expect(child.exitCode == 0)
  }

  @Test("a guest that has no end of them does not fill a log, and they are counted")
  func flood() throws {
    let child = try run(
      "for (let i = 0; i < 5000; i++) Promise.reject(i); setTimeout(() => { throw 'last' }, 1200); 1", "wait")
    let more = child.lines.compactMap { line in
      line.hasSuffix(" more unhandled errors in JavaScript") ? Int(line.split(separator: " ")[1]) : nil
    }
    let told = child.lines.filter { $0.hasPrefix("miniracer: unhandled ") }.count
    #expect(told > 100 && told < 2500)
    #expect(told + more.reduce(0, +) == 5001)
    #expect(child.lines.contains("miniracer: unhandled error in JavaScript: last"))
    #expect(child.exitCode == 0)
  }

  @Test("by default no other call throws it")
  func nobodyElse() async throws {
    let context = try JSContext()
    try context.evaluate("Promise.reject(new Error('(a test rejects this)')); 1")
    #expect(try context.evaluate("2") == 2)
    #expect(try await context.evaluateAsync("3") == 3)
    try context.virtualMachine.runPending()
  }

  @Test("with a handler it is told alone, and nil is the default again")
  func handler() async throws {
    let context = try JSContext(JSVirtualMachine.Configuration(eventLoop: .host))
    let told = AsyncStream.makeStream(of: (any Error).self)
    try context.virtualMachine.setUnhandledHandler { _ = told.continuation.yield($0) }
    try context.evaluate("Promise.reject(new RangeError('first')); 1")
    var iterator = told.stream.makeAsyncIterator()
    #expect((await iterator.next() as? JSError)?.message == "first")
    try context.virtualMachine.runPending()
    try context.virtualMachine.setUnhandledHandler(nil)
    try context.evaluate("Promise.reject(new RangeError('second')); 1")
    #expect(try #require(throws: JSError.self) { try context.virtualMachine.runPending() }.message == "second")
  }
}
