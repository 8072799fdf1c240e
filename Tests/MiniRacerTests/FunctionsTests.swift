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

  @Test("any number of arguments, in memory of their own or not")
  func counts() throws {
    let join = try function("(...all) => all.join(' ')")
    let long = String(repeating: "é", count: 100)
    let bigInt = JSBigInt(1)
    let lone = JSString(utf16: [0x61, 0xD800])
    #expect(try join() == "")
    #expect(try join(long) == .string(long))
    #expect(try join("a", long) == .string("a \(long)"))
    #expect(try join(1, "b", 3) == "1 b 3")
    #expect(try join("a", bigInt, lone, 4) == .string(JSString(utf16: Array("a 1 a".utf16) + [0xD800] + " 4".utf16)))
    #expect(try join(1, 2, 3, 4, 5) == "1 2 3 4 5")
    #expect(try join("1", 2, long, 4, "5", 6) == .string("1 2 \(long) 4 5 6"))
    let big = JSBigInt(isNegative: true, words: [0, 0, 1])
    #expect(try function("(a, b) => b === -(2n ** 128n) && a === ''")("", big) == true)
    let object = try context.evaluate("({ join(...all) { return all.join() } })", as: JSObject.self)
    #expect(try object.join("a", 1, long) == .string("a,1,\(long)"))
  }

  @Test("limits of one call")
  func limits() throws {
    let spin = try function("(...all) => { while (all.length < 9); return all.length }")
    let limit = Duration.milliseconds(20)
    for call: () throws -> JSValue in [
      { try spin(timeout: limit) }, { try spin(1, timeout: limit) }, { try spin(1, "2", timeout: limit) },
      { try spin(1, 2, 3, timeout: limit) }, { try spin(1, 2, 3, 4, 5, timeout: limit) },
      { try spin.call(arguments: [1, 2], timeout: limit) }, { try spin.call(this: 1, timeout: limit) },
    ] {
      #expect(try #require(throws: MiniRacerError.self) { try call() }.code == .timeout)
    }
    let add = try function("(a, b) => a + b")
    #expect(try add(1, 2, timeout: .seconds(10)) == 3)
    #expect(try add("a", "b", timeout: .unlimited) == "ab")
    let token = CancellationToken()
    #expect(try add(1, 2, cancellation: token) == 3)
    token.cancel()
    for call: () throws -> JSValue in [
      { try add(cancellation: token) }, { try add(1, cancellation: token) }, { try add(1, 2, cancellation: token) },
      { try add(1, 2, 3, timeout: .seconds(10), cancellation: token) },
    ] {
      #expect(try #require(throws: MiniRacerError.self) { try call() }.code == .cancelled)
    }
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
