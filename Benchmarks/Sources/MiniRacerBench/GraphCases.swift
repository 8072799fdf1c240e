import Foundation
import MiniRacer

/// 10,000 records of five fields across the border in Swift, beside Foundation's JSON coders on the same data. The time that
/// JavaScript takes for its half of JSON, `JSON.stringify` or `JSON.parse`, is not counted.
struct GraphCases {
  struct Record: Codable, Equatable {
    let id: Int
    let name: String
    let score: Double
    let active: Bool
    let tags: [String]
  }

  /// The same in every host.
  static let source = """
    Array.from({length: 10000}, (_, i) => ({
      id: i, name: 'record number ' + i, score: i * 1.5 + 0.25, active: i % 3 === 0, tags: ['tag' + i % 7, 'all'],
    }))
    """

  private let context: JSContext
  private let value: JSValue
  private let records: [Record]
  private let json: Data

  init(_ library: MiniRacerLibrary) throws {
    context = try JSContext(library: library)
    value = try context.evaluate(Self.source)
    records = try value.decode([Record].self)
    json = Data(try context.evaluate("JSON.stringify(\(Self.source))", as: String.self).utf8)
    guard try records.count == 10000 && records == JSONDecoder().decode([Record].self, from: json),
      try context.encode(records).decode([Record].self) == records
    else { throw Failure("Swift: the records are not what they were") }
  }

  func run(_ report: (Case, Double) -> Void) throws {
    try report(.recordsOut, repeated { _ = try value.decode([Record].self) })
    try report(.recordsOutByJSON, repeated { _ = try JSONDecoder().decode([Record].self, from: json) })
    try report(.recordsOutAsTree, repeated { _ = try value.tree() })
    try report(.recordsIn, repeated { _ = try context.encode(records) })
    try report(.recordsInByJSON, repeated { _ = try JSONEncoder().encode(records) })
  }

  private func repeated(_ operation: () throws -> Void) throws -> Double {
    try measure { count in for _ in 0..<count { try operation() } }
  }
}
