internal import CMiniRacer

/// JavaScript code threw and nobody caught it, or its source text did not compile.
///
/// Thrown by a host function it becomes the same exception in JavaScript again: with a ``thrown`` value that value, else a
/// new error with this name and message.
public struct JSError: Error, Sendable, CustomStringConvertible {
  /// What happened.
  public enum Kind: Sendable, Hashable {
    /// An exception came out.
    case exception
    /// The source text did not compile; nothing of it ran.
    case syntaxError
  }

  // One word, so that throwing it and keeping it stay cheap.
  private final class Storage: Sendable {
    let kind: Kind
    let name: String?
    let message: String
    let fileName: String?
    let line: Int
    let column: Int
    let endColumn: Int
    let sourceLine: String?
    let stack: String?
    let frames: [JSStackFrame]
    let thrown: JSValue?
    let cause: JSError?
    let hostError: (any Error)?
    let isNative: Bool
    let isRejection: Bool

    init(
      kind: Kind, name: String?, message: String, fileName: String? = nil, line: Int = 0, column: Int = 0,
      endColumn: Int = 0, sourceLine: String? = nil, stack: String? = nil, frames: [JSStackFrame] = [],
      thrown: JSValue? = nil, cause: JSError? = nil, hostError: (any Error)? = nil, isNative: Bool = true,
      isRejection: Bool = false
    ) {
      self.kind = kind
      self.name = name
      self.message = message
      self.fileName = fileName
      self.line = line
      self.column = column
      self.endColumn = endColumn
      self.sourceLine = sourceLine
      self.stack = stack
      self.frames = frames
      self.thrown = thrown
      self.cause = cause
      self.hostError = hostError
      self.isNative = isNative
      self.isRejection = isRejection
    }
  }

  private let storage: Storage

  /// Whether it is an exception or a syntax error.
  public var kind: Kind { storage.kind }
  /// The error's name, "TypeError"; for other thrown values their class, as far as it can be told.
  public var name: String? { storage.name }
  /// The error's message; for other thrown values the value as text.
  public var message: String { storage.message }
  /// The script where it was thrown.
  public var fileName: String? { storage.fileName }
  /// The line where it was thrown or the syntax error begins, from 1; 0: unknown.
  public var line: Int { storage.line }
  /// The column, from 1, in UTF-16 code units; 0: unknown.
  public var column: Int { storage.column }
  /// One past the last column of the place; 0: unknown.
  public var endColumn: Int { storage.endColumn }
  /// The text of that line.
  public var sourceLine: String? { storage.sourceLine }
  /// Name, message and a line per frame, as JavaScript's `stack`.
  public var stack: String? { storage.stack }
  /// The calls that led to it, innermost first.
  public var frames: [JSStackFrame] { storage.frames }
  /// What was thrown: any value; nil for syntax errors of the source text and for errors made in Swift.
  public var thrown: JSValue? { storage.thrown }
  /// The error's `cause`, where that is an error too. Where a host function threw it, ``hostError`` is the Swift error.
  public var cause: JSError? { storage.cause }
  /// Of a ``cause``: the very error that a host function threw and that a script put there. By itself such an error is thrown
  /// as what it is, and is no ``JSError``.
  ///
  /// ```swift
  /// let source = "try { find('x') } catch (error) { throw new Error('no page', { cause: error }) }"
  /// do { try context.evaluate(source) } catch let error as JSError { print(error.cause?.hostError as? NotFound) }
  /// ```
  ///
  /// A host function that throws the cause throws this error.
  public var hostError: (any Error)? { storage.hostError }
  /// The thrown value is a real Error object, and not some other value.
  public var isErrorObject: Bool { storage.isNative }

  /// It is the reason of a promise that was rejected and that nothing handled.
  public var isUnhandledRejection: Bool { storage.isRejection }

  /// An error to throw from a host function. In JavaScript it is a new object of the constructor named: `TypeError`,
  /// `RangeError`, `ReferenceError`, `SyntaxError`, or an `Error` with any other name.
  public init(name: String = "Error", message: String) {
    storage = Storage(kind: .exception, name: name, message: message)
  }

  /// An exception to throw from a host function: any JavaScript value.
  public init(throwing value: JSValue) {
    storage = Storage(
      kind: .exception, name: nil, message: value.summary, thrown: value, isNative: value.object?.kind == .error)
  }

  /// From a record, from which the thrown value is taken.
  init(_ record: UnsafeMutablePointer<miniracer_error>, in context: JSContext?) {
    self.init(record.pointee, thrown: context?.take(&record.pointee.thrown))
  }

  /// The way of a Swift error through JavaScript, which that error may keep. So there is no error in it, nor a value, which
  /// may hold one: an object would keep itself alive, and the context with it.
  static func trace(_ record: miniracer_error) -> JSError { JSError(record, thrown: nil, isTrace: true) }

  private init(_ record: miniracer_error, thrown: JSValue?, isTrace: Bool = false) {
    storage = Storage(
      kind: record.status == MINIRACER_SYNTAX_ERROR ? .syntaxError : .exception,
      name: JSString(ifBorrowing: record.name)?.description,
      message: JSString(borrowing: record.message).description,
      fileName: JSString(ifBorrowing: record.file)?.description,
      line: Int(record.line),
      column: Int(record.column),
      endColumn: Int(record.end_column),
      sourceLine: JSString(ifBorrowing: record.source_line)?.description,
      stack: JSString(ifBorrowing: record.stack)?.description,
      frames: (0..<Int(record.frame_count)).map { index in
        let frame = UnsafeRawPointer(record.frames!) + index * Int(record.frame_size)
        return JSStackFrame(frame.assumingMemoryBound(to: miniracer_frame.self).pointee)
      },
      thrown: record.status == MINIRACER_SYNTAX_ERROR ? nil : thrown,
      cause: record.cause.map { JSError($0.pointee, thrown: nil, isTrace: isTrace) },
      hostError: isTrace ? nil : record.host_error.map { HostError.error(at: $0, trace: .trace(record)) },
      isNative: record.flags & UInt32(MINIRACER_ERROR_NATIVE) != 0,
      isRejection: record.flags & UInt32(MINIRACER_ERROR_REJECTION) != 0)
  }

  /// The stack, or where there is none the name and the message.
  public var description: String {
    if let stack { return stack }
    guard let name else { return message }
    return message.isEmpty ? name : "\(name): \(message)"
  }
}
