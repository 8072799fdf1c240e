// A Handlebars template whose helper is a Swift closure.
import Foundation
import MiniRacer

@main
struct Template {
  static func main() throws {
    let context = try JSContext()
    let library = try String(contentsOfFile: "build/js/handlebars.js", encoding: .utf8)
    try context.evaluate(library, fileName: "handlebars.js")

    let handlebars = try context.global.get("Handlebars", as: JSObject.self)
    let price = try context.makeFunction("price") { (cents: Int) in
      "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100) EUR"
    }
    try handlebars.registerHelper("price", price)

    let template = try JSFunction.construct(
      from: handlebars.compile("Dear {{name}},\n{{#each items}}- {{what}}: {{price cents}}\n{{/each}}"))
    let items: [[String: JSValue]] = [
      ["what": "Tea", "cents": 350],
      ["what": "Cake & <cream>", "cents": 1205],
    ]
    print(try template(context.makeObject(["name": "Ada", "items": items])), terminator: "")
  }
}
