import Foundation
import MiniRacer
import Testing

/// What a value costs to convert is the guest's to say: getters, lengths, what is shared.
@Suite("Limits of conversions", .timeLimit(.minutes(2)))
struct ConversionLimitsTests {
  let context: JSContext

  init() throws {
    context = try JSContext()
    try context.evaluate(
      """
      function spin(time) { const end = Date.now() + time; while (Date.now() < end); return 1 }
      // Their getters take so much time each.
      function slowList(count, time) {
        const list = []
        for (let i = 0; i < count; ++i) Object.defineProperty(list, i, { enumerable: true, get: () => spin(time) })
        return list
      }
      function slowObject(count, time) {
        const object = {}
        for (let i = 0; i < count; ++i)
          Object.defineProperty(object, 'n' + i, { enumerable: true, get: () => spin(time) })
        return object
      }
      const endless = 1e9
      """)
  }

  private func code(_ body: () throws -> Void) throws -> MiniRacerError.Code {
    let error = try #require(throws: MiniRacerError.self) { try body() }
    #expect(try context.evaluate("1 + 1") == 2, "the context works on")
    return error.code
  }

  /// Reads properties by itself.
  private struct Point: ConstructibleFromJSValue {
    let x: Int

    static func construct(from value: JSValue) throws -> Point {
      let object = try JSObject.construct(from: value)
      return Point(x: try object.get("n0", as: Int.self) + object.get("n1", as: Int.self))
    }
  }

