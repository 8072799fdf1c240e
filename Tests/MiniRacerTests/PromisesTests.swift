import Foundation
import MiniRacer
import Synchronization
import Testing

@Suite("Promises", .timeLimit(.minutes(1)))
struct PromisesTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  private func promise(_ source: String) throws -> JSPromise { try context.evaluate(source, as: JSPromise.self) }

  struct Failure: Error, Equatable { let number: Int }

  @Test("await a promise's value")
  func value() async throws {
    #expect(try await promise("Promise.resolve(42)").value == 42)
    #expect(try await promise("new Promise(r => setTimeout(() => r('later'), 5))").value == "later")
    #expect(try await promise("(async () => ({ a: 1 }))()").value.object?.get("a") == 1)
  }

  @Test("a rejection is the error that an exception would be")
  func rejection() async throws {
    let error = await #expect(throws: JSError.self) { try await promise("Promise.reject(new TypeError('no'))").value }
    #expect(error?.name == "TypeError")
    #expect(error?.message == "no")
    let other = await #expect(throws: JSError.self) { try await promise("Promise.reject(1)").value }
    #expect(other?.thrown == 1)
    let nothing = await #expect(throws: JSError.self) { try await promise("Promise.reject()").value }
    #expect(nothing?.thrown == .undefined)
  }

  @Test("what has become of it")
  func state() throws {
    #expect(try promise("new Promise(() => {})").state.isPending)
    guard case .fulfilled(1) = try promise("Promise.resolve(1)").state else { return #expect(Bool(false)) }
    let rejected = try promise("var p = Promise.reject(2); p.catch(() => {}); p")
    guard case .rejected(2) = try rejected.state else { return #expect(Bool(false)) }
  }

  @Test("wait on this thread")
  func wait() throws {
    #expect(try promise("new Promise(r => setTimeout(r, 5, 'x'))").wait() == "x")
    let never = try promise("new Promise(() => {})")
    #expect(try #require(throws: MiniRacerError.self) { try never.wait(timeout: .milliseconds(20)) }.code == .timeout)
    #expect(try #require(throws: JSError.self) { try promise("Promise.reject(3)").wait() }.thrown == 3)
    try context.setFunction("deadlock", arguments: { call in try (call[0].object as? JSPromise)?.wait() ?? .null })
    #expect(
      try #require(throws: MiniRacerError.self) { try context.evaluate("deadlock(new Promise(() => {}))") }.code
        == .wouldDeadlock)
  }

  @Test("cancelling the task ends the wait")
  func cancellation() async throws {
    let never = try promise("new Promise(() => {})")
    let task = Task { try await never.value }
    try await Task.sleep(for: .milliseconds(10))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try never.state.isPending)
  }

  @Test("a promise that the host settles, from any thread")
  func resolver() async throws {
    let (promise, resolver) = try context.makePromise()
    try context.global.set("it", promise)
    let doubled = try self.promise("it.then(x => x * 2)")
    Thread.detachNewThread { try? resolver.resolve(21) }
    #expect(try await doubled.value == 42)
    #expect(try #require(throws: MiniRacerError.self) { try resolver.resolve(1) }.code == .wrongType)

    let (second, failing) = try context.makePromise()
    try failing.reject(Failure(number: 7))
    await #expect(throws: Failure(number: 7)) { try await second.value }
    let (third, throwing) = try context.makePromise()
    try throwing.reject(throwing: "text")
    #expect(await #expect(throws: JSError.self) { try await third.value }?.thrown == "text")
    let (fourth, posting) = try context.makePromise()
    try posting.post(.success("posted"))
    #expect(try await fourth.value == "posted")
  }

  @Test("a resolver adopts another promise")
  func adoption() async throws {
    let (promise, resolver) = try context.makePromise()
    try resolver.resolve(self.promise("new Promise(r => setTimeout(r, 5, 'inner'))"))
    #expect(try await promise.value == "inner")
  }

  @Test("a closure watches")
  func watch() async throws {
    let seen = try await withCheckedThrowingContinuation { continuation in
      do { try promise("Promise.resolve('seen')").watch { continuation.resume(with: $0) } } catch {
        continuation.resume(throwing: error)
      }
    }
    #expect(seen == "seen")
  }

  @Test("waiting for a promise of a virtual machine that closes")
  func closing() async throws {
    let never = try promise("new Promise(() => {})")
    let task = Task { try await never.value }
    try await Task.sleep(for: .milliseconds(20))
    context.close()
    #expect(await #expect(throws: MiniRacerError.self) { try await task.value }?.code == .closed)
    #expect(await #expect(throws: MiniRacerError.self) { try await never.value }?.code == .closed)
  }
}

