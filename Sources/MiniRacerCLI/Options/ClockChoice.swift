import ArgumentParser
import MiniRacer

/// What scripts see of the time: `exact`, `frozen`, or a resolution such as `1ms`.
struct ClockChoice: ExpressibleByArgument, Equatable, Sendable {
  let clock: JSVirtualMachine.Clock

  init?(argument: String) {
    switch argument {
    case "exact": clock = .exact
    case "frozen": clock = .frozen
    default:
      guard let resolution = TimeLimit(argument: argument) else { return nil }
      clock = .rounded(to: resolution.duration)
    }
  }
}
