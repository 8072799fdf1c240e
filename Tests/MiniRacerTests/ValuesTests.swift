import MiniRacer
import Testing

@Suite("Values: what crosses arrives as what it was")
struct ValuesTests {
  let context: JSContext
  let same: JSFunction

  init() throws {
    context = try JSContext()
    same = try #require(try context.evaluate("x => x").function)
  }

  @Test(
    "values that have literals, out and in and out again",
    arguments: [
      ("undefined", .undefined), ("null", nil), ("true", true), ("false", false), ("0", 0), ("-1", -1), ("1.5", 1.5),
      ("2147483647", 2_147_483_647), ("2147483648", 2_147_483_648), ("-2147483648", -2_147_483_648),
      ("-2147483649", -2_147_483_649), ("9007199254740991", 9_007_199_254_740_991), ("1e308", 1e308),
      ("5e-324", .number(.leastNonzeroMagnitude)),
      ("Infinity", .number(.infinity)), ("-Infinity", .number(-.infinity)), ("''", ""), ("'text'", "text"),
      ("'\\u0000a\\u0000'", "\0a\0"), ("'äöü'", "äöü"), ("'€'", "€"), ("'𝒳'", "𝒳"),
      ("0n", .bigInt(0)), ("-1n", .bigInt(-1)), ("9223372036854775807n", .bigInt(9_223_372_036_854_775_807)),
      ("-9223372036854775808n", .bigInt(-9_223_372_036_854_775_808)),
      ("9223372036854775808n", .bigInt(9_223_372_036_854_775_808)),
      ("2n ** 200n", .bigInt(1_606_938_044_258_990_275_541_962_092_341_162_602_522_202_993_782_792_835_301_376)),
      ("-(2n ** 64n)", .bigInt(-18_446_744_073_709_551_616)),
    ] as [(String, JSValue)])
  func literals(source: String, value: JSValue) throws {
    #expect(try context.evaluate(source) == value)
    #expect(try same(value) == value)
    try context.global.set("value", value)
    let isSame = try context.evaluate("Object.is(value, \(source))")
    #expect(isSame == true, "Swift's \(value) is not JavaScript's \(source)")
  }

  @Test func minusZero() throws {
    let zero = try #require(try context.evaluate("-0").number)
    #expect(zero.sign == .minus)
    #expect(try context.evaluate("x => Object.is(x, -0)").function?(-0.0) == true)
    #expect(try context.evaluate("x => Object.is(x, -0)").function?(0.0) == false)
  }

  @Test func notANumber() throws {
    #expect(try #require(try context.evaluate("0 / 0").number).isNaN)
    #expect(try context.evaluate("x => Number.isNaN(x)").function?(Double.nan) == true)
    #expect(try context.evaluate("NaN") != context.evaluate("NaN"))
  }

  @Test("lone surrogates are kept, and are no String")
  func loneSurrogates() throws {
    let value = try context.evaluate("'a\\ud800b'")
    let string = try #require(value.jsString)
    #expect(!string.isWellFormed)
    #expect(string.utf16 == [0x61, 0xD800, 0x62])
    #expect(string.string == nil)
    #expect(string.description == "a\u{FFFD}b")
    #expect(value.string == nil)
    #expect(try same(value) == value)
    #expect(try context.evaluate("s => s.charCodeAt(1)").function?(value) == 0xD800)
    #expect(throws: JSConversionError.self) { try String.construct(from: value) }
    #expect(JSString(utf16: [0xDC00]) != JSString(utf16: [0xD800]))
    #expect(JSString(utf16: [0xD83D, 0xDE00]) == "😀")
  }

  @Test("strings are equal by code units, as in JavaScript")
  func stringEquality() throws {
    #expect("\u{E9}" == "e\u{301}")
    #expect(JSValue.string("\u{E9}") != JSValue.string("e\u{301}"))
    #expect(try context.evaluate("(a, b) => a === b").function?("\u{E9}", "e\u{301}") == false)
  }

