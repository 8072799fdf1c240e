import MiniRacer
import Testing

@Suite("Objects")
struct ObjectsTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  private func object(_ source: String) throws -> JSObject { try context.evaluate(source, as: JSObject.self) }

  @Test("properties by name, index and symbol")
  func properties() throws {
    let point = try object("({ x: 1, 'long name': 2, 7: 'seven' })")
    #expect(try point.x == 1)
    #expect(try point["long name"] == 2)
    #expect(try point[7] == "seven")
    #expect(try point["7"] == "seven")
    #expect(try point.nothing == .undefined)
    #expect(try point.get("x", as: Int.self) == 1)
    let iterator = try #require(try context.evaluate("Symbol.iterator").symbol)
    #expect(try context.makeArray([1]).get(iterator).function != nil)
  }

  @Test("writing, asking, deleting")
  func writing() throws {
    let object = try context.makeObject()
    try object.set("name", "Ada")
    try object.set(0, [1, 2])
    #expect(try context.stringifyJSON(object) == #"{"0":[1,2],"name":"Ada"}"#)
    #expect(try object.has("name"))
    #expect(try object.has("toString"))
    #expect(try !object.has("nothing"))
    #expect(try object.delete("name"))
    #expect(try !object.has("name"))
    #expect(try !context.makeArray().delete("length"))
  }

  @Test("a refused write is an error")
  func refusedWrite() throws {
    let frozen = try object("Object.freeze({ a: 1 })")
    let error = try #require(throws: JSError.self) { try frozen.set("a", 2) }
    #expect(error.name == "TypeError")
    #expect(try frozen.a == 1)
  }

  @Test("keys, in JavaScript's order")
  func keys() throws {
    let object = try object("Object.create({ inherited: 1 }, {})")
    try object.set("b", 1)
    try object.set(1, 1)
    try object.set("a", 1)
    try object.set(0, 1)
    let symbol = try #require(try context.evaluate("Symbol('s')").symbol)
    try object.set(symbol, 1)
    try context.global.set("o", object)
    try context.evaluate("Object.defineProperty(o, 'hidden', { value: 1 })")
    #expect(try object.keys() == [0, 1, "b", "a"])
    #expect(try object.keys(.hidden) == [0, 1, "b", "a", "hidden"])
    #expect(try object.keys(.symbols).last == .symbol(symbol))
    #expect(try object.keys(.inherited).contains("inherited"))
    #expect(try context.makeObject().keys() == [])
  }

  @Test("indices beyond 32 bits and below zero mean what they mean in JavaScript")
  func unusualIndices() throws {
    let object = try context.makeObject()
    for index in [-1, 4_294_967_295, 1 << 53, Int.max] {
      try object.set(index, true)
      #expect(try object.has("\(index)"))
      #expect(try object[index] == true)
    }
  }

  @Test("methods have `this`")
  func methods() throws {
    let counter = try object("({ n: 1, add(by) { return this.n += by } })")
    #expect(try counter.add(2) == 3)
    #expect(try counter.callMethod("add", 4) == 7)
    #expect(try counter.callMethod("add", arguments: [1]) == 8)
    #expect(try context.global.Math.max(1, 5, 3) == 5)
    #expect(try context.global.JSON.stringify(["a": 1]) == #"{"a":1}"#)
  }

  @Test("a method that is not there", arguments: ["nothing", "n"])
  func noMethod(name: String) throws {
    let object = try object("({ n: 1 })")
    let error = try #require(throws: MiniRacerError.self) { try object.callMethod(name) }
    #expect(error.code == .wrongType)
  }

  @Test("members of what is no object")
  func noObject() throws {
    let error = try #require(throws: MiniRacerError.self) { try context.global.nothing.more }
    #expect(error.code == .wrongType)
    #expect(error.message == "cannot read 'more' of undefined, which is no object")
  }

  @Test("identity and hashing")
  func identity() throws {
    try context.evaluate("var a = {}, b = {}")
    let (a, b, again) = try (object("a"), object("b"), object("a"))
    #expect(a == again)
    #expect(a != b)
    #expect(Set([a, b, again]).count == 2)
    #expect(try JSValue.object(a) == context.evaluate("a"))
    #expect(try context.evaluate("x => x === a").function?(again) == true)
    #expect(context.global == context.global)
    #expect(try context.evaluate("globalThis") == .object(context.global))
  }

  @Test(
    "what kind of object it is",
    arguments: [
      ("({})", .plain, "Object"), ("[]", .array, "Array"), ("() => 1", .function, "Function"),
      ("new TypeError", .error, "TypeError"), ("new Date", .date, "Date"), ("/x/", .regExp, "RegExp"),
      ("Promise.resolve()", .promise, "Promise"), ("new Map", .map, "Map"), ("new Set", .set, "Set"),
      ("new WeakMap", .weakMap, "WeakMap"), ("new WeakSet", .weakSet, "WeakSet"),
      ("new ArrayBuffer(1)", .arrayBuffer, "ArrayBuffer"),
      ("new Uint8Array(1)", .typedArray, "Uint8Array"), ("new DataView(new ArrayBuffer(1))", .dataView, "DataView"),
      ("(function* () {})()", .generator, nil), ("new Number(1)", .boxed, "Number"),
      ("new Map().entries()", .iterator, nil), ("[].values()", .iterator, nil),
      ("new WeakRef({})", .weakRef, "WeakRef"),
      ("(function () { return arguments })()", .arguments, nil), ("new Proxy({}, {})", .proxy, nil),
      ("new (class Point {})", .plain, "Point"),
    ] as [(String, JSObject.Kind, String?)])
  func kinds(source: String, kind: JSObject.Kind, className: String?) throws {
    let object = try object("(\(source))")
    #expect(object.kind == kind)
    if let className { #expect(try object.className == className) }
  }

  @Test("getters and Proxy traps run, and their errors come out")
  func traps() throws {
    let object = try object("({ get ok() { return 1 }, get bad() { throw new RangeError('no') } })")
    #expect(try object.ok == 1)
    #expect(try #require(throws: JSError.self) { try object.bad }.name == "RangeError")
    let proxy = try self.object("new Proxy({}, { ownKeys() { throw new Error('trap') } })")
    #expect(try #require(throws: JSError.self) { try proxy.keys() }.message == "trap")
  }

  @Test("arrays")
  func arrays() throws {
    let list = try context.makeArray([1, "two", nil] as [JSValue])
    #expect(try list.push(4.5) == 4)
    #expect(try list.length == 4)
    #expect(try context.stringifyJSON(list) == #"[1,"two",null,4.5]"#)
    #expect(try context.makeArray([1, "mixed", [true]] as [any ConvertibleToJSValue]).length == 3)
    let many = try context.makeArray((0..<1000).map { JSValue.string("item \($0)") })
    #expect(try many[999] == "item 999")
  }

  @Test("objects with properties")
  func makeObject() throws {
    let object = try context.makeObject(["name": "Ada", "born": 1815, "tags": ["a", "b"]])
    #expect(try context.stringifyJSON(object) == #"{"name":"Ada","born":1815,"tags":["a","b"]}"#)
  }
}
