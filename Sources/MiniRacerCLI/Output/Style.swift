/// Colours by meaning. `plain` writes none.
struct Style: Sendable {
  let isColored: Bool

  static let plain = Style(isColored: false)
  static let colored = Style(isColored: true)

  enum Role: Sendable {
    case special, number, bigInt, boolean, undefined, null, string, symbol, date, regExp, module
    case error, place, caret, dim, good

    fileprivate var codes: (on: String, off: String) {
      switch self {
      case .special: ("36", "39")
      case .number, .bigInt, .boolean: ("33", "39")
      case .undefined, .dim: ("90", "39")
      case .null: ("1", "22")
      case .string, .symbol, .good: ("32", "39")
      case .date: ("35", "39")
      case .regExp: ("31", "39")
      case .module: ("4", "24")
      case .error, .caret: ("31", "39")
      case .place: ("36", "39")
      }
    }
  }

  func callAsFunction(_ text: String, _ role: Role) -> String {
    guard isColored, !text.isEmpty else { return text }
    let (on, off) = role.codes
    return "\u{1B}[\(on)m\(text)\u{1B}[\(off)m"
  }
}
