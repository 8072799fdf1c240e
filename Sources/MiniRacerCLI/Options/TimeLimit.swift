import ArgumentParser

/// A time limit as people write it: `2` or `2s`, `500ms`, `1.5m`.
struct TimeLimit: ExpressibleByArgument, Equatable, Sendable {
  let duration: Duration
  /// As it was written, with its unit.
  let text: String

  init?(argument: String) {
    guard let (number, unit) = Quantity.split(argument), number > 0 else { return nil }
    let seconds: Double
    switch unit {
    case "", "s": seconds = number
    case "ms": seconds = number / 1000
    case "us": seconds = number / 1_000_000
    case "m", "min": seconds = number * 60
    case "h": seconds = number * 3600
    default: return nil
    }
    guard seconds < 1e9 else { return nil }
    duration = .nanoseconds(Int64((seconds * 1e9).rounded(.up)))
    text = unit.isEmpty ? argument + "s" : argument
  }
}

enum Quantity {
  /// "1.5GB" into 1.5 and "gb". Plain decimal numbers only: no "inf", "nan" or "0x".
  static func split(_ text: String) -> (number: Double, unit: String)? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let number = Double(digits), number.isFinite else { return nil }
    return (number, text[digits.endIndex...].lowercased())
  }
}