@Suite("Async: JavaScript that blocks no thread of Swift's", .timeLimit(.minutes(1)))
struct AsyncTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  struct Failure: Error, Equatable { let number: Int }

  @Test("evaluate, call and construct")
  func running() async throws {
    #expect(try await context.evaluateAsync("6 * 7") == 42)
    #expect(try await context.evaluateAsync("Promise.resolve([1, 2])", as: [Int].self) == [1, 2])
    let add = try await context.evaluateAsync("async (a, b) => a + b", as: JSFunction.self)
    #expect(try await add.callAsync(40, 2) == 42)
    #expect(try await add.callAsync(arguments: ["a", "b"]) == "ab")
    let point = try await context.evaluateAsync("(class Point { constructor(x) { this.x = x } })", as: JSFunction.self)
    #expect(try await point.newAsync(arguments: [3]).x == 3)
    #expect(try await context.global.callMethodAsync("parseInt", arguments: ["7"]) == 7)
  }

  @Test("errors come out")
  func errors() async throws {
    let error = await #expect(throws: JSError.self) { try await context.evaluateAsync("throw new RangeError('x')") }
    #expect(error?.name == "RangeError")
    #expect(await #expect(throws: JSError.self) { try await context.evaluateAsync("(") }?.kind == .syntaxError)
    await #expect(throws: JSError.self) { try await context.evaluateAsync("Promise.reject(1)") }
    let timeout = await #expect(throws: MiniRacerError.self) {
      try await context.evaluateAsync("for (;;);", timeout: .milliseconds(20))
    }
    #expect(timeout?.code == .timeout)
  }

  @Test("cancelling the task ends the run")
  func cancellation() async throws {
    let task = Task { try await context.evaluateAsync("for (;;);") }
    try await Task.sleep(for: .milliseconds(30))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try context.evaluate("1 + 1") == 2)
  }

  @Test("many tasks at once, while one runs long")
  func many() async throws {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<50 {
        group.addTask { try await context.evaluateAsync("\(index) + 1", as: Int.self) }
      }
      var sum = 0
      for try await value in group { sum += value }
      #expect(sum == 1275)
    }
  }

  @Test("anything of the synchronous interface on the loop's thread")
  func perform() async throws {
    let keys = try await context.virtualMachine.perform { cancellation in
      try context.evaluate("({ a: 1 })", as: JSObject.self, cancellation: cancellation).keys()
    }
    #expect(keys == ["a"])
    await #expect(throws: Failure(number: 1)) {
      try await context.virtualMachine.perform { _ in throw Failure(number: 1) }
    }
    context.close()
    #expect(
      await #expect(throws: MiniRacerError.self) { try await context.virtualMachine.perform { _ in 1 } }?.code
        == .closed)
  }

  @Test("async closures return promises")
  func functions() async throws {
    try context.setFunction("wait") { (milliseconds: Int) async throws -> String in
      try await Task.sleep(for: .milliseconds(milliseconds))
      return "done"
    }
    try context.setFunction("fail") { (number: Int) async throws -> Void in throw Failure(number: number) }
    try context.setFunction("count", arguments: { (call: JSCall) async throws -> Int in call.arguments.count })
    #expect(try context.evaluate("wait(1) instanceof Promise && wait.length") == 1)
    #expect(try await context.evaluateAsync("wait(1).then(x => x + '!')") == "done!")
    #expect(try await context.evaluateAsync("count(1, 2, 3)") == 3)
    await #expect(throws: Failure(number: 7)) { try await context.evaluateAsync("fail(7)") }
    await #expect(throws: Failure(number: 8)) {
      try await context.evaluateAsync("(async () => { await fail(8) })()")
    }
    #expect(try await context.evaluateAsync("fail(9).catch(e => e.message)") != .undefined)
    let error = await #expect(throws: JSError.self) { try await context.evaluateAsync("wait('x')") }
    #expect(error?.message == "wait: argument 1: expected Int, got String")
  }

  @Test("JavaScript's async iterables are sequences")
  func sequences() async throws {
    try context.evaluate(
      """
      var ended = false
      async function* ticks(n) {
        try {
          for (let i = 0; i < n; i++) { await new Promise(r => setTimeout(r, 1)); yield i }
        } finally { ended = true }
      }
      """)
    var seen: [JSValue] = []
    for try await value in try context.evaluate("ticks(3)", as: JSObject.self).asyncValues() { seen.append(value) }
    #expect(seen == [0, 1, 2])
    seen = []
    for try await value in try context.makeArray([1, 2]).asyncValues() { seen.append(value) }
    #expect(seen == [1, 2])

    try context.evaluate("ended = false")
    for try await _ in try context.evaluate("ticks(1e9)", as: JSObject.self).asyncValues() { break }
    for _ in 0..<1000 where try await context.evaluateAsync("ended") != true {
      try await Task.sleep(for: .milliseconds(1))
    }
    #expect(try await context.evaluateAsync("ended") == true)

    await #expect(throws: JSError.self) {
      for try await _ in try context.evaluate("(async function* () { throw 1 })()", as: JSObject.self).asyncValues() {}
    }
    await #expect(throws: JSConversionError.self) {
      for try await _ in try context.makeObject().asyncValues() {}
    }
  }

  @Test("Swift's async sequences are async iterables")
  func iterables() async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: Int.self)
    for number in 1...3 { continuation.yield(number) }
    continuation.finish()
    try context.global.set("numbers", context.makeAsyncIterable(stream))
    try context.evaluate("async function sum(it) { let n = 0; for await (const x of it) n += x; return n }")
    #expect(try await context.evaluateAsync("sum(numbers)") == 6)

    let failing = AsyncThrowingStream<Int, any Error> { $0.finish(throwing: Failure(number: 2)) }
    try context.global.set("failing", context.makeAsyncIterable(failing))
    await #expect(throws: Failure(number: 2)) { try await context.evaluateAsync("sum(failing)") }

    let hasEnded = Ones.Ended()
    try context.global.set("endless", context.makeAsyncIterable(Ones(hasEnded: hasEnded)))
    #expect(try await context.evaluateAsync("(async () => { for await (const x of endless) return x })()") == 1)
    for _ in 0..<1000 where !hasEnded.flag.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
    #expect(hasEnded.flag.withLock { $0 })
  }

  /// Ones without end, which tells when nobody asks for more.
  struct Ones: AsyncSequence, Sendable {
    final class Ended: Sendable { let flag = Mutex(false) }
    final class Iterator: AsyncIteratorProtocol {
      let hasEnded: Ended
      init(_ hasEnded: Ended) { self.hasEnded = hasEnded }
      deinit { hasEnded.flag.withLock { $0 = true } }
      func next() async throws -> Int? { 1 }
    }
    let hasEnded: Ended
    func makeAsyncIterator() -> Iterator { Iterator(hasEnded) }
  }
}

