/// Makes keys of the bytes that a terminal sends. Feed it as they come: what is not complete yet is kept.
struct KeyDecoder {
  private var pending: [UInt8] = []
  private var pasted: [UInt8]?

  private static let pasteStart = Array("\u{1B}[200~".utf8)
  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  mutating func feed(_ bytes: some Sequence<UInt8>) -> [Key] {
    pending += bytes
    var keys: [Key] = []
    while let key = next() { keys.append(contentsOf: key) }
    return keys
  }

  /// A lone Escape is only known to be one when nothing follows it.
  mutating func flush() -> [Key] {
    if pasted == nil, pending.first == 0x1B { pending = [] }
    return []
  }

  var isWaitingForMore: Bool { !pending.isEmpty }

  /// `nil`: more bytes are needed. An empty list: something that means nothing here.
  private mutating func next() -> [Key]? {
    guard let first = pending.first else { return nil }
    if pasted != nil { return nextOfPaste() }
    switch first {
    case 0x1B: return nextEscape()
    case 0x0D, 0x0A: return take(1, .enter)
    case 0x09: return take(1, .tab)
    case 0x7F, 0x08: return take(1, .backspace)
    case 0x00..<0x20: return take(1, .control(Character(UnicodeScalar(first + 0x60))))
    case 0x20..<0x7F: return take(1, .character(Character(UnicodeScalar(first))))
    default: return nextScalar()
    }
  }

  private mutating func take(_ count: Int, _ keys: Key...) -> [Key] {
    pending.removeFirst(count)
    return keys
  }

  private mutating func nextScalar() -> [Key]? {
    let length =
      switch pending[0] {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 1
      }
    // A broken sequence ends where the next character begins.
    let end = pending.dropFirst().prefix(length - 1).firstIndex { $0 & 0xC0 != 0x80 } ?? length
    guard pending.count >= end else { return nil }
    let text = String(decoding: pending[..<end], as: UTF8.self)
    pending.removeFirst(end)
    return text.map(Key.character)
  }

  private mutating func nextEscape() -> [Key]? {
    guard pending.count > 1 else { return nil }
    switch pending[1] {
    case UInt8(ascii: "["), UInt8(ascii: "O"):
      guard let last = pending.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else {
        return pending.count > 16 ? take(1) : nil
      }
      let sequence = Array(pending[...last])
      pending.removeFirst(sequence.count)
      if sequence == Self.pasteStart {
        pasted = []
        return []
      }
      return Self.key(of: String(decoding: sequence.dropFirst(2), as: UTF8.self)).map { [$0] } ?? []
    case 0x0D, 0x0A: return take(2, .newline)
    case UInt8(ascii: "b"): return take(2, .wordLeft)
    case UInt8(ascii: "f"): return take(2, .wordRight)
    case 0x7F: return take(2, .control("w"))
    default: return take(2)
    }
  }

  private static func key(of sequence: String) -> Key? {
    switch sequence {
    case "A": .up
    case "B": .down
    case "C": .right
    case "D": .left
    case "H", "1~", "7~": .home
    case "F", "4~", "8~": .end
    case "3~": .delete
    case "1;5C", "1;3C": .wordRight
    case "1;5D", "1;3D": .wordLeft
    case "13;2u", "27;2;13~": .newline
    default: nil
    }
  }

  private mutating func nextOfPaste() -> [Key]? {
    pasted! += pending
    pending = []
    let text = pasted!
    guard text.count >= Self.pasteEnd.count,
      let end = (0...text.count - Self.pasteEnd.count).first(where: { text[$0...].starts(with: Self.pasteEnd) })
    else { return nil }
    pending = Array(text[(end + Self.pasteEnd.count)...])
    pasted = nil
    let lines = String(decoding: text[..<end], as: UTF8.self)
      .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
    return [.paste(lines.joined(separator: "\n"))]
  }
}
