/// A failure as a person reads it, or as JSON.
enum FailureReport {
  static func text(_ failure: Failure, style: Style, width: Int = 100) -> String {
    var text = ""
    if let sourceLine = failure.sourceLine, failure.line > 0 {
      text += style("\(failure.fileName ?? "<anonymous>"):\(failure.line):\(failure.column)", .place) + "\n"
      let excerpt = SourceExcerpt(
        line: sourceLine, column: failure.column, endColumn: failure.endColumn, width: width)
      if let excerpt { text += excerpt.line + "\n" + style(excerpt.carets, .caret) + "\n" }
    }
    return text + body(failure, style: style)
  }

  private static func body(_ failure: Failure, style: Style, depth: Int = 0) -> String {
    let lines = failure.text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    var text = style(String(lines[0]), .error) + "\n"
    if lines.count > 1 { text += lines[1] + "\n" }
    for cause in failure.causes where depth < 8 {
      text += "Caused by: " + body(cause, style: style, depth: depth + 1)
    }
    return text
  }

  static func json(_ failure: Failure) -> JSONText { .object([("error", members(failure))]) }

  private static func members(_ failure: Failure, depth: Int = 0) -> JSONText {
    .members([
      ("kind", .string(failure.kind)),
      ("name", failure.name.map(JSONText.string)),
      ("message", .string(failure.message)),
      ("file", failure.fileName.map(JSONText.string)),
      ("line", failure.line > 0 ? .int(failure.line) : nil),
      ("column", failure.column > 0 ? .int(failure.column) : nil),
      ("endColumn", failure.endColumn > 0 ? .int(failure.endColumn) : nil),
      ("sourceLine", failure.sourceLine.map(JSONText.string)),
      ("stack", failure.frames.isEmpty ? nil : .string(failure.text)),
      ("frames", failure.frames.isEmpty ? nil : .array(failure.frames.map(frame))),
      ("cause", depth < 8 ? failure.causes.first.map { members($0, depth: depth + 1) } : nil),
    ])
  }

  private static func frame(_ frame: Failure.Frame) -> JSONText {
    .members([
      ("function", frame.function.map(JSONText.string)),
      ("file", frame.fileName.map(JSONText.string)),
      ("line", frame.line > 0 ? .int(frame.line) : nil),
      ("column", frame.column > 0 ? .int(frame.column) : nil),
    ])
  }
}
