// A rules engine: users write rules, each a script that gives facts about an order. One may fail, the others count.
import Foundation
import MiniRacer

struct Order: Encodable {
  struct Gift: Encodable {
    let name: String
    let price: Double
  }
  let customer = 7
  let city = "Leeds"
  let total = 620.0
  let gifts = [Gift(name: "Mug", price: 12)]
}

struct NoSuchCity: Error { let name: String }

@main
struct RulesEngine {
  static func main() throws {
    var facts: [String: Double] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: "Examples/rules").sorted() {
      // One of its own: no rule can disturb another.
      let context = try JSContext(.init(heapLimit: 64 << 20, timeout: .milliseconds(200)))
      try context.setFunction("customer") { (number: Int) in ["orders": 41] }
      try context.setFunction("distance") { (city: String) throws in
        guard let kilometres = ["York": 38.5][city] else { throw NoSuchCity(name: city) }
        return kilometres
      }
      try context.global.set("order", context.encode(Order()))
      let rule = try String(contentsOfFile: "Examples/rules/\(name)", encoding: .utf8)
      do {
        facts.merge(try context.evaluate(rule, fileName: name).decode()) { $1 }
      } catch let error as JSError {  // thrown, or no JavaScript
        print("\(name):\(error.line):\(error.column): \(error.message)")
      } catch let error as MiniRacerError {  // ended by a limit
        print("\(name): \(error.code)")
      } catch let error as NoSuchCity {  // distance's own
        print("\(name): no such city: \(error.name)")
      }
    }
    print(facts)
  }
}