  @Test("long strings", arguments: ["a", "ä", "€", "😀"])
  func longStrings(character: String) throws {
    let text = String(repeating: character, count: 100_000)
    #expect(try same(text).string == text)
    #expect(try context.evaluate("'\(character)'.repeat(100000)").string == text)
  }

  @Test("symbols")
  func symbols() throws {
    let symbol = try #require(try context.evaluate("globalThis.s = Symbol('mark')").symbol)
    #expect(symbol.description == "Symbol(mark)")
    #expect(try context.evaluate("s").symbol == symbol)
    #expect(try context.evaluate("Symbol('mark')").symbol != symbol)
    #expect(try same(symbol) == .symbol(symbol))
  }

  @Test("integers become Numbers, and beyond 2^53 - 1 BigInts, so that none is rounded")
  func integersIn() throws {
    let text = try #require(try context.evaluate("x => typeof x + ' ' + x").function)
    #expect(try text(Int.max) == "bigint 9223372036854775807")
    #expect(try text(Int.min) == "bigint -9223372036854775808")
    #expect(try text(UInt64.max) == "bigint 18446744073709551615")
    #expect(try text(Int64(9_007_199_254_740_991)) == "number 9007199254740991")
    #expect(try text(Int64(9_007_199_254_740_992)) == "bigint 9007199254740992")
    #expect(try text(-9_007_199_254_740_991) == "number -9007199254740991")
    #expect(try text(Int8(-128)) == "number -128")
    #expect(try text(UInt32.max) == "number 4294967295")
  }

  @Test(
    "integers come from what is one and fits",
    arguments: [
      ("255", true), ("0", true), ("-0", true), ("255n", true), ("256", false), ("-1", false), ("1.5", false),
      ("NaN", false), ("Infinity", false), ("'1'", false), ("true", false), ("null", false), ("256n", false),
      ("[1]", false), ("2n ** 64n", false), ("-1n", false),
    ])
  func integersOut(source: String, fits: Bool) throws {
    if fits {
      #expect(try context.evaluate(source, as: UInt8.self) == context.evaluate("Number(\(source))", as: UInt8.self))
    } else {
      #expect(throws: JSConversionError.self) { try context.evaluate(source, as: UInt8.self) }
    }
  }

  @Test func extremeIntegersOut() throws {
    #expect(try context.evaluate("-(2n ** 63n)", as: Int64.self) == Int64.min)
    #expect(try context.evaluate("-(2 ** 63)", as: Int64.self) == Int64.min)
    #expect(try context.evaluate("2n ** 64n - 1n", as: UInt64.self) == UInt64.max)
    #expect(throws: JSConversionError.self) { try context.evaluate("2 ** 63", as: Int64.self) }
    #expect(throws: JSConversionError.self) { try context.evaluate("-(2n ** 63n) - 1n", as: Int64.self) }
    #expect(throws: JSConversionError.self) { try context.evaluate("-128n - 1n", as: Int8.self) }
    #expect(try context.evaluate("-128n", as: Int8.self) == -128)
  }

  @Test("types are not converted into each other", arguments: ["1", "'x'", "true", "null", "undefined", "({})", "1n"])
  func noCoercion(source: String) throws {
    let value = try context.evaluate(source)
    func accepts<T: ConstructibleFromJSValue>(_ type: T.Type) -> Bool { (try? T.construct(from: value)) != nil }
    #expect(accepts(Bool.self) == (source == "true"))
    #expect(accepts(Double.self) == (source == "1"))
    #expect(accepts(String.self) == (source == "'x'"))
    #expect(accepts(JSBigInt.self) == (source == "1n"))
    #expect(accepts(JSObject.self) == (source == "({})"))
    #expect(accepts(JSValue.self))
  }