  @Test("the timeout of a call ends its conversion")
  func timeout() throws {
    let time = Duration.milliseconds(50)
    #expect(try code { _ = try context.evaluate("slowList(1, endless)", as: [Int].self, timeout: time) } == .timeout)
    #expect(
      try code { _ = try context.evaluate("[slowList(1, endless)]", as: [[Int]].self, timeout: time) } == .timeout)
    #expect(
      try code { _ = try context.evaluate("slowObject(1, endless)", as: [String: Int].self, timeout: time) } == .timeout
    )
    #expect(try code { _ = try context.evaluate("slowObject(1, endless)", as: JSTree.self, timeout: time) } == .timeout)
    #expect(try code { _ = try context.evaluate("slowObject(1, endless)", as: Point.self, timeout: time) } == .timeout)
    let holder = try context.evaluate("({ list: slowList(1, endless) })", as: JSObject.self)
    #expect(try code { _ = try holder.get("list", as: [Int].self, timeout: time) } == .timeout)
    let list = try holder.get("list", as: JSArray.self)
    #expect(try code { _ = try list.elements(timeout: time) } == .timeout)
  }

  @Test("one deadline for all elements, and for the script before them")
  func oneDeadline() throws {
    let time = Duration.milliseconds(150)
    let lists = "Array.from({ length: 50 }, () => slowList(1, 20))"
    #expect(try code { _ = try context.evaluate("slowList(50, 20)", as: [Int].self, timeout: time) } == .timeout)
    #expect(try code { _ = try context.evaluate(lists, as: [[Int]].self, timeout: time) } == .timeout)
    #expect(
      try code { _ = try context.evaluate("slowObject(50, 20)", as: [String: Int].self, timeout: time) } == .timeout)
    #expect(try code { _ = try context.evaluate("slowObject(2, 100)", as: Point.self, timeout: time) } == .timeout)
    #expect(
      try code { _ = try context.evaluate("spin(100); slowList(1, 100)", as: [Int].self, timeout: time) } == .timeout)
    #expect(try context.evaluate("slowList(50, 20)", as: [Int].self, timeout: .seconds(60)).count == 50)
  }

  @Test("one default for all elements, which a limit of the call's replaces")
  func defaults() throws {
    let context = try JSContext(.init(timeout: .milliseconds(200)))
    try context.evaluate(
      """
      function slow(count, time) {
        const list = []
        const get = () => { const end = Date.now() + time; while (Date.now() < end); return 1 }
        for (let i = 0; i < count; ++i) Object.defineProperty(list, i, { get })
        return list
      }
      """)
    func code(_ body: () throws -> Void) throws -> MiniRacerError.Code {
      try #require(throws: MiniRacerError.self) { try body() }.code
    }
    #expect(try code { _ = try context.evaluate("slow(40, 20)", as: [Int].self) } == .timeout)
    #expect(try code { _ = try [Int].construct(from: context.evaluate("slow(40, 20)")) } == .timeout)
    #expect(try code { _ = try context.evaluate("slow(40, 20)", as: JSArray.self).elements } == .timeout)
    #expect(try context.evaluate("[slow(1, 300)]", as: [[Int]].self, timeout: .seconds(60)) == [[1]])
  }

  @Test("processor time and cancellation")
  func others() throws {
    let time = Duration.milliseconds(100)
    #expect(try code { _ = try context.evaluate("slowList(50, 20)", as: [Int].self, cpuTime: time) } == .cpuTime)
    let token = CancellationToken()
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.05)
      token.cancel()
    }
    #expect(
      try code { _ = try context.evaluate("slowList(1, endless)", as: [Int].self, cancellation: token) } == .cancelled)
  }

  @Test("the wait for another thread counts")
  func waiting() throws {
    let list = try context.evaluate("[1, 2]", as: JSArray.self)
    let (context, inside, done) = (context, DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    Thread.detachNewThread {
      try? context.virtualMachine.withLock {
        inside.signal()
        done.wait()
      }
    }
    inside.wait()
    let error = try #require(throws: MiniRacerError.self) { try list.elements(timeout: .milliseconds(30)) }
    done.signal()
    #expect(error.code == .timeout)
    #expect(try list.elements == [1, 2])
  }

  @Test("a host function's arguments are part of the run around")
  func arguments() throws {
    try context.setFunction("sum") { (list: [Int]) in list.reduce(0, +) }
    #expect(try context.evaluate("sum(slowList(3, 1))") == 3)
    #expect(try code { try context.evaluate("sum(slowList(50, 20))", timeout: .milliseconds(100)) } == .timeout)
  }

  @Test("cancelling a task ends its conversion")
  func tasks() async throws {
    let context = context
    let task = Task { try await context.evaluateAsync("Promise.resolve(slowList(1, endless))", as: [Int].self) }
    try await Task.sleep(for: .milliseconds(100))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    let error = await #expect(throws: MiniRacerError.self) {
      try await context.evaluateAsync(
        "spin(100); slowList(1, 100)", as: [Int].self, timeout: .milliseconds(150))
    }
    #expect(error?.code == .timeout)
    #expect(try await context.evaluateAsync("[[1]]", as: [[Int]].self, timeout: .seconds(60)) == [[1]])
  }

  @Test("an array's length is only a number")
  func lengths() throws {
    let huge = "new Array(2 ** 32 - 1)"
    #expect(try code { _ = try context.evaluate(huge, as: [Int?].self) } == .tooLarge)
    #expect(try code { _ = try context.evaluate(huge, as: JSArray.self).elements } == .tooLarge)
    #expect(try code { _ = try context.evaluate(huge).decode([Int?].self) } == .tooLarge)
    #expect(throws: JSConversionError.self) { try context.evaluate(huge, as: [Int].self) }
    #expect(try context.evaluate("new Array(10000)", as: [Int?].self).count == 10000)
    // One number in the guest's memory, a thousand in the host's.
    struct Dropped: ConstructibleFromJSValue {
      static func construct(from value: JSValue) -> Dropped { Dropped() }
    }
    let numbers = "Array(1000).fill(1n << (1n << 26n))"
    #expect(try code { _ = try context.evaluate(numbers, as: [Dropped].self) } == .tooLarge)
  }

  @Test("a circle that a type of the host's goes around is noticed")
  func circles() throws {
    struct Chain: ConstructibleFromJSValue {
      let next: [Chain]
      static func construct(from value: JSValue) throws -> Chain {
        Chain(next: try JSObject.construct(from: value).get("next", as: [Chain].self))
      }
    }
    #expect(try code { _ = try context.evaluate("const o = {}; o.next = [o]; o", as: Chain.self) } == .tooLarge)
    #expect(try context.evaluate("({ next: [{ next: [] }] })", as: Chain.self).next.count == 1)
  }

  @Test("what is shared, decoded, counts each time")
  func shared() throws {
    func code(_ source: String, _ decode: (JSValue) throws -> Void) throws -> MiniRacerError.Code {
      let value = try context.evaluate(source)
      return try self.code { try decode(value) }
    }
    let lists = "{ const one = Array(10000).fill(0); Array(100).fill(one) }"
    #expect(try code(lists) { _ = try $0.decode([[Int]].self, options: .init(maximumCount: 20000)) } == .tooLarge)
    // A thousand arrays of nothing but a length.
    let holes = "Array.from({ length: 1000 }, () => { const list = []; list[9e6] = 0; return list })"
    struct Length: Decodable {
      init(from decoder: any Decoder) throws { _ = try decoder.unkeyedContainer() }
    }
    #expect(try code(holes) { _ = try $0.decode([Length].self) } == .tooLarge)
    let bytes = "{ const one = new Uint8Array(16 << 20); Array(100).fill(one) }"
    #expect(try code(bytes) { _ = try $0.decode([[UInt8]].self) } == .tooLarge)
    #expect(try code(bytes) { _ = try $0.tree() } == .tooLarge)
    #expect(try context.evaluate("[new Uint16Array([1, 65535])]").decode([[Int]].self) == [[1, 65535]])
  }

  @Test("what is shared in a tree counts each time: whoever walks it, meets it each time")
  func sharedTree() throws {
    let context = try JSContext(.init(timeout: .seconds(20)))
    func graph(_ levels: Int) -> String { "(a => { for (let i = 0; i < \(levels); i++) a = [a, a]; return a })([1])" }
    try context.setFunction("echo") { (tree: JSTree) in tree }
    try context.setFunction("hash") { (tree: JSTree) in tree.hashValue & 0xFFFF }
    #expect(try context.evaluate("echo(\(graph(8)))").tree() == context.evaluate(graph(8)).tree())
    for name in ["echo", "hash"] {
      let error = try #require(throws: MiniRacerError.self) { try context.evaluate("\(name)(\(graph(40)))") }
      #expect(error.code == .tooLarge)
    }
    #expect(try #require(throws: MiniRacerError.self) { try context.evaluate(graph(40)).tree() }.code == .tooLarge)
    #expect(
      try #require(throws: MiniRacerError.self) {
        try context.evaluate(graph(10)).tree(.init(maximumCount: 1000))
      }.code == .tooLarge)
    #expect(try context.evaluate("1 + 1") == 2)
  }

  @Test("a conversion makes no more than the guest may have")
  func memory() throws {
    let repeated = "Array(1000).fill('x'.repeat(1 << 20))"
    let strings = "Array.from({ length: 10 }, (_, i) => i + 'x'.repeat(1 << 20))"
    func check(_ context: JSContext, tooLarge: Bool) throws {
      func code(_ body: () throws -> Void) -> MiniRacerError.Code? {
        do { try body() } catch { return (error as? MiniRacerError)?.code }
        return nil
      }
      #expect(code { _ = try context.evaluate(repeated, as: [String].self) } == (tooLarge ? .tooLarge : nil))
      let bytes = "Array(100).fill(new Uint8Array(1 << 20))"
      #expect(code { _ = try context.evaluate(bytes).decode([[UInt8]].self) } == (tooLarge ? .tooLarge : nil))
      #expect(code { _ = try context.evaluate(bytes).tree() } == (tooLarge ? .tooLarge : nil))
      #expect(
        code { _ = try context.evaluate(bytes).tree(.init(maximumBytes: 1 << 30)) } == nil, "the host's own limit")
    }
    try check(JSContext(.init(memoryLimit: 64 << 20)), tooLarge: true)
    let heap = try JSContext(.init(heapLimit: 64 << 20))
    try check(heap, tooLarge: true)
    try heap.virtualMachine.setHeapLimit(1 << 30)
    try check(heap, tooLarge: false)
    let roomy = try JSContext(.init(memoryLimit: 128 << 20))
    #expect(try roomy.evaluate(strings, as: [String].self).count == 10)
    #expect(try roomy.evaluate(strings).decode([String].self).count == 10)
  }

  @Test("two names that are one to Swift are refused")
  func canonical() throws {
    let both = "({ '\\u00e9': 1, 'e\\u0301': 2 })"
    let error = try #require(throws: JSConversionError.self) { try context.evaluate(both, as: [String: Int].self) }
    #expect(error.received == "two spellings of \"\u{e9}\"")
    #expect(try context.evaluate("({ '\\u00e9': 1, e: 2 })", as: [String: Int].self) == ["\u{e9}": 1, "e": 2])
    #expect(try context.evaluate(both).tree().properties?.count == 2)
  }

  @Test("a getter's error comes out as itself")
  func errors() throws {
    struct Own: Error {}
    try context.setFunction("fail") { () throws -> Int in throw Own() }
    #expect(throws: Own.self) { try context.evaluate("[{ get n0() { fail() } }]", as: [Point].self) }
    let error = try #require(throws: JSError.self) {
      try context.evaluate(
        "Object.defineProperty([], 0, { get: function zero() { throw new RangeError('no') } })", as: [Int].self,
        fileName: "a.js")
    }
    #expect(error.message == "no")
    #expect(error.frames.map(\.function) == ["zero"])
    #expect(
      try #require(throws: JSConversionError.self) { try context.evaluate("[['a']]", as: [[Int]].self) }.path
        == "[0][0]")
  }

  @Test("a built-in that never looks up is cut off in a conversion too")
  func stuck() throws {
    let context = try JSContext(.init(grace: .milliseconds(50)))
    let error = try #require(throws: MiniRacerError.self) {
      try context.evaluate(
        """
        Object.defineProperty([], 0, { get() { return Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1) } })
        """, as: [Int].self, timeout: .milliseconds(50))
    }
    #expect(error.code == .engineDead)
    #expect(try JSContext().evaluate("[1]", as: [Int].self) == [1])
  }

  @Test("what is made for scripts runs no setter of theirs")
  func setters() throws {
    try context.evaluate(
      "for (const name of ['a', 'done', 'value']) Object.defineProperty(Object.prototype, name, { set() { for (;;); } })"
    )
    #expect(try context.makeObject(["a": 1]).get("a") == 1)
    try context.global.set("dictionary", ["a": 1, "__proto__": 2])
    #expect(try context.evaluate("Object.keys(dictionary).sort().join()") == "__proto__,a")
  }

  @Test("a module's limits are those of its evaluation and its waits together")
  func modules() throws {
    let source = "spin(100); await new Promise(done => setTimeout(done, 100))"
    #expect(
      try code { try context.evaluateModule(source, name: "a.js", timeout: .milliseconds(150)) } == .timeout)
  }
}
