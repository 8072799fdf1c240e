internal import CMiniRacer

extension JSVirtualMachine.Configuration {
  /// The configuration as the ABI takes it, where 0 means the default.
  ///
  /// - Throws: `invalidArgument` for what cannot be; `notSupported` for what this binary cannot do.
  func options(for library: MiniRacerLibrary) throws(MiniRacerError) -> miniracer_isolate_options {
    for name in namesOfABI3 { try library.require(abi: 3, for: name) }
    var options = miniracer_isolate_options()
    options.struct_size = UInt32(MemoryLayout<miniracer_isolate_options>.size)
    options.flags = flags
    // A binary of ABI 1 has no event loop to run.
    if eventLoop == .background, library.info.abiVersion >= 2 {
      options.flags |= UInt32(MINIRACER_ISOLATE_BACKGROUND_LOOP)
    }
    options.heap_limit = try Self.count(heapLimit, "heapLimit")
    options.stack_limit = try Self.count(stackLimit, "stackLimit")
    options.timeout = Self.nanoseconds(timeout)
    options.cpu_time = Self.nanoseconds(cpuTime)
    options.memory_limit = try Self.count(memoryLimit, "memoryLimit")
    options.memory_warning = try Self.count(memoryWarning, "memoryWarning")
    options.grace = grace?.nanosecondsForRun ?? 0
    options.clock_resolution = try resolution()
    options.maximum_handles = try Self.cap(caps.handles, "caps.handles")
    options.maximum_timers = try Self.cap(caps.timers, "caps.timers")
    options.maximum_modules = try Self.cap(caps.modules, "caps.modules")
    options.maximum_promises = try Self.cap(caps.promises, "caps.promises")
    options.maximum_console = try Self.count(caps.consoleBytes, "caps.consoleBytes")
    return options
  }

  /// What is asked for that is new in ABI 3.
  private var namesOfABI3: [String] {
    let asked: [(String, Bool)] = [
      ("cpuTime", cpuTime != nil), ("memoryLimit", memoryLimit != nil), ("memoryWarning", memoryWarning != nil),
      ("grace", grace != nil), ("clock", clock != .exact), ("allowsEval: false", !allowsEval),
      ("allowsWebAssembly: false", !allowsWebAssembly), ("allowsSharedMemory: false", !allowsSharedMemory),
      ("caps", caps != JSVirtualMachine.Caps()),
    ]
    return asked.filter(\.1).map(\.0)
  }

  private var flags: UInt32 {
    let switches: [(Bool, Int)] = [
      (explicitMicrotasks, MINIRACER_ISOLATE_EXPLICIT_MICROTASKS), (!allowsEval, MINIRACER_ISOLATE_NO_EVAL),
      (!allowsWebAssembly, MINIRACER_ISOLATE_NO_WEBASSEMBLY),
      (!allowsSharedMemory, MINIRACER_ISOLATE_NO_SHARED_MEMORY),
    ]
    return switches.reduce(0) { $1.0 ? $0 | UInt32($1.1) : $0 }
  }

  private func resolution() throws(MiniRacerError) -> UInt64 {
    switch clock {
    case .exact: return 0
    case .frozen: return UInt64.max  // MINIRACER_FROZEN_CLOCK
    case .rounded(let resolution):
      guard resolution > .zero else {
        throw MiniRacerError(.invalidArgument, "clock is rounded to \(resolution)")
      }
      return min(resolution.nanosecondsForRun, UInt64.max - 1)
    }
  }

  /// A default for all runs; what never comes is none.
  private static func nanoseconds(_ time: Duration?) -> UInt64 {
    let nanoseconds = time?.nanosecondsForRun ?? 0
    return nanoseconds == UInt64.max ? 0 : nanoseconds
  }

  static func count(_ count: Int?, _ name: String) throws(MiniRacerError) -> UInt64 {
    guard let count else { return 0 }
    guard count > 0 else { throw MiniRacerError(.invalidArgument, "\(name) is \(count)") }
    return UInt64(count)
  }

  private static func cap(_ count: Int?, _ name: String) throws(MiniRacerError) -> UInt32 {
    guard let cap = try UInt32(exactly: Self.count(count, name)) else {
      throw MiniRacerError(.invalidArgument, "\(name) is \(count!), at most \(UInt32.max) can be")
    }
    return cap
  }
}
