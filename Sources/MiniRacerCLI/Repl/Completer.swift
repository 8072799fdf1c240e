import MiniRacer

/// Finds the names that may stand at the cursor: of variables, and behind a dot of properties. Runs no getter.
struct Completer {
  /// A chain of names at the end of a line: `a.b.c` is the path a, b and the prefix c.
  struct Chain: Equatable {
    var path: [String]
    var prefix: String

    /// `nil`: there is no name that could be completed.
    init?(endOf line: String) {
      let tail = line.reversed().prefix { $0.isLetter || $0.isNumber || "_$.?".contains($0) }
      var parts = String(tail.reversed()).replacing("?.", with: ".")
        .split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      prefix = parts.removeLast()
      path = parts
      // What stands before the chain must be no value that it belongs to: `f().x`, `"text".x`, `1.5`.
      if let before = line.dropLast(tail.count).last, ")]}'\"`".contains(before), !path.isEmpty { return nil }
      guard path.allSatisfy(DeclaredNames.isName), prefix.isEmpty || DeclaredNames.isName(prefix) else { return nil }
      if path.isEmpty, prefix.isEmpty { return nil }
    }
  }

  let host: ScriptHost
  let declared: [String]

  private static let keywords = [
    "async", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do",
    "else", "export", "extends", "false", "finally", "for", "function", "if", "import", "in", "instanceof", "let",
    "new", "null", "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "var", "void",
    "while", "with", "yield",
  ]

  func completions(for line: String) -> Completions {
    guard let chain = Chain(endOf: line) else { return .none }
    var names = (try? properties(chain)) ?? []
    if chain.path.isEmpty {
      names += (declared + Self.keywords).filter { $0.hasPrefix(chain.prefix) }
      // Object.prototype's are there too, and hardly ever meant.
      names.removeAll { $0.hasPrefix("__") && !chain.prefix.hasPrefix("_") }
    }
    return Completions(
      replacedCount: chain.prefix.count, candidates: Set(names.filter(DeclaredNames.isName)).sorted())
  }

  private func properties(_ chain: Chain) throws -> [String] {
    let global = JSValue.object(host.context.global)
    guard let first = chain.path.first else {
      return try host.names.startingWith(chain.prefix, of: global)
    }
    if first == "this" || first == "globalThis" {
      return try host.names.startingWith(chain.prefix, of: global, path: Array(chain.path.dropFirst()))
    }
    return try host.names.startingWith(chain.prefix, of: global, path: chain.path)
  }
}
