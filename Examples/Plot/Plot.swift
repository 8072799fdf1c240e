// A chart by D3 of Swift's data: the arrays are lent, nothing of them is copied.
import Foundation
import MiniRacer

@main
struct Plot {
  static func angle(_ time: Double) -> Double { 30 * exp(-time / 8) * cos(2 * .pi * time / 2.5) }

  static func main() throws {
    // x and y in turn.
    var model = (0...400).map { Double($0) / 20 }.flatMap { [$0, angle($0)] }
    var measured = (0...20).map(Double.init).flatMap { [$0, angle($0) + 2 * sin(7 * $0)] }

    let context = try JSContext()
    let packages = ["nodejs", "javascript"].map { "build/js/usr/share/\($0)" }
    try context.setFileLoader(root: "Examples", packages: packages, require: true)
    let chart = try context.importModule("./plot.mjs")
    let svg = try context.withLent(&model) { line in
      try context.withLent(&measured) { dots in
        try chart.plot(
          context.makeObject([
            "title": "A pendulum", "xLabel": "time in seconds", "yLabel": "angle in degrees",
            "series": [
              context.makeObject(["name": "model", "points": line]),
              context.makeObject(["name": "measured", "points": dots, "dots": true]),
            ],
          ]))
      }
    }
    let path = CommandLine.arguments.dropFirst().first ?? "plot.svg"
    try svg.description.write(toFile: path, atomically: true, encoding: .utf8)
  }
}
