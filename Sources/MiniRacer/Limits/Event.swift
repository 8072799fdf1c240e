internal import CMiniRacer
internal import Synchronization

extension JSVirtualMachine {
  /// What a virtual machine tells its host of itself, see ``init(_:library:eventHandler:)``.
  public enum Event: Sendable, Hashable {
    /// Its memory grew past ``Configuration/memoryWarning``; told again after it fell below. Bytes, as
    /// ``HeapStatistics/memory``.
    case memoryWarning(memory: Int)
    /// A run did not end when told to, so much time ago, and cannot be cut off where it is: its thread stays in the engine,
    /// or in a host function. Told once a run.
    case unresponsive(overdue: Duration)
    /// It is dead from now on, and why, in the engine's words: every call fails with ``MiniRacerError/Code/engineDead``.
    case died(reason: String)
  }
}

/// What the library holds of a virtual machine's event handler. It also keeps why the virtual machine died, and ends the wait
/// of those who would wait for ever then.
final class EventReceiver: Sendable {
  private struct State {
    var reason: String?
    var waiting: [ObjectIdentifier: @Sendable () -> Void] = [:]
  }

  private let handler: (@Sendable (JSVirtualMachine.Event) -> Void)?
  private let state = Mutex(State())

  init(_ handler: (@Sendable (JSVirtualMachine.Event) -> Void)?) { self.handler = handler }

  /// Why the virtual machine is dead; nil: it is not.
  var reasonOfDeath: String? { state.withLock { $0.reason } }

  /// Has this called when the virtual machine dies, now if it has, until it is forgotten.
  func whenDead(_ key: AnyObject, _ end: @escaping @Sendable () -> Void) {
    let isDead = state.withLock { state in
      if state.reason == nil { state.waiting[ObjectIdentifier(key)] = end }
      return state.reason != nil
    }
    if isDead { end() }
  }

  func forget(_ key: AnyObject) {
    _ = state.withLock { $0.waiting.removeValue(forKey: ObjectIdentifier(key)) }
  }

  /// What is told to those who wait for what will not come any more.
  func gone(_ message: String) -> MiniRacerError {
    reasonOfDeath.map { MiniRacerError(.engineDead, $0) } ?? MiniRacerError(.closed, message)
  }

  var neverSettles: MiniRacerError { gone("the promise will never be settled") }

  /// Has the library call it; the library lets go of it once the isolate is gone, or at once where none was made.
  func attach(to options: inout miniracer_isolate_options) {
    options.event = Self.callback
    options.event_userdata = Unmanaged.passRetained(self).toOpaque()
    options.event_finalize = Self.finalize
  }

  private static let callback: miniracer_event_callback = { userdata, event in
    guard let userdata, let event else { return }
    Unmanaged<EventReceiver>.fromOpaque(userdata)._withUnsafeGuaranteedRef { $0.receive(event.pointee) }
  }

  private static let finalize: miniracer_finalizer = { userdata in
    guard let userdata else { return }
    Unmanaged<EventReceiver>.fromOpaque(userdata).release()
  }

  private func receive(_ raw: miniracer_isolate_event) {
    let event: JSVirtualMachine.Event
    switch Int(raw.kind) {
    case MINIRACER_EVENT_MEMORY_WARNING: event = .memoryWarning(memory: Int(clamping: raw.memory))
    case MINIRACER_EVENT_UNRESPONSIVE: event = .unresponsive(overdue: .nanoseconds(Int64(clamping: raw.overdue)))
    case MINIRACER_EVENT_DEAD:
      let reason = raw.text.map { String(cString: $0) } ?? ""
      let waiting = state.withLock { state in
        state.reason = reason
        defer { state.waiting = [:] }
        return state.waiting
      }
      for end in waiting.values { end() }
      event = .died(reason: reason)
    default: return  // of a newer binary
    }
    handler?(event)
  }
}
