import Glibc

/// Reads an entry of one or more lines from a terminal.
struct LineEditor {
  enum Result: Equatable {
    case line(String)
    case interrupted
    case endOfInput
  }

  /// What goes on while nobody types.
  struct Background {
    let alarm: Alarm
    /// The time until something is due; nil: nothing is.
    let next: () -> Duration?
    /// Does what is due. What it is given stands around that, and within what Ctrl-C ends. False: Ctrl-C came, and there was
    /// nothing that it could end.
    let turn: (_ around: (() -> Void) -> Void) -> Bool
  }

  let terminal: Terminal
  var background: Background?
  let prompt: Prompt
  let completions: (String) -> Completions

  private var decoder = KeyDecoder()
  /// Keys that came with those of an entry already read.
  private var waiting: [Key] = []
  /// The screen row of the cursor, counted from the entry's first row.
  private var cursorRow = 0
  private var rowCount = 1
  /// The screen does not show the last keys yet.
  private var isBehind = false

  init(terminal: Terminal, prompt: Prompt, completions: @escaping (String) -> Completions) {
    self.terminal = terminal
    self.prompt = prompt
    self.completions = completions
  }

  /// - Parameter resuming: an entry that was read just now and turned out to be unfinished: it is taken back on the screen
  ///   and goes on with a new line.
  mutating func read(history: [String], resuming unfinished: String? = nil) -> Result {
    terminal.enterRawMode()
    Output.write("\u{1B}[?2004h")  // pasted text is marked as such
    defer {
      Output.write("\u{1B}[?2004l")
      terminal.leaveRawMode()
    }
    cursorRow = unfinished == nil ? 0 : rowCount
    var state = EditorState(text: unfinished.map { $0 + "\n" } ?? "", history: history)
    draw(state)
    while true {
      guard let key = nextKey(state) else { return finish(state, .endOfInput) }
      switch state.handle(key, completions: completions) {
      case .none: break
      case .redraw:
        // Of keys that come in one go only the last one needs to be seen.
        if waiting.isEmpty { draw(state) } else { isBehind = true }
      case .bell: Output.write("\u{7}")
      case .clearScreen:
        Output.write("\u{1B}[H\u{1B}[2J")
        cursorRow = 0
        draw(state)
      case .list(let names):
        leave(state)
        Output.write(Self.columns(of: names, width: terminal.size.columns))
        cursorRow = 0
        draw(state)
      case .submit(let text): return finish(state, .line(text))
      case .interrupt: return finish(state, .interrupted)
      case .endOfInput: return finish(state, .endOfInput)
      }
    }
  }

  private mutating func nextKey(_ state: EditorState) -> Key? {
    while waiting.isEmpty {
      waitForInput(state)
      if !waiting.isEmpty { break }
      // After an Escape that begins nothing, nothing follows: terminals send a sequence in one go.
      guard let bytes = terminal.read(timeout: decoder.isWaitingForMore ? 100 : -1) else {
        waiting += decoder.flush()
        continue
      }
      if bytes.isEmpty { return nil }
      waiting += decoder.feed(bytes)
    }
    return waiting.removeFirst()
  }

  /// Turns the event loop until there is something to read. What it writes comes above the entry.
  private mutating func waitForInput(_ state: EditorState) {
    guard let background, !decoder.isWaitingForMore else { return }
    while !background.alarm.wait(background.next(), for: STDIN_FILENO) {
      Output.prelude = "\r" + (cursorRow > 0 ? "\u{1B}[\(cursorRow)A" : "") + "\u{1B}[J"
      let isDone = background.turn { body in
        terminal.enterRawMode(signals: true)
        defer { terminal.enterRawMode() }
        body()
      }
      let hasWritten = Output.prelude == nil
      Output.prelude = nil
      if hasWritten {
        cursorRow = 0
        draw(state)
      }
      if !isDone {
        // Then it was meant for the entry. The terminal threw away what was typed before it.
        waiting.append(.control("c"))
        return
      }
    }
  }

  private mutating func draw(_ state: EditorState) {
    let (columns, rows) = terminal.size
    var layout = EditorLayout(buffer: state.buffer, prompt: prompt, columns: columns)
    layout.fit(height: rows)
    var output = "\r"
    if cursorRow > 0 { output += "\u{1B}[\(cursorRow)A" }
    output += "\u{1B}[J" + layout.rows.joined(separator: "\r\n") + "\r"
    let up = layout.rows.count - 1 - layout.cursorRow
    if up > 0 { output += "\u{1B}[\(up)A" }
    if layout.cursorColumn > 0 { output += "\u{1B}[\(layout.cursorColumn)C" }
    cursorRow = layout.cursorRow
    rowCount = layout.rows.count
    isBehind = false
    Output.write(output)
  }

  /// Moves below the entry.
  private mutating func leave(_ state: EditorState) {
    if isBehind { draw(state) }
    let down = rowCount - 1 - cursorRow
    Output.write((down > 0 ? "\u{1B}[\(down)B" : "") + "\r\n")
  }

  private mutating func finish(_ state: EditorState, _ result: Result) -> Result {
    leave(state)
    return result
  }

  static func columns(of names: [String], width: Int) -> String {
    let cell = (names.map(DisplayWidth.of).max() ?? 0) + 2
    let perRow = max(width / cell, 1)
    var output = ""
    for (index, name) in names.enumerated() {
      let isLast = index % perRow == perRow - 1 || index == names.count - 1
      output += isLast ? name + "\r\n" : name + String(repeating: " ", count: cell - DisplayWidth.of(name))
    }
    return output
  }
}
