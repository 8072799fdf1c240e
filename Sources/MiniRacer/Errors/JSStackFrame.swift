internal import CMiniRacer

/// One frame of a JavaScript stack.
public struct JSStackFrame: Sendable, Hashable, CustomStringConvertible {
  /// The function's name; nil for top-level and anonymous code.
  public let function: String?
  /// The script's name.
  public let fileName: String?
  /// The line, from 1; 0: unknown.
  public let line: Int
  /// The column, from 1, in UTF-16 code units; 0: unknown.
  public let column: Int
  /// The code was made by `eval`.
  public let isEval: Bool
  /// The function was called by `new`.
  public let isConstructor: Bool
  /// The code is WebAssembly.
  public let isWebAssembly: Bool

  /// A frame, for tests and for errors of your own.
  public init(
    function: String?, fileName: String?, line: Int, column: Int, isEval: Bool = false, isConstructor: Bool = false,
    isWebAssembly: Bool = false
  ) {
    self.function = function
    self.fileName = fileName
    self.line = line
    self.column = column
    self.isEval = isEval
    self.isConstructor = isConstructor
    self.isWebAssembly = isWebAssembly
  }

  init(_ frame: miniracer_frame) {
    self.init(
      function: JSString(ifBorrowing: frame.function)?.description,
      fileName: JSString(ifBorrowing: frame.file)?.description,
      line: Int(frame.line),
      column: Int(frame.column),
      isEval: frame.flags & UInt32(MINIRACER_FRAME_EVAL) != 0,
      isConstructor: frame.flags & UInt32(MINIRACER_FRAME_CONSTRUCTOR) != 0,
      isWebAssembly: frame.flags & UInt32(MINIRACER_FRAME_WASM) != 0)
  }

  /// "at f (file.js:3:7)".
  public var description: String {
    let place = "\(fileName ?? "<anonymous>"):\(line):\(column)"
    guard let function else { return "at \(place)" }
    return "at \(isConstructor ? "new " : "")\(function) (\(place))"
  }
}
