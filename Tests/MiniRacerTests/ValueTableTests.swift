import Foundation
import MiniRacer
import Testing

@Suite("docs/values.md: each row of its tables is made, shown and given back")
struct ValueTableTests {
  let context: JSContext

  init() throws {
    context = try JSContext()
    try context.setModuleLoader(JSModuleLoader(modules: ["m": .exports(["a": 1])]))
  }

  /// The rows of a chapter's table, cells without the backticks around them.
  static func table(_ heading: String) -> [[String]] {
    let page = (try? String(contentsOf: checkout.appending(path: "docs/values.md"), encoding: .utf8)) ?? ""
    let chapter = page.components(separatedBy: "\n## ").first { $0.hasPrefix(heading + "\n") } ?? ""
    let lines = chapter.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst(2)
    return lines.map { line in
      line.dropFirst(2).dropLast(2).components(separatedBy: " | ").map { $0.trimmingCharacters(in: ["`"]) }
    }
  }

  /// What a cell of the first column evaluates to, which JavaScript knows as `it`.
  private func made(_ source: String) throws -> JSValue {
    guard source.hasPrefix("await ") else { return try context.evaluate("globalThis.it = (\(source))") }
    return try context.evaluate("(async () => globalThis.it = \(source))()", as: JSPromise.self).wait()
  }

  @Test("there are rows")
  func rows() { for heading in ["Live", "Copies", "From Swift"] { #expect(!Self.table(heading).isEmpty) } }

  @Test("live", arguments: table("Live"))
  func live(row: [String]) throws {
    let value = try made(row[0])
    #expect(shown(value) == row[1])
    #expect(try context.evaluate("x => Object.is(x, it)", as: JSFunction.self)(value) == true)
  }

  @Test("copies", arguments: table("Copies"))
  func copies(row: [String]) throws {
    let value = try made(row[0])
    guard row[1] != "refused" else {
      #expect(try #require(throws: MiniRacerError.self) { try value.tree() }.code == .wrongType)
      return
    }
    let tree = try value.tree()
    #expect(shown(tree) == row[1])
    let text = try context.inspect(tree)
    let lines = text.split(separator: "\n")
    #expect(row[2] == (try text == context.inspect(value) ? "the same" : lines.count > 1 ? "\(lines[0]) ..." : text))
  }

  /// What the table's first column says.
  private func given() throws -> [String: any ConvertibleToJSValue] {
    struct Point: Encodable { let x = 1 }
    return [
      "JSValue.undefined": JSValue.undefined, "Int?.none": Int?.none, "true": true, "42": 42, "0.5": 0.5,
      "Int.max": Int.max, "JSBigInt(5)": JSBigInt(5), #""text""#: "text",
      "JSString(utf16: [0xD800])": JSString(utf16: [0xD800]),
      #"[1, 2]"#: [1, 2], #"["a": 1]"#: ["a": 1], "context.encode(Point(x: 1))": try context.encode(Point()),
      "context.encode([1, 2] as [UInt8])": try context.encode([1, 2] as [UInt8]),
      "context.encode(Date(timeIntervalSince1970: 0))": try context.encode(Date(timeIntervalSince1970: 0)),
      "context.makeTypedArray([0.5])": try context.makeTypedArray([0.5]),
      "context.makeArrayBuffer(byteLength: 1)": try context.makeArrayBuffer(byteLength: 1),
      #"context.makeMap(["a": 1])"#: try context.makeMap(["a": 1]), "context.makeSet([1])": try context.makeSet([1]),
      #"context.makeSymbol("s")"#: try context.makeSymbol("s"),
      #"context.makeFunction("f") { 1 }"#: try context.makeFunction("f") { 1 },
      "JSTree.date(0)": JSTree.date(0), #"JSTree.map([.init("a", 1)])"#: JSTree.map([.init("a", 1)]),
    ]
  }

  @Test("from Swift")
  func fromSwift() throws {
    let given = try given()
    let table = Self.table("From Swift")
    #expect(table.map(\.[0]).sorted() == given.keys.sorted())
    for row in table {
      let value = try #require(given[row[0]])
      #expect(try context.inspect(value.jsValue(in: context)) == row[1])
    }
  }
}

/// A value as the tables have it.
func shown(_ value: JSValue) -> String {
  switch value {
  case .object(let object):
    let name = "\(type(of: object))"
    return name == "JSObject" ? "JSObject, \(object.kind)" : name
  case .symbol: return ".symbol"
  default: return (try? value.tree()).map(shown) ?? ""
  }
}

/// A tree as the tables have it. An error's stack is left out.
func shown(_ tree: JSTree) -> String {
  switch tree {
  case .undefined: return ".undefined"
  case .null: return ".null"
  case .boolean(let value): return ".boolean(\(value))"
  case .number(let number): return ".number(\(JSValue.number(number)))"
  case .bigInt(let number): return ".bigInt(\(number))"
  case .string(let string):
    return ".string(\(string.string.map { String(reflecting: $0) } ?? "utf16: \(string.utf16)"))"
  case .date(let time): return ".date(\(JSValue.number(time)))"
  case .regExp(let source, let flags): return ".regExp(source: \"\(source)\", flags: \"\(flags)\")"
  case .array(let elements): return elements.count > 10 ? ".array of \(elements.count)" : ".array(\(list(elements)))"
  case .object(let properties): return ".object(\(list(properties)))"
  case .error(let properties): return ".error(\(list(properties.filter { $0.name != "stack" })))"
  case .map(let entries):
    return ".map([\(entries.map { "\(shown($0.key)): \(shown($0.value))" }.joined(separator: ", "))])"
  case .set(let elements): return ".set(\(list(elements)))"
  case .bytes(let bytes): return ".bytes(\(bytes))"
  case .typedArray(let type, let bytes): return ".typedArray(\(type), \(bytes.count) bytes)"
  case .arrayBuffer(let bytes): return ".arrayBuffer(\(bytes))"
  case .boxed(let value): return ".boxed(\(shown(value)))"
  case .live(let value): return ".live(\(shown(value)))"
  }
}

private func list(_ elements: [JSTree]) -> String { "[\(elements.map(shown).joined(separator: ", "))]" }

private func list(_ properties: [JSTree.Property]) -> String {
  "[\(properties.map { "\($0.name): \(shown($0.value))" }.joined(separator: ", "))]"
}
