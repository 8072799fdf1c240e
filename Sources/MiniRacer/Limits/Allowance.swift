#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The limits of one call that is several runs, one after the other, from now on.
struct Allowance {
  private let limits: RunLimits
  private let defaults: RunLimits
  /// When it began, by the clock and by the thread's; 0 where nothing ends.
  private var time: Int64 = 0
  private var work: Int64 = 0

  /// Reads no clock where there is nothing to keep.
  @inline(__always)
  init(_ limits: RunLimits, in machine: JSVirtualMachine) {
    self.limits = limits
    defaults = machine.defaults
    if limits.timeout != nil || limits.cpuTime != nil || !defaults.isDefault { begin() }
  }

  /// The same for a call that gives a value of this type, after which nothing is read where it cannot be an object.
  @inline(__always)
  init<T>(_ limits: RunLimits, in machine: JSVirtualMachine, for type: T.Type) {
    self.limits = limits
    defaults = machine.defaults
    if limits.timeout == nil, limits.cpuTime == nil, defaults.isDefault { return }
    if type == Int.self || type == String.self || type == Double.self || type == Bool.self { return }
    begin()
  }

  private mutating func begin() {
    if limits.timeout ?? defaults.timeout != nil { time = Self.now(CLOCK_MONOTONIC) }
    if limits.cpuTime ?? defaults.cpuTime != nil { work = Self.now(CLOCK_THREAD_CPUTIME_ID) }
  }

  /// What is left, for the next run on this thread.
  var rest: RunLimits {
    if time == 0, work == 0 { return limits }
    return RunLimits(
      time == 0 ? limits.timeout : Self.left(of: limits.timeout ?? defaults.timeout, since: time, CLOCK_MONOTONIC),
      work == 0
        ? limits.cpuTime : Self.left(of: limits.cpuTime ?? defaults.cpuTime, since: work, CLOCK_THREAD_CPUTIME_ID),
      limits.cancellation)
  }

  private static func left(of limit: Duration?, since begin: Int64, _ clock: clockid_t) -> Duration? {
    limit.map { $0 - .nanoseconds(now(clock) - begin) }
  }

  private static func now(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
