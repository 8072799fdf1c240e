internal import CMiniRacer
internal import Synchronization

/// Ends runs from outside: hand it to calls, and call ``cancel()`` from any thread.
///
/// A token ends the runs that it was given to and no others; they fail with ``MiniRacerError/Code/cancelled``. Once
/// cancelled it stays so: a run that begins with it later does not start.
public final class CancellationToken: Sendable {
  private struct Run: Hashable {
    let library: ObjectIdentifier
    let isolate: miniracer_isolate
  }

  nonisolated(unsafe) private let flag: UnsafeMutablePointer<UInt32>
  private let runs = Mutex<[Run: (machine: JSVirtualMachine, count: Int)]>([:])

  /// A token that is not cancelled.
  public init() {
    flag = .allocate(capacity: 1)
    flag.initialize(to: 0)
  }

  deinit { flag.deallocate() }

  /// Whether ``cancel()`` was called.
  public var isCancelled: Bool { cminiracer_flag_get(flag) != 0 }

  /// Ends all runs that have this token, and those that will begin with it. Any thread; does not wait for them to end.
  public func cancel() {
    // The flag first: a run that is not listed yet looks at it as it begins.
    cminiracer_flag_set(flag)
    let machines = runs.withLock { $0.values.map(\.machine) }
    for machine in machines {
      _ = machine.functions.pointee.isolate_cancel?(machine.isolate, flag)
    }
  }

  /// Runs the body, during which ``cancel()`` reaches the virtual machine.
  func during<R>(_ machine: JSVirtualMachine, _ body: (UnsafePointer<UInt32>) throws -> R) throws -> R {
    _ = try need(machine.functions.pointee.isolate_cancel, "isolate_cancel", machine.functions)
    let run = Run(library: ObjectIdentifier(machine.library), isolate: machine.isolate)
    runs.withLock { $0[run, default: (machine, 0)].count += 1 }
    defer {
      runs.withLock { runs in
        runs[run]!.count -= 1
        if runs[run]!.count == 0 { runs[run] = nil }
      }
      withExtendedLifetime(self) {}
    }
    return try body(flag)
  }
}
