import Glibc

/// The entries of earlier times, one per line of a file; line breaks in an entry are written as `\n`.
struct History {
  private(set) var entries: [String] = []
  private let path: String?
  private let limit: Int

  /// - Parameter path: `nil`: nothing is kept.
  init(path: String?, limit: Int = 1000) {
    self.path = path
    self.limit = limit
    guard let path, let text = try? InputFile.read(path) else { return }
    let lines = text.split(separator: "\n").map(String.init)
    entries = lines.suffix(limit).map(Self.unescaped)
    if lines.count > 2 * limit { rewrite() }
  }

  mutating func append(_ entry: String) {
    guard entry.contains(where: { !$0.isWhitespace }), entry != entries.last else { return }
    entries.append(entry)
    if entries.count > limit { entries.removeFirst(entries.count - limit) }
    write(Self.escaped(entry) + "\n", flags: O_WRONLY | O_CREAT | O_APPEND)
  }

  private func rewrite() {
    write(entries.map { Self.escaped($0) + "\n" }.joined(), flags: O_WRONLY | O_CREAT | O_TRUNC)
  }

  /// What cannot be written is only forgotten: a full disk is no reason to stop working.
  private func write(_ text: String, flags: Int32) {
    guard let path else { return }
    Self.makeFolder(of: path)
    let descriptor = open(path, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var text = text
    _ = text.withUTF8 { Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }

  private static func makeFolder(of path: String) {
    for (index, character) in zip(path.indices, path) where character == "/" && index != path.startIndex {
      mkdir(String(path[..<index]), 0o700)
    }
  }

  static func escaped(_ entry: String) -> String {
    entry.reduce(into: "") { result, character in
      switch character {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default: result.append(character)
      }
    }
  }

  static func unescaped(_ line: String) -> String {
    var result = ""
    var isEscaped = false
    for character in line {
      if isEscaped {
        result.append(character == "n" ? "\n" : character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        result.append(character)
      }
    }
    return result
  }

  /// Where the XDG Base Directory Specification wants state: $XDG_STATE_HOME, or ~/.local/state.
  static func standardPath(environment: (String) -> String? = { getenv($0).map { String(cString: $0) } }) -> String? {
    if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/miniracer/history" }
    guard let home = environment("HOME"), home.hasPrefix("/") else { return nil }
    return home + "/.local/state/miniracer/history"
  }
}
