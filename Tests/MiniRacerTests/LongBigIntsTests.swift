import Foundation
import MiniRacer
import Testing

/// A guest makes a BigInt of millions of bits in no time; nobody is to write it out where no deadline is.
@Suite("Long BigInts", .timeLimit(.minutes(5)))
struct LongBigIntsTests {
  private let long = "1n << (1n << 26n)"
  private let summary = "a BigInt of 67108865 bits"

  @Test("what refuses one says how long it is")
  func refused() throws {
    let context = try JSContext()
    let error = try #require(throws: JSConversionError.self) { try context.evaluate(long, as: Int.self) }
    #expect(error.received == summary)
    #expect(throws: JSConversionError.self) { try context.evaluate("[\(long)]", as: [Double].self) }
    #expect(throws: DecodingError.self) { try context.evaluate("[\(long)]").decode([Int].self) }
    try context.setFunction("take") { (number: Int) in number }
    #expect(
      try context.evaluate("try { take(\(long)) } catch (error) { error.message }").string?.contains(summary) == true)
  }

  @Test("so does what is told of one")
  func told() throws {
    let context = try JSContext()
    let value = try context.evaluate(long)
    #expect(value.description == summary)
    #expect("\(value)" == summary)
    #expect(JSError(throwing: value).message == summary)
    try context.setFunction("fail", arguments: { call -> Int in throw JSError(throwing: call[0]) })
    #expect(try context.evaluate("try { fail(\(long)) } catch (error) { error === \(long) }") == true)
    #expect(JSValue.bigInt(7).description == "7n")
    #expect(
      JSValue.bigInt(JSBigInt(isNegative: true, words: Array(repeating: 1, count: 65))).description
        == "a BigInt of 4097 bits")
  }

  @Test("digits of any number, out and in")
  func digits() throws {
    let context = try JSContext()
    for count in [1, 18, 19, 20, 38, 39, 100, 1000] {
      for text in ["9" + String(repeating: "0", count: count - 1), String(repeating: "9", count: count)] {
        let number = try #require(JSBigInt(text))
        #expect(number.description == text)
        #expect(try context.evaluate("-\(text)n") == .bigInt(try #require(JSBigInt("-" + text))))
      }
    }
    #expect(JSBigInt("000000000000000000000000000000000000000042") == 42)
    #expect(["", "-", "1_0", "1" + String(repeating: "0", count: 30) + "x"].allSatisfy { JSBigInt($0) == nil })
  }
}
