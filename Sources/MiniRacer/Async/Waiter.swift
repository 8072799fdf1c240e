internal import Synchronization

/// One suspended task, resumed once: by what it waits for, or by its cancellation.
final class Waiter<Value: Sendable>: Sendable {
  private enum State {
    case idle
    case waiting(CheckedContinuation<Value, any Error>)
    case over(Result<Value, any Error>?)
  }

  private let state = Mutex(State.idle)

  /// Waits; `start` is to see to it that this is resumed. Cancelling the task ends the wait with CancellationError, and what
  /// runs with the token.
  func wait(cancelling token: CancellationToken, _ start: () throws -> Void) async throws -> Value {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let early: Result<Value, any Error>? = state.withLock { state in
          if case .over(let result) = state { return result }
          state = .waiting(continuation)
          return nil
        }
        if let early { return continuation.resume(with: early) }
        do { try start() } catch { resume(.failure(error)) }
      }
    } onCancel: {
      token.cancel()
      resume(.failure(CancellationError()))
    }
  }

  /// Ends the wait, where it is not over yet. Any thread.
  func resume(_ result: Result<Value, any Error>) {
    let continuation: CheckedContinuation<Value, any Error>? = state.withLock { state in
      switch state {
      case .idle:
        state = .over(result)
        return nil
      case .waiting(let continuation):
        state = .over(nil)
        return continuation
      case .over: return nil
      }
    }
    continuation?.resume(with: result)
  }
}
