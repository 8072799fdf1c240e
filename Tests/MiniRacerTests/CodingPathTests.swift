import Foundation
import MiniRacer
import Testing

@Suite("Codable: an error tells the way to what does not fit")
struct CodingPathTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  /// "q[1]", the way that the error has.
  private func path<T: Decodable>(_ source: String, _ type: T.Type) throws -> String {
    let value = try context.evaluate("(\(source))")
    return text(try #require(throws: DecodingError.self) { try value.decode(type) })
  }

  private func text(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context): text(context.codingPath + [key])
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      text(context.codingPath)
    @unknown default: "\(error)"
    }
  }

  private func text(_ path: [any CodingKey]) -> String {
    path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
  }

  enum Color: String, Codable { case red, green }
  struct Pen: Codable { var color: Color }
  struct Wrapped<Value: Codable>: Codable {
    let value: Value
    init(from decoder: any Decoder) throws { value = try decoder.singleValueContainer().decode(Value.self) }
    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(value)
    }
  }

  @Test("scalars of all types, in objects, lists and dictionaries")
  func scalars() throws {
    #expect(try path("{ color: 5 }", Pen.self) == ".color")
    #expect(try path("{ color: 'blue' }", Pen.self) == ".color")
    #expect(try path("[{ color: 'red' }, { color: 'blue' }]", [Pen].self) == "[1].color")
    #expect(try path("{ q: [1, 300] }", [String: [UInt8]].self) == ".q[1]")
    #expect(try path("{ n: 'x' }", [String: Int64].self) == ".n")
    #expect(try path("{ d: ['x'] }", [String: [Date]].self) == ".d[0]")
    #expect(try path("{ d: ['x'] }", [String: [UUID]].self) == ".d[0]")
    #expect(try path("{ d: ['x'] }", [String: [Data]].self) == ".d[0]")
    #expect(try path("{ d: [[], [1n]] }", [String: [[Double?]]].self) == ".d[1][0]")
    #expect(try path("{ f: [1e300] }", [String: [Float]].self) == ".f[0]")
    #expect(try path("{ a: null }", [String: Int].self) == ".a")
    #expect(try path("{ a: 'x' }", [String: Wrapped<Wrapped<Int16>>].self) == ".a")
    #expect(try path("'x'", Int8.self).isEmpty)
    #expect(try path("new Number(700)", Int8.self).isEmpty)
    #expect(try path("[1, new Number(700)]", [Int8].self) == "[1]")
  }

  @Test("JavaScript's own kinds of containers")
  func kinds() throws {
    #expect(try path("{ q: new Int16Array([1, 300]) }", [String: [UInt8]].self) == ".q[1]")
    #expect(try path("{ q: new Uint8Array([1, 2, 300]) }", [String: [Bool]].self) == ".q[0]")
    #expect(try path("{ q: new Set([1, 'x']) }", [String: [Int32]].self) == ".q[1]")
    #expect(try path("new Map([['a', 1], ['b', 'x']])", [String: Int32].self) == ".b")
    // Keys and values in turn, as Swift codes such dictionaries.
    #expect(try path("[new Map([[true, 1], [false, 'x']])]", [[Bool: Int32]].self) == "[0][3]")
    #expect(try path("{ s: Object.assign([], { 5000: 'x' }) }", [String: [Int32?]].self) == ".s[5000]")
    #expect(try path("{ e: new Error('m') }", [String: [String: Int32]].self).hasPrefix(".e."))
    #expect(try path("{ 5: 'x' }", [Int: Int32].self).hasSuffix("5"))
  }

  @Test("what is shared is told by the way on which it was met")
  func shared() throws {
    struct Pair: Decodable {
      let a: [Int32?]
      let b: [Int32]
    }
    #expect(try path("(() => { const s = [1, null]; return { a: s, b: s } })()", Pair.self) == ".b[1]")
    struct Node: Decodable { let next: [Node] }
    #expect(
      try path("(() => { const a = { next: [] }; a.next.push({ next: [a] }); return a })()", Node.self)
        == ".next[0].next[0]")
  }

  @Test("keys and elements that are not there")
  func missing() throws {
    #expect(try path("[{ color: 'red' }, {}]", [Pen].self) == "[1].color")
    struct Two: Decodable {
      init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        for _ in 0..<2 { _ = try list.decode(Int16.self) }
      }
    }
    #expect(try path("{ t: [1] }", [String: Two].self) == ".t[1]")
    #expect(try path("{ t: [] }", [String: Pen].self) == ".t")
    #expect(try path("{ t: {} }", [String: [Int]].self) == ".t")
  }

  /// What a type sees at all the points where it can look.
  final class Seen: Decodable {
    enum Key: String, CodingKey { case scalar, list, object, base, `super` }
    var paths: [String: [any CodingKey]] = [:]

    init(from decoder: any Decoder) throws {
      let object = try decoder.container(keyedBy: Key.self)
      (paths["decoder"], paths["object"]) = (decoder.codingPath, object.codingPath)
      paths["scalar"] = try object.superDecoder(forKey: .scalar).singleValueContainer().codingPath
      var list = try object.nestedUnkeyedContainer(forKey: .list)
      paths["list"] = list.codingPath
      _ = try list.decode(Int.self)
      paths["element"] = try list.nestedContainer(keyedBy: Key.self).codingPath
      paths["last"] = try list.superDecoder().codingPath
      let nested = try object.nestedContainer(keyedBy: Key.self, forKey: .object)
      paths["nested list"] = try nested.nestedUnkeyedContainer(forKey: .list).codingPath
      paths["super"] = try object.superDecoder().codingPath
      paths["base"] = try object.superDecoder(forKey: .base).codingPath
    }
  }

  @Test("a type's own init(from:) sees where it is")
  func seen() throws {
    let value = try context.evaluate(
      "[0, { scalar: 1, list: [1, {}, 'x'], object: { list: [] }, super: 1, base: {} }]")
    struct List: Decodable {
      let seen: Seen
      init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        _ = try list.decode(Int.self)
        seen = try list.decode(Seen.self)
      }
    }
    #expect(
      try value.decode(List.self).seen.paths.mapValues(text)
        == [
          "decoder": "[1]", "object": "[1]", "scalar": "[1].scalar", "list": "[1].list", "element": "[1].list[1]",
          "last": "[1].list[2]", "nested list": "[1].object.list", "super": "[1].super", "base": "[1].base",
        ])
  }

  @Test("errors through nested containers and decoders for a superclass")
  func nested() throws {
    struct Deep: Decodable {
      enum Key: CodingKey { case a, b }
      init(from decoder: any Decoder) throws {
        let a = try decoder.container(keyedBy: Key.self).nestedContainer(keyedBy: Key.self, forKey: .a)
        var b = try a.nestedUnkeyedContainer(forKey: .b)
        _ = try Int32(from: b.superDecoder())
        _ = try b.nestedContainer(keyedBy: Key.self).decode(Int32.self, forKey: .a)
      }
    }
    #expect(try path("[{ a: { b: ['x'] } }]", [Deep].self) == "[0].a.b[0]")
    #expect(try path("[{ a: { b: [1, 2] } }]", [Deep].self) == "[0].a.b[1]")
    #expect(try path("[{ a: { b: [1, { a: 'x' }] } }]", [Deep].self) == "[0].a.b[1].a")
    #expect(try path("[{ a: 1 }]", [Deep].self) == "[0].a")
    class Base: Decodable { let size: Int32 }
    final class Derived: Base {
      enum Key: CodingKey { case own }
      required init(from decoder: any Decoder) throws {
        try super.init(from: decoder.container(keyedBy: Key.self).superDecoder())
      }
    }
    #expect(try path("[{ super: { size: 'x' } }]", [Derived].self) == "[0].super.size")
    #expect(try path("[{}]", [Derived].self) == "[0].super")
  }

  @Test("a decoder that is kept for later still knows its place")
  func kept() throws {
    struct Later: Decodable {
      let decoder: any Decoder
      init(from decoder: any Decoder) { self.decoder = decoder }
    }
    let later = try context.evaluate("({ a: [1, { color: 'blue' }], b: [[2]] })").decode([String: [Later]].self)
    let decoder = try #require(later["a"]?[1].decoder)
    #expect(text(decoder.codingPath) == ".a[1]")
    #expect(text(try #require(throws: DecodingError.self) { try Pen(from: decoder) }) == ".a[1].color")
    #expect(try [Int](from: #require(later["b"]?[0].decoder)) == [2])
  }

  @Test("a circle that is followed by hand goes on as far as it is followed")
  func circleByHand() throws {
    struct Twice: Decodable {
      enum Key: CodingKey { case me }
      let path: [any CodingKey]
      init(from decoder: any Decoder) throws {
        let me = try decoder.container(keyedBy: Key.self).nestedContainer(keyedBy: Key.self, forKey: .me)
        path = try me.nestedContainer(keyedBy: Key.self, forKey: .me).codingPath
      }
    }
    #expect(text(try context.evaluate("const a = {}; a.me = a; a").decode(Twice.self).path) == ".me.me")
  }

  @Test("limits tell the way too")
  func limits() throws {
    let value = try context.evaluate("const one = { q: [1, 2, 3] }; ({ list: [one, one, one] })")
    let error = try #require(throws: MiniRacerError.self) {
      try value.decode([String: [[String: [Int]]]].self, options: .init(maximumCount: 15))
    }
    #expect(error.message.hasPrefix("value.list[1].q:"))
  }

  /// Refuses to be written, with the path that some point of the encoder tells.
  struct Refusing: Encodable {
    enum Key: CodingKey { case a, b }
    let path: @Sendable (any Encoder) throws -> [any CodingKey]
    func encode(to encoder: any Encoder) throws {
      throw EncodingError.invalidValue(
        self, .init(codingPath: try path(encoder), debugDescription: "refused"))
    }
  }

  private func encodingPath(_ path: @escaping @Sendable (any Encoder) throws -> [any CodingKey]) throws -> String {
    let value = ["k": [[], [Refusing(path: path)]]]
    let error = try #require(throws: EncodingError.self) { try context.encode(value) }
    guard case .invalidValue(_, let context) = error else { return "\(error)" }
    return text(context.codingPath)
  }

  @Test("encoders tell where they are")
  func encoders() throws {
    #expect(try encodingPath { $0.codingPath } == ".k[1][0]")
    #expect(try encodingPath { $0.singleValueContainer().codingPath } == ".k[1][0]")
    #expect(try encodingPath { $0.unkeyedContainer().codingPath } == ".k[1][0]")
    #expect(try encodingPath { $0.container(keyedBy: Refusing.Key.self).codingPath } == ".k[1][0]")
    #expect(
      try encodingPath { encoder in
        var object = encoder.container(keyedBy: Refusing.Key.self)
        try object.encode(1, forKey: .a)
        return object.superEncoder(forKey: .b).codingPath
      } == ".k[1][0].b")
    #expect(
      try encodingPath { encoder in
        var object = encoder.container(keyedBy: Refusing.Key.self)
        return object.superEncoder().codingPath
      } == ".k[1][0].super")
    #expect(
      try encodingPath { encoder in
        var object = encoder.container(keyedBy: Refusing.Key.self)
        var list = object.nestedUnkeyedContainer(forKey: .a)
        try list.encode(1)
        var element = list.nestedContainer(keyedBy: Refusing.Key.self)
        return element.nestedUnkeyedContainer(forKey: .b).codingPath
      } == ".k[1][0].a[1].b")
    // From within a nested container.
    #expect(
      try encodingPath { encoder in
        var object = encoder.container(keyedBy: Refusing.Key.self)
        var nested = object.nestedContainer(keyedBy: Refusing.Key.self, forKey: .a)
        try nested.encode([Refusing { $0.codingPath }], forKey: .b)
        return []
      } == ".k[1][0].a.b[0]")
  }
}
