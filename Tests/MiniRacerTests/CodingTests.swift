import Foundation
import MiniRacer
import Testing

@Suite("Codable: whole values in one crossing")
struct CodingTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  struct Person: Codable, Equatable {
    struct Address: Codable, Equatable {
      let city: String
      let lines: [String]
    }
    let name: String
    let age: Int
    let height: Double
    let isAdmin: Bool
    let nickname: String?
    let addresses: [String: Address]
  }

  @Test("elements of 64 bits come whole, or not at all")
  func wideElements() throws {
    let large = try context.evaluate("new BigUint64Array([2n ** 64n - 1n, 5n])")
    #expect(try large.decode([UInt64].self) == [.max, 5])
    #expect(throws: DecodingError.self) { try large.decode([Double].self) }
    let odd = try context.evaluate("new BigInt64Array([2n ** 53n + 1n])")
    #expect(try odd.decode([Int].self) == [(1 << 53) + 1])
    #expect(throws: DecodingError.self) { try odd.decode([Double].self) }
    #expect(try context.evaluate("new BigInt64Array([2n ** 60n])").decode([Double].self) == [0x1p60])
  }

  @Test("structures out and in")
  func structures() throws {
    let ada = Person(
      name: "Ada 👩🏽‍💻", age: 36, height: 1.65, isAdmin: true, nickname: nil,
      addresses: ["home": .init(city: "London", lines: ["a", "b"]), "none": .init(city: "", lines: [])])
    let value = try context.encode(ada)
    #expect(try value.object?.keys() == ["name", "age", "height", "isAdmin", "addresses"])
    #expect(try value.decode(Person.self) == ada)
    #expect(
      try context.evaluate(
        "({ addresses: {}, isAdmin: false, extra: [1], age: 1, name: 'x', height: 2, nickname: null })"
      ).decode() as Person
        == Person(name: "x", age: 1, height: 2, isAdmin: false, nickname: nil, addresses: [:]))
  }

  @Test("many records")
  func records() throws {
    let people = (0..<1000).map {
      Person(
        name: "n\($0)", age: $0, height: Double($0) / 3, isAdmin: $0 % 2 == 0, nickname: $0 % 3 == 0 ? "x" : nil,
        addresses: [:])
    }
    try context.global.set("people", context.encode(people))
    #expect(try context.evaluate("people.length === 1000 && people[999].age") == 999)
    #expect(try context.evaluate("people").decode([Person].self) == people)
  }

  @Test(
    "integers cross exactly",
    arguments: [0, 1, -1, 255, 256, 65535, 65536, -32769, 1 << 31, -(1 << 31) - 1, 1 << 53, Int.max, Int.min])
  func integers(number: Int) throws {
    let array = try context.encode([number])
    #expect(try array.decode([Int].self) == [number])
    #expect(try array.object!.get(0) == JSValue(number))
  }

  @Test("numbers", arguments: [0.5, -0.0, 1e300, .infinity, -.infinity, 1e21, 4_294_967_296])
  func numbers(number: Double) throws {
    let decoded = try context.encode([number]).decode([Double].self)
    #expect(decoded[0].bitPattern == number.bitPattern)
    #expect(try context.encode([number]).object!.get(0) == .number(number))
  }

  @Test("all widths")
  func widths() throws {
    struct All: Codable, Equatable {
      var a: Int8 = -128
      var b: UInt8 = 255
      var c: Int16 = -32768
      var d: UInt16 = 65535
      var e: Int32 = .min
      var f: UInt32 = .max
      var g: Int64 = .min
      var h: UInt64 = .max
      var i: UInt = .max
      var j: Float = 1.5
    }
    #expect(try context.encode(All()).decode(All.self) == All())
    #expect(try context.encode(All()).object!.get("h") == .bigInt(18_446_744_073_709_551_615))
  }

  enum Shape: Codable, Equatable {
    case circle(radius: Double)
    case square(Int)
    case none
  }

  class Animal: Codable {
    var name = "a"
    init() {}
  }

  final class Dog: Animal {
    var tricks = ["sit"]
    private enum CodingKeys: CodingKey { case tricks }
    override init() { super.init() }
    required init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      tricks = try container.decode([String].self, forKey: .tricks)
      try super.init(from: container.superDecoder())
    }
    override func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      let base = container.superEncoder()
      try container.encode(tricks, forKey: .tricks)
      try super.encode(to: base)
    }
  }

  @Test("enumerations, subclasses, dictionaries with other keys, nested optionals")
  func shapes() throws {
    let shapes: [Shape] = [.circle(radius: 1), .square(2), .none]
    #expect(try context.encode(shapes).decode([Shape].self) == shapes)
    let dog = Dog()
    (dog.name, dog.tricks) = ("Rex", ["roll"])
    let value = try context.encode(dog)
    #expect(try context.stringifyJSON(value) == #"{"super":{"name":"Rex"},"tricks":["roll"]}"#)
    let again = try value.decode(Dog.self)
    #expect(again.name == "Rex" && again.tricks == ["roll"])
    #expect(try context.encode([1: "a", 2: "b"]).decode([Int: String].self) == [1: "a", 2: "b"])
    #expect(try context.encode([1, nil, 3] as [Int?]).decode([Int?].self) == [1, nil, 3])
    #expect(try context.encode([[Int]]()).decode([[Int]].self) == [])
    #expect(try context.encode("text").decode(String.self) == "text")
    #expect(try context.encode(Int?.none) == nil)
  }

  @Test("JavaScript's own kinds of values")
  func kinds() throws {
    #expect(try context.evaluate("new Map([['a', 1], ['b', 2]])").decode([String: Int].self) == ["a": 1, "b": 2])
    #expect(try context.evaluate("new Set([1, 2])").decode([Int].self) == [1, 2])
    #expect(try context.evaluate("new Uint8Array([1, 2])").decode([UInt8].self) == [1, 2])
    #expect(try context.evaluate("new Uint8Array([1, 2])").decode(Data.self) == Data([1, 2]))
    #expect(try context.evaluate("new Float32Array([0.5, 2])").decode([Double].self) == [0.5, 2])
    #expect(try context.evaluate("new Int16Array([-1])").decode([Int].self) == [-1])
    #expect(try context.evaluate("[10n ** 18n]").decode([Int].self) == [1_000_000_000_000_000_000])
    #expect(try context.evaluate("[1, , undefined]").decode([Int?].self) == [1, nil, nil])
    #expect(try context.evaluate("[new Number(7)]").decode([Int].self) == [7])
    let sparse = try context.evaluate("const s = []; s[5000] = 1; s").decode([Int?].self)
    #expect(sparse.count == 5001 && sparse[5000] == 1 && sparse[0] == nil)
  }

  @Test("Foundation's dates and data")
  func foundation() throws {
    struct Entry: Codable, Equatable {
      var date = Date(timeIntervalSince1970: 1.5)
      var data = Data([1, 2, 255])
    }
    let value = try context.encode(Entry())
    #expect(try (value.object?.get("date").object as? JSDate)?.millisecondsSince1970 == 1500)
    #expect(try value.object?.get("data", as: JSTypedArray.self).elements() == [1, 2, 255] as [UInt8])
    #expect(try value.decode(Entry.self) == Entry())
    #expect(try context.evaluate("new Date(250)").decode(Double.self) == 250)
  }

  @Test(
    "what does not fit is an error with the path",
    arguments: [
      ("({ name: 'x' })", "age"), ("({ name: 1, age: 1, height: 1, isAdmin: true, addresses: {} })", "name"),
      ("({ name: 'x', age: 1.5, height: 1, isAdmin: true, addresses: {} })", "age"),
      ("({ name: 'x', age: 1, height: 1, isAdmin: 'yes', addresses: {} })", "isAdmin"),
      ("({ name: 'x', age: 1, height: 1, isAdmin: true, addresses: { h: { city: 'c', lines: [1] } } })", "lines"),
      ("({ name: '\\ud800', age: 1, height: 1, isAdmin: true, addresses: {} })", "name"), ("[]", nil),
    ] as [(String, String?)])
  func mismatch(source: String, key: String?) throws {
    let error = try #require(throws: DecodingError.self) { try context.evaluate(source).decode(Person.self) }
    switch error {
    case .keyNotFound(let missing, _): #expect(missing.stringValue == key)
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      let path = context.codingPath.map(\.stringValue)
      #expect(key == nil ? path.isEmpty : path.contains(key!), "\(path)")
    @unknown default: Issue.record()
    }
  }

  struct Node: Codable { var next: [Node]? }

  @Test("circles are errors, shared values are copied")
  func circles() throws {
    let error = try #require(throws: DecodingError.self) {
      try context.evaluate("const a = { next: [] }; a.next.push({ next: [a] }); a").decode(Node.self)
    }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue } == ["next", "0", "next", "0"])
    #expect(try self.context.evaluate("const s = [1]; [s, s]").decode([[Int]].self) == [[1], [1]])
    // 2^40 numbers if it were written out.
    let bomb = try self.context.evaluate("let x = [1]; for (let i = 0; i < 40; i++) x = [x, x]; x")
    indirect enum Tree: Decodable {
      case list([Tree])
      case leaf
      init(from decoder: any Decoder) throws {
        self =
          (try? decoder.singleValueContainer().decode(Int.self)) != nil
          ? .leaf : .list(try decoder.singleValueContainer().decode([Tree].self))
      }
    }
    #expect(
      try #require(throws: MiniRacerError.self) { try bomb.decode(Tree.self, options: .init(maximumCount: 1000)) }.code
        == .tooLarge)
  }

  @Test("what has no plain form: refused, left out, or kept")
  func unconvertible() throws {
    let source = "({ a: 1, f: x => x * 2 })"
    let error = try #require(throws: MiniRacerError.self) { try context.evaluate(source).decode([String: Int].self) }
    #expect(error.code == .wrongType)
    #expect(error.message.contains("value.f"))
    #expect(
      try context.evaluate(source).decode([String: Int].self, options: .init(unconvertible: .drop)) == ["a": 1])
    struct Kept: Codable {
      let a: Int
      let f: JSValue
    }
    let kept = try context.evaluate(source).decode(Kept.self, options: .init(unconvertible: .keep))
    #expect(try kept.f.function?(21) == 42)
    #expect(try context.encode(kept).object?.get("f") == kept.f)
    #expect(throws: EncodingError.self) { try JSONEncoder().encode(kept) }
  }

  @Test("limits")
  func limits() throws {
    let list = try context.evaluate("[[[1]]]")
    #expect(
      try #require(throws: MiniRacerError.self) { try list.decode([[[Int]]].self, options: .init(maximumDepth: 2)) }
        .code
        == .tooLarge)
    #expect(
      try #require(throws: MiniRacerError.self) { try list.decode([[[Int]]].self, options: .init(maximumCount: 2)) }
        .code
        == .tooLarge)
    #expect(
      try #require(throws: MiniRacerError.self) { try list.decode([[[Int]]].self, options: .init(maximumBytes: 0)) }
        .code
        == .invalidArgument)
  }

  @Test("what a getter or an encoder throws comes out")
  func thrown() throws {
    struct Failing: Encodable {
      struct Failure: Error {}
      func encode(to encoder: any Encoder) throws { throw Failure() }
    }
    #expect(throws: Failing.Failure.self) { try context.encode([Failing()]) }
    #expect(throws: JSError.self) { try context.evaluate("({ get a() { throw 1 } })").decode([String: Int].self) }
    context.close()
    #expect(try #require(throws: MiniRacerError.self) { try context.encode([1]) }.code == .closed)
  }

  @Test("an encoder that mixes its containers")
  func mixed() throws {
    struct Mixed: Encodable {
      func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        try list.encode(1)
        var keyed = encoder.container(keyedBy: Key.self)
        try keyed.encode(1, forKey: .a)
      }
      enum Key: CodingKey { case a }
    }
    #expect(throws: EncodingError.self) { try context.encode(Mixed()) }
    struct Interleaved: Encodable {
      func encode(to encoder: any Encoder) throws {
        var outer = encoder.container(keyedBy: Key.self)
        var first = outer.nestedContainer(keyedBy: Key.self, forKey: .a)
        var second = outer.nestedUnkeyedContainer(forKey: .b)
        try second.encode(1)
        try first.encode("x", forKey: .b)
        try second.encode(2)
        try outer.encode("z", forKey: .c)
        try first.encode("y", forKey: .c)
      }
      enum Key: CodingKey { case a, b, c }
    }
    #expect(
      try context.stringifyJSON(context.encode(Interleaved())) == #"{"a":{"b":"x","c":"y"},"b":[1,2],"c":"z"}"#)
  }
}

