internal import CMiniRacer
internal import Synchronization

/// One heap, with one lock: it lets one thread in at a time. Contexts in the same virtual machine can share objects.
///
/// Any thread may use it. It closes when nothing refers to it or to any of its contexts and objects any more; an `async` host
/// function that runs keeps it open until it ends. A host function that holds one of these keeps it open as well: such a
/// circle is undone with ``close()``.
public final class JSVirtualMachine: Sendable {
  /// The binary that runs it.
  public let library: MiniRacerLibrary
  let isolate: miniracer_isolate
  nonisolated(unsafe) let functions: Functions
  /// For what must not keep the virtual machine open.
  let reference = BackReference<JSVirtualMachine>()
  /// The Swift objects that JavaScript holds.
  let hostObjects = HostObjectTable()
  /// What runs in Swift for JavaScript.
  let hostTasks = HostTasks()
  let events: EventReceiver
  let hostErrorTrace = Mutex<JSError?>(nil)
  /// The limits of a run that is given none.
  let defaults: RunLimits
  /// Who runs the event loop.
  let eventLoop: EventLoop
  /// Bytes of ``HeapStatistics/memory`` that it may have; 0: any number.
  private let memoryLimit: Atomic<Int>
  /// What it was made with. The memory limit is the heap limit, whatever that becomes, where it has none of its own.
  private let (ownMemoryLimit, firstHeapLimit): (Int?, Int?)

  /// Makes a virtual machine, starting the engine if it does not run yet.
  ///
  /// - Parameter eventHandler: is told when memory runs short, a run does not end, or the virtual machine dies: on the
  ///   thread that leaves JavaScript, or one of the library's. It may call into any virtual machine and must return soon.
  /// - Throws: ``LibraryError`` if no library is given and none is found; ``MiniRacerError``, with `notSupported` if an
  ///   older binary cannot do what is asked for.
  public init(
    _ configuration: Configuration = Configuration(), library: MiniRacerLibrary? = nil,
    eventHandler: (@Sendable (Event) -> Void)? = nil
  ) throws {
    let library = try library ?? MiniRacerLibrary.load()
    let functions = library.functions
    if eventHandler != nil { try library.require(abi: 3, for: "eventHandler") }
    var options = try configuration.options(for: library)
    var record: ErrorRecord = nil
    var status = functions.pointee.`init`(nil, &record)
    guard status == 0 else { throw MiniRacerError(status, record, functions) }

    events = EventReceiver(eventHandler)
    if library.info.abiVersion >= 3 { events.attach(to: &options) }
    var isolate: miniracer_isolate = 0
    status = functions.pointee.isolate_new(&options, &isolate, &record)
    guard status == 0 else { throw MiniRacerError(status, record, functions) }
    self.library = library
    self.functions = functions
    self.isolate = isolate
    defaults = RunLimits(configuration: options)
    eventLoop = configuration.eventLoop
    (ownMemoryLimit, firstHeapLimit) = (configuration.memoryLimit, configuration.heapLimit)
    memoryLimit = Atomic(configuration.memoryLimit ?? configuration.heapLimit ?? 0)
    reference.set(self)
    events.whenDead(hostTasks) { [hostTasks] in hostTasks.cancelAll() }
    // What an older binary cannot tell, it does not run either.
    if eventLoop == .background, functions.pointee.isolate_set_unhandled != nil { try setUnhandledHandler(nil) }
  }

  deinit {
    reference.clear()
    close()
  }

  /// Closes it with all contexts and objects in it: a run in it is ended, threads that wait for it get an error, and so do
  /// later calls, with ``MiniRacerError/Code/closed``; the tasks of `async` host functions and loaders are cancelled. Any
  /// thread, any number of times, also inside of a host function; does not wait.
  public func close() {
    Lending.detachAll(in: self)
    _ = functions.pointee.isolate_dispose(isolate)
    hostTasks.cancelAll()
  }

