// The Swift of docs/modules.md, word for word; a test compares the two.
import MiniRacer

extension Pages {
  static func modules() async throws {
    let context = try JSContext()
    let module = try context.evaluateModule("export const answer = await Promise.resolve(42)", name: "main.mjs")
    print(try module.answer)  // 42

    let hour = try context.makeFunction("hour") { 12 }
    try context.setModuleLoader(JSModuleLoader(modules: ["app:clock": .exports(["hour": hour, "zone": "UTC"])]))
    let clock = try context.evaluateModule(
      "import { hour, zone } from 'app:clock'; export const text = `${hour()} ${zone}`", name: "clock.mjs")
    print(try clock.text)  // 12 UTC

    let sources = ["lib/main.js": "export { two } from './two.js'", "lib/two.js": "export const two = 2"]
    try context.setModuleLoader { request in sources[request.url].map { .source($0) } }
    print(try context.importModule("lib/main.js").two)  // 2

    let mirrors = ["lib": "https://example.org/lib.js"]
    try context.setModuleLoader(
      JSModuleLoader()
        .resolving { request async in mirrors[request.specifier] }
        .loading { request in .source("export default '\(request.url)'") })
    print(try context.importModule("lib").get("default"))  // https://example.org/lib.js

    try context.setModuleLoader { request in
      request.attributes["type"] == "css" ? .exports(["default": "the sheet \(request.url)"]) : nil
    }
    let styles = try context.evaluateModule(
      "import sheet from './a.css' assert { type: 'css' }; export { sheet }", name: "styles.mjs")
    print(try styles.sheet)  // the sheet a.css

    let files = try JSContext()
    try files.setFileLoader(
      root: "Examples", packages: ["build/js/usr/share/nodejs", "build/js/usr/share/javascript"], require: true)
    let scale = try files.evaluateModule(
      "import { scaleLinear } from 'd3-scale'; export default scaleLinear([0, 10], [0, 100])(5)",
      name: "scale.mjs")
    print(try scale.get("default"))  // 50
    try files.setFileLoader(
      root: "Examples",
      first: JSModuleLoader()
        .resolving { $0.specifier.hasPrefix("app:") ? $0.specifier : nil }
        .loading { .source("export default '\($0.url)'") })
    print(try files.importModule("app:version").get("default"))  // app:version
  }
}
