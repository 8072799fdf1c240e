// A TeX formula to MathML by KaTeX. What a user types must not hold the program up: the run has a deadline.
import Foundation
import MiniRacer

@main
struct Formula {
  static func main() throws {
    let formula = CommandLine.arguments.dropFirst().first ?? #"\frac{-b \pm \sqrt{b^2 - 4ac}}{2a}"#
    let context = try JSContext(.init(heapLimit: 128 << 20, timeout: .seconds(5)))
    try context.evaluate(try String(contentsOfFile: "build/js/katex.js", encoding: .utf8), fileName: "katex.js")
    let katex = try context.global.get("katex", as: JSObject.self)
    do {
      let options = try context.makeObject(["output": "mathml"])
      print(try katex.renderToString(formula, options))
    } catch let error as JSError {
      print("\(error.name ?? "error"): \(error.message)")
    }
  }
}
