internal import CMiniRacer

/// The limits of one run, as the ABI takes them.
@usableFromInline
struct RunLimits: Sendable {
  let timeout: Duration?
  let cpuTime: Duration?
  let cancellation: CancellationToken?

  @usableFromInline
  init(_ timeout: Duration? = nil, _ cpuTime: Duration? = nil, _ cancellation: CancellationToken? = nil) {
    self.timeout = timeout
    self.cpuTime = cpuTime
    self.cancellation = cancellation
  }

  /// The defaults that a virtual machine was made with.
  init(configuration options: miniracer_isolate_options) {
    func duration(_ nanoseconds: UInt64) -> Duration? {
      nanoseconds == 0 ? nil : .nanoseconds(Int64(clamping: nanoseconds))
    }
    self.init(duration(options.timeout), duration(options.cpu_time))
  }

  /// The same for a task whose cancellation is this token.
  func with(_ cancellation: CancellationToken) -> RunLimits { RunLimits(timeout, cpuTime, cancellation) }

  /// The virtual machine's defaults.
  var isDefault: Bool { timeout == nil && isTimeoutAtMost }
  /// The defaults but for the timeout: what the shortest paths know.
  var isTimeoutAtMost: Bool { cpuTime == nil && cancellation == nil }

  /// Calls the body with the run options; with nil, the virtual machine's defaults, where nothing is asked for.
  @inline(__always)
  func apply<R>(
    to machine: @autoclosure () -> JSVirtualMachine, _ body: (UnsafePointer<miniracer_run_options>?) throws -> R
  ) throws -> R {
    if isDefault { return try body(nil) }
    return try applyOptions(to: machine(), body)
  }

  @inline(never)
  private func applyOptions<R>(
    to machine: JSVirtualMachine, _ body: (UnsafePointer<miniracer_run_options>?) throws -> R
  ) throws -> R {
    var options = miniracer_run_options(timeout: timeout)
    if let cpuTime {
      try machine.library.require(abi: 3, for: "cpuTime")
      options.cpu_time = cpuTime.nanosecondsForRun
    }
    guard let cancellation else { return try body(&options) }
    return try cancellation.during(machine) { flag in
      options.cancel = flag
      return try body(&options)
    }
  }
}

extension miniracer_run_options {
  @inline(__always)
  init(timeout: Duration?) {
    self.init()
    struct_size = UInt32(MemoryLayout<miniracer_run_options>.size)
    self.timeout = timeout?.nanosecondsForRun ?? 0
  }
}

extension Duration {
  /// A time that never comes, where the virtual machine's default would otherwise hold.
  public static var unlimited: Duration { .seconds(Int64.max) }

  /// Nanoseconds as the ABI counts them: 0 means "the default" there, so that a time of zero or less, which has already
  /// passed, becomes 1; what is beyond 64 bits (584 years) means no limit.
  var nanosecondsForRun: UInt64 {
    guard attoseconds > 0 else { return 1 }
    let attoseconds = UInt128(attoseconds) + 999_999_999
    let high = UInt64(attoseconds >> 64)
    guard high < 1_000_000_000 else { return UInt64.max }  // MINIRACER_NO_TIMEOUT
    // One instruction, where a division of 128 bits by 128 is a long way.
    return UInt64(1_000_000_000).dividingFullWidth((high, UInt64(truncatingIfNeeded: attoseconds))).quotient
  }
}
