/// A piece of output that knows its width without its colours.
struct Fragment {
  private(set) var text: String
  private(set) var width: Int
  private(set) var isMultiline: Bool

  init(_ text: String) { self.init(text: text, plain: text) }

  init(text: String, plain: String) {
    self.text = text
    width = DisplayWidth.of(plain)
    isMultiline = plain.utf8.contains(UInt8(ascii: "\n"))
  }

  var isEmpty: Bool { text.isEmpty }

  static func += (left: inout Fragment, right: Fragment) {
    left.text += right.text
    left.width += right.width
    left.isMultiline = left.isMultiline || right.isMultiline
  }

  static func += (left: inout Fragment, right: String) { left += Fragment(right) }

  static func + (left: Fragment, right: Fragment) -> Fragment {
    var result = left
    result += right
    return result
  }

  static func + (left: Fragment, right: String) -> Fragment { left + Fragment(right) }

  static func joined(_ parts: [Fragment], by separator: String) -> Fragment {
    let separator = Fragment(separator)
    var result = Fragment("")
    for (index, part) in parts.enumerated() {
      if index > 0 { result += separator }
      result += part
    }
    return result
  }

  func padded(to columns: Int, left: Bool) -> Fragment {
    guard columns > width else { return self }
    let padding = Fragment(String(repeating: " ", count: columns - width))
    return left ? padding + self : self + padding
  }

  func replacingNewlines(by replacement: String) -> Fragment {
    var result = self
    result.text = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: replacement)
    return result
  }
}
