import MiniRacer

/// JavaScript's string literals, as short as they can be: the kind of quotes that needs no escape is taken first.
enum Quoting {
  static func quoted(_ text: JSString) -> String {
    let single = UInt16(UInt8(ascii: "'"))
    let double = UInt16(UInt8(ascii: "\""))
    let backtick = UInt16(UInt8(ascii: "`"))
    let units = text.utf16
    var quote = single
    if units.contains(single) {
      if !units.contains(double) {
        quote = double
      } else if !units.contains(backtick), !hasSubstitution(units) {
        quote = backtick
      }
    }
    var result = String(UnicodeScalar(UInt8(quote)))
    append(escaping: units[...], quote: quote, to: &result)
    result.unicodeScalars.append(UnicodeScalar(UInt8(quote)))
    return result
  }

  /// As a property's key: bare where the language lets it be and the eye expects it.
  static func key(_ text: JSString) -> String {
    isIdentifier(text) ? text.description : quoted(text)
  }

  /// Control characters as escapes, so that a guest's text cannot talk to the terminal.
  static func controlsEscaped(_ text: JSString) -> String {
    var result = ""
    append(escaping: text.utf16[...], quote: nil, to: &result)
    return result
  }

  private static func isIdentifier(_ text: JSString) -> Bool {
    guard let first = text.utf16.first, first < 0x80, !(0x30...0x39).contains(first) else { return false }
    return text.utf16.allSatisfy { unit in
      switch unit {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
      default: false
      }
    }
  }

  private static func hasSubstitution(_ units: [UInt16]) -> Bool {
    zip(units, units.dropFirst()).contains { $0 == 0x24 && $1 == 0x7B }
  }

  private static func append(escaping units: ArraySlice<UInt16>, quote: UInt16?, to result: inout String) {
    var decoder = UTF16()
    var index = units.startIndex
    while index < units.endIndex {
      let unit = units[index]
      index += 1
      if UTF16.isLeadSurrogate(unit), index < units.endIndex, UTF16.isTrailSurrogate(units[index]) {
        var pair = [unit, units[index]].makeIterator()
        if case .scalarValue(let scalar) = decoder.decode(&pair) { result.unicodeScalars.append(scalar) }
        index += 1
      } else if let scalar = UnicodeScalar(unit) {
        append(scalar, quote: quote, to: &result)
      } else {
        result += "\\u" + hexadecimal(unit, digits: 4).lowercased()
      }
    }
  }

  private static func append(_ scalar: UnicodeScalar, quote: UInt16?, to result: inout String) {
    switch scalar {
    case "\u{8}": result += "\\b"
    case "\t": result += "\\t"
    case "\n": result += "\\n"
    case "\u{C}": result += "\\f"
    case "\r": result += "\\r"
    case "\\" where quote != nil: result += "\\\\"
    case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}": result += "\\x" + hexadecimal(UInt16(scalar.value), digits: 2)
    default:
      if let quote, scalar.value == UInt32(quote) { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
  }

  private static func hexadecimal(_ number: UInt16, digits: Int) -> String {
    let text = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: digits - text.count) + text
  }
}
