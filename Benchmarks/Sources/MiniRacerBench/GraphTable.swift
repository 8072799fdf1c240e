import Foundation

/// Graphs beside JSON, by the number of records: the fastest of all rounds. "first" is the first call in a fresh isolate; "raw
/// V8" are ValueSerializer, JSON::Stringify, ValueDeserializer, JSON::Parse, and V8's C++ interface for properties.
struct GraphTable: CustomStringConvertible {
  let figures: Figures

  private static let operations = ["graph_encode", "json_stringify", "graph_decode", "json_parse"]
  private static let byProperty = "read property by property"
  private static let sizes = ["1 record", "10 records", "1,000 records", "10,000 records"]

  /// Whether the figures of a case are here.
  static func shows(_ what: Case) -> Bool {
    (operations + [byProperty]).contains { what.name.hasPrefix("\($0), ") }
  }

  var description: String {
    var rows = [["", ""] + Self.operations + [Self.byProperty]]
    for size in Self.sizes {
      rows.append(row(size, "C ABI", size, .cABI))
      rows.append(row("", "first", "\(size), first", .cABI))
      rows.append(row("", "raw V8", size, .rawV8))
    }
    return Table.lines(rows).joined(separator: "\n")
  }

  private func row(_ title: String, _ who: String, _ size: String, _ host: Host) -> [String] {
    [title, who]
      + (Self.operations + [Self.byProperty]).map { operation in
        guard let figure = figures.best(Case(name: "\(operation), \(size)"), host) else { return "" }
        let unit = Unit.fitting(figure)
        return "\(unit.text(figure)) \(unit.name)"
      }
  }
}
