internal import CMiniRacer

/// The limits of one run, as the ABI takes them.
struct RunLimits {
  let timeout: Duration?
  let cancellation: CancellationToken?

  init(_ timeout: Duration?, _ cancellation: CancellationToken?) {
    self.timeout = timeout
    self.cancellation = cancellation
  }

  /// Calls the body with the run options; with nil, the virtual machine's defaults, where nothing is asked for.
  @inline(__always)
  func apply<R>(
    to machine: @autoclosure () -> JSVirtualMachine, _ body: (UnsafePointer<miniracer_run_options>?) throws -> R
  ) throws -> R {
    if timeout == nil, cancellation == nil { return try body(nil) }
    return try applyOptions(to: machine(), body)
  }

  @inline(never)
  private func applyOptions<R>(
    to machine: JSVirtualMachine, _ body: (UnsafePointer<miniracer_run_options>?) throws -> R
  ) throws -> R {
    var options = miniracer_run_options()
    options.struct_size = UInt32(MemoryLayout<miniracer_run_options>.size)
    options.timeout = timeout?.nanosecondsForRun ?? 0
    guard let cancellation else { return try body(&options) }
    return try cancellation.during(machine) { flag in
      options.cancel = flag
      return try body(&options)
    }
  }
}

extension Duration {
  /// A timeout that never comes, where the virtual machine's default would otherwise hold.
  public static var unlimited: Duration { .seconds(Int64.max) }

  /// Nanoseconds as the ABI counts them: 0 means "the default" there, so that a time of zero or less, which has already
  /// passed, becomes 1; what is beyond 64 bits (584 years) means no limit.
  var nanosecondsForRun: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 1 }
    let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return UInt64.max }  // MINIRACER_NO_TIMEOUT
    let (sum, carry) = whole.addingReportingOverflow((UInt64(attoseconds) + 999_999_999) / 1_000_000_000)
    return carry ? UInt64.max : max(sum, 1)
  }
}
