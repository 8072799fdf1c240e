/// What a person does at the keyboard.
enum Key: Hashable, Sendable {
  case character(Character)
  case enter, newline, tab, backspace, delete
  case left, right, up, down, home, end, wordLeft, wordRight
  case control(Character)
  /// Text that came in one go, line breaks included.
  case paste(String)
}
