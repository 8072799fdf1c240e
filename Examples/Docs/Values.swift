// The Swift of docs/values.md, word for word; a test compares the two.
import Foundation
import MiniRacer

struct Person: Codable {
  let name: String
  let born: Date?
}

extension Pages {
  static func values() async throws {
    let context = try JSContext()
    let people = try context.evaluate("[{ name: 'Ada', born: new Date(0) }]")
    print(try people.decode([Person].self)[0].name)  // Ada
    print(try people.tree()[0]!["born"] == .date(0))  // true
    print(try context.evaluate("({ f() {}, n: 2 })").tree(.init(unconvertible: .drop)) == ["n": 2])  // true
  }
}
