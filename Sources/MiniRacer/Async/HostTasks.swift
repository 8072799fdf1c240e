internal import CMiniRacer
internal import Synchronization

/// The tasks of Swift's that run for JavaScript, so that they are cancelled when nobody can see any more what they give.
final class HostTasks: Sendable {
  private struct State {
    var running: [UInt64: (context: miniracer_context, task: Task<Void, Never>)] = [:]
    var lastNumber: UInt64 = 0
    var isOver = false
  }

  private let state = Mutex(State())

  /// Runs this as a task, which is kept for as long as it runs and no longer.
  func start(in context: miniracer_context, _ body: @escaping @Sendable () async -> Void) {
    let late: Task<Void, Never>? = state.withLock { state in
      state.lastNumber += 1
      let number = state.lastNumber
      // To forget itself it waits for the lock: it cannot before it is known.
      let task = Task { [self] in
        await body()
        forget(number)
      }
      if state.isOver { return task }
      state.running[number] = (context, task)
      return nil
    }
    late?.cancel()
  }

  private func forget(_ number: UInt64) {
    _ = state.withLock { $0.running.removeValue(forKey: number) }
  }

  /// Cancels those of a context that is closed.
  func cancel(in context: miniracer_context) {
    let tasks = state.withLock { $0.running.values.filter { $0.context == context } }
    for (_, task) in tasks { task.cancel() }
  }

  /// Cancels all there are, and all that come.
  func cancelAll() {
    let tasks = state.withLock { state in
      state.isOver = true
      return Array(state.running.values)
    }
    // Not with the lock held: what is cancelled may have closures that run now.
    for (_, task) in tasks { task.cancel() }
  }
}
