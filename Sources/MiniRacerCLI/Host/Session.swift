import Glibc
import MiniRacer
import Synchronization

/// What a script does until nothing is left for it to do: under --timeout and --cpu-time all together, and ended by Ctrl-C.
struct Session {
  let machine: JSVirtualMachine
  let alarm: Alarm
  let uncaught: Uncaught
  let cancellation: CancellationToken
  let deadline: ContinuousClock.Instant?
  /// Where the thread's own clock stands when its processor time is used up.
  let processorTime: Duration?

  /// What is left of the time.
  var timeout: Duration? { deadline.map { max(ContinuousClock.now.duration(to: $0), .nanoseconds(1)) } }
  /// What is left of the processor time.
  var cpuTime: Duration? { processorTime.map { max($0 - ThreadClock.now, .nanoseconds(1)) } }

  /// Runs the event loop until nothing is left in it.
  ///
  /// - Throws: what nobody caught, of a timer or of a promise.
  func finish() throws { try turn(until: { false }, reporting: nil) }

  /// Runs the event loop until the promise is settled.
  ///
  /// - Parameters:
  ///   - reporting: is told what others do not catch meanwhile; nil: that ends the wait.
  ///   - start: what sets off that it is settled.
  func value(
    of promise: JSPromise, reporting: ((any Error) -> Void)? = nil, start: () throws -> Void = {}
  ) throws -> JSValue {
    let outcome = Outcome()
    try promise.watch(timeout: timeout, cpuTime: cpuTime, cancellation: cancellation) { outcome.set($0) }
    try start()
    try turn(until: { outcome.value != nil }, reporting: reporting)
    guard let value = outcome.value else {
      throw Failure(kind: "unsettled", message: "the script waits for a promise that nothing will settle")
    }
    return try value.get()
  }

  /// Runs what is due in the event loop. Gives the time until more is; nil: nothing is left.
  ///
  /// - Throws: what nobody caught by now; there may be more of it.
  func turn() throws -> Duration? {
    try uncaught.throwFirst()
    let next = try machine.runPending(timeout: timeout, cpuTime: cpuTime, cancellation: cancellation)
    try uncaught.throwFirst()
    return next
  }

  private func turn(until isDone: () -> Bool, reporting: ((any Error) -> Void)?) throws {
    while !isDone() {
      var next: Duration? = .zero
      do {
        next = try turn()
      } catch  where reporting != nil && !(error is MiniRacerError) {
        reporting?(error)
      }
      guard let next else { return }
      if next > .zero, !isDone() { alarm.wait(timeout.map { min($0, next) } ?? next) }
    }
  }

  /// What timers and microtasks threw, and rejected promises that nothing handled: the last thousand, as a script can throw
  /// without end before the first of them is told.
  final class Uncaught: Sendable {
    private let errors = Mutex<[any Error]>([])

    func add(_ error: any Error) {
      errors.withLock { errors in
        if errors.count == 1000 { errors.removeFirst() }
        errors.append(error)
      }
    }

    func throwFirst() throws {
      if let error = errors.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { throw error }
    }
  }

  private final class Outcome: Sendable {
    private let state = Mutex<Result<JSValue, any Error>?>(nil)
    var value: Result<JSValue, any Error>? { state.withLock { $0 } }
    func set(_ result: Result<JSValue, any Error>) { state.withLock { $0 = result } }
  }
}

/// The processor time that the calling thread has taken.
enum ThreadClock {
  static var now: Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
