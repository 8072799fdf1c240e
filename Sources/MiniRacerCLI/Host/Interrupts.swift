import Glibc
import MiniRacer
import Synchronization

/// Ctrl-C: the first one cancels the running script, the next one, or one while none runs, ends the process.
///
/// SIGINT is blocked in every thread and taken by one that waits for it: what has to be done is too much for a signal
/// handler.
enum Interrupts {
  static let exitCode: Int32 = 128 + SIGINT

  private static let running = Mutex<CancellationToken?>(nil)

  /// Before any other thread is started, so that all of them inherit the blocked signal.
  static func install() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    var thread = pthread_t()
    pthread_create(&thread, nil, { _ in Interrupts.wait() }, nil)
    pthread_detach(thread)
  }

  private static func wait() -> UnsafeMutableRawPointer? {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    while true {
      var signal: Int32 = 0
      guard sigwait(&signals, &signal) == 0 else { continue }
      let token = running.withLock { $0 }
      guard let token, !token.isCancelled else { _exit(exitCode) }
      token.cancel()
    }
  }

  /// Runs the body, which Ctrl-C cancels by the token that it is given.
  static func during<R>(_ body: (CancellationToken) throws -> R) rethrows -> R {
    let token = CancellationToken()
    running.withLock { $0 = token }
    defer { running.withLock { $0 = nil } }
    return try body(token)
  }
}
