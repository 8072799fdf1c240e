internal import CMiniRacer

// What nobody waits for: rejections that nothing handles, and what timers throw.

extension JSVirtualMachine {
  /// Has this called with what nobody else is told of: the reason of a promise that was rejected and not handled by the end
  /// of a run, and, where the library runs the loop, what a timer threw. It is called by the thread that ran the JavaScript
  /// and may call back into it.
  ///
  /// Nil is the default. Where the library runs the loop (``EventLoop/background``), each error is then written to standard
  /// error, as Swift's runtime writes its warnings, a hundred a second and the number of the others: no call that has nothing
  /// to do with it throws it. Where the host does (``EventLoop/host``), the next turns throw them, one a turn: see
  /// ``runPending(timeout:cpuTime:cancellation:)``; the last 1000 are kept.
  ///
  /// The error is a ``JSError``, or the Swift error of a host function.
  public func setUnhandledHandler(_ handler: (@Sendable (any Error) -> Void)?) throws {
    let function = try need(functions.pointee.isolate_set_unhandled, "isolate_set_unhandled", functions)
    guard let handler = handler ?? defaultUnhandledHandler else { return try check(function(isolate, nil, nil, nil)) }
    let receiver = UnhandledReceiver(self, handler)
    try check(
      function(
        isolate, UnhandledReceiver.callback, Unmanaged.passRetained(receiver).toOpaque(), UnhandledReceiver.finalize)
    )
  }

  private var defaultUnhandledHandler: (@Sendable (any Error) -> Void)? {
    guard eventLoop == .background else { return nil }
    let reporter = UnhandledReporter()
    return { reporter.report($0) }
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