  /// Ends whatever runs in it now, with ``MiniRacerError/Code/cancelled``. Later runs are not hit. Any thread; does not wait.
  /// To end one's own run and no other, see ``CancellationToken``.
  public func cancel() {
    _ = functions.pointee.isolate_cancel?(isolate, nil)
  }

  /// Holds the virtual machine for this thread while the body runs, so that the calls in it need not lock each. Waits while
  /// another thread is inside.
  public func withLock<R>(_ body: () throws -> R) throws -> R {
    let lock = try need(functions.pointee.isolate_lock, "isolate_lock", functions)
    let unlock = try need(functions.pointee.isolate_unlock, "isolate_unlock", functions)
    try check(lock(isolate))
    // Fails only if the virtual machine was closed meanwhile.
    defer { _ = unlock(isolate) }
    return try body()
  }

  /// Runs promise reactions and other microtasks until none is left. Waits while another thread is inside.
  ///
  /// - Throws: ``MiniRacerError`` with `timeout`, `cpuTime`, `cancelled` or `outOfMemory`. What a reaction throws rejects its
  ///   promise.
  public func runMicrotasks(timeout: Duration? = nil, cpuTime: Duration? = nil, cancellation: CancellationToken? = nil)
    throws
  {
    let function = try need(functions.pointee.isolate_run_microtasks, "isolate_run_microtasks", functions)
    try RunLimits(timeout, cpuTime, cancellation).apply(to: self) { run in
      var record: ErrorRecord = nil
      let status = function(isolate, run, &record)
      guard status == 0 else { throw failure(status, record, in: nil) }
    }
  }

  /// Changes ``Configuration/heapLimit``, for later runs and, called by a host function, for the run that is under way; nil:
  /// the engine's default, by the machine. One below what is in use now takes effect as far as the engine can: it keeps a
  /// quarter of that as slack, garbage included unless it is collected first. Waits while another thread is inside.
  ///
  /// - Throws: ``MiniRacerError`` with `invalidArgument` below 4 MiB.
  public func setHeapLimit(_ bytes: Int?) throws {
    let function = try need(functions.pointee.isolate_set_heap_limit, "isolate_set_heap_limit", functions)
    let status = try function(isolate, Configuration.count(bytes, "heapLimit"))
    if Int(status) == MINIRACER_INVALID_ARGUMENT {
      throw MiniRacerError(.invalidArgument, "heapLimit is \(bytes ?? 0), less than 4 MiB")
    }
    try check(status)
    if ownMemoryLimit == nil { memoryLimit.store(bytes ?? firstHeapLimit ?? 0, ordering: .relaxed) }
  }

  /// The most bytes that one conversion makes of a value: what a guest has once, it can have converted any number of times.
  var maximumConverted: Int {
    let limit = memoryLimit.load(ordering: .relaxed)
    return limit == 0 ? 1 << 30 : min(limit, 1 << 30)
  }

  /// How thorough a collection is.
  public enum Collection: Sendable {
    /// Memory is getting scarce: collect when convenient.
    case hint
    /// Collect all that can be, now.
    case full
  }

  /// Collects garbage. Waits while another thread is inside.
  public func collectGarbage(_ collection: Collection = .full) throws {
    let function = try need(functions.pointee.isolate_collect_garbage, "isolate_collect_garbage", functions)
    try check(function(isolate, UInt32(collection == .full ? MINIRACER_COLLECT_FULL : MINIRACER_COLLECT_HINT)))
  }

  /// What it uses now. Waits while another thread is inside.
  public var heapStatistics: HeapStatistics {
    get throws {
      let function = try need(
        functions.pointee.isolate_get_heap_statistics, "isolate_get_heap_statistics", functions)
      var raw = miniracer_heap_statistics()
      raw.struct_size = UInt32(MemoryLayout<miniracer_heap_statistics>.size)
      try check(function(isolate, &raw))
      return HeapStatistics(raw)
    }
  }

  func check(_ status: Int32) throws(MiniRacerError) {
    guard status != 0 else { return }
    let code = MiniRacerError.Code(rawValue: status)
    throw MiniRacerError(code, code == .engineDead ? events.reasonOfDeath ?? "" : "")
  }
}