@Suite("The event loop", .timeLimit(.minutes(1)))
struct EventLoopTests {
  @Test("the library runs timers by itself")
  func background() async throws {
    let context = try JSContext()
    let fired = AsyncStream.makeStream(of: Int.self)
    try context.setFunction("fire") { (number: Int) in _ = fired.continuation.yield(number) }
    try context.evaluate("setTimeout(fire, 200, 1); setTimeout(fire, 1, 2)")
    var seen: [Int] = []
    for await number in fired.stream {
      seen.append(number)
      if seen.count == 2 { break }
    }
    #expect(seen == [2, 1])
  }

  @Test("the host runs them, if it says so")
  func host() throws {
    let context = try JSContext(JSVirtualMachine.Configuration(eventLoop: .host))
    let wakes = Mutex<[Duration]>([])
    try context.virtualMachine.setWakeHandler { delay in wakes.withLock { $0.append(delay) } }
    try context.evaluate("var n = 0; setTimeout(() => { n = 1 }, 500)")
    #expect(wakes.withLock { !$0.isEmpty })
    let next = try #require(try context.virtualMachine.runPending())
    #expect(next > .zero && next <= .milliseconds(500))
    #expect(try context.evaluate("n") == 0)
    try context.virtualMachine.runPending(until: .now + .seconds(10))
    #expect(try context.evaluate("n") == 1)
    #expect(try context.virtualMachine.runPending() == nil)
    try context.virtualMachine.setWakeHandler(nil)
  }