  @Test("Float takes the nearest, and refuses what is out of its range")
  func floats() throws {
    #expect(try context.evaluate("0.1", as: Float.self) == 0.1)
    #expect(try context.evaluate("-Infinity", as: Float.self) == -.infinity)
    #expect(throws: JSConversionError.self) { try context.evaluate("1e300", as: Float.self) }
  }

  @Test("collections say where the wrong value is")
  func conversionPath() throws {
    let error = try #require(throws: JSConversionError.self) {
      try context.evaluate("({ a: [1, 2], b: [3, 'x'] })", as: [String: [Int]].self)
    }
    #expect(error.description == #"["b"][1]: expected Int, got String"#)
  }

  @Test("arrays and dictionaries in")
  func collectionsIn() throws {
    let json = try #require(try context.evaluate("JSON.stringify").function)
    #expect(try json([[1, 2], []] as [[Int]]) == "[[1,2],[]]")
    #expect(try json(["a": [1.5, nil]] as [String: [Double?]]) == #"{"a":[1.5,null]}"#)
    let names = (0..<1000).map { "name \($0) ä€😀" }
    #expect(try [String].construct(from: same(names)) == names)
  }

  @Test("a Double from a BigInt would be a guess", arguments: ["1n", "'1'"])
  func noDouble(source: String) throws {
    #expect(throws: JSConversionError.self) { try context.evaluate(source, as: Double.self) }
  }

  @Test("dates")
  func dates() throws {
    let date = try context.makeDate(millisecondsSince1970: 1_000_000_000_123)
    #expect(try date.toISOString() == "2001-09-09T01:46:40.123Z")
    #expect(try date.dateTime == 1_000_000_000_123)
    #expect(try #require(try context.evaluate("new Date(NaN)").object).dateTime.isNaN)
    let error = try #require(throws: MiniRacerError.self) { try context.makeObject().dateTime }
    #expect(error.code == .wrongType)
  }

  @Test("descriptions run no script")
  func descriptions() throws {
    #expect(JSValue.number(1).description == "1")
    #expect(JSValue.number(-0.0).description == "-0")
    #expect(try context.evaluate("({ toString() { throw 1 } })").description == "[object Object]")
    #expect(try context.evaluate("new (class Point {})").description == "[object Point]")
  }
}

@Suite("BigInt")
struct BigIntTests {
  @Test(
    "decimal digits, both ways",
    arguments: [
      "0", "1", "-1", "9223372036854775807", "18446744073709551616", "-10000000000000000000",
      "123456789012345678901234567890123456789012345678901234567890", "100000000000000000000000000000000000000",
    ])
  func digits(text: String) throws {
    let number = try #require(JSBigInt(text))
    #expect(number.description == text)
    #expect(try JSContext().evaluate("x => String(x)").function?(number) == .string(text))
    #expect(try JSContext().evaluate("\(text)n").bigInt == number)
  }

  @Test("what is no number", arguments: ["", "-", "+", "1.0", "1n", " 1", "0x10", "--1"])
  func noNumber(text: String) {
    #expect(JSBigInt(text) == nil)
  }

  @Test func integers() {
    #expect(JSBigInt(Int.min).integer() == Int.min)
    #expect(JSBigInt(Int.min).integer(as: UInt.self) == nil)
    #expect(JSBigInt(UInt64.max).integer(as: Int64.self) == nil)
    #expect(JSBigInt(UInt64.max).integer(as: Int128.self) == Int128(UInt64.max))
    #expect(JSBigInt(Int128.min).integer(as: Int128.self) == Int128.min)
    #expect(JSBigInt(Int128.min).words == [0, 1 << 63])
    #expect(JSBigInt(0) == JSBigInt(isNegative: true, words: [0, 0]))
    #expect((-1 as JSBigInt).integer(as: Int8.self) == -1)
    #expect((-18_446_744_073_709_551_616 as JSBigInt).words == [0, 1])
  }
}
