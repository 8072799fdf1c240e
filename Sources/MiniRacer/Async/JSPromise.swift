internal import CMiniRacer
internal import Synchronization

/// A JavaScript Promise, live.
///
/// ```swift
/// let promise = try context.evaluate("fetchName()", as: JSPromise.self)
/// let name = try await promise.value
/// ```
public final class JSPromise: JSObject, @unchecked Sendable {
  /// What has become of a promise.
  public enum State: Sendable {
    /// Nothing yet.
    case pending
    /// It has this value.
    case fulfilled(JSValue)
    /// It has this reason, which may be any value.
    case rejected(JSValue)

    /// Whether nothing has become of it yet.
    public var isPending: Bool {
      if case .pending = self { return true }
      return false
    }
  }

  /// What has become of it. Waits while another thread is inside.
  public var state: State {
    get throws {
      let function = try need(
        context.functions.pointee.promise_get_state, "promise_get_state", context.functions)
      var state: UInt32 = 0
      let value = try context.creating { result, record in function(context.id, handle, &state, &result, &record) }
      switch Int(state) {
      case MINIRACER_PROMISE_FULFILLED: return .fulfilled(value)
      case MINIRACER_PROMISE_REJECTED: return .rejected(value)
      default: return .pending
      }
    }
  }

  /// Its value, once it has one. Blocks no thread. The promise counts as handled from then on.
  ///
  /// Cancelling the task ends the wait and leaves the promise alone.
  ///
  /// - Throws: the rejection, as the ``JSError`` or the Swift error that an exception would be; `CancellationError`;
  ///   ``MiniRacerError`` with `closed` if the promise is collected or the virtual machine closed first.
  public var value: JSValue {
    get async throws {
      let waiter = Waiter<JSValue>()
      // To watch it can run a getter of the guest's, and promise reactions.
      let token = CancellationToken()
      return try await waiter.wait(cancelling: token) {
        try context.virtualMachine.post(
          { [self] in
            do { try watch(cancellation: token) { waiter.resume($0) } } catch { waiter.resume(.failure(error)) }
          },
          dropped: { [events = context.virtualMachine.events] in waiter.resume(.failure(events.neverSettles)) })
      }
    }
  }

  /// Waits for its value on this thread, and runs the event loop meanwhile where nobody else does.
  ///
  /// - Throws: as ``value``, and ``MiniRacerError`` with `timeout` or `cancelled`; `wouldDeadlock` inside of JavaScript.
  public func wait(timeout: Duration? = nil, cpuTime: Duration? = nil, cancellation: CancellationToken? = nil) throws
    -> JSValue
  {
    let function = try need(context.functions.pointee.promise_wait, "promise_wait", context.functions)
    let (id, handle) = (context.id, self.handle)
    return try context.running(RunLimits(timeout, cpuTime, cancellation)) { run, result, record in
      function(id, handle, run, &result, &record)
    }
  }

  /// Has this called once the promise is settled, by the thread that runs the JavaScript, which it may call back into. It is
  /// always called later, also when the promise is settled already, and with ``MiniRacerError`` (`closed`) where that never
  /// happens. The promise counts as handled. Waits while another thread is inside.
  public func watch(
    timeout: Duration? = nil, cpuTime: Duration? = nil, cancellation: CancellationToken? = nil,
    _ settled: @escaping @Sendable (Result<JSValue, any Error>) -> Void
  ) throws {
    let function = try need(context.functions.pointee.promise_watch, "promise_watch", context.functions)
    let watch = PromiseWatch(context, settled)
    let (id, handle) = (context.id, self.handle)
    let userdata = Unmanaged.passRetained(watch).toOpaque()
    _ = try context.running(RunLimits(timeout, cpuTime, cancellation)) { run, _, record in
      function(id, handle, PromiseWatch.callback, userdata, PromiseWatch.finalize, run, &record)
    }
    watch.begin()
  }
}

/// What the library holds of a closure that waits for a promise.
private final class PromiseWatch: Sendable {
  typealias Settled = @Sendable (Result<JSValue, any Error>) -> Void

  private struct State {
    /// Until it is told. Both go then: the library may hold the watch as long as the virtual machine is open.
    var target: (settled: Settled, context: JSContext)?
    /// The call that begins the watch has succeeded; one that fails is told by its error alone.
    var hasBegun = false
    var isOver = false
  }

  private let state: Mutex<State>
  private let events: EventReceiver

  init(_ context: JSContext, _ settled: @escaping Settled) {
    self.state = Mutex(State(target: (settled, context)))
    self.events = context.virtualMachine.events
  }

  func begin() {
    events.whenDead(self) { [weak self] in self?.end() }
    let (isOver, dropped) = state.withLock { state in
      state.hasBegun = true
      return (state.isOver, state.isOver ? state.target.take() : nil)
    }
    if isOver { events.forget(self) }
    dropped?.settled(.failure(events.neverSettles))
  }

  /// Nothing will come any more.
  private func end() {
    let dropped = state.withLock { state in
      state.isOver = true
      return state.hasBegun ? state.target.take() : nil
    }
    dropped?.settled(.failure(events.neverSettles))
  }

  static let callback: miniracer_settled = { userdata, state, value, record in
    guard let userdata else { return }
    let watch = Unmanaged<PromiseWatch>.fromOpaque(userdata).takeUnretainedValue()
    guard let (settled, context) = watch.state.withLock({ $0.target.take() }) else { return }
    if Int(state) == MINIRACER_PROMISE_FULFILLED, let value {
      settled(.success(context.take(&value.pointee)))
    } else {
      settled(.failure(context.failure(record?.pointee.status ?? Int32(MINIRACER_EXCEPTION), record)))
    }
  }

  static let finalize: miniracer_finalizer = { userdata in
    guard let userdata else { return }
    let watch = Unmanaged<PromiseWatch>.fromOpaque(userdata).takeRetainedValue()
    watch.end()
    watch.events.forget(watch)  // after that: it may just be beginning
  }
}
