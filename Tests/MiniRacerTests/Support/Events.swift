import MiniRacer
import Synchronization

/// The events of a virtual machine, kept: `JSContext(eventHandler: events.add)`.
final class Events: Sendable {
  private let events = Mutex<[JSVirtualMachine.Event]>([])

  var all: [JSVirtualMachine.Event] { events.withLock { $0 } }

  @Sendable func add(_ event: JSVirtualMachine.Event) { events.withLock { $0.append(event) } }
}
