internal import CMiniRacer
internal import Synchronization

/// A global object with ECMAScript's built-ins, in which source text is evaluated.
///
/// ```swift
/// let context = try JSContext()
/// try context.evaluate("[1, 2, 3].map(x => x * 2).join()").string  // "2,4,6"
/// ```
///
/// Any thread may use it; JavaScript runs on the thread that calls, one at a time. It closes when nothing refers to it or
/// to its objects any more, and none of its `async` host functions runs.
public final class JSContext: Sendable {
  /// The heap that it is in.
  public let virtualMachine: JSVirtualMachine
  let id: miniracer_context
  nonisolated(unsafe) let functions: Functions
  /// For what must not keep the context open.
  let reference = BackReference<JSContext>()
  private let globalHandle: miniracer_handle
  /// The host's classes here, by their types.
  let hostClasses = Mutex<[ObjectIdentifier: HostClass]>([:])
  /// Calls what `asOneRun` is given; 0 for a stand-in.
  private(set) nonisolated(unsafe) var runner: miniracer_handle = 0
  /// False for a stand-in during a call of a host function whose own context is no longer referred to.
  private let ownsContext: Bool
  private let ownsVirtualMachine: Bool

  /// A context with a virtual machine of its own.
  ///
  /// - Parameters:
  ///   - globals: what the global object has beyond ECMAScript and WebAssembly; nil: timers, where the binary has them.
  ///   - console: is told what scripts write to `console`, on the thread that runs them; nil: nobody is.
  ///   - eventHandler: is told what becomes of the virtual machine, see ``JSVirtualMachine/Event``.
  /// - Throws: ``LibraryError`` if no library is given and none is found; ``MiniRacerError``.
  public convenience init(
    _ configuration: JSVirtualMachine.Configuration = JSVirtualMachine.Configuration(),
    library: MiniRacerLibrary? = nil, globals: Globals? = nil, console: JSConsole? = nil,
    eventHandler: (@Sendable (JSVirtualMachine.Event) -> Void)? = nil
  ) throws {
    let machine = try JSVirtualMachine(configuration, library: library, eventHandler: eventHandler)
    try self.init(machine: machine, ownsVirtualMachine: true, globals, console)
  }

  /// A further context in a virtual machine. Waits while another thread is inside.
  ///
  /// - Parameters:
  ///   - globals: what the global object has beyond ECMAScript and WebAssembly; nil: timers, where the binary has them.
  ///   - console: is told what scripts write to `console`, on the thread that runs them; nil: nobody is.
  /// - Throws: ``MiniRacerError``.
  public convenience init(
    virtualMachine: JSVirtualMachine, globals: Globals? = nil, console: JSConsole? = nil
  ) throws {
    try self.init(machine: virtualMachine, ownsVirtualMachine: false, globals, console)
  }

  private init(
    machine: JSVirtualMachine, ownsVirtualMachine: Bool, _ globals: Globals?, _ console: JSConsole?
  ) throws {
    let functions = machine.functions
    var id: miniracer_context = 0
    var global = miniracer_value()
    var record: ErrorRecord = nil
    var options = miniracer_context_options(globals, console, machine.library)
    var status = functions.pointee.context_new(machine.isolate, &options, &id, &record)
    guard status == 0 else { throw MiniRacerError(status, record, functions) }
    status = functions.pointee.context_get_global(id, &global, &record)
    guard status == 0 else {
      _ = functions.pointee.context_dispose(id)
      throw MiniRacerError(status, record, functions)
    }
    self.virtualMachine = machine
    self.id = id
    self.functions = functions
    self.globalHandle = global.as.handle
    self.ownsContext = true
    self.ownsVirtualMachine = ownsVirtualMachine
    reference.set(self)
    // Now, since making it later would wait for other threads as long as they like.
    if functions.pointee.function_new != nil { runner = try makeRunner().giveHandleAway() }
  }

  /// A stand-in for a context that something else owns.
  init(standingInFor id: miniracer_context, in machine: JSVirtualMachine) {
    var global = miniracer_value()
    var record: ErrorRecord = nil
    _ = machine.functions.pointee.context_get_global(id, &global, &record)
    machine.functions.pointee.error_free(record)
    self.virtualMachine = machine
    self.id = id
    self.functions = machine.functions
    self.globalHandle = Int(global.tag) == MINIRACER_OBJECT ? global.as.handle : 0
    self.ownsContext = false
    self.ownsVirtualMachine = false
    reference.set(self)
  }

