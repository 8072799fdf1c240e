/// Text with a cursor in it, in characters as a reader counts them. Knows lines, nothing of terminals.
struct EditBuffer: Equatable, Sendable {
  private(set) var characters: [Character]
  private(set) var cursor: Int
  /// What was cut last, for Ctrl-Y.
  private(set) var cut: [Character] = []

  init(_ text: String = "") {
    characters = Array(text)
    cursor = characters.count
  }

  var text: String { String(characters) }
  var textBeforeCursor: String { String(characters[..<cursor]) }
  var isEmpty: Bool { characters.isEmpty }

  /// Typed scalars may join the character before the cursor: an accent its letter.
  mutating func insert(_ text: String) {
    let joined = String(characters[..<cursor]) + text
    let head = Array(joined)
    characters = head + characters[cursor...]
    cursor = head.count
  }

  mutating func replace(with text: String) {
    characters = Array(text)
    cursor = characters.count
  }

  // MARK: - Moving

  mutating func moveLeft() { cursor = max(cursor - 1, 0) }
  mutating func moveRight() { cursor = min(cursor + 1, characters.count) }
  mutating func moveToLineStart() { cursor = lineStart(of: cursor) }
  mutating func moveToLineEnd() { cursor = lineEnd(of: cursor) }
  mutating func moveWordLeft() { cursor = wordStart }
  mutating func moveWordRight() { cursor = wordEnd }

  /// One line up, in the same column as far as there is one. False on the first line.
  mutating func moveUp() -> Bool {
    let start = lineStart(of: cursor)
    guard start > 0 else { return false }
    let above = lineStart(of: start - 1)
    cursor = min(above + cursor - start, start - 1)
    return true
  }

  mutating func moveDown() -> Bool {
    let end = lineEnd(of: cursor)
    guard end < characters.count else { return false }
    cursor = min(end + 1 + cursor - lineStart(of: cursor), lineEnd(of: end + 1))
    return true
  }

  // MARK: - Deleting

  mutating func deleteBackward() {
    guard cursor > 0 else { return }
    cursor -= 1
    characters.remove(at: cursor)
  }

  mutating func deleteForward() {
    guard cursor < characters.count else { return }
    characters.remove(at: cursor)
  }

  mutating func cutWord() { cut(wordStart..<cursor) }
  mutating func cutToLineStart() { cut(lineStart(of: cursor)..<cursor) }

  /// At the end of a line, the line break.
  mutating func cutToLineEnd() {
    let end = lineEnd(of: cursor)
    cut(cursor..<(end == cursor ? min(end + 1, characters.count) : end))
  }

  mutating func pasteCut() { insert(String(cut)) }

  mutating func swapCharacters() {
    guard cursor > 0, characters.count > 1 else { return }
    let right = min(cursor, characters.count - 1)
    characters.swapAt(right - 1, right)
    cursor = right + 1
  }

  private mutating func cut(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    cut = Array(characters[range])
    characters.removeSubrange(range)
    cursor = range.lowerBound
  }

  // MARK: - Places

  private func lineStart(of position: Int) -> Int {
    (characters[..<position].lastIndex(of: "\n") ?? -1) + 1
  }

  private func lineEnd(of position: Int) -> Int {
    characters[position...].firstIndex(of: "\n") ?? characters.count
  }

  private var wordStart: Int {
    var position = cursor
    while position > 0, !Self.isWord(characters[position - 1]) { position -= 1 }
    while position > 0, Self.isWord(characters[position - 1]) { position -= 1 }
    return position
  }

  private var wordEnd: Int {
    var position = cursor
    while position < characters.count, !Self.isWord(characters[position]) { position += 1 }
    while position < characters.count, Self.isWord(characters[position]) { position += 1 }
    return position
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "$"
  }
}
