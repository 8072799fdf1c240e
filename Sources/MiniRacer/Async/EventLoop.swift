internal import CMiniRacer

// The event loop: timers, posted tasks, what the engine itself puts off.

extension JSVirtualMachine {
  /// One turn of the event loop: what is due as it begins, and the promise reactions after each. Any thread. For the host
  /// that runs the loop itself (``EventLoop/host``); where the library does, it tells what nobody else was told.
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
  /// - Throws: as ``runPending(timeout:cpuTime:cancellation:)``.
  public func runPending(until deadline: ContinuousClock.Instant) throws {
    let clock = ContinuousClock()
    while let next = try runPending(), clock.now < deadline {
      if next > .zero { pause(min(next, clock.now.duration(to: deadline))) }
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
    guard status == 0 else {
      throw MiniRacerError(.init(rawValue: status), "no wake handler: the library runs the event loop")
    }
  }

  /// Has this called with what nobody else is told of: the reason of a promise that was rejected and not handled by the end
  /// of a run, and, where the library runs the loop, what a timer threw. It is called by the thread that ran the JavaScript
  /// and may call back into it. Nil, the default: what there is is kept, the last 1000, and thrown by
  /// ``runPending(timeout:cpuTime:cancellation:)``, one a turn.
  ///
  /// The error is a ``JSError``, or the Swift error of a host function.
  public func setUnhandledHandler(_ handler: (@Sendable (any Error) -> Void)?) throws {
    let function = try need(functions.pointee.isolate_set_unhandled, "isolate_set_unhandled", functions)
    guard let handler else { return try check(function(isolate, nil, nil, nil)) }
    let receiver = UnhandledReceiver(self, handler)
    try check(
      function(
        isolate, UnhandledReceiver.callback, Unmanaged.passRetained(receiver).toOpaque(), UnhandledReceiver.finalize)
    )
  }

  /// Has the event loop run this in its next turn, on the thread that runs the loop. Any thread; never waits. Where the
  /// virtual machine closes first, it is dropped.
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

/// What the library holds of a handler of unhandled errors.
private final class UnhandledReceiver: Sendable {
  private let machine: BackReference<JSVirtualMachine>
  private let handler: @Sendable (any Error) -> Void

  init(_ machine: JSVirtualMachine, _ handler: @escaping @Sendable (any Error) -> Void) {
    self.machine = machine.reference
    self.handler = handler
  }

  static let callback: miniracer_unhandled = { userdata, context, record in
    guard let userdata, let record else { return }
    Unmanaged<UnhandledReceiver>.fromOpaque(userdata)._withUnsafeGuaranteedRef { $0.receive(context, record) }
  }

  static let finalize: miniracer_finalizer = { userdata in
    guard let userdata else { return }
    Unmanaged<UnhandledReceiver>.fromOpaque(userdata).release()
  }

  private func receive(_ context: miniracer_context, _ record: UnsafeMutablePointer<miniracer_error>) {
    // Without the virtual machine there is nobody left who could free the record by its functions.
    guard let machine = machine.target else { return }
    let context = JSContext(standingInFor: context, in: machine)
    handler(machine.failure(record.pointee.status, record, in: context))
  }
}
