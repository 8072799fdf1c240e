internal import CMiniRacer

// The event loop: timers, posted tasks, what the engine itself puts off.

extension JSVirtualMachine {
  /// One turn of the event loop: what is due as it begins, and the promise reactions after each. Any thread. For the host
  /// that runs the loop itself (``EventLoop/host``).
  ///
  /// - Returns: how long until more is due, zero for now; nil when nothing waits.
  /// - Throws: what a timer threw; without a handler (``setUnhandledHandler(_:)``) a rejection that nothing handled, one a
  ///   turn; ``MiniRacerError``, `wouldDeadlock` when called inside of JavaScript.
  @discardableResult
  public func runPending(timeout: Duration? = nil, cpuTime: Duration? = nil, cancellation: CancellationToken? = nil)
    throws -> Duration?
  {
    let function = try need(functions.pointee.isolate_run_pending, "isolate_run_pending", functions)
    var next: UInt64 = 0
    try RunLimits(timeout, cpuTime, cancellation).apply(to: self) { run in
      var record: ErrorRecord = nil
      let status = function(isolate, run, &next, &record)
      guard status == 0 else { throw failure(status, record, in: nil) }
    }
    return next == UInt64.max ? nil : .nanoseconds(Int64(clamping: next))
  }

  /// Turns of the event loop until this instant, or until nothing waits. Sleeps in between, and does not wake for what other
  /// threads add meanwhile before the next that is due.
  ///
  /// - Parameters:
  ///   - deadline: what is due by then runs. It ends no run: the limits do.
  ///   - timeout: how long all turns may take together, the sleep between them included; nil: the virtual machine's default,
  ///     for each turn.
  ///   - cpuTime: how much of this thread's processor time they may take together; nil: the default, for each turn.
  ///   - cancellation: ends a turn, and the sleep between two.
  /// - Throws: as ``runPending(timeout:cpuTime:cancellation:)``.
  public func runPending(
    until deadline: ContinuousClock.Instant, timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws {
    let clock = ContinuousClock()
    let allowance = Allowance(RunLimits(timeout, cpuTime, cancellation), in: self)
    while true {
      let rest = allowance.rest
      let next = try runPending(
        timeout: timeout == nil ? nil : rest.timeout, cpuTime: cpuTime == nil ? nil : rest.cpuTime,
        cancellation: cancellation)
      guard let next, clock.now < deadline else { return }
      var wake = min(clock.now.advanced(by: next), deadline)
      if timeout != nil, let left = allowance.rest.timeout { wake = min(wake, clock.now.advanced(by: left)) }
      while case let left = clock.now.duration(to: wake), left > .zero, cancellation?.isCancelled != true {
        // A token wakes nobody here: it is looked at now and then.
        pause(cancellation == nil ? left : min(left, .milliseconds(10)))
      }
    }
  }

  /// Has this called when a turn will be worth it in so much time, or sooner than last told: what a host needs that runs the
  /// loop itself. It is called on any thread, must return soon and must not use the virtual machine but for
  /// ``post(_:)``. Nil: none.
  ///
  /// - Throws: ``MiniRacerError`` with `invalidArgument` if the library runs the loop.
  public func setWakeHandler(_ handler: (@Sendable (Duration) -> Void)?) throws {
    let function = try need(functions.pointee.isolate_set_wake, "isolate_set_wake", functions)
    guard let handler else { return try check(function(isolate, nil, nil, nil)) }
    let status = function(
      isolate,
      { userdata, _, delay in
        Box<@Sendable (Duration) -> Void>.borrow(userdata)?.value(.nanoseconds(Int64(clamping: delay)))
      },
      Box(handler).retained, Box<@Sendable (Duration) -> Void>.finalize)
    if Int(status) == MINIRACER_INVALID_ARGUMENT {
      throw MiniRacerError(.invalidArgument, "no wake handler: the library runs the event loop")
    }
    try check(status)
  }

  /// Has the event loop run this in its next turn, on the thread that runs the loop. Any thread; never waits. Where the
  /// virtual machine closes or dies first, or has already, it is dropped without an error:
  /// ``perform(_:)`` tells.
  public func post(_ body: @escaping @Sendable () -> Void) throws {
    try post(body, dropped: {})
  }

  /// The same, told also when it is dropped.
  func post(_ body: @escaping @Sendable () -> Void, dropped: @escaping @Sendable () -> Void) throws {
    let function = try need(functions.pointee.isolate_post, "isolate_post", functions)
    // What fails here is finalized, and so dropped.
    _ = function(
      isolate, PostedTask.run, Unmanaged.passRetained(PostedTask(body, dropped)).toOpaque(), PostedTask.finalize)
  }
}

/// A closure that waits for its turn. Only ever touched by one thread at a time.
private final class PostedTask: @unchecked Sendable {
  private var body: (@Sendable () -> Void)?
  private let dropped: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void, _ dropped: @escaping @Sendable () -> Void) {
    self.body = body
    self.dropped = dropped
  }

  static let run: miniracer_finalizer = { userdata in
    guard let userdata else { return }
    let body = Unmanaged<PostedTask>.fromOpaque(userdata)._withUnsafeGuaranteedRef { task in
      let body = task.body
      task.body = nil
      return body
    }
    body?()
  }

  static let finalize: miniracer_finalizer = { userdata in
    guard let userdata else { return }
    let task = Unmanaged<PostedTask>.fromOpaque(userdata).takeRetainedValue()
    if task.body != nil { task.dropped() }
  }
}
