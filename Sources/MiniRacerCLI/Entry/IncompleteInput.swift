import MiniRacer

/// Whether an entry does not compile only because it is not finished.
enum IncompleteInput {
  static func isUnfinished(_ source: String, _ error: JSError) -> Bool {
    guard error.kind == .syntaxError else { return false }
    return isUnfinished(
      source, message: error.message, line: error.line, column: error.column, endColumn: error.endColumn)
  }

  /// V8 says in words what it missed; where the words leave it open, the place tells: at the very end, more may come.
  static func isUnfinished(_ source: String, message: String, line: Int, column: Int, endColumn: Int) -> Bool {
    let lines = source.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    guard lines.indices.contains(line - 1) else { return message.hasSuffix("Unexpected end of input") }
    let place = text(lines[line - 1], from: column)
    switch message {
    case "Unexpected end of input", "Unterminated template literal": return true
    case "missing ) after argument list", "Missing } in template expression", "Missing catch or finally after try":
      let rest = [text(lines[line - 1], from: endColumn)] + lines[line...].map(String.init)
      return rest.allSatisfy { $0.allSatisfy(\.isWhitespace) }
    case "Invalid or unexpected token":
      if place.hasPrefix("/*") { return true }
      // A string goes on behind a backslash at the end of its line.
      return (place.hasPrefix("'") || place.hasPrefix("\"")) && source.hasSuffix("\\")
    default: return false
    }
  }

  private static func text(_ line: Substring, from column: Int) -> String {
    String(decoding: Array(line.utf16).dropFirst(max(column - 1, 0)), as: UTF16.self)
  }
}
