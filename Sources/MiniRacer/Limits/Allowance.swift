#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The limits of one call that is several runs, one after the other: what one of them takes, the next ones do not have.
struct Allowance {
  /// What is left.
  private(set) var rest: RunLimits
  private let defaults: RunLimits

  init(_ limits: RunLimits, in machine: JSVirtualMachine) {
    rest = limits
    defaults = machine.defaults
  }

  /// Runs a part of the call, which is given what is left. Reads no clock where there is nothing to keep.
  @inline(__always)
  mutating func spend<R>(_ body: (RunLimits) throws -> R) rethrows -> R {
    if rest.timeout == nil, rest.cpuTime == nil, defaults.isDefault { return try body(rest) }
    return try measure(body)
  }

  @inline(never)
  private mutating func measure<R>(_ body: (RunLimits) throws -> R) rethrows -> R {
    let given = rest
    let (timeout, cpuTime) = (given.timeout ?? defaults.timeout, given.cpuTime ?? defaults.cpuTime)
    let begin = ContinuousClock.now
    let beginOfWork = cpuTime == nil ? .zero : Self.processorTime
    defer {
      rest = RunLimits(
        timeout.map { $0 - begin.duration(to: .now) }, cpuTime.map { $0 - (Self.processorTime - beginOfWork) },
        given.cancellation)
    }
    return try body(given)
  }

  /// What this thread has used of it.
  private static var processorTime: Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
  }
}
