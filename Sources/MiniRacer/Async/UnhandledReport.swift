/// What standard error is told of an error that nobody handles.
struct UnhandledReport {
  /// With its line's end.
  let text: String
  /// A guest may throw texts of any length.
  private static let length = 4000

  /// Nil: nothing is worth telling, since whoever closed the virtual machine knows.
  init?(_ error: any Error) {
    if let error = error as? MiniRacerError, error.code.category == .lifecycle { return nil }
    let isRejection = (error as? JSError)?.isUnhandledRejection ?? false
    let what = Self.text(of: error).unicodeScalars
    var text = "miniracer: unhandled \(isRejection ? "rejection" : "error") in JavaScript: "
    // Control characters are not the guest's to send to a terminal.
    for scalar in what.prefix(Self.length) {
      let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
      text.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
    }
    if what.dropFirst(Self.length).first != nil { text += "..." }
    self.text = text + "\n"
  }

  /// An error of Swift's with its type, as it is in JavaScript.
  private static func text(of error: any Error) -> String {
    switch error {
    case is JSError, is MiniRacerError: "\(error)"
    default: "\(type(of: error)): \(error)"
    }
  }
}
