import Foundation
import MiniRacer
import Testing

@Suite("Codable: integers and strings that most coders have no form for")
struct CodingExactTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  struct Wide: Codable, Equatable {
    var signed: Int128
    var unsigned: UInt128?
    var list: [Int128] = []
  }

  @Test("integers of 128 bits: Numbers where those are exact, else BigInts")
  func wideIntegers() throws {
    let wide = Wide(signed: .min, unsigned: .max, list: [0, -1, 1 << 53, .max])
    let value = try context.encode(wide)
    #expect(try value.decode(Wide.self) == wide)
    try context.global.set("wide", value)
    #expect(try context.evaluate("wide.signed === -(2n ** 127n) && wide.unsigned === 2n ** 128n - 1n") == true)
    #expect(try context.evaluate("wide.list.map(n => typeof n).join()") == "number,number,bigint,bigint")
    #expect(try context.encode(Int128(7)) == 7)
    #expect(try context.encode(UInt128.max) == .bigInt(340_282_366_920_938_463_463_374_607_431_768_211_455))
    #expect(
      try context.evaluate("({ signed: 2 ** 80, unsigned: null, list: [5n] })").decode(Wide.self)
        == Wide(signed: 1 << 80, unsigned: nil, list: [5]))
    #expect(try context.evaluate("2n ** 64n").decode(UInt128.self) == 1 << 64)
    #expect(try context.encode(UInt128?.none) == nil)
  }

  @Test(
    "what is out of range is an error that says where",
    arguments: [
      ("({ signed: 2n ** 127n, list: [] })", "signed"), ("({ signed: 1.5, list: [] })", "signed"),
      ("({ signed: '1', list: [] })", "signed"), ("({ signed: 1, unsigned: -1n, list: [] })", "unsigned"),
      ("({ signed: 1, unsigned: 2n ** 128n, list: [] })", "unsigned"),
      ("({ signed: 1, list: [-(2n ** 127n) - 1n] })", "list"),
    ])
  func wideRange(source: String, key: String) throws {
    let error = try #require(throws: DecodingError.self) { try context.evaluate(source).decode(Wide.self) }
    guard case .typeMismatch(_, let context) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(context.codingPath.first?.stringValue == key)
  }

  struct Exact: Codable, Equatable {
    var number: JSBigInt
    var text: JSString
    var rest: [JSBigInt?] = []
  }

  private let lone = JSString(utf16: [0x61, 0xD800, 0x62])

  @Test("a JSBigInt is a BigInt, a JSString any string")
  func exact() throws {
    let exact = Exact(number: 123_456_789_012_345_678_901_234_567_890, text: lone, rest: [1, nil, -5])
    let value = try context.encode(exact)
    #expect(try value.decode(Exact.self) == exact)
    try context.global.set("exact", value)
    #expect(try context.evaluate("exact.number === 123456789012345678901234567890n && exact.rest[0] === 1n") == true)
    #expect(try context.evaluate("exact.text === 'a\\ud800b'") == true)
    #expect(try context.evaluate("'\\udc00'").decode(JSString.self) == JSString(utf16: [0xDC00]))
    #expect(try context.evaluate("'\\udc00'").decode(JSValue.self) == .string(JSString(utf16: [0xDC00])))
    #expect(try context.encode(lone) == .string(lone))
    #expect(try context.encode(JSBigInt(3)) == .bigInt(3))
    #expect(try context.evaluate("[new String('x')]").decode([JSString].self) == ["x"])
  }

  @Test("integral Numbers are integers of any size")
  func numbers() throws {
    let value = try context.evaluate("[0, -0, -3, 2 ** 53, -(2 ** 70), 2 ** 200, 3 * 2 ** 62, 2n ** 70n]")
    let big = try #require(JSBigInt("1606938044258990275541962092341162602522202993782792835301376"))
    #expect(
      try value.decode([JSBigInt].self)
        == [
          0, 0, -3, 9_007_199_254_740_992, -1_180_591_620_717_411_303_424, big, 13_835_058_055_282_163_712,
          1_180_591_620_717_411_303_424,
        ])
    #expect(
      try context.evaluate("new BigUint64Array([2n ** 64n - 1n, 1n])").decode([JSBigInt].self)
        == [18_446_744_073_709_551_615, 1])
    for source in ["[0.5]", "[NaN]", "[Infinity]", "['1']", "[null]"] {
      #expect(throws: DecodingError.self) { try context.evaluate(source).decode([JSBigInt].self) }
    }
    #expect(throws: DecodingError.self) { try context.evaluate("[1]").decode([JSString].self) }
  }

  @Test("a String with a lone surrogate is refused, with a hint")
  func loneSurrogate() throws {
    let error = try #require(throws: DecodingError.self) { try context.evaluate("['\\ud800']").decode([String].self) }
    #expect("\(error)".contains("a string with a lone surrogate, see JSString"))
  }

  @Test("other coders get decimal digits, and text or code units")
  func foreign() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let plain = Exact(number: 18_446_744_073_709_551_616, text: "é", rest: [-1, nil])
    let json = try encoder.encode(plain)
    #expect(
      String(decoding: json, as: UTF8.self) == #"{"number":"18446744073709551616","rest":["-1",null],"text":"é"}"#)
    #expect(try JSONDecoder().decode(Exact.self, from: json) == plain)
    let odd = Exact(number: 0, text: lone)
    #expect(String(decoding: try encoder.encode(odd), as: UTF8.self).contains(#""text":[97,55296,98]"#))
    #expect(try JSONDecoder().decode(Exact.self, from: encoder.encode(odd)) == odd)
    #expect(try JSONDecoder().decode([JSBigInt].self, from: Data("[7, \"-8\"]".utf8)) == [7, -8])
    for text in [#"["1.5"]"#, #"["0x10"]"#, "[1.5]", "[true]"] {
      #expect(throws: DecodingError.self) { try JSONDecoder().decode([JSBigInt].self, from: Data(text.utf8)) }
    }
  }
}
