import Glibc
import MiniRacer
import Synchronization

/// Ctrl-C: the first one cancels the running script, the next one, or one while none runs, ends the process.
///
/// SIGINT is blocked in every thread and taken by one that waits for it: what has to be done is too much for a signal
/// handler.
enum Interrupts {
  static let exitCode: Int32 = 128 + SIGINT

  private static let running = Mutex<(token: CancellationToken, alarm: Alarm)?>(nil)

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
      guard let (token, alarm) = running.withLock({ $0 }), !token.isCancelled else { _exit(exitCode) }
      token.cancel()
      alarm.ring()
    }
  }

  /// Runs the body, which Ctrl-C cancels by the token that it is given. Whoever sleeps in it is woken by the alarm.
  static func during<R>(_ alarm: Alarm, _ body: (CancellationToken) throws -> R) rethrows -> R {
    let token = CancellationToken()
    let outer = running.withLock { running in
      defer { running = (token, alarm) }
      return running
    }
    defer { running.withLock { $0 = outer } }
    return try body(token)
  }
}
