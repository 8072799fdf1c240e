import Glibc
import MiniRacer

extension GlobalOptions {
  /// The binary that the options name, or the one that the usual search finds.
  func loadLibrary() throws(LibraryError) -> MiniRacerLibrary {
    guard let library else { return try MiniRacerLibrary.load() }
    return try MiniRacerLibrary.load(at: library)
  }
}

/// A context with the tool's limits, its console, and its way of looking at values.
final class ScriptHost {
  let library: MiniRacerLibrary
  let context: JSContext
  let inspector: Inspector
  private let options: GlobalOptions
  private let console: HostConsole

  convenience init(_ options: GlobalOptions) throws {
    let library = try options.loadLibrary()
    try library.start(EngineOptions(v8Flags: options.v8Flags.map { [$0] } ?? []))
    try self.init(options, library: library)
  }

  private init(_ options: GlobalOptions, library: MiniRacerLibrary) throws {
    self.options = options
    self.library = library
    context = try JSContext(.init(heapLimit: options.memory?.bytes), library: library)
    inspector = try Inspector(context: context)
    console = try HostConsole(
      inspector: inspector, context: context, outputStyle: options.style(for: STDOUT_FILENO),
      errorStyle: options.style(for: STDERR_FILENO))
  }

  /// The same in a new context.
  func fresh() throws -> ScriptHost { try ScriptHost(options, library: library) }

  func evaluate(_ source: String, fileName: String) throws -> JSValue {
    try Interrupts.during { token in
      try context.evaluate(source, fileName: fileName, timeout: options.timeout?.duration, cancellation: token)
    }
  }

  /// As a person means it who types `{ a: 1 }`: an object and not a block with a label.
  func evaluateEntry(_ source: String, fileName: String) throws -> JSValue {
    let trimmed = source.drop { $0.isWhitespace }
    if trimmed.hasPrefix("{"), source.last(where: { !$0.isWhitespace }) != ";" {
      do {
        return try evaluate("(\(source)\n)", fileName: fileName)
      } catch let error as JSError where error.kind == .syntaxError {
        // Then it is a block.
      }
    }
    return try evaluate(source, fileName: fileName)
  }

  // MARK: - Showing

  func inspected(_ value: JSValue, style: Style) throws -> String {
    let node = try node(for: value)
    return InspectFormatter.format(node, style: style)
  }

  private func node(for value: JSValue) throws -> InspectNode {
    try Interrupts.during { token in
      try inspector.nodes(for: [value], settles: true, cancellation: token)[0]
    }
  }

  /// JSON.stringify; what has no JSON form is `null`, as it is inside of an array.
  func json(_ value: JSValue) throws -> String {
    try context.stringifyJSON(value) ?? "null"
  }

  /// Nobody waits for a promise that a script ends with: that it was rejected would go unsaid.
  func failIfRejected(_ value: JSValue) throws {
    guard value.object?.kind == .promise, case .object(let promise) = try node(for: value),
      promise.base == "rejected", case .value(let reason)? = promise.items.first
    else { return }
    var failure = Failure(kind: "exception", message: InspectFormatter.format(reason))
    failure.text = "Uncaught (in promise) \(failure.message)"
    throw failure
  }

  func failure(_ error: any Error) -> Failure {
    guard let error = error as? JSError, error.kind == .exception, !error.isErrorObject, let thrown = error.thrown
    else {
      return Failure(error, options: options)
    }
    return Failure(error, thrown: try? inspected(thrown, style: .plain))
  }
}
