import Foundation
import MiniRacer
import Testing

@Suite("Cancellation", .timeLimit(.minutes(1)))
struct CancellationTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  /// Runs the body on a thread of its own after a while.
  private func soon(_ body: @escaping @Sendable () -> Void) {
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.05)
      body()
    }
  }

  @Test("a token ends its run from another thread")
  func token() throws {
    let token = CancellationToken()
    soon { token.cancel() }
    let error = try #require(throws: MiniRacerError.self) {
      try context.evaluate("for (;;);", cancellation: token)
    }
    #expect(error.code == .cancelled)
    #expect(token.isCancelled)
    #expect(try context.evaluate("1 + 1") == 2)
  }

  @Test("a cancelled token lets nothing begin")
  func cancelledBefore() throws {
    let token = CancellationToken()
    token.cancel()
    let error = try #require(throws: MiniRacerError.self) {
      try context.evaluate("globalThis.ran = true", cancellation: token)
    }
    #expect(error.code == .cancelled)
    #expect(try context.evaluate("typeof ran") == "undefined")
  }

  @Test("a token that was used and is over hits nothing")
  func afterwards() throws {
    let token = CancellationToken()
    #expect(try context.evaluate("1", cancellation: token) == 1)
    token.cancel()
    #expect(try context.evaluate("2") == 2)
  }

  @Test("a token ends an inner run, and the outer one goes on")
  func innerOnly() throws {
    let token = CancellationToken()
    try context.setFunction(
      "inner",
      arguments: { call -> String in
        do {
          try call.context.evaluate("for (;;);", cancellation: token)
          return "nothing"
        } catch let error as MiniRacerError {
          return error.code.description
        }
      })
    soon { token.cancel() }
    #expect(try context.evaluate("inner() + '!'") == "cancelled!")
  }

  @Test("one token for runs in several virtual machines")
  func several() async throws {
    let token = CancellationToken()
    soon { token.cancel() }
    try await withThrowingTaskGroup(of: MiniRacerError.Code?.self) { group in
      for _ in 0..<2 {
        group.addTask {
          let context = try JSContext()
          let loop = try context.evaluate("(function () { for (;;); })", as: JSFunction.self)
          do {
            try loop.call(cancellation: token)
            return nil
          } catch let error as MiniRacerError {
            return error.code
          }
        }
      }
      for try await code in group { #expect(code == .cancelled) }
    }
  }

  @Test("the context's cancel ends whatever runs")
  func everything() throws {
    let context = context
    soon { context.cancel() }
    let error = try #require(throws: MiniRacerError.self) { try context.evaluate("for (;;);") }
    #expect(error.code == .cancelled)
    context.cancel()
    #expect(try context.evaluate("'works on'") == "works on")
  }

  @Test("cancelled and timed out are not mixed up")
  func reasons() throws {
    let token = CancellationToken()
    let error = try #require(throws: MiniRacerError.self) {
      try context.evaluate("for (;;);", timeout: .milliseconds(20), cancellation: token)
    }
    #expect(error.code == .timeout)
    soon { token.cancel() }
    let second = try #require(throws: MiniRacerError.self) {
      try context.evaluate("for (;;);", timeout: .seconds(30), cancellation: token)
    }
    #expect(second.code == .cancelled)
  }
}
