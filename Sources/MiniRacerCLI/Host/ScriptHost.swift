import Glibc
import MiniRacer

extension HostOptions {
  /// The binary that the options name, or the one that the usual search finds.
  func loadLibrary() throws(LibraryError) -> MiniRacerLibrary {
    guard let library else { return try MiniRacerLibrary.load() }
    return try MiniRacerLibrary.load(at: library)
  }
}

/// A context with the tool's limits, its console, its modules and its way of looking at values. What scripts have to say goes
/// to standard error by `console`, and what they are run for to standard output by `print`.
final class ScriptHost {
  let library: MiniRacerLibrary
  let context: JSContext
  let names: PropertyNames
  let alarm: Alarm
  private let printer: Printer
  private let uncaught = Session.Uncaught()
  private let options: HostOptions
  private let script: ScriptOptions?
  private let root: String?

  /// - Parameter root: the folder that modules are read from, unless the options name one; nil: none are.
  convenience init(_ options: HostOptions, _ script: ScriptOptions? = nil, root: String? = nil) throws {
    let library = try options.loadLibrary()
    try library.start(options.engineOptions)
    try self.init(options, script, root: root, library: library, alarm: Alarm())
  }

  private init(
    _ options: HostOptions, _ script: ScriptOptions?, root: String?, library: MiniRacerLibrary, alarm: Alarm
  )
    throws
  {
    self.options = options
    self.alarm = alarm
    self.script = script
    self.root = root
    self.library = library
    let console = JSConsole(colors: options.style(for: STDERR_FILENO).isColored) { Output.writeError($0.text + "\n") }
    context = try JSContext(
      options.configuration, library: library,
      globals: script?.web ?? false ? [.timers, .web] : .timers, console: console)
    printer = try Printer(
      in: context.virtualMachine, colors: options.style(for: STDOUT_FILENO).isColored)
    names = try PropertyNames(of: context)
    try context.virtualMachine.setWakeHandler { [alarm] _ in alarm.ring() }
    try context.virtualMachine.setUnhandledHandler { [uncaught] in uncaught.add($0) }
    try printer.add(to: context)
    if let script, let root = script.root ?? root {
      try context.setFileLoader(root: root, packages: script.packageFolders, require: true)
    }
  }

  /// The same in a new context.
  func fresh() throws -> ScriptHost { try ScriptHost(options, script, root: root, library: library, alarm: alarm) }

  // MARK: - Running

  func session<R>(_ body: (Session) throws -> R) rethrows -> R {
    try Interrupts.during(alarm) { token in
      try body(
        Session(
          machine: context.virtualMachine, alarm: alarm, uncaught: uncaught, cancellation: token,
          deadline: (options.timeout?.duration ?? options.configuration.timeout).map { ContinuousClock.now + $0 },
          processorTime: options.configuration.cpuTime.map { ThreadClock.now + $0 }))
    }
  }

  func evaluate(_ source: String, fileName: String, in session: Session) throws -> JSValue {
    try context.evaluate(
      source, fileName: fileName, timeout: session.timeout, cpuTime: session.cpuTime, cancellation: session.cancellation
    )
  }

  /// The namespace of a module, once it has run.
  func evaluateModule(_ source: String, url: String, in session: Session) throws -> JSObject? {
    let promise = try context.beginModule(
      source, name: url, timeout: session.timeout, cpuTime: session.cpuTime, cancellation: session.cancellation)
    return try session.value(of: promise).object
  }

  /// The same of a file that is to be loaded as an import loads it.
  func importFile(url: String, in session: Session) throws {
    _ = try session.value(
      of: context.beginImport(
        url, timeout: session.timeout, cpuTime: session.cpuTime, cancellation: session.cancellation))
  }

  // MARK: - Showing

  func inspected(_ value: JSValue, style: Style) throws -> String {
    do {
      return try Interrupts.during(alarm) { token in
        try context.inspect(value, colors: style.isColored, timeout: .seconds(3), cancellation: token)
      }
    } catch let error as MiniRacerError where error.code == .timeout {
      return style("<too much to inspect in time>", .special)
    }
  }

  /// JSON.stringify; what has no JSON form is `null`, as it is inside of an array.
  func json(_ value: JSValue, in session: Session) throws -> String {
    try context.stringifyJSON(
      value, timeout: session.timeout, cpuTime: session.cpuTime, cancellation: session.cancellation) ?? "null"
  }

  func failure(_ error: any Error) -> Failure {
    guard let error = error as? JSError, error.kind == .exception, !error.isErrorObject, let thrown = error.thrown
    else {
      return Failure(error, options: options)
    }
    return Failure(error, thrown: try? inspected(thrown, style: .plain))
  }
}
