/// A line that is for the tool and not for the engine: it begins with a dot and a word.
enum ReplCommandLine: Equatable {
  case help, exit, clear, `break`
  case load(String)
  case unknown(String)

  /// - Parameter isContinuing: the line ends an unfinished entry, in which `.then(...)` is part of the script.
  init?(_ text: String, isContinuing: Bool) {
    let last = isContinuing ? text.split(separator: "\n").last ?? "" : text[...]
    let words = last.split(maxSplits: 1) { $0.isWhitespace }
    guard let name = words.first, name.count > 1, name.first == ".",
      name.dropFirst().allSatisfy({ $0.isASCII && $0.isLowercase })
    else { return nil }
    let argument = words.count > 1 ? String(words[1]).trimmed : ""
    if isContinuing {
      guard name == ".break" || name == ".exit", argument.isEmpty else { return nil }
    }
    switch (name, argument) {
    case (".help", ""): self = .help
    case (".exit", ""): self = .exit
    case (".clear", ""): self = .clear
    case (".break", ""): self = .break
    case (".load", let path) where !path.isEmpty: self = .load(path)
    default: self = .unknown(String(last).trimmed)
    }
  }

  static let helpText = """
    .break       Give up the entry that is being written
    .clear       Start over in a new context
    .exit        Leave (or Ctrl-D)
    .help        This list
    .load FILE   Run a script here

    _ is the last result. Tab completes names, Up and Down go through earlier entries, Alt-Enter begins a new line,
    Ctrl-C gives up the line or ends a running script.

    """
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