@Suite("Trees: whole values without a type")
struct TreeTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  @Test(
    "everything that has a plain form, out and in again",
    arguments: [
      ("undefined", .undefined), ("null", nil), ("true", true), ("1.5", 1.5), ("'text'", "text"),
      (
        "[undefined, null, 1, -0.5, 'a', 2n ** 70n, 1e10]",
        [.undefined, nil, 1, -0.5, "a", .bigInt(1_180_591_620_717_411_303_424), 10_000_000_000]
      ),
      ("[-(2n ** 64n), -1n]", [.bigInt(-18_446_744_073_709_551_616), .bigInt(-1)]),
      ("({ a: { b: [] }, 'ü': 1 })", ["a": ["b": []], "ü": 1]), ("[new Date(5)]", [.date(5)]),
      ("[/x/gi]", [.regExp(source: "x", flags: "gi")]),
      ("new Map([[{}, 1], ['k', [2]]])", .map([.init([:], 1), .init("k", [2])])),
      ("new Map([['a', 1]])", .map([.init("a", 1)])), ("new Set([1, true])", .set([1, true])),
      ("new Uint8Array([1, 2])", .bytes([1, 2])), ("new Uint16Array([1])", .typedArray(.uint16, [1, 0])),
      ("new Uint8Array([3]).buffer", .arrayBuffer([3])), ("Object('x')", .boxed("x")),
      ("'\\ud800'", .string(JSString(utf16: [0xD800]))),
      ("['\\ud800é€😀']", [.string(JSString(utf16: [0xD800, 0xE9, 0x20AC, 0xD83D, 0xDE00]))]),
    ] as [(String, JSTree)])
  func both(source: String, tree: JSTree) throws {
    #expect(try context.evaluate("(\(source))").tree() == tree)
    #expect(try tree.jsValue(in: context).tree() == tree)
  }

  @Test("errors")
  func errors() throws {
    let tree = try context.evaluate("Object.assign(new TypeError('no'), { code: 7 })").tree()
    #expect(tree["name"] == "TypeError")
    #expect(tree["message"] == "no")
    #expect(tree["code"] == 7)
    let again = try tree.jsValue(in: context).object
    #expect(again?.kind == .error)
    #expect(try again?.get("code") == 7)
    #expect(try again?.get("message") == "no")
  }

  @Test("what is shared is in both places, once in memory; a circle is an error that says where")
  func sharing() throws {
    #expect(try context.evaluate("const s = [1]; [s, s]").tree() == [[1], [1]])
    let deep = try context.evaluate("let x = [1]; for (let i = 0; i < 15; i++) x = [x, x]; x").tree()
    let halves = deep.array?.map { $0.array?.withUnsafeBufferPointer(\.baseAddress) }
    #expect(halves?[0] == halves?[1])
    // In a type of one's own, too.
    struct Part: Decodable { let tree: JSTree }
    let parts = try context.evaluate("[{ tree: s }, { tree: s }]").decode([Part].self)
    let memory = parts.map { $0.tree.array?.withUnsafeBufferPointer(\.baseAddress) }
    #expect(memory[0] == memory[1])
    let error = try #require(throws: JSConversionError.self) {
      try context.evaluate("const a = { list: [1] }; a.list.push(a); a").tree()
    }
    #expect(error.path == "value.list[1]")
  }

  @Test("what has no plain form")
  func live() throws {
    #expect(try #require(throws: MiniRacerError.self) { try context.evaluate("[() => 1]").tree() }.code == .wrongType)
    #expect(try context.evaluate("[1, () => 1]").tree(.init(unconvertible: .drop)) == [1, .undefined])
    let kept = try context.evaluate("var f = () => 1; ({ f })").tree(.init(unconvertible: .keep))
    guard case .live(let function)? = kept["f"] else {
      Issue.record()
      return
    }
    #expect(try function == context.evaluate("f"))
    #expect(try kept.jsValue(in: context).object?.get("f") == function)
    #expect(try #require(throws: MiniRacerError.self) { try kept.jsValue(in: JSContext()) }.code == .invalidHandle)
  }

  @Test("trees in Codable types, here and in other coders")
  func codable() throws {
    struct Message: Codable, Equatable {
      let kind: String
      let payload: JSTree
    }
    let message = try context.evaluate("({ kind: 'x', payload: { a: [1, 2n] } })").decode(Message.self)
    #expect(message.payload == ["a": [1, .bigInt(2)]])
    #expect(try context.encode(message).decode(Message.self) == message)
    let plain = Message(kind: "y", payload: ["list": [1, nil, "x", true]])
    #expect(try JSONDecoder().decode(Message.self, from: JSONEncoder().encode(plain)) == plain)
    #expect(throws: EncodingError.self) { try JSONEncoder().encode(message) }
  }

  @Test("deep nesting is an error and no crash")
  func depth() throws {
    let deep = try context.evaluate("let d = []; for (let i = 0; i < 1200; i++) d = [d]; d")
    #expect(try #require(throws: MiniRacerError.self) { try deep.tree() }.code == .tooLarge)
    #expect(try deep.tree(.init(maximumDepth: 1500)).array?.count == 1)
  }

  @Test("looking into a tree")
  func access() throws {
    let tree: JSTree = ["a": [1, "x", true], "b": nil]
    #expect(tree["a"]?[0]?.number == 1)
    #expect(tree["a"]?[1]?.string == "x")
    #expect(tree["a"]?[2]?.boolean == true)
    #expect(tree["a"]?.array?.count == 3)
    #expect(tree.properties?.map(\.name) == ["a", "b"])
    #expect(tree["nothing"] == nil && tree["a"]?[3] == nil && tree[0] == nil)
    #expect(try context.evaluate("({ a: 1 })", as: JSTree.self) == ["a": 1])
  }
}
