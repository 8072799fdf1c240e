/// A line of source text with carets under a place in it.
struct SourceExcerpt: Equatable {
  let line: String
  let carets: String

  /// - Parameters:
  ///   - column: from 1, in UTF-16 code units, as the engine counts.
  ///   - endColumn: one past the last; not greater than `column`: unknown.
  ///   - width: the columns there are. Of a longer line, a bundle's say, the part around the place is shown.
  init?(line source: String, column: Int, endColumn: Int, width: Int = 100) {
    guard column >= 1 else { return nil }
    var cells: [Cell] = []
    var offset = 1
    for character in source where !character.isNewline {
      cells.append(Cell(character, offset: offset))
      offset += character.utf16.count
    }
    // At the end of the line there is nothing to stand under: unexpected ends of input point there.
    let start = cells.firstIndex { $0.offset + $0.length > column } ?? cells.count
    var end = cells.firstIndex { $0.offset >= endColumn } ?? cells.count
    end = max(end, start + 1)

    var first = 0
    var last = cells.count
    let total = cells.reduce(0) { $0 + $1.width }
    if total > width {
      first = start
      var used = 0
      while first > 0, used + cells[first - 1].width < width / 2 {
        first -= 1
        used += cells[first].width
      }
      last = first
      used = 0
      while last < cells.count, used + cells[last].width <= width {
        used += cells[last].width
        last += 1
      }
    }
    let lead = first > 0 ? "… " : ""
    line = lead + cells[first..<last].map(\.text).joined() + (last < cells.count ? " …" : "")
    let indent = lead.count + cells[first..<min(start, last)].reduce(0) { $0 + $1.width }
    let marked = start < last ? cells[start..<min(end, last)].reduce(0) { $0 + $1.width } : 1
    carets = String(repeating: " ", count: indent) + String(repeating: "^", count: max(marked, 1))
  }

  private struct Cell {
    let text: String
    let width: Int
    let offset: Int
    let length: Int

    init(_ character: Character, offset: Int) {
      self.offset = offset
      length = character.utf16.count
      // Tabs are as wide as the terminal likes, other controls may do anything: both become spaces.
      let shown: String
      if character == "\t" {
        shown = "    "
      } else if let ascii = character.asciiValue, ascii < 0x20 || ascii == 0x7F {
        shown = " "
      } else {
        shown = String(character)
      }
      text = shown
      width = DisplayWidth.of(shown)
    }
  }
}
