import MiniRacer
import Testing

/// An iterator's results are objects of the guest's, and so is what leaving a loop calls.
@Suite("Limits of iterations", .timeLimit(.minutes(2)))
struct IterationLimitsTests {
  let context: JSContext

  init() throws {
    context = try JSContext()
    try context.evaluate(
      """
      const loop = () => { for (;;); }
      const spin = time => { const end = Date.now() + time; while (Date.now() < end); }
      // An iterable whose steps are what the parts say.
      function iterable(parts) {
        const iterator = { next: () => ({ done: false, value: 1 }) }
        Object.defineProperties(iterator, Object.getOwnPropertyDescriptors(parts))
        return { [Symbol.iterator]: () => iterator, [Symbol.asyncIterator]: () => iterator }
      }
      """)
  }

  /// Endless ones in each place where a script can have one.
  static let endless = [
    "iterable({ next: loop })", "iterable({ get next() { loop() } })",
    "iterable({ next: () => ({ get done() { loop() } }) })",
    "iterable({ next: () => ({ done: false, get value() { loop() } }) })",
    "({ get [Symbol.asyncIterator]() { loop() } })",
    "iterable({ next: () => Object.defineProperty(Promise.resolve({}), 'constructor', { get: loop }) })",
  ]

  @Test("cancelling the task ends a step, wherever it is", arguments: endless)
  func cancellation(source: String) async throws {
    let sequence = try context.evaluate(source, as: JSObject.self).asyncValues()
    let task = Task { for try await _ in sequence {} }
    try await Task.sleep(for: .milliseconds(100))
    task.cancel()
    // Where nothing of it is endless in this engine, it ends by itself.
    await #expect(throws: (any Error).self) { try await task.value }
    #expect(try await context.evaluateAsync("1 + 1", timeout: .seconds(30)) == 2)
  }

  @Test("cancelling the task ends the wait for a promise with a getter of the guest's")
  func promises() async throws {
    let promise = try context.evaluate(
      "Object.defineProperty(Promise.resolve(1), 'constructor', { get: loop })", as: JSPromise.self)
    let task = Task { try await promise.value }
    try await Task.sleep(for: .milliseconds(100))
    task.cancel()
    _ = await task.result
    #expect(try await context.evaluateAsync("1 + 1", timeout: .seconds(30)) == 2)
  }

  @Test("a step's limits are those of all that it reads")
  func steps() async throws {
    let source = "iterable({ next() { spin(80); return { get done() { spin(80) }, get value() { spin(80) } } } })"
    let object = try context.evaluate(source, as: JSObject.self)
    let time = Duration.milliseconds(200)
    var iteration = try object.iterate(timeout: time)
    let step = iteration.next()
    let error = try #require(throws: MiniRacerError.self) { try step?.get() }
    #expect(error.code == .timeout)
    let second = await #expect(throws: MiniRacerError.self) {
      for try await _ in object.asyncValues(timeout: time) {}
    }
    #expect(second?.code == .timeout)
    for try await value in object.asyncValues(timeout: .seconds(60)) {
      #expect(value == .undefined)
      break
    }
  }

  @Test("leaving a loop takes a second at most, and none of the loop's thread where it is asynchronous")
  func leaving() async throws {
    for parts in ["{ return: loop }", "{ get return() { loop() } }"] {
      let object = try context.evaluate("iterable(\(parts))", as: JSObject.self)
      for _ in try object.iterate() { break }
      #expect(try context.evaluate("1 + 1") == 2)

      for try await _ in object.asyncValues() { break }
      #expect(try await context.evaluateAsync("1 + 1", timeout: .seconds(30)) == 2)
    }
  }

  @Test("a generator may clean up when it is left")
  func cleaningUp() async throws {
    try context.evaluate(
      """
      var log = []
      function* numbers() { try { for (;;) yield 1 } finally { log.push('sync') } }
      async function* later() { try { for (;;) yield 1 } finally { await null; log.push('async') } }
      """)
    for _ in try context.evaluate("numbers()", as: JSObject.self).iterate() { break }
    #expect(try context.evaluate("log", as: [String].self) == ["sync"])
    for try await _ in try context.evaluate("later()", as: JSObject.self).asyncValues() { break }
    for _ in 0..<1000 where try await context.evaluateAsync("log.length") == 1 {
      try await Task.sleep(for: .milliseconds(1))
    }
    #expect(try context.evaluate("log", as: [String].self) == ["sync", "async"])
  }
}
