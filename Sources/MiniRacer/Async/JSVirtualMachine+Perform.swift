internal import Synchronization

extension JSVirtualMachine {
  /// Runs this on the thread that runs the event loop, and waits for it without blocking a thread: the way to use the whole
  /// synchronous interface from `async` code.
  ///
  /// ```swift
  /// let names = try await context.virtualMachine.perform { cancellation in
  ///   try context.evaluate("heavyWork()", as: [String].self, cancellation: cancellation)
  /// }
  /// ```
  ///
  /// When the Swift task is cancelled while this waits for its turn, it never runs; while it runs, its token is cancelled,
  /// which ends the JavaScript that was given it. Both throw `CancellationError`. With ``EventLoop/host`` it runs when the
  /// host runs the loop.
  ///
  /// - Throws: what the body throws; ``MiniRacerError`` with `closed` if the virtual machine closes first, `engineDead` if it
  ///   dies.
  public func perform<R: Sendable>(_ body: @escaping @Sendable (CancellationToken) throws -> R) async throws -> R {
    try Task.checkCancellation()
    let turn = Turn<R>()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        turn.wait(continuation)
        do {
          try post({ turn.run(body) }, dropped: { [events] in turn.drop(events) })
        } catch {
          turn.finish(.failure(error))
        }
      }
    } onCancel: {
      turn.cancel()
    }
  }
}

/// A closure on its way to the loop, and the task that waits for it.
private final class Turn<Value: Sendable>: Sendable {
  private struct State {
    var continuation: CheckedContinuation<Value, any Error>?
    var isRunning = false
    var isCancelled = false
  }

  private let state = Mutex(State())
  private let token = CancellationToken()

  func wait(_ continuation: CheckedContinuation<Value, any Error>) {
    let isCancelled = state.withLock { state in
      state.continuation = continuation
      return state.isCancelled
    }
    if isCancelled { finish(.failure(CancellationError())) }
  }

  func run(_ body: (CancellationToken) throws -> Value) {
    let isWanted = state.withLock { state in
      state.isRunning = true
      return state.continuation != nil
    }
    guard isWanted else { return }
    do {
      finish(.success(try body(token)))
    } catch let error as MiniRacerError where error.code == .cancelled && token.isCancelled {
      finish(.failure(CancellationError()))
    } catch {
      finish(.failure(error))
    }
  }

  func drop(_ events: EventReceiver) {
    finish(.failure(events.gone("the virtual machine closed before its turn")))
  }

  func cancel() {
    token.cancel()
    let isRunning = state.withLock { state in
      state.isCancelled = true
      return state.isRunning
    }
    // What runs is waited for: it ends soon.
    if !isRunning { finish(.failure(CancellationError())) }
  }

  func finish(_ result: Result<Value, any Error>) {
    let continuation = state.withLock { state in
      defer { state.continuation = nil }
      return state.continuation
    }
    continuation?.resume(with: result)
  }
}
