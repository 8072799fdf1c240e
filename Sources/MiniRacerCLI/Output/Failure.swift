import MiniRacer

/// Why a script did not come to its end, in the tool's own terms.
struct Failure: Error {
  typealias Frame = JSStackFrame

  /// For machines: "exception", "syntax error", or a code's name such as "timeout".
  var kind: String
  var name: String?
  var message: String
  var fileName: String?
  var line = 0
  var column = 0
  var endColumn = 0
  var sourceLine: String?
  /// What follows the source line: "TypeError: x is not a function" and the stack.
  var text: String
  var frames: [Frame] = []
  /// The error that led to this one.
  var causes: [Failure] = []

  /// Something other than an exception: one clear line.
  init(kind: String, message: String) {
    self.kind = kind
    self.message = message
    text = "miniracer: \(message)"
  }

  /// - Parameter thrown: a thrown value that is no error, as it is to be shown.
  init(_ error: JSError, thrown: String? = nil) {
    kind = error.kind == .syntaxError ? "syntax error" : "exception"
    name = error.name
    message = error.message
    fileName = error.fileName
    line = error.line
    column = error.column
    endColumn = error.endColumn
    sourceLine = error.sourceLine
    let uncaught = error.isUnhandledRejection ? "Uncaught (in promise) " : "Uncaught "
    text = thrown.map { uncaught + $0 } ?? (error.isUnhandledRejection ? uncaught : "") + error.description
    frames = error.frames
    causes = error.cause.map { [Failure($0)] } ?? []
  }

  init(_ error: any Error, options: HostOptions) {
    switch error {
    case let failure as Failure: self = failure
    case let error as JSError: self.init(error)
    case let error as MiniRacerError: self.init(kind: error.code.description, message: Self.line(for: error, options))
    case let error as LibraryError: self.init(kind: "library", message: error.description)
    default: self.init(kind: "error", message: "\(error)")
    }
  }

  /// Puts the line as a person wrote it in the place of what the engine was given, which may begin with more.
  mutating func restore(sourceLine original: String) {
    guard let shown = sourceLine, shown != original else { return }
    let added = shown.utf16.count - original.utf16.count
    if shown.hasSuffix(original) {
      let (file, place) = (fileName ?? "", column)
      column = max(column - added, 1)
      endColumn = max(endColumn - added, 0)
      text = text.replacing("\(file):1:\(place)", with: "\(file):1:\(column)")
    }
    sourceLine = original
  }

  private static func line(for error: MiniRacerError, _ options: HostOptions) -> String {
    switch error.code {
    case .timeout:
      "timeout: the script ran longer than \(options.timeoutText ?? "it may") and was ended"
    case .cpuTime:
      "processor time: the script took more than \(options.cpuTimeText ?? "it may") of it and was ended"
    case .outOfMemory:
      "out of memory: the script needed more than \(options.memoryText ?? "the engine's heap limit") and was ended"
    case .cancelled: "interrupted"
    default: error.description
    }
  }
}