  deinit {
    reference.clear()
    functions.release(handle: globalHandle, tag: MINIRACER_OBJECT)
    if runner != 0 { functions.release(handle: runner, tag: MINIRACER_OBJECT) }
    for known in hostClasses.withLock({ Array($0.values) }) where known.prototype != 0 {
      functions.release(handle: known.prototype, tag: MINIRACER_OBJECT)
    }
    if ownsContext { _ = functions.pointee.context_dispose(id) }
  }

  /// The global object: `globalThis`.
  public var global: JSObject {
    // The context owns the handle and the object keeps the context: no call, and no circle.
    JSObject(miniracer_value(MINIRACER_OBJECT, .init(handle: globalHandle)), in: self, ownsHandle: false)
  }

  /// Runs a script and gives the value of its last statement. Promise reactions that become due run before it returns.
  ///
  /// - Parameters:
  ///   - fileName: the name in stacks and errors.
  ///   - line: the line of the first character, from 1, where the source text is part of a file.
  ///   - column: its column, from 1.
  ///   - sourceMap: a source map (JSON) of the script, which needs a file name; errors then show the original positions.
  ///   - timeout: how long it may take, waiting for other threads included; nil: the virtual machine's default.
  ///   - cpuTime: how much of its thread's processor time it may take; nil: the virtual machine's default.
  ///   - cancellation: ends the run when cancelled.
  /// - Throws: ``JSError`` if it throws or does not compile, or the Swift error of a host function that it did not catch;
  ///   ``MiniRacerError`` with `timeout`, `cpuTime`, `cancelled`, `outOfMemory`, `engineDead`, `closed`.
  @discardableResult
  public func evaluate(
    _ source: String, fileName: String? = nil, line: Int = 1, column: Int = 1, sourceMap: String? = nil,
    timeout: Duration? = nil, cpuTime: Duration? = nil, cancellation: CancellationToken? = nil
  ) throws -> JSValue {
    try evaluate(source, fileName, line, column, sourceMap, RunLimits(timeout, cpuTime, cancellation))
  }

  @inline(__always)
  final func evaluate(
    _ source: String, _ fileName: String?, _ line: Int, _ column: Int, _ sourceMap: String?, _ limits: RunLimits
  ) throws -> JSValue {
    let function = functions.pointee.context_evaluate!
    return try withScript(source, fileName, line, column, sourceMap) { script in
      try running(limits) { run, result, record in
        function(id, script, run, &result, &record)
      }
    }
  }

  /// Calls the body with a script as the ABI takes it.
  func withScript<R>(
    _ source: String, _ fileName: String?, _ line: Int, _ column: Int, _ sourceMap: String?,
    _ body: (UnsafePointer<miniracer_script>) throws -> R
  ) throws -> R {
    guard let line = Int32(exactly: line), let column = Int32(exactly: column), line > 0, column > 0 else {
      throw MiniRacerError(.invalidArgument, "a script cannot begin at line \(line), column \(column)")
    }
    var script = miniracer_script()
    script.struct_size = UInt32(MemoryLayout<miniracer_script>.size)
    script.line = line
    script.column = column
    return try withRaw(fileName) { name in
      try withRaw(source) { source in
        try withRaw(sourceMap) { sourceMap in
          script.name = name
          script.source = source
          script.source_map = sourceMap
          return try body(&script)
        }
      }
    }
  }

  /// Runs a script and converts the value of its last statement, without ever rounding or parsing it.
  ///
  /// The limits are those of both together: what the conversion reads can run JavaScript too.
  ///
  /// - Throws: as the other `evaluate`, and ``JSConversionError`` if the value is not of that type.
  public func evaluate<T: ConstructibleFromJSValue>(
    _ source: String, as type: T.Type, fileName: String? = nil, line: Int = 1, column: Int = 1,
    sourceMap: String? = nil, timeout: Duration? = nil, cpuTime: Duration? = nil, cancellation: CancellationToken? = nil
  ) throws -> T {
    let limits = RunLimits(timeout, cpuTime, cancellation)
    let allowance = Allowance(limits, in: virtualMachine, for: type)
    return try evaluate(source, fileName, line, column, sourceMap, limits).converted(to: type, allowance)
  }

  /// Ends whatever runs now in the context's virtual machine, see ``JSVirtualMachine/cancel()``.
  public func cancel() { virtualMachine.cancel() }

  /// Closes the context, and its virtual machine if it was made with it: later calls fail with
  /// ``MiniRacerError/Code/closed``, and the tasks of its `async` host functions and loaders are cancelled. Any thread, any
  /// number of times; does not wait.
  public func close() {
    if ownsVirtualMachine {
      virtualMachine.close()
    } else {
      Lending.detachAll(in: virtualMachine)
      _ = functions.pointee.context_dispose(id)
      virtualMachine.hostTasks.cancel(in: id)
    }
  }
}
