import MiniRacer
import Synchronization
import Testing

@Suite("Host objects: Swift's objects in JavaScript")
struct HostObjectsTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  final class Counter: JSHostObject {
    let n = Mutex(0)

    static let jsMembers: [JSMember<Counter>] = [
      .property("count") { counter in counter.n.withLock { $0 } },
      .property(
        "value", get: { counter in counter.n.withLock { $0 } }, set: { counter, new in counter.n.withLock { $0 = new } }
      ),
      .method("add") { (counter, by: Int) in
        counter.n.withLock {
          $0 += by
          return $0
        }
      },
      .method("same") { (counter, other: Counter) in counter === other },
      .method("fail") { _ in throw Failure(number: 3) },
    ]
  }

  struct Failure: Error, Equatable { let number: Int }

  /// Has any property whose name begins with "x".
  final class Anything: JSHostObject {
    let written = Mutex<[String]>([])
    static let jsClassName = "Magic"
    func jsGet(_ key: JSPropertyKey, in context: JSContext) throws -> JSValue? {
      if key == "bad" { throw Failure(number: 1) }
      return key.description.hasPrefix("x") ? .string("it is \(key)") : nil
    }
    func jsSet(_ key: JSPropertyKey, _ value: JSValue, in context: JSContext) -> Bool {
      guard key.description.hasPrefix("x") else { return false }
      written.withLock { $0.append("\(key)=\(value)") }
      return true
    }
    func jsDelete(_ key: JSPropertyKey, in context: JSContext) -> Bool { key.description.hasPrefix("x") }
    func jsKeys(in context: JSContext) -> [JSPropertyKey] { ["x1", "x2"] }
  }

  final class Adder: JSCallableHostObject {
    func jsCall(_ call: JSCall) throws -> any ConvertibleToJSValue { try call.argument(0) + call.argument(1) as Int }
    func jsConstruct(_ call: JSCall) throws -> JSObject { try call.context.makeObject(["sum": call[0]]) }
  }

  @Test("the members are read once for each context")
  func membersOnce() throws {
    final class Counted: JSHostObject {
      static let reads = Mutex(0)
      let value = Mutex(0)
      static var jsMembers: [JSMember<Counted>] {
        reads.withLock { $0 += 1 }
        return [
          .property(
            "a", get: { one in one.value.withLock { $0 } }, set: { one, new in one.value.withLock { $0 = new } }),
          .property("fixed", get: { _ in 1 }),
        ]
      }
    }
    let counted = Counted()
    try context.global.set("o", counted)
    try context.evaluate("for (let i = 0; i < 100; i++) o.a = i")
    try context.global.set("p", Counted())
    try context.evaluate("p.a = 1")
    #expect(counted.value.withLock { $0 } == 99)
    #expect(throws: JSError.self) { try context.evaluate("o.fixed = 2") }
    #expect(Counted.reads.withLock { $0 } == 1)
    try JSContext().global.set("o", Counted())
    #expect(Counted.reads.withLock { $0 } == 2)
  }

  @Test("a collection that scripts can fill so far only")
  func maximumCount() throws {
    let list = JSHostArray(["a"], maximumCount: 3)
    try context.global.set("list", list)
    try context.evaluate("list.push('b', 'c')")
    for source in ["list.push('d')", "list[3] = 'd'", "for (;;) list.push('d')"] {
      let error = try #require(throws: JSError.self) { try context.evaluate(source) }
      #expect(error.name == "RangeError")
    }
    try context.evaluate("list[2] = 'e'; list.pop(); list.push('f')")
    #expect(list.elements == ["a", "b", "f"])
    list.elements.append("Swift's")
    #expect(list.elements.count == 4)
    let values = JSHostDictionary(["a": 1], maximumCount: 2)
    try context.global.set("values", values)
    try context.evaluate("values.b = 2; values.a = 3")
    let error = try #require(throws: JSError.self) { try context.evaluate("for (let i = 0; ; i++) values[i] = i") }
    #expect(error.name == "RangeError")
    try context.evaluate("delete values.a; values.c = 4")
    #expect(values.values == ["b": 2, "c": 4])
  }

  @Test("properties and methods")
  func members() throws {
    let counter = Counter()
    try context.global.set("counter", counter)
    #expect(try context.evaluate("counter.add(2); counter.add(3)") == 5)
    #expect(try context.evaluate("counter.count") == 5)
    #expect(try context.evaluate("counter.value = 7; counter.count") == 7)
    #expect(counter.n.withLock { $0 } == 7)
    #expect(try context.evaluate("counter.add === counter.add && counter.add.length") == 1)
    #expect(try context.evaluate("String(counter)") == "[object Counter]")
    #expect(throws: Failure(number: 3)) { try context.evaluate("counter.fail()") }
    let error = try #require(throws: JSError.self) { try context.evaluate("counter.add('x')") }
    #expect(error.message == "add: argument 1: expected Int, got String")
    #expect(
      try #require(throws: JSError.self) { try context.evaluate("counter.add.call({}, 1)") }.message
        == "add: `this` is no Counter")
    #expect(
      try #require(throws: JSError.self) { try context.evaluate("'use strict'; counter.count = 1") }.name == "TypeError"
    )
  }

  @Test("one instance is one object, and comes back as itself")
  func identity() throws {
    let counter = Counter()
    let object = try context.object(for: counter)
    #expect(try context.object(for: counter) == object)
    #expect(object.kind == .host)
    #expect(object.hostObject === counter)
    try context.global.set("a", counter)
    try context.global.set("b", counter)
    #expect(try context.evaluate("a === b && a.same(b)") == true)
    #expect(try context.evaluate("a", as: Counter.self) === counter)
    #expect(try JSContext(virtualMachine: context.virtualMachine).object(for: counter) == object)
    try context.setFunction("take") { (counter: Counter) in counter.n.withLock { $0 } }
    #expect(try context.evaluate("take(a)") == 0)
    #expect(
      try #require(throws: JSError.self) { try context.evaluate("take({})") }.message
        == "take: argument 1: expected Counter, got Object")
    #expect(try context.makeObject().hostObject == nil)
    #expect(try context.makeFunction("f") { 1 }.hostObject == nil)
  }

  @Test("it lives as long as JavaScript holds it")
  func lifetime() throws {
    weak var weakCounter: Counter?
    do {
      let counter = Counter()
      weakCounter = counter
      try context.global.set("held", counter)
    }
    try context.virtualMachine.collectGarbage()
    #expect(weakCounter != nil)
    #expect(try context.evaluate("held.add(1)") == 1)
    try context.evaluate("held = null")
    for _ in 0..<5 where weakCounter != nil { try context.virtualMachine.collectGarbage() }
    #expect(weakCounter == nil)
    do {
      let counter = Counter()
      weakCounter = counter
      try context.global.set("held", counter)
    }
    context.close()
    #expect(weakCounter == nil)
  }

  @Test("properties by functions")
  func dynamic() throws {
    let magic = Anything()
    try context.global.set("magic", magic)
    #expect(try context.evaluate("magic.x5") == "it is x5")
    #expect(try context.evaluate("magic.y") == .undefined)
    #expect(try context.evaluate("'x1' in magic && !('y' in magic)") == true)
    #expect(try context.evaluate("magic.x3 = 1; Object.keys(magic).join()") == "x1,x2")
    #expect(magic.written.withLock { $0 } == ["x3=1"])
    #expect(try context.evaluate("delete magic.x1") == true)
    #expect(try context.evaluate("Object.prototype.toString.call(magic)") == "[object Magic]")
    #expect(throws: Failure(number: 1)) { try context.evaluate("magic.bad") }
    #expect(throws: JSError.self) { try context.evaluate("'use strict'; magic.y = 1") }
  }

  @Test("callable objects")
  func callable() throws {
    let adder = Adder()
    try context.global.set("adder", adder)
    #expect(try context.evaluate("typeof adder") == "function")
    #expect(try context.evaluate("adder(40, 2)") == 42)
    #expect(try context.evaluate("new adder(5).sum") == 5)
    #expect(try context.object(for: adder) is JSFunction)
    #expect(try context.evaluate("adder", as: Adder.self) === adder)
    #expect(throws: JSError.self) { try context.evaluate("adder('x')") }
  }

  @Test("a dictionary of Swift's")
  func dictionary() throws {
    let ages = JSHostDictionary(["Ada": 36])
    try context.global.set("ages", ages)
    #expect(try context.evaluate("ages.Ada") == 36)
    #expect(try context.evaluate("ages.Bob = 20; 'Bob' in ages && JSON.stringify(ages)") == #"{"Ada":36,"Bob":20}"#)
    #expect(ages["Bob"] == 20)
    ages["Eve"] = 1
    #expect(try context.evaluate("delete ages.Ada; Object.keys(ages).join()") == "Bob,Eve")
    #expect(ages.values == ["Bob": 20, "Eve": 1])
    let error = try #require(throws: JSError.self) { try context.evaluate("ages.Ada = 'old'") }
    #expect(error.name == "TypeError" && error.message == "expected Int, got String")
  }

  @Test("an array of Swift's")
  func array() throws {
    let list = JSHostArray(["a", "b"])
    try context.global.set("list", list)
    #expect(try context.evaluate("list.length") == 2)
    #expect(try context.evaluate("list.map(x => x + x).join()") == "aa,bb")
    #expect(try context.evaluate("list.push('c'); [...list].join()") == "a,b,c")
    #expect(list.elements == ["a", "b", "c"])
    #expect(try context.evaluate("list.pop()") == "c")
    #expect(try context.evaluate("list.reverse(); list[0]") == "b")
    list.elements.append("z")
    #expect(try context.evaluate("list[2]") == "z")
    #expect(throws: JSError.self) { try context.evaluate("'use strict'; list[9] = 'far'") }
    #expect(throws: JSError.self) { try context.evaluate("'use strict'; list[0] = 1") }
    #expect(list.elements == ["b", "a", "z"])
  }
}
