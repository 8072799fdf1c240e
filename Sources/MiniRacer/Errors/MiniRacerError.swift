internal import CMiniRacer

/// Everything that can go wrong except JavaScript's own exceptions (``JSError``), values of the wrong type
/// (``JSConversionError``) and a binary that cannot be loaded (``LibraryError``).
public struct MiniRacerError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Why a call failed: the contract's statuses. More may be added; treat one that you do not know by its ``category``.
  public struct Code: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The status, as in miniracer.h.
    public let rawValue: Int32

    /// The code with this status.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    private init(_ status: Int) { rawValue = Int32(status) }

    /// An argument is out of range.
    public static let invalidArgument = Code(MINIRACER_INVALID_ARGUMENT)
    /// An object that was released, or that belongs to another virtual machine.
    public static let invalidHandle = Code(MINIRACER_INVALID_HANDLE)
    /// Malformed UTF-8.
    public static let invalidText = Code(MINIRACER_INVALID_TEXT)
    /// The object cannot do this: a call of what is no function, a date's time of what is no date.
    public static let wrongType = Code(MINIRACER_WRONG_TYPE)
    /// The binary does not know a field that this host used.
    public static let unknownField = Code(MINIRACER_UNKNOWN_FIELD)
    /// A flag that the binary or V8 does not know.
    public static let unknownFlag = Code(MINIRACER_UNKNOWN_FLAG)
    /// The engine runs already, and its flags are fixed.
    public static let tooLate = Code(MINIRACER_TOO_LATE)
    /// Text, a list or a number beyond what the engine can hold.
    public static let tooLarge = Code(MINIRACER_TOO_LARGE)
    /// An unlock by a thread that does not hold the lock.
    public static let notLocked = Code(MINIRACER_NOT_LOCKED)
    /// This binary or engine cannot do it.
    public static let notSupported = Code(MINIRACER_NOT_SUPPORTED)
    /// Waiting, inside of JavaScript, for JavaScript that can only run after it.
    public static let wouldDeadlock = Code(MINIRACER_WOULD_DEADLOCK)
    /// The deadline passed.
    public static let timeout = Code(MINIRACER_TIMEOUT)
    /// The processor time was used up.
    public static let cpuTime = Code(MINIRACER_CPU_TIME)
    /// The memory limit or the heap limit was reached.
    public static let outOfMemory = Code(MINIRACER_OUT_OF_MEMORY)
    /// The run was cancelled.
    public static let cancelled = Code(MINIRACER_CANCELLED)
    /// More live objects in the host's hands than one virtual machine can have.
    public static let tooManyHandles = Code(MINIRACER_TOO_MANY_HANDLES)
    /// The engine was not started.
    public static let notInitialized = Code(MINIRACER_NOT_INITIALIZED)
    /// The context or virtual machine is closed, or was while the call ran.
    public static let closed = Code(MINIRACER_CLOSED)
    /// The virtual machine was made before a `fork()`; use a new one in the child.
    public static let forked = Code(MINIRACER_FORKED)
    /// V8 gave this virtual machine up, or a run that would not end was cut off: the message says why. Nothing but closing
    /// it is possible; others work on.
    public static let engineDead = Code(MINIRACER_ENGINE_DEAD)
    /// A fault of the library.
    public static let `internal` = Code(MINIRACER_INTERNAL)
    /// The process has no more memory.
    public static let hostOutOfMemory = Code(MINIRACER_HOST_OUT_OF_MEMORY)

    /// Whose fault it was, by the code's range.
    public var category: Category {
      switch rawValue {
      case 100..<200: return .misuse
      case 200..<300: return .guest
      case 300..<400: return .limit
      case 400..<500: return .lifecycle
      default: return .internal
      }
    }

    private static let names: [Code: String] = [
      .invalidArgument: "invalid argument", .invalidHandle: "invalid handle", .invalidText: "invalid text",
      .wrongType: "wrong type", .unknownField: "unknown field", .unknownFlag: "unknown flag", .tooLate: "too late",
      .tooLarge: "too large", .notLocked: "not locked", .notSupported: "not supported",
      .wouldDeadlock: "would deadlock", .timeout: "timeout",
      .cpuTime: "processor time", .outOfMemory: "out of memory", .cancelled: "cancelled",
      .tooManyHandles: "too many handles", .notInitialized: "not initialized", .closed: "closed", .forked: "forked",
      .engineDead: "engine dead", .internal: "internal", .hostOutOfMemory: "host out of memory",
    ]

    /// The code in words: "out of memory".
    public var description: String { Self.names[self] ?? "status \(rawValue)" }
  }

  /// Whose fault an error was.
  public enum Category: Sendable, Hashable {
    /// The host's: it misused the interface.
    case misuse
    /// The guest's: it threw.
    case guest
    /// A limit ended the run.
    case limit
    /// Something was closed, forked or not started.
    case lifecycle
    /// The library's, or the process is out of memory.
    case `internal`
  }

  /// Why the call failed.
  public let code: Code
  /// What exactly was wrong, for people.
  public let message: String

  /// An error of your own making, say from a stand-in for a context in a test.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The code, and the message where it says more.
  public var description: String {
    message.isEmpty || message == code.description ? code.description : "\(code): \(message)"
  }
}

extension MiniRacerError {
  /// From a status and its record, which is freed.
  init(_ status: Int32, _ record: UnsafeMutablePointer<miniracer_error>?, _ functions: Functions) {
    let message = record.map { JSString(borrowing: $0.pointee.message).description } ?? ""
    functions.pointee.error_free(record)
    self.init(Code(rawValue: status), message)
  }

  /// From a status of a function that gives no record.
  init(_ status: Int32) {
    self.init(Code(rawValue: status), "")
  }
}
