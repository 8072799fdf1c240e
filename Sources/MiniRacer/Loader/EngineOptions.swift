internal import CMiniRacer

/// How the engine is to run in this process. It starts once; afterwards these things are fixed.
public struct EngineOptions: Sendable, Hashable {
  /// V8's command line flags, one each: `["--jitless", "--stack-size=500"]`.
  public var v8Flags: [String]
  /// No worker threads: compiling and collecting happen on the threads that call.
  public var isSingleThreaded: Bool
  /// The number of worker threads; nil: the processors less one, at least 1 and at most 4.
  public var workerThreads: Int?
  /// The engine makes no machine code at run time: slower, and a smaller target. There is no WebAssembly then.
  public var isJITless: Bool
  /// The library may take a signal. Without one, a run inside of a built-in function that never looks up is not cut off; the
  /// event handler is told ``JSVirtualMachine/Event/unresponsive(overdue:)``.
  public var usesSignals: Bool

  /// Options for ``MiniRacerLibrary/start(_:)``.
  public init(
    v8Flags: [String] = [], isSingleThreaded: Bool = false, workerThreads: Int? = nil, isJITless: Bool = false,
    usesSignals: Bool = true
  ) {
    self.v8Flags = v8Flags
    self.isSingleThreaded = isSingleThreaded
    self.workerThreads = workerThreads
    self.isJITless = isJITless
    self.usesSignals = usesSignals
  }
}

extension EngineOptions {
  fileprivate var flags: UInt32 {
    let switches: [(Bool, Int)] = [
      (isSingleThreaded, MINIRACER_INIT_SINGLE_THREADED), (isJITless, MINIRACER_INIT_JITLESS),
      (!usesSignals, MINIRACER_INIT_NO_SIGNALS),
    ]
    return switches.reduce(0) { $1.0 ? $0 | UInt32($1.1) : $0 }
  }
}

extension MiniRacerLibrary {
  /// Starts the engine, once for the process. Without this call the first virtual machine starts it with the defaults.
  ///
  /// Any thread. May be called again; a further call fails with ``MiniRacerError/Code/tooLate`` if it asks for what the
  /// running engine does not have.
  ///
  /// - Throws: ``MiniRacerError`` with `unknownFlag`, `tooLate`, `invalidArgument`, or `notSupported` by a binary that is
  ///   older than an option.
  public func start(_ options: EngineOptions = EngineOptions()) throws(MiniRacerError) {
    guard let workers = UInt32(exactly: options.workerThreads ?? 0), options.workerThreads != 0 else {
      throw MiniRacerError(.invalidArgument, "workerThreads is \(options.workerThreads ?? 0)")
    }
    if options.isJITless { try require(abi: 3, for: "isJITless") }
    if !options.usesSignals { try require(abi: 3, for: "usesSignals: false") }
    var flags = options.v8Flags.joined(separator: " ")
    var record: UnsafeMutablePointer<miniracer_error>?
    let status = flags.withUTF8 { text in
      text.withMemoryRebound(to: CChar.self) { text in
        var raw = miniracer_init_options()
        raw.struct_size = UInt32(MemoryLayout<miniracer_init_options>.size)
        raw.flags = options.flags
        raw.worker_threads = workers
        raw.v8_flags_length = UInt32(text.count)
        raw.v8_flags = text.baseAddress
        return functions.pointee.`init`(&raw, &record)
      }
    }
    guard status == 0 else { throw MiniRacerError(status, record, functions) }
  }
}