  @Test("a wake handler needs a loop of the host's")
  func wakeHandler() throws {
    let context = try JSContext()
    let error = try #require(throws: MiniRacerError.self) { try context.virtualMachine.setWakeHandler { _ in } }
    #expect(error.code == .invalidArgument)
  }

  @Test("posted closures run in the loop's next turn")
  func post() throws {
    let context = try JSContext(JSVirtualMachine.Configuration(eventLoop: .host))
    let order = Mutex<[Int]>([])
    try context.virtualMachine.post { order.withLock { $0.append(1) } }
    try context.virtualMachine.post { order.withLock { $0.append(2) } }
    #expect(order.withLock { $0 } == [])
    try context.virtualMachine.runPending()
    #expect(order.withLock { $0 } == [1, 2])
  }

  @Test("a rejection that nothing handles is told to the handler")
  func unhandled() async throws {
    let context = try JSContext()
    let told = AsyncStream.makeStream(of: (any Error).self)
    try context.virtualMachine.setUnhandledHandler { _ = told.continuation.yield($0) }
    try context.evaluate("Promise.reject(new RangeError('lost')); Promise.reject(1).catch(() => {})")
    var iterator = told.stream.makeAsyncIterator()
    let error = try #require(await iterator.next() as? JSError)
    #expect(error.name == "RangeError")
    #expect(error.isUnhandledRejection)
    try context.evaluate("setTimeout(() => { throw new TypeError('timer') })")
    #expect((await iterator.next() as? JSError)?.message == "timer")
  }

  @Test("without a handler it is kept for the next turn")
  func kept() throws {
    let context = try JSContext(JSVirtualMachine.Configuration(eventLoop: .host))
    try context.evaluate("Promise.reject(new RangeError('first')); Promise.reject(2)")
    let error = try #require(throws: JSError.self) { try context.virtualMachine.runPending() }
    #expect(error.message == "first")
    #expect(error.isUnhandledRejection)
    #expect(try #require(throws: JSError.self) { try context.virtualMachine.runPending() }.message == "2")
    // A worker that is at something may bring a task: then there is another look.
    while let next = try context.virtualMachine.runPending() { #expect(next <= .milliseconds(1)) }
  }

  @Test("inside of JavaScript there is no turn")
  func nested() throws {
    let context = try JSContext(JSVirtualMachine.Configuration(eventLoop: .host))
    try context.setFunction("turn", arguments: { call in _ = try call.context.virtualMachine.runPending() })
    #expect(
      try #require(throws: MiniRacerError.self) { try context.evaluate("turn()") }.code == .wouldDeadlock)
  }
}
