import Foundation

/// A figure that the project has set itself.
struct Target: Sendable {
  enum Unit: String, Encodable {
    case ratio = "x raw V8"
    case ratioToJSON = "x JSON"
    case microseconds = "us"
    case milliseconds = "ms"
    case kilobytes = "KB"
    case kibibytes = "KiB"
  }

  let title: String
  let limit: Double
  let unit: Unit
  /// Whether the limit itself is still good.
  var inclusive = true
  /// In the unit; nil if it was not measured.
  let measured: @Sendable (Figures) -> Double?

  /// Nil if it was not measured.
  func isMet(_ figures: Figures) -> Bool? {
    measured(figures).map { inclusive ? $0 <= limit : $0 < limit }
  }

  static let all: [Target] = [
    ratio("f(1, 2), C ABI", .call, 1.6),
    ratio("f(1, 2), C ABI, isolate held", .callHeld, 1.2),
    Target(title: "f(1, 2), Swift more than the C ABI", limit: 0.1, unit: .microseconds) { figures in
      guard let swift = figures.best(.call, .swift), let c = figures.best(.call, .cABI) else { return nil }
      return (swift - c) / 1e3
    },
    below("f(1, 2), Python", .call, .python, 3, .microseconds),
    ratio("1+1 evaluated, C ABI", .evaluate, 1.3),
    below("1+1 evaluated, Python", .evaluate, .python, 4, .microseconds),
    Target(title: "JS calls C", limit: 0.05, unit: .microseconds) { $0.best(.callback, .cABI).map { $0 / 1e3 } },
    below("JS calls a Swift closure", .callback, .swift, 0.5, .microseconds),
    below("JS calls a Python callable", .callback, .python, 4, .microseconds),
    below("new context, C ABI", .newContext, .cABI, 0.5, .milliseconds),
    below("new isolate and context, C ABI", .newIsolate, .cABI, 1.6, .milliseconds),
    Target(title: "memory of an isolate and context", limit: 900, unit: .kilobytes, inclusive: false) {
      $0.best(.memory, .cABI).map { $0 * 1.024 }
    },
    below("first result in a fresh Python process", .firstResult, .python, 40, .milliseconds),
    below("the same, libnode's relocations undone", .firstResult, .python, 20, .milliseconds),
    below("from import to first result, Python", .importToResult, .python, 20, .milliseconds),
    besideJSON("10,000 records out, Python", .recordsOut, .recordsOutByJSON, .python, 1),
    besideJSON("10,000 records in, Python", .recordsIn, .recordsInByJSON, .python, 1),
    besideJSON("10,000 records out, Swift Decodable", .recordsOut, .recordsOutByJSON, .swift, 1),
    besideJSON("10,000 records in, Swift Encodable", .recordsIn, .recordsInByJSON, .swift, 1),
    besideJSON("10,000 records out, Swift tree", .recordsOutAsTree, .recordsOutByJSON, .swift, 1.0 / 3),
    flat("growth over 100,000 contexts", .contextGrowth),
    flat("growth over 1,000,000 calls with objects", .callGrowth),
  ]

  private static func ratio(_ title: String, _ what: Case, _ limit: Double) -> Target {
    Target(title: title, limit: limit, unit: .ratio) { $0.ratio(what, .cABI) }
  }

  private static func below(_ title: String, _ what: Case, _ host: Host, _ limit: Double, _ unit: Unit) -> Target {
    Target(title: title, limit: limit, unit: unit, inclusive: false) {
      $0.best(what, host).map { $0 / (unit == .microseconds ? 1e3 : 1e6) }
    }
  }

  private static func besideJSON(
    _ title: String, _ what: Case, _ json: Case, _ host: Host, _ limit: Double
  ) -> Target {
    Target(title: title, limit: limit, unit: .ratioToJSON) { figures in
      guard let figure = figures.best(what, host), let other = figures.best(json, host) else { return nil }
      return figure / other
    }
  }

  /// Flat is what cannot be a leak: less than 32 bytes a context, 3 bytes a call.
  private static func flat(_ title: String, _ what: Case) -> Target {
    Target(title: title, limit: 2048, unit: .kibibytes) { $0.all(what, .cABI).max() }
  }

  /// All of them, a line each: what, measured, limit, yes or no.
  static func list(_ figures: Figures) -> String {
    let titles = all.map(\.title.count).max() ?? 0
    return all.map { target in
      let title = target.title.padding(toLength: titles, withPad: " ", startingAt: 0)
      let sign = target.inclusive ? "<=" : "< "
      guard let value = target.measured(figures), let met = target.isMet(figures) else {
        return "\(title)  not measured"
      }
      let digits = target.unit == .milliseconds ? 2 : target.limit < 100 ? 3 : 0
      let measured = String(format: "%9.\(digits)f", value)
      let limit = String(format: "%5g", target.limit)
      return "\(title) \(measured)  \(sign) \(limit) \(target.unit.rawValue)  \(met ? "yes" : "NO")"
    }.joined(separator: "\n")
  }
}
