/// Where the text falls on a screen of so many columns. It wraps lines by itself, so that it knows where the cursor is
/// whatever the terminal does at its right edge.
struct EditorLayout: Equatable {
  private(set) var rows: [String] = [""]
  private(set) var cursorRow = 0
  private(set) var cursorColumn = 0

  init(buffer: EditBuffer, prompt: Prompt, columns: Int) {
    let columns = max(columns, 8)
    rows = [prompt.first]
    var column = prompt.firstWidth
    for (index, character) in buffer.characters.enumerated() {
      if index == buffer.cursor { (cursorRow, cursorColumn) = (rows.count - 1, column) }
      if character == "\n" {
        rows.append(prompt.next)
        column = prompt.nextWidth
        continue
      }
      let (text, width) = Self.shown(character)
      if column + width > columns {
        rows.append("")
        if index == buffer.cursor { (cursorRow, cursorColumn) = (rows.count - 1, 0) }
        column = 0
      }
      rows[rows.count - 1] += text
      column += width
    }
    if buffer.cursor == buffer.characters.count { (cursorRow, cursorColumn) = (rows.count - 1, column) }
    if cursorColumn >= columns {
      if cursorRow == rows.count - 1 { rows.append("") }
      (cursorRow, cursorColumn) = (cursorRow + 1, 0)
    }
  }

  /// Keeps the rows around the cursor where there are more than the screen has.
  mutating func fit(height: Int) {
    let height = max(height, 1)
    guard rows.count > height else { return }
    let first = min(max(cursorRow - height + 1, 0), rows.count - height)
    rows = Array(rows[first..<first + height])
    cursorRow -= first
  }

  private static func shown(_ character: Character) -> (String, Int) {
    if character == "\t" { return ("  ", 2) }
    if let ascii = character.asciiValue, ascii < 0x20 || ascii == 0x7F {
      return ("^" + String(UnicodeScalar(ascii ^ 0x40)), 2)
    }
    let width = DisplayWidth.of(character)
    return (String(character), width)
  }
}

/// What stands before the first line of an entry, and before those that continue it.
struct Prompt: Sendable, Equatable {
  let first: String
  let next: String
  let firstWidth: Int
  let nextWidth: Int

  init(_ first: String, continuation next: String) {
    self.first = first
    self.next = next
    firstWidth = DisplayWidth.of(first)
    nextWidth = DisplayWidth.of(next)
  }
}
