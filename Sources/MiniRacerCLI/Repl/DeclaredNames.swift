/// The names that scripts declare with `let`, `const` and `class`: they are no properties of the global object, and nothing
/// lists them. Good enough for completion; what it misses can still be typed.
struct DeclaredNames {
  private(set) var names: [String] = []

  mutating func add(from source: String) {
    var words = source.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "$") }[...]
    while let word = words.popFirst() {
      guard ["let", "const", "class"].contains(word), let name = words.first, Self.isName(name) else { continue }
      if !names.contains(String(name)) { names.append(String(name)) }
    }
  }

  static func isName(_ text: some StringProtocol) -> Bool {
    guard let first = text.first, !first.isNumber else { return false }
    return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
  }
}
