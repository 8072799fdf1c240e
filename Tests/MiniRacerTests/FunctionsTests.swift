import MiniRacer
import Testing

@Suite("Functions: calling JavaScript")
struct FunctionsTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  private func function(_ source: String) throws -> JSFunction { try context.evaluate(source, as: JSFunction.self) }

  @Test("call it as one")
  func call() throws {
    let add = try function("(a, b) => a + b")
    #expect(try add(1, 2) == 3)
    #expect(try add("a", "b") == "ab")
    #expect(try add("n = ", 1.5) == "n = 1.5")
    #expect(try add() == .number(.nan) || add().number!.isNaN)
  }

  @Test("arguments of all kinds at once")
  func manyArguments() throws {
    let json = try function("(...all) => JSON.stringify(all)")
    let object = try context.makeObject(["k": 1])
    #expect(try json(1, "two", true, JSValue.null, ["x"], object) == #"[1,"two",true,null,["x"],{"k":1}]"#)
    let strings = (0..<40).map { "s\($0)" }
    let count = try function("(...all) => all.join()")
    #expect(try count.call(arguments: strings) == .string(strings.joined(separator: ",")))
    #expect(try count.call(arguments: [Int](0..<40)) == .string((0..<40).map(String.init).joined(separator: ",")))
    let lone = JSString(utf16: [0xD800])
    #expect(try function("(a, b, c) => c.charCodeAt(0)")("a", 1 as JSBigInt, lone) == 0xD800)
  }

  @Test("`this`, given and not")
  func this() throws {
    let this = try function("(function () { 'use strict'; return this })")
    #expect(try this() == .undefined)
    #expect(try this.call(this: "me") == "me")
    let object = try context.makeObject()
    #expect(try this.call(this: .object(object)) == .object(object))
  }

  @Test("`new`")
  func construct() throws {
    let point = try function("class Point { constructor(x, y) { this.x = x; this.y = y } }; Point")
    let made = try point.new(1, "2")
    #expect(try made.x == 1)
    #expect(try made.y == "2")
    #expect(try made.className == "Point")
    #expect(try point.new(arguments: [5, 6]).y == 6)
    #expect(try #require(throws: JSError.self) { try function("() => 1").new() }.name == "TypeError")
  }

  @Test("a class cannot be called, and what it throws is the same as in JavaScript")
  func callClass() throws {
    let error = try #require(throws: JSError.self) { try function("(class A {})")() }
    #expect(error.name == "TypeError")
    #expect(error.message == "Class constructor A cannot be invoked without 'new'")
  }

  @Test("functions are objects")
  func properties() throws {
    let add = try function("function add(a, b) {}; add")
    #expect(try add.name == "add")
    #expect(try add.length == 2)
    #expect(add.kind == .function)
    #expect(try context.evaluate("add").function == add)
  }

  @Test("results of a call outlive everything else")
  func results() throws {
    let list = try function("() => [1, 2, 3]")()
    #expect(try list.map(function("x => x * 2")).join("-") == "2-4-6")
  }

  @Test("deep recursion is an error and no crash")
  func recursion() throws {
    let error = try #require(throws: JSError.self) { try function("(function f() { return f() + 1 })")() }
    #expect(error.name == "RangeError")
    #expect(try context.evaluate("1") == 1)
  }

  @Test("a value of another virtual machine")
  func foreign() throws {
    let other = try JSContext().makeObject()
    let error = try #require(throws: MiniRacerError.self) { try function("x => x")(other) }
    #expect(error.code == .invalidHandle)
  }

  @Test("objects of sibling contexts cross")
  func siblings() throws {
    let sibling = try JSContext(virtualMachine: context.virtualMachine)
    let object = try sibling.evaluate("({ a: 1 })")
    #expect(try function("x => x.a")(object) == 1)
    #expect(try function("x => x")(object) == object)
  }
}
