internal import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Tells standard error of a virtual machine's errors that nobody handles: of a hundred a second, and how many more there
/// were, for a guest can have as many as it likes.
final class UnhandledReporter: Sendable {
  private struct State {
    var second: ContinuousClock.Instant?
    var told = 0
    var leftOut = 0
  }

  private static let most = 100
  private let state = Mutex(State())

  func report(_ error: any Error) {
    guard let report = UnhandledReport(error) else { return }
    let now = ContinuousClock.now
    let leftOut: Int? = state.withLock { state in
      if state.second.map({ now - $0 >= .seconds(1) }) ?? true {
        state.second = now
        state.told = 0
      }
      state.told += 1
      guard state.told <= Self.most else {
        state.leftOut += 1
        return nil
      }
      defer { state.leftOut = 0 }
      return state.leftOut
    }
    if let leftOut { Self.emit(Self.text(leftOut: leftOut) + report.text) }
  }

  deinit { Self.emit(Self.text(leftOut: state.withLock { $0.leftOut })) }

  private static func text(leftOut: Int) -> String {
    leftOut == 0 ? "" : "miniracer: \(leftOut) more unhandled errors in JavaScript\n"
  }

  /// In one piece, so that reports of several threads do not mix.
  private static func emit(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = write(STDERR_FILENO, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }
  }
}
