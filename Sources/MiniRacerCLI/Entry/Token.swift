/// A piece of JavaScript source text, as far as it has to be told apart where entries are rewritten.
struct Token: Equatable {
  enum Kind: Equatable {
    /// Names and keywords.
    case word
    /// Numbers, strings, templates, regular expressions.
    case literal
    case punctuator
  }

  let kind: Kind
  let text: String
  /// In the UTF-8 text.
  let range: Range<Int>
  /// How many brackets are open around it; of a bracket those around both.
  let depth: Int
  let followsNewline: Bool
}

/// Cuts a text into tokens. What is not JavaScript gives some tokens as well: the engine will say what is wrong with it.
struct Tokenizer {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  private var followsNewline = true
  private(set) var tokens: [Token] = []
  /// Each closing bracket has an opening one.
  private(set) var isWellFormed = true
  /// Brackets that are still open at the end.
  var isOpen: Bool { isWellFormed && depth > 0 }
  /// `await` is among the words, those in templates included.
  private(set) var hasAwait = false

  init(_ text: String) {
    bytes = Array(text.utf8)
    while let token = next(after: tokens.last) { tokens.append(token) }
  }

  private func byte(_ offset: Int = 0) -> UInt8 {
    position + offset < bytes.count ? bytes[position + offset] : 0
  }

  private func starts(_ text: StaticString) -> Bool {
    (0..<text.utf8CodeUnitCount).allSatisfy { byte($0) == text.utf8Start[$0] }
  }

  private mutating func next(after last: Token?) -> Token? {
    skipBlanks()
    guard position < bytes.count else { return nil }
    let start = position
    let newline = followsNewline
    followsNewline = false
    var level = depth
    var kind = Token.Kind.literal
    switch byte() {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): skipString()
    case UInt8(ascii: "`"): skipTemplate()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): skipWord(dots: true)
    case UInt8(ascii: "."):
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte(1)) {
        skipWord(dots: true)
      } else {
        position += starts("...") ? 3 : 1
        kind = .punctuator
      }
    case UInt8(ascii: "/") where Self.allowsExpression(after: last): skipRegExp()
    case let first where Self.isWordByte(first):
      kind = .word
      skipWord(dots: false)
    case let first:
      kind = .punctuator
      position += starts("=>") || starts("++") || starts("--") || starts("?.") ? 2 : 1
      if "([{".utf8.contains(first) { depth += 1 }
      if ")]}".utf8.contains(first) {
        depth -= 1
        if depth < 0 { (isWellFormed, depth) = (false, 0) }
        level = depth
      }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if text == "await" { hasAwait = true }
    return Token(kind: kind, text: text, range: start..<position, depth: level, followsNewline: newline)
  }

  private mutating func skipBlanks() {
    while position < bytes.count {
      if byte() == UInt8(ascii: "\n") || byte() == UInt8(ascii: "\r") {
        followsNewline = true
        position += 1
      } else if byte() <= 0x20 {
        position += 1
      } else if starts("//") || (position == 0 && starts("#!")) {
        while position < bytes.count, byte() != UInt8(ascii: "\n") { position += 1 }
      } else if starts("/*") {
        position += 2
        while position < bytes.count, !starts("*/") {
          if byte() == UInt8(ascii: "\n") { followsNewline = true }
          position += 1
        }
        position = min(position + 2, bytes.count)
      } else {
        return
      }
    }
  }

  private mutating func skipWord(dots: Bool) {
    while position < bytes.count, Self.isWordByte(byte()) || (dots && byte() == UInt8(ascii: ".")) { position += 1 }
  }

  private mutating func skipString() {
    let quote = byte()
    position += 1
    while position < bytes.count, byte() != quote, byte() != UInt8(ascii: "\n") {
      position += byte() == UInt8(ascii: "\\") ? 2 : 1
    }
    position = min(position + 1, bytes.count)
  }

  private mutating func skipRegExp() {
    var isInClass = false
    position += 1
    while position < bytes.count, byte() != UInt8(ascii: "\n"), isInClass || byte() != UInt8(ascii: "/") {
      if byte() == UInt8(ascii: "[") { isInClass = true }
      if byte() == UInt8(ascii: "]") { isInClass = false }
      position += byte() == UInt8(ascii: "\\") ? 2 : 1
    }
    position = min(position + 1, bytes.count)
    skipWord(dots: false)
  }

  private mutating func skipTemplate() {
    position += 1
    while position < bytes.count, byte() != UInt8(ascii: "`") {
      if starts("${") {
        position += 1
        let outer = depth
        var last = next(after: nil)  // the brace
        while let token = last, !(token.text == "}" && depth == outer) { last = next(after: token) }
      } else {
        position += byte() == UInt8(ascii: "\\") ? 2 : 1
      }
    }
    position = min(position + 1, bytes.count)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
      UInt8(ascii: "$"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "#"), UInt8(ascii: "\\"), 0x80...:
      true
    default: false
    }
  }

  /// Behind which a slash begins a regular expression. Behind `)` and `}` it may be either: the usual one is taken.
  private static func allowsExpression(after token: Token?) -> Bool {
    guard let token else { return true }
    switch token.kind {
    case .literal: return false
    case .punctuator: return ![")", "]", "++", "--"].contains(token.text)
    case .word:
      return [
        "await", "case", "delete", "do", "else", "in", "instanceof", "new", "of", "return", "throw", "typeof", "void",
        "yield",
      ].contains(token.text)
    }
  }
}
