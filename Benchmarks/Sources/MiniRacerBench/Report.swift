import Foundation

/// All figures, for other programs: `--json FILE`.
struct Report: Encodable {
  struct Entry: Encodable {
    let name: String
    let host: String
    let unit: String
    let fastest: Double
    let median: Double
    let ratioToRawV8: Double?
    /// In the order in which they were measured.
    let all: [Double]
  }

  struct Goal: Encodable {
    let title: String
    let unit: Target.Unit
    let limit: Double
    let measured: Double?
    let met: Bool?
  }

  let machine: Machine
  let rounds: Int
  let cases: [Entry]
  let targets: [Goal]

  init(_ figures: Figures, _ machine: Machine, rounds: Int) {
    self.machine = machine
    self.rounds = rounds
    cases = figures.cases.flatMap { what in
      figures.hosts.compactMap { host in
        guard let fastest = figures.best(what, host), let median = figures.median(what, host) else { return nil }
        return Entry(
          name: what.name, host: host.rawValue, unit: what.isMemory ? "KiB" : "ns", fastest: fastest, median: median,
          ratioToRawV8: figures.ratio(what, host), all: figures.all(what, host))
      }
    }
    targets = Target.all.map { target in
      Goal(
        title: target.title, unit: target.unit, limit: target.limit, measured: target.measured(figures),
        met: target.isMet(figures))
    }
  }

  /// Whether the file can be written, asked before minutes of measuring.
  static func check(_ file: String) throws {
    guard let open = fopen(file, "a") else { throw Failure("\(file): \(String(cString: strerror(errno)))") }
    fclose(open)
  }

  func write(to file: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try (encoder.encode(self) + Data("\n".utf8)).write(to: URL(filePath: file))
  }
}
