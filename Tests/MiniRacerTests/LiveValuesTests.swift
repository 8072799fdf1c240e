import MiniRacer
import Testing

@Suite("Live values: what arrives is what it was, and goes back as itself")
struct LiveValuesTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  @Test(
    "each object arrives as its class and goes back as itself",
    arguments: [
      ("[]", JSArray.self), ("new Map", JSMap.self), ("new Set", JSSet.self), ("new Date", JSDate.self),
      ("Promise.resolve()", JSPromise.self), ("new ArrayBuffer(1)", JSArrayBuffer.self),
      ("new SharedArrayBuffer(1)", JSArrayBuffer.self), ("new Float32Array(1)", JSTypedArray.self),
      ("new DataView(new ArrayBuffer(1))", JSDataView.self), ("class {}", JSFunction.self),
      ("function* () {}", JSFunction.self), ("new Proxy({}, {})", JSObject.self), ("/x/", JSObject.self),
      ("new Error", JSObject.self), ("new Number(1)", JSObject.self), ("(function* () {})()", JSObject.self),
    ] as [(String, JSObject.Type)])
  func arrival(source: String, type: JSObject.Type) throws {
    let object = try context.evaluate("globalThis.it = (\(source))", as: JSObject.self)
    #expect(Swift.type(of: object) == type)
    #expect(try context.evaluate("x => x === it", as: JSFunction.self)(object) == true)
  }

  @Test("a value of another class is refused, by name")
  func wrongClass() throws {
    let error = try #require(throws: JSConversionError.self) { try context.evaluate("new Set", as: JSMap.self) }
    #expect(error.description == "expected Map, got Set")
  }

  @Test("symbols: unique, registered, well-known")
  func symbols() throws {
    let own = try context.makeSymbol("mine")
    #expect(try own.symbolDescription == "mine")
    #expect(try context.makeSymbol().symbolDescription == nil)
    #expect(try context.makeSymbol("mine") != own)
    #expect(try context.registeredSymbol("key") == context.evaluate("Symbol.for('key')").symbol)
    #expect(try context.wellKnownSymbol("iterator") == context.evaluate("Symbol.iterator").symbol)
    let error = try #require(throws: MiniRacerError.self) { try context.wellKnownSymbol("nonsense") }
    #expect(error.code == .invalidArgument)
  }

  @Test("property descriptors")
  func properties() throws {
    let object = try context.makeObject(["a": 1])
    #expect(
      try object.ownProperty("a") == JSProperty(value: 1, isWritable: true, isEnumerable: true, isConfigurable: true))
    #expect(try object.ownProperty("toString") == nil)

    try object.define("fixed", JSProperty(value: "x"))
    #expect(throws: JSError.self) { try object.set("fixed", "y") }
    #expect(try object.keys() == ["a"])
    #expect(throws: JSError.self) { try object.define("fixed", JSProperty(value: "y")) }

    let getter = try context.makeFunction("get", arguments: { call in try call.this.object!.get("a") })
    try object.define("alias", JSProperty(getter: getter, isEnumerable: true))
    #expect(try object.alias == 1)
    let alias = try #require(try object.ownProperty("alias"))
    #expect(alias.getter == getter)
    #expect(alias.setter == nil)
    #expect(alias.value == nil)
    #expect(alias.isEnumerable)
  }

  @Test("prototypes and instanceof")
  func prototypes() throws {
    let animal = try context.evaluate("class Animal { speak() { return 'mine' } }; Animal", as: JSFunction.self)
    let cat = try context.makeObject()
    #expect(try !cat.isInstance(of: animal))
    try cat.setPrototype(animal.get("prototype", as: JSObject.self))
    #expect(try cat.isInstance(of: animal))
    #expect(try cat.speak() == "mine")
    #expect(try cat.prototype == animal.get("prototype").object)
    try cat.setPrototype(nil)
    #expect(try cat.prototype == nil)
    let error = try #require(throws: JSError.self) { try animal.setPrototype(animal) }
    #expect(error.name == "TypeError")
  }

  @Test("Maps: any key, compared as in JavaScript")
  func maps() throws {
    let key = try context.makeObject()
    let map = try context.makeMap(["a": 1, .object(key): "object", .number(.nan): true])
    #expect(try map.count == 3)
    #expect(try map[key: "a"] == 1)
    #expect(try map[key: key] == "object")
    #expect(try map[key: Double.nan] == true)
    #expect(try map[key: "nothing"] == .undefined)
    try map.setValue([1, 2], forKey: "list")
    #expect(try map.entries.map(\.key).last == "list")
    #expect(try map.contains(key: "list"))
    #expect(try map.removeValue(forKey: "list"))
    #expect(try !map.removeValue(forKey: "list"))
    try context.evaluate("Map.prototype.get = () => 'fake'")
    #expect(try map[key: "a"] == 1)
    try map.removeAll()
    #expect(try map.count == 0)
  }

  @Test("Sets")
  func sets() throws {
    let set = try context.makeSet([3, 1, 3])
    #expect(try set.elements == [3, 1])
    try set.insert("x")
    #expect(try set.count == 3)
    #expect(try set.contains(1))
    #expect(try set.remove(1))
    #expect(try !set.contains(1))
    try set.removeAll()
    #expect(try set.elements == [])
  }

  @Test("Arrays")
  func arrays() throws {
    let array = try context.makeArray([1, "two"])
    try array.append(3)
    #expect(try array.count == 3)
    #expect(try array.elements == [1, "two", 3])
    #expect(try array[1] == "two")
  }

  @Test("Dates")
  func dates() throws {
    let date = try context.evaluate("new Date(1500)", as: JSDate.self)
    #expect(try date.millisecondsSince1970 == 1500)
    #expect(try context.makeDate(millisecondsSince1970: .nan).millisecondsSince1970.isNaN)
  }

  @Test("generators and other iterables, in a loop")
  func iteration() throws {
    try context.evaluate(
      "var ended = false; function* count(n) { try { for (let i = 0; i < n; i++) yield i } finally { ended = true } }")
    let three = try context.evaluate("count(3)", as: JSObject.self)
    #expect(try three.iterate().map { try $0.get() } == [0, 1, 2])
    #expect(try context.makeSet(["a"]).iterate().map { try $0.get() } == ["a"])
    #expect(try context.evaluate("new String('hi')", as: JSObject.self).iterate().map { try $0.get() } == ["h", "i"])

    try context.evaluate("ended = false")
    for value in try context.evaluate("count(1e9)", as: JSObject.self).iterate() {
      if try value.get() == 2 { break }
    }
    #expect(try context.evaluate("ended") == true)
  }

  @Test("an iteration that throws ends with the error")
  func iterationError() throws {
    let bad = try context.evaluate("(function* () { yield 1; throw new RangeError('no') })()", as: JSObject.self)
    let results = try Array(bad.iterate())
    #expect(results.count == 2)
    #expect(try results[0].get() == 1)
    #expect(try #require(throws: JSError.self) { try results[1].get() }.name == "RangeError")
    #expect(throws: JSConversionError.self) { try context.makeObject().iterate() }
  }

  @Test("what is in a value, for people")
  func inspect() throws {
    let text = try context.inspect(context.evaluate("({ a: [1, 'x'], get b() { throw 1 } })"))
    #expect(text.contains("a: [ 1, 'x' ]"))
    #expect(text.contains("b: [Getter]"))
    #expect(
      try context.makeObject(["deep": context.makeObject(["deeper": context.makeObject()])]).inspect(depth: 0) != text)
    #expect("\(String(reflecting: try context.makeArray([1])))" == "[ 1 ]")
    #expect(throws: MiniRacerError.self) { try context.inspect(1, depth: -1) }
  }

  @Test("nothing of it works in another virtual machine, or after the end")
  func misuse() throws {
    let other = try JSContext()
    let foreign = try other.makeMap()
    #expect(throws: MiniRacerError.self) { try context.makeMap().setValue(1, forKey: foreign) }
    #expect(throws: MiniRacerError.self) { try context.makeObject().setPrototype(foreign) }
    other.close()
    #expect(try #require(throws: MiniRacerError.self) { try foreign.count }.code == .closed)
    #expect(try #require(throws: MiniRacerError.self) { try foreign.entries }.code == .closed)
    #expect(try #require(throws: MiniRacerError.self) { try other.makeSymbol() }.code == .closed)
  }
}
