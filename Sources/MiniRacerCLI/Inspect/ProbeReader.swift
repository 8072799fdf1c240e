import MiniRacer

/// Reads what the probe wrote: one letter per value, numbers up to a ';', text as JSON string literals.
struct ProbeReader {
  struct Malformed: Error {}

  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { position == bytes.count }

  mutating func readByte() throws -> UInt8 {
    guard position < bytes.count else { throw Malformed() }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func readValues() throws -> [InspectNode] {
    var values: [InspectNode] = []
    while !isAtEnd { values.append(try readValue(after: readByte())) }
    return values
  }

  mutating func readTexts() throws -> [JSString] {
    var texts: [JSString] = []
    while !isAtEnd { texts.append(try readText()) }
    return texts
  }

  private mutating func readValue(after letter: UInt8) throws -> InspectNode {
    switch letter {
    case UInt8(ascii: "u"): return .undefined
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "t"): return .boolean(true)
    case UInt8(ascii: "f"): return .boolean(false)
    case UInt8(ascii: "d"): return .number(try readUntilSemicolon())
    case UInt8(ascii: "b"): return .bigInt(try readText().description)
    case UInt8(ascii: "s"): return .string(try readText(), hidden: try readInt())
    case UInt8(ascii: "y"): return .symbol(try readText())
    case UInt8(ascii: "h"): return .empty(try readInt())
    case UInt8(ascii: "r"): return .circular(try readInt())
    case UInt8(ascii: "G"): return .accessor(.getter)
    case UInt8(ascii: "S"): return .accessor(.setter)
    case UInt8(ascii: "B"): return .accessor(.both)
    case UInt8(ascii: "!"): return .uninitialized
    case UInt8(ascii: "o"): return .object(try readObject())
    default: throw Malformed()
    }
  }

  private mutating func readObject() throws -> InspectObject {
    let id = try readInt()
    let kind = ObjectKind(rawValue: try readInt()) ?? .plain
    if kind == .proxy { return InspectObject(id: id, kind: kind, constructorName: try readText().description) }
    let constructorName = try readOptionalText()
    let tag = try readText().description
    let size = try readInt()
    let base = try readText()
    if try readByte() == UInt8(ascii: "1") {
      return InspectObject(
        id: id, kind: kind, constructorName: constructorName, tag: tag, size: size, base: base, isBeyondDepth: true)
    }
    var isDetached = false
    var items: [InspectObject.Item] = []
    while case let letter = try readByte(), letter != UInt8(ascii: ".") {
      switch letter {
      case UInt8(ascii: "!"): isDetached = true
      case UInt8(ascii: "p"):
        items.append(.pair(try readValue(after: readByte()), try readValue(after: readByte())))
      default: items.append(.value(try readValue(after: letter)))
      }
    }
    let hiddenItems = try readInt()
    var properties: [InspectObject.Property] = []
    while case let letter = try readByte(), letter != UInt8(ascii: ".") {
      let name = try readText()
      let isEnumerable = try readByte() == UInt8(ascii: "0")
      properties.append(
        .init(
          key: letter == UInt8(ascii: "Y") ? .symbol(name) : .name(name), isEnumerable: isEnumerable,
          value: try readValue(after: readByte())))
    }
    return InspectObject(
      id: id, kind: kind, constructorName: constructorName, tag: tag, size: size, base: base, isDetached: isDetached,
      items: items, hiddenItems: hiddenItems, properties: properties, hiddenProperties: try readInt())
  }

  private mutating func readUntilSemicolon() throws -> String {
    let start = position
    while try readByte() != UInt8(ascii: ";") {}
    return String(decoding: bytes[start..<position - 1], as: UTF8.self)
  }

  private mutating func readInt() throws -> Int {
    guard let number = Int(try readUntilSemicolon()) else { throw Malformed() }
    return number
  }

  private mutating func readOptionalText() throws -> String? {
    if position < bytes.count, bytes[position] == UInt8(ascii: "~") {
      position += 1
      return nil
    }
    return try readText().description
  }

  /// A JSON string literal as `JSON.stringify` writes it: lone surrogates are escaped.
  private mutating func readText() throws -> JSString {
    guard try readByte() == UInt8(ascii: "\"") else { throw Malformed() }
    var units: [UInt16] = []
    while true {
      let start = position
      var byte = try readByte()
      while byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { byte = try readByte() }
      if start < position - 1 {
        units.append(contentsOf: String(decoding: bytes[start..<position - 1], as: UTF8.self).utf16)
      }
      if byte == UInt8(ascii: "\"") { return JSString(utf16: units) }
      units.append(try readEscape())
    }
  }

  private mutating func readEscape() throws -> UInt16 {
    switch try readByte() {
    case UInt8(ascii: "b"): return 8
    case UInt8(ascii: "t"): return 9
    case UInt8(ascii: "n"): return 10
    case UInt8(ascii: "f"): return 12
    case UInt8(ascii: "r"): return 13
    case UInt8(ascii: "u"):
      guard position + 4 <= bytes.count,
        let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
      else { throw Malformed() }
      position += 4
      return unit
    case let other: return UInt16(other)
    }
  }
}
