import Dispatch
import MiniRacer
import Synchronization
import Testing

@Suite("Host functions: Swift called from JavaScript")
struct HostFunctionsTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  @Test("typed closures")
  func typed() throws {
    try context.setFunction("add") { (a: Int, b: Int) in a + b }
    try context.setFunction("shout") { (text: String) in text.uppercased() + "!" }
    try context.setFunction("half") { (x: Double) in x / 2 }
    try context.setFunction("sum") { (list: [Int]) in list.reduce(0, +) }
    try context.setFunction("pi") { 3.14 }
    #expect(try context.evaluate("add(40, 2)") == 42)
    #expect(try context.evaluate("shout('grüße 👋')") == "GRÜSSE 👋!")
    #expect(try context.evaluate("half(1)") == 0.5)
    #expect(try context.evaluate("sum([1, 2, 3])") == 6)
    #expect(try context.evaluate("pi()") == 3.14)
  }

  @Test("closures without a result give undefined")
  func noResult() throws {
    let seen = Mutex<[String]>([])
    try context.setFunction("log") { (text: String) in seen.withLock { $0.append(text) } }
    #expect(try context.evaluate("log('a'); log('b')") == .undefined)
    #expect(seen.withLock { $0 } == ["a", "b"])
  }

  @Test("name and length as JavaScript sees them")
  func nameAndLength() throws {
    let add = try context.makeFunction("add") { (a: Int, b: Int) in a + b }
    #expect(try add.name == "add")
    #expect(try add.length == 2)
    #expect(try add(1, 2) == 3)
    #expect(try context.evaluate("typeof add") == "undefined")
    #expect(try context.makeFunction("any", length: 5) { (_: JSCall) in 1 }.length == 5)
  }

  @Test("missing arguments are undefined, further ones are ignored")
  func argumentCount() throws {
    try context.setFunction("greet") { (name: String, greeting: String?) in "\(greeting ?? "Hello") \(name)" }
    #expect(try context.evaluate("greet('Ada')") == "Hello Ada")
    #expect(try context.evaluate("greet('Ada', null)") == "Hello Ada")
    #expect(try context.evaluate("greet('Ada', 'Hi', 1, 2)") == "Hi Ada")
  }

  @Test(
    "an argument of another type is a TypeError that says which",
    arguments: [
      ("add(1, 'x')", "add: argument 2: expected Int, got String"),
      ("add(1.5, 1)", "add: argument 1: expected Int, got 1.5"),
      ("add(1)", "add: argument 2: expected Int, got undefined"),
      ("add({}, 1)", "add: argument 1: expected Int, got Object"),
      ("add(new Map, 1)", "add: argument 1: expected Int, got Map"),
      ("add(2 ** 70, 1)", "add: argument 1: expected Int, got 1.1805916207174113e+21"),
      ("total([1, true])", "total: argument 1[1]: expected Int, got true"),
    ])
  func wrongType(source: String, message: String) throws {
    try context.setFunction("add") { (a: Int, b: Int) in a + b }
    try context.setFunction("total") { (list: [Int]) in list.reduce(0, +) }
    #expect(
      try context.evaluate("try { \(source) } catch (e) { e instanceof TypeError && e.message }") == .string(message))
    let error = try #require(throws: JSError.self) { try context.evaluate(source) }
    #expect(error.name == "TypeError")
    #expect(error.message == message)
  }

  @Test("any arguments, and `this`")
  func variadic() throws {
    try context.setFunction("count", arguments: { call in call.arguments.count })
    #expect(try context.evaluate("count(1, 'b', {}, null)") == 4)
    try context.setFunction("third", arguments: { call in call[2] })
    #expect(try context.evaluate("third(1, 2, 'c')") == "c")
    #expect(try context.evaluate("third(1)") == .undefined)
    try context.setFunction("me", arguments: { call in call.this })
    #expect(try context.evaluate("const o = { me }; o.me() === o") == true)
    try context.setFunction("pick", arguments: { call in try call.argument(call.argument(0) as Int) as String })
    #expect(try context.evaluate("pick(2, 'a', 'b')") == "b")
    #expect(
      try #require(throws: JSError.self) { try context.evaluate("pick(1, 5)") }.message
        == "pick: argument 2: expected String, got 5")
  }

  @Test("constructors")
  func constructors() throws {
    try context.setFunction(
      "Point", isConstructor: true,
      arguments: { call in
        guard call.isConstructCall, let object = call.this.object else {
          throw JSError(name: "TypeError", message: "use new")
        }
        try object.set("x", call[0])
      })
    #expect(try context.evaluate("const p = new Point(3); p instanceof Point && p.x") == 3)
    #expect(try #require(throws: JSError.self) { try context.evaluate("Point(3)") }.message == "use new")
    try context.setFunction("plain") { 1 }
    #expect(try #require(throws: JSError.self) { try context.evaluate("new plain()") }.name == "TypeError")
  }

  @Test("results of every kind")
  func results() throws {
    try context.setFunction(
      "make",
      arguments: { call -> JSValue in
        switch call[0].string {
        case "object": return try .object(call.context.makeObject(["a": 1]))
        case "array": return try ["x", "y"].jsValue(in: call.context)
        case "string": return "text €"
        case "bigint": return .bigInt(18_446_744_073_709_551_616)
        case "same": return call[1]
        case "boolean": return true
        default: return .null
        }
      })
    #expect(try context.evaluate("JSON.stringify(make('object'))") == #"{"a":1}"#)
    #expect(try context.evaluate("make('array').join()") == "x,y")
    #expect(try context.evaluate("make('string')") == "text €")
    #expect(try context.evaluate("make('bigint') === 2n ** 64n") == true)
    #expect(try context.evaluate("const s = Symbol(); make('same', s) === s") == true)
    #expect(try context.evaluate("make('boolean')") == true)
    #expect(try context.evaluate("make()") == nil)
  }

  struct Failure: Error, Equatable, CustomStringConvertible {
    let number: Int
    var description: String { "failure number \(number)" }
  }

  @Test("a Swift error that no script catches comes out as itself")
  func swiftErrorComesBack() throws {
    try context.setFunction("fail") { (number: Int) in throw Failure(number: number) }
    #expect(throws: Failure(number: 7)) { try context.evaluate("fail(7)") }
    #expect(throws: Failure(number: 8)) { try context.evaluate("try { fail(8) } finally { 1 }") }
    #expect(throws: Failure(number: 9)) { try context.evaluate("try { fail(9) } catch (e) { throw e }") }
    #expect(throws: Failure(number: 1)) { try context.evaluate("[1, 2].map(fail)") }
  }

  @Test("in JavaScript it is an Error with a name and a message")
  func swiftErrorInJavaScript() throws {
    try context.setFunction("fail") { throw Failure(number: 7) }
    let text = try context.evaluate("try { fail() } catch (e) { `${e instanceof Error} ${e.name} ${e.message}` }")
    #expect(text == "true Failure failure number 7")
    let other = try #require(throws: JSError.self) {
      try context.evaluate("try { fail() } catch (e) { throw new Error('other', { cause: e }) }")
    }
    #expect(other.message == "other")
    #expect(other.cause?.message == "failure number 7")
  }

  @Test("a JavaScript exception passes through Swift as the same value")
  func exceptionPassesThrough() throws {
    try context.setFunction("run") { (body: JSFunction) in try body() }
    #expect(
      try context.evaluate("const e = new RangeError('x'); try { run(() => { throw e }) } catch (c) { c === e }")
        == true)
    #expect(try context.evaluate("try { run(() => { throw 5 }) } catch (c) { c }") == 5)
    #expect(try context.evaluate("try { run(() => { throw undefined }) } catch (c) { c }") == .undefined)
    #expect(try #require(throws: JSError.self) { try context.evaluate("run(() => nothing)") }.name == "ReferenceError")
  }

  @Test(
    "JavaScript errors made in Swift",
    arguments: [
      ("TypeError", "TypeError"), ("RangeError", "RangeError"), ("SyntaxError", "SyntaxError"),
      ("ReferenceError", "ReferenceError"), ("Error", "Error"), ("Mine", "Error"),
    ])
  func thrownByName(name: String, constructor: String) throws {
    try context.setFunction("fail") { throw JSError(name: name, message: "m") }
    let text = try context.evaluate("try { fail() } catch (e) { `${e.constructor.name} ${e.name} ${e.message}` }")
    #expect(text == .string("\(constructor) \(name) m"))
    try context.setFunction("throwFive") { throw JSError(throwing: 5) }
    #expect(try context.evaluate("try { throwFive() } catch (e) { e }") == 5)
  }

  @Test("Swift calls JavaScript calls Swift, a hundred deep")
  func reentrancy() throws {
    try context.setFunction(
      "down",
      arguments: { call -> Int in
        let depth: Int = try call.argument(0)
        return try depth == 0 ? 0 : call.context.evaluate("down(\(depth - 1)) + 1", as: Int.self)
      })
    #expect(try context.evaluate("down(100)") == 100)
  }

  @Test("endless mutual recursion is a RangeError and no crash")
  func endlessRecursion() throws {
    try context.setFunction("down", arguments: { call -> JSValue in try call.context.evaluate("down()") })
    #expect(try #require(throws: JSError.self) { try context.evaluate("down()") }.name == "RangeError")
    #expect(try context.evaluate("1 + 1") == 2)
  }

  @Test("objects handed over stay when the call is over")
  func keptArguments() throws {
    let kept = Mutex<[JSObject]>([])
    try context.setFunction("keep") { (object: JSObject) in kept.withLock { $0.append(object) } }
    try context.evaluate("for (let i = 0; i < 3; i++) keep({ i })")
    try context.virtualMachine.collectGarbage()
    #expect(try kept.withLock { try $0.map { try $0.get("i", as: Int.self) } } == [0, 1, 2])
    context.close()
    kept.withLock { $0.removeAll() }
  }

  final class Witness: Sendable {
    let gone: @Sendable () -> Void
    init(_ gone: @escaping @Sendable () -> Void) { self.gone = gone }
    deinit { gone() }
    func touch() -> Int { 1 }
  }

  @Test("closures live as long as JavaScript can call them")
  func closureLifetime() throws {
    let gone = Atomic(0)
    do {
      let witness = Witness { gone.wrappingAdd(1, ordering: .relaxed) }
      try context.setFunction("f") { witness.touch() }
    }
    try context.virtualMachine.collectGarbage()
    #expect(try context.evaluate("f()") == 1)
    #expect(gone.load(ordering: .relaxed) == 0)
    try context.evaluate("delete globalThis.f")
    for _ in 0..<10 where gone.load(ordering: .relaxed) == 0 { try context.virtualMachine.collectGarbage() }
    #expect(gone.load(ordering: .relaxed) == 1)
  }

  @Test("closing lets go of all closures, those that hold the context included")
  func closingReleasesClosures() throws {
    let gone = Atomic(0)
    do {
      let context = try JSContext()
      let witness = Witness { gone.wrappingAdd(1, ordering: .relaxed) }
      try context.setFunction("f") { () -> Int in
        _ = context
        return witness.touch()
      }
      #expect(try context.evaluate("f()") == 1)
      context.close()
    }
    #expect(gone.load(ordering: .relaxed) == 1)
  }

  @Test("Swift errors in flight are released")
  func errorLifetime() throws {
    final class Carrier: Error, Sendable {
      let witness: Witness
      init(_ witness: Witness) { self.witness = witness }
    }
    let gone = Atomic(0)
    try context.setFunction("fail") { throw Carrier(Witness { gone.wrappingAdd(1, ordering: .relaxed) }) }
    #expect(throws: Carrier.self) { try context.evaluate("fail()") }
    try context.evaluate("try { fail() } catch {}")
    context.close()
    #expect(gone.load(ordering: .relaxed) == 2)
  }

  @Test("a function outlives the context object that it was made with")
  func outlivingContext() throws {
    let machine = try JSVirtualMachine()
    let caller = try JSContext(virtualMachine: machine)
    do {
      let maker = try JSContext(virtualMachine: machine)
      try caller.global.set("f", maker.makeFunction("f") { (object: JSObject) in try object.get("a", as: Int.self) })
    }
    // Its context is closed by now, so that calls into it say so.
    #expect(throws: (any Error).self) { try caller.evaluate("f({ a: 1 })") }
    #expect(try caller.evaluate("1") == 1)
  }

  @Test("a context goes on one thread while its function is called on another")
  func contextGoesDuringCalls() throws {
    let machine = try JSVirtualMachine()
    let caller = try JSContext(virtualMachine: machine)
    for _ in 0..<200 {
      let maker = Mutex<JSContext?>(try JSContext(virtualMachine: machine))
      try maker.withLock { maker in
        try caller.global.set("f", maker!.makeFunction("f", arguments: { call in _ = call.context.global }))
      }
      DispatchQueue.concurrentPerform(iterations: 2) { index in
        if index == 0 {
          maker.withLock { $0 = nil }
        } else {
          #expect(throws: Never.self) { try caller.evaluate("for (let i = 0; i < 20; i++) try { f({}) } catch {}") }
        }
      }
    }
    #expect(try machine.heapStatistics.contextCount == 1)
  }

  @Test("written on the main actor, called on any thread")
  @MainActor
  func fromMainActor() async throws {
    let context = context
    try context.setFunction("double") { (x: Int) in x * 2 }
    let result = try await Task.detached { try context.evaluate("double(21)") }.value
    #expect(result == 42)
  }
}
