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
  private let flags: UInt32

  /// The code was made by `eval`.
  public var isEval: Bool { flags.has(MINIRACER_FRAME_EVAL) }
  /// The function was called by `new`.
  public var isConstructor: Bool { flags.has(MINIRACER_FRAME_CONSTRUCTOR) }
  /// The code is WebAssembly.
  public var isWebAssembly: Bool { flags.has(MINIRACER_FRAME_WASM) }
  /// The function was waiting, by `await`, for what the frames before this one did.
  public var isAsync: Bool { flags.has(MINIRACER_FRAME_ASYNC) }
  /// The function is one of the engine's own, `Array.forEach` say, and has no file.
  public var isNative: Bool { flags.has(MINIRACER_FRAME_NATIVE) }

  /// A frame, for tests and for errors of your own.
  public init(
    function: String?, fileName: String?, line: Int, column: Int, isEval: Bool = false, isConstructor: Bool = false,
    isWebAssembly: Bool = false, isAsync: Bool = false, isNative: Bool = false
  ) {
    self.function = function
    self.fileName = fileName
    self.line = line
    self.column = column
    flags =
      (isEval ? UInt32(MINIRACER_FRAME_EVAL) : 0) | (isConstructor ? UInt32(MINIRACER_FRAME_CONSTRUCTOR) : 0)
      | (isWebAssembly ? UInt32(MINIRACER_FRAME_WASM) : 0) | (isAsync ? UInt32(MINIRACER_FRAME_ASYNC) : 0)
      | (isNative ? UInt32(MINIRACER_FRAME_NATIVE) : 0)
  }

  init(_ frame: miniracer_frame) {
    function = JSString(ifBorrowing: frame.function)?.description
    fileName = JSString(ifBorrowing: frame.file)?.description
    line = Int(frame.line)
    column = Int(frame.column)
    flags = frame.flags & ~UInt32(MINIRACER_FRAME_GUEST)
  }

  /// "at f (file.js:3:7)".
  public var description: String {
    let file = fileName ?? "<anonymous>"
    let place = line == 0 ? file : "\(file):\(line):\(column)"
    let before = isAsync ? "async " : isConstructor ? "new " : ""
    guard let function else { return "at \(before)\(place)" }
    return "at \(before)\(function) (\(place))"
  }
}

extension UInt32 {
  fileprivate func has(_ flag: Int) -> Bool { self & UInt32(flag) != 0 }
}
