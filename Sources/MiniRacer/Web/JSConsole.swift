internal import CMiniRacer

/// What scripts write to `console` goes here.
///
/// ```swift
/// let context = try JSContext(console: JSConsole { print($0.text) })
/// try context.evaluate("console.log('%d of %o', 1, [2, 3])")
/// ```
public struct JSConsole: Sendable {
  /// How much it matters.
  public enum Severity: Int, Sendable, Hashable, Comparable, CaseIterable {
    /// `debug`, `time` and `count`.
    case debug
    /// `log`, `info`, `dir`, `table`, `group`, `trace`.
    case info
    /// `warn`.
    case warning
    /// `error`, and `assert` that failed.
    case error

    /// By how much it matters.
    public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }
  }

  /// One call of one of `console`'s methods.
  public struct Message: Sendable, Hashable {
    /// How much it matters.
    public let severity: Severity
    /// The method: "log", "warn".
    public let method: String
    /// The arguments as text, formatted as the WHATWG Console Standard says, indented by the groups around it.
    public let text: String

    /// A message, for tests of sinks.
    public init(severity: Severity, method: String, text: String) {
      self.severity = severity
      self.method = method
      self.text = text
    }
  }

  let receive: @Sendable (Message) -> Void
  let colors: Bool

  /// A console whose messages this closure takes, on the thread that runs the script. It may call back into the context.
  ///
  /// - Parameter colors: the values in a message's text are coloured, each by its kind, with ANSI escape sequences.
  public init(colors: Bool = false, _ receive: @escaping @Sendable (Message) -> Void) {
    self.colors = colors
    self.receive = receive
  }
}

/// What the library holds of a console.
final class ConsoleSink: Sendable {
  private let console: JSConsole

  init(_ console: JSConsole) { self.console = console }

  static let callback: miniracer_callback = { userdata, call in
    guard let userdata, let call, call.pointee.argument_count >= 3, let arguments = call.pointee.arguments else {
      return 1
    }
    let message = JSConsole.Message(
      severity: JSConsole.Severity(rawValue: Int(arguments[0].as.int32)) ?? .info,
      method: JSString(borrowing: arguments[1]).description, text: JSString(borrowing: arguments[2]).description)
    Unmanaged<ConsoleSink>.fromOpaque(userdata)._withUnsafeGuaranteedRef { $0.console.receive(message) }
    return 0
  }

  static let finalize: miniracer_finalizer = { userdata in
    guard let userdata else { return }
    Unmanaged<ConsoleSink>.fromOpaque(userdata).release()
  }
}
