import ArgumentParser
import Glibc

enum ColorChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
  case auto, always, never

  /// `auto`: on a terminal that can show them, unless NO_COLOR is set (no-color.org).
  func style(for descriptor: Int32) -> Style {
    switch self {
    case .always: .colored
    case .never: .plain
    case .auto:
      isatty(descriptor) != 0 && Terminal.isCapable && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
        ? .colored : .plain
    }
  }
}
