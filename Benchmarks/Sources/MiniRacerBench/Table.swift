import Foundation

/// The figures for people: a line per case with the fastest of all rounds and its ratio to raw V8, one with the median.
struct Table: CustomStringConvertible {
  let figures: Figures

  var description: String {
    let hosts = figures.hosts
    var rows = [["", ""] + hosts.map(\.rawValue)]
    for what in figures.cases where !GraphTable.shows(what) {
      let unit = Unit.fitting(what, hosts.compactMap { figures.best(what, $0) })
      rows.append([what.title, unit.name] + hosts.map { best(what, $0, unit) })
      if hosts.contains(where: { figures.all(what, $0).count > 1 }) {
        rows.append(["", "median"] + hosts.map { figures.median(what, $0).map { unit.text($0) + Self.noRatio } ?? "" })
      }
    }
    return Self.lines(rows).joined(separator: "\n")
  }

  /// As wide as a ratio, to keep the figures below each other.
  private static let noRatio = String(repeating: " ", count: 8)

  private func best(_ what: Case, _ host: Host, _ unit: Unit) -> String {
    guard let figure = figures.best(what, host) else { return "" }
    guard host != .rawV8, let ratio = figures.ratio(what, host) else { return unit.text(figure) + Self.noRatio }
    return unit.text(figure) + Self.right(String(format: ratio < 100 ? "%.2fx" : "%.0fx", ratio), Self.noRatio.count)
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  static func lines(_ rows: [[String]]) -> [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        column < 2
          ? row[column].padding(toLength: widths[column], withPad: " ", startingAt: 0)
          : right(row[column], widths[column])
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}

/// The unit that a row of the table is in.
struct Unit {
  let name: String
  let size: Double
  let format: String

  static let microseconds = Unit(name: "us", size: 1e3, format: "%.3f")
  static let milliseconds = Unit(name: "ms", size: 1e6, format: "%.2f")
  static let kibibytes = Unit(name: "KiB", size: 1, format: "%.0f")

  /// By the first column, the yardstick where there is one.
  static func fitting(_ what: Case, _ figures: [Double]) -> Unit {
    what.isMemory ? kibibytes : fitting(figures.first ?? 0)
  }

  static func fitting(_ nanoseconds: Double) -> Unit { nanoseconds < 1e5 ? microseconds : milliseconds }

  func text(_ figure: Double) -> String { String(format: format, figure / size) }
}
