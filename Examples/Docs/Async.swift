// The Swift of docs/async.md, word for word; a test compares the two.
import MiniRacer

extension Pages {
  static func async() async throws {
    let context = try JSContext()
    print(try await context.evaluateAsync("new Promise(resolve => setTimeout(resolve, 10, 'later'))"))  // later
    let promise = try context.evaluate("Promise.resolve(42)", as: JSPromise.self)
    print(try await promise.value)  // 42
    print(try promise.wait())  // 42
    let add = try context.evaluate("async (a, b) => a + b", as: JSFunction.self)
    print(try await add.callAsync(1, 2))  // 3

    let task = Task { try await context.evaluateAsync("for (;;) {}") }
    task.cancel()
    do {
      _ = try await task.value
    } catch is CancellationError {
      print("stopped")  // stopped
    }

    try context.setFunction("price") { (name: String) async throws in
      try await Task.sleep(for: .milliseconds(10))
      return ["tea": 3.5][name]
    }
    print(try await context.evaluateAsync("price('tea').then(price => price * 2)"))  // 7

    let (answer, resolver) = try context.makePromise()
    try context.global.set("answer", answer)
    let next = try context.evaluate("answer.then(x => x + 1)", as: JSPromise.self)
    try resolver.resolve(41)
    print(try await next.value)  // 42

    let ticks = try context.evaluate("(async function* () { yield 1; yield 2 })()", as: JSObject.self)
    var seen: [JSValue] = []
    for try await tick in ticks.asyncValues() { seen.append(tick) }
    print(seen)  // [1, 2]
    let stream = AsyncStream { continuation in
      continuation.yield(20)
      continuation.yield(22)
      continuation.finish()
    }
    try context.global.set("stream", context.makeAsyncIterable(stream))
    let sum = "(async () => { let n = 0; for await (const x of stream) n += x; return n })()"
    print(try await context.evaluateAsync(sum))  // 42

    let errors = AsyncStream<any Error>.makeStream()
    try context.virtualMachine.setUnhandledHandler { errors.continuation.yield($0) }
    try context.evaluate("setTimeout(() => { throw new Error('nobody') })")
    for await error in errors.stream {
      print((error as! JSError).message)  // nobody
      break
    }
  }
}
