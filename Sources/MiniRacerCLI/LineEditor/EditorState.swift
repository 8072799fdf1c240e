/// What the keys do: a value that takes one key after the other, and no terminal.
struct EditorState: Sendable {
  enum Action: Equatable, Sendable {
    case none
    case redraw
    case clearScreen
    case bell
    /// Names were looked for, and there are several: show them.
    case list([String])
    case submit(String)
    /// Ctrl-C.
    case interrupt
    /// Ctrl-D on an empty line.
    case endOfInput
  }

  private(set) var buffer: EditBuffer
  private let history: [String]
  /// The entry shown, `history.count` being the line that is being written.
  private var position: Int
  private var draft = ""
  private var lastWasTab = false

  init(text: String = "", history: [String] = []) {
    buffer = EditBuffer(text)
    self.history = history
    position = history.count
  }

  /// - Parameter completions: for the text before the cursor, how many characters at its end a candidate replaces, and the
  ///   candidates.
  mutating func handle(_ key: Key, completions: (String) -> Completions = { _ in .none }) -> Action {
    let wasTab = lastWasTab
    lastWasTab = false
    switch key {
    case .enter: return .submit(buffer.text)
    case .tab: return complete(isSecond: wasTab, completions)
    case .control("c"): return .interrupt
    case .control("d"):
      if buffer.isEmpty { return .endOfInput }
      buffer.deleteForward()
    case .control("l"): return .clearScreen
    case .up, .control("p"): return up()
    case .down, .control("n"): return down()
    case .control(let letter):
      guard edit(control: letter) else { return .none }
    default: edit(key)
    }
    return .redraw
  }

  private mutating func edit(_ key: Key) {
    switch key {
    case .character(let character): buffer.insert(String(character))
    case .paste(let text): buffer.insert(text)
    case .newline: buffer.insert("\n")
    case .backspace: buffer.deleteBackward()
    case .delete: buffer.deleteForward()
    case .left: buffer.moveLeft()
    case .right: buffer.moveRight()
    case .home: buffer.moveToLineStart()
    case .end: buffer.moveToLineEnd()
    case .wordLeft: buffer.moveWordLeft()
    case .wordRight: buffer.moveWordRight()
    case .enter, .tab, .up, .down, .control: break
    }
  }

  /// The keys of readline's Emacs mode.
  private mutating func edit(control letter: Character) -> Bool {
    switch letter {
    case "a": buffer.moveToLineStart()
    case "e": buffer.moveToLineEnd()
    case "b": buffer.moveLeft()
    case "f": buffer.moveRight()
    case "k": buffer.cutToLineEnd()
    case "u": buffer.cutToLineStart()
    case "w": buffer.cutWord()
    case "y": buffer.pasteCut()
    case "t": buffer.swapCharacters()
    default: return false
    }
    return true
  }

  // MARK: - History

  private mutating func up() -> Action {
    if buffer.moveUp() { return .redraw }
    guard position > 0 else { return .bell }
    if position == history.count { draft = buffer.text }
    position -= 1
    buffer.replace(with: history[position])
    return .redraw
  }

  private mutating func down() -> Action {
    if buffer.moveDown() { return .redraw }
    guard position < history.count else { return .bell }
    position += 1
    buffer.replace(with: position == history.count ? draft : history[position])
    return .redraw
  }

  // MARK: - Completion

  private mutating func complete(isSecond: Bool, _ completions: (String) -> Completions) -> Action {
    let line = buffer.textBeforeCursor
    if line.last.map({ $0.isWhitespace }) ?? true {
      buffer.insert("  ")
      return .redraw
    }
    let found = completions(line)
    guard let first = found.candidates.first else { return .bell }
    let common = found.candidates.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
    if common.count > found.replacedCount {
      buffer.insert(String(common.dropFirst(found.replacedCount)))
      return .redraw
    }
    lastWasTab = true
    if found.candidates.count == 1 { return .none }
    return isSecond ? .list(found.candidates) : .bell
  }
}

/// Names that may stand at the cursor.
struct Completions: Equatable, Sendable {
  /// How many characters before the cursor every candidate begins with.
  var replacedCount: Int
  var candidates: [String]

  static let none = Completions(replacedCount: 0, candidates: [])
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}
