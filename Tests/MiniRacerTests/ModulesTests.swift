import Foundation
import MiniRacer
import Testing

@Suite("Modules", .serialized, .timeLimit(.minutes(1)))
struct ModulesTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  struct Missing: Error, Equatable { let url: String }

  @Test("modules by a closure")
  func loader() throws {
    let sources = [
      "lib/main.js": "export { two } from './two.js'; export default 1", "lib/two.js": "export const two = 2",
    ]
    try context.setModuleLoader { request in
      guard let source = sources[request.url] else { throw Missing(url: request.url) }
      return .source(source)
    }
    let main = try context.importModule("lib/main.js")
    #expect(main.kind == .moduleNamespace)
    #expect(try main.two == 2)
    #expect(try main.get("default") == 1)
    #expect(try context.importModule("./two.js", referrer: "lib/main.js").two == 2)
    #expect(throws: Missing(url: "other")) { try context.importModule("other") }
  }

  @Test("an error of a closure is itself, and its stack tells who imported")
  func importer() throws {
    try context.setModuleLoader { request in
      guard request.url == "user.js" else { throw Missing(url: request.url) }
      return .source("globalThis.used = 1;\nimport 'data'")
    }
    #expect(throws: Missing(url: "data")) { try context.importModule("user.js") }
    let told = try context.evaluate("import('user.js').catch(error => error.stack)").object as? JSPromise
    let stack = try #require(try told?.wait().string)
    #expect(stack.split(separator: "\n").suffix(2) == ["    at user.js:2:8", "    at <anonymous>:1:1"])
  }

  @Test("async closures, and imports that block no thread")
  func asyncLoader() async throws {
    try context.setModuleLoader { request in
      try await Task.sleep(for: .milliseconds(2))
      let url = request.url
      if url == "none" { return nil }
      if url == "bad" { throw Missing(url: url) }
      return .source("export const url = '\(url)'; export default await Promise.resolve(5)")
    }
    let module = try await context.importModuleAsync("a.js")
    #expect(try module.url == "a.js")
    #expect(try module.get("default") == 5)
    #expect(try await context.evaluateAsync("import('b.js').then(m => m.url)") == "b.js")
    await #expect(throws: Missing(url: "bad")) { try await context.importModuleAsync("bad") }
    await #expect(throws: JSError.self) { try await context.importModuleAsync("none") }
  }

  @Test("modules of the host's, and JSON")
  func hostModules() throws {
    let add = try context.makeFunction("add") { (a: Int, b: Int) in a + b }
    try context.setModuleLoader(
      JSModuleLoader(modules: [
        "app:math": .exports(["add": add, "pi": 3.14, "default": "math"]), "data": .json(#"{"a":[1]}"#),
      ]))
    let module = try context.evaluateModule(
      """
      import math, { add, pi } from 'app:math'
      export const result = [math, add(40, 2), pi]
      """, name: "main.js")
    #expect(try module.result.tree() == ["math", 42, 3.14])
    #expect(
      try context.evaluateModule("import d from 'data' assert { type: 'json' }; export default d.a[0]", name: "json.js")
        .get("default") == 1)
  }

  @Test("resolving and import.meta")
  func resolve() throws {
    try context.setModuleLoader(
      JSModuleLoader()
        .resolving { $0.specifier == "short" ? "https://example.org/\($0.referrer ?? "-").js" : nil }
        .loading { _ in .source("export default import.meta.note + ' ' + import.meta.url") },
      meta: { meta, url in try meta.set("note", "from \(url)") })
    let main = try context.evaluateModule(
      "export { default } from 'short'; export const resolved = import.meta.resolve('short')", name: "main")
    #expect(try main.get("default") == "from https://example.org/main.js https://example.org/main.js")
    #expect(try main.resolved == "https://example.org/main.js")
  }

  @Test("resolving that takes its time")
  func asyncResolve() async throws {
    try context.setModuleLoader(
      JSModuleLoader(modules: ["app:host": .exports(["x": 1])])
        .resolving { request in
          try await Task.sleep(for: .milliseconds(2))
          if request.specifier == "gone" { throw Missing(url: request.specifier) }
          return request.specifier == "short" ? "https://example.org/\(request.referrer ?? "-").js" : nil
        }
        .loading { _ in .source("export default import.meta.note") },
      meta: { meta, url in try meta.set("note", "from \(url)") })
    let module = try await context.evaluateModuleAsync(
      """
      export { default } from 'short'; export { default as near } from './near.js'; export { x } from 'app:host'
      export const again = (await import('short')).default, host = import.meta.resolve('app:host')
      """, name: "lib/main")
    let text = JSValue.string("from https://example.org/lib/main.js")
    #expect(try [module.get("default"), module.again] == [text, text])
    #expect(try [module.near, module.x, module.host] == ["from lib/near.js", 1, "app:host"])
    await #expect(throws: Missing(url: "gone")) {
      try await context.evaluateModuleAsync("import 'gone'", name: "gone.js")
    }
    let told = try await context.evaluateModuleAsync(
      "export default await import('gone').catch(error => error.stack)", name: "stack.js")
    #expect(try told.get("default").string?.split(separator: "\n").last == "    at stack.js:1:16")
    let error = try await #require(throws: JSError.self) {
      try await context.evaluateModuleAsync("import.meta.resolve('short')", name: "resolve.js")
    }
    #expect(error.name == "TypeError")
    #expect(error.message.hasSuffix("is asynchronous, for which import.meta.resolve() cannot wait"))
  }

  @Test("resolving that never ends keeps nothing else, and ends with the context")
  func neverResolved() async throws {
    try context.setModuleLoader(
      JSModuleLoader()
        .resolving { request in
          if request.specifier != "fine" { try await Task.sleep(for: .seconds(3600)) }
          return request.specifier
        }
        .loading { _ in .source("export default 1") })
    let error = try #require(throws: MiniRacerError.self) {
      try context.importModule("never", timeout: .milliseconds(20))
    }
    #expect(error.code == .timeout)
    #expect(try context.importModule("fine").get("default") == 1)
    let promise = try context.beginImport("other")
    let waiting = Task { try await promise.value }
    try await Task.sleep(for: .milliseconds(2))
    context.close()
    await #expect(throws: (any Error).self) { try await waiting.value }
  }

  @Test("modules whose text is here")
  func evaluate() async throws {
    #expect(try context.evaluateModule("export const a = 1", name: "a.js").a == 1)
    #expect(try await context.evaluateModuleAsync("export const b = await 2", name: "b.js").b == 2)
    let error = try #require(throws: JSError.self) { try context.evaluateModule("export const", name: "c.js") }
    #expect(error.kind == .syntaxError)
    #expect(error.fileName == "c.js")
    #expect(throws: JSError.self) { try context.evaluateModule("throw new RangeError('x')", name: "d.js") }
  }

  @Test("a module that is not there: who imports it, and where")
  func notFound() throws {
    try context.setModuleLoader(JSModuleLoader(modules: ["main.js": .source("\n\nimport 'nowhere'")]))
    let error = try #require(throws: JSError.self) { try context.importModule("main.js") }
    #expect(error.message == "there is no module 'nowhere', which 'main.js' imports")
  }

  @Test("without a loader imports are refused")
  func noLoader() throws {
    #expect(throws: JSError.self) { try context.importModule("x") }
  }

  @Test("files below a folder, and nothing else")
  func files() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("node_modules/pack"), withIntermediateDirectories: true)
    func write(_ text: String, _ name: String) throws { _ = try folder.write(Array(text.utf8), to: name) }
    try write("import { b } from './b.mjs'; import pack from 'pack'; export default b + pack", "a.mjs")
    try write("export const b = 40", "b.mjs")
    try write(#"{"name": "pack", "main": "main.js"}"#, "node_modules/pack/package.json")
    try write("module.exports = 2", "node_modules/pack/main.js")
    try write("import '../../etc/passwd'", "escape.mjs")
    try context.setFileLoader(
      root: folder.url.path, require: true, first: JSModuleLoader(modules: ["host": .exports(["x": 1])]))
    #expect(try context.importModule("./a.mjs").get("default") == 42)
    #expect(try context.importModule("host").x == 1)
    #expect(throws: JSError.self) { try context.importModule("./escape.mjs") }
    try write("export const extra = import.meta.extra", "meta.mjs")
    try context.setFileLoader(
      root: folder.url.path, meta: { meta, url in try meta.set("extra", url.hasSuffix("meta.mjs")) })
    #expect(try context.importModule("./meta.mjs").get("extra") == true)
    let error = try #require(throws: MiniRacerError.self) { try context.setFileLoader(root: folder.path("nowhere")) }
    #expect(error.code == .invalidArgument)
  }

  @Test("a path or a condition that holds their separator is refused, and not split")
  func separators() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a:b")
    let error = try #require(throws: MiniRacerError.self) {
      try context.setFileLoader(root: folder.url.path, packages: ["/", path])
    }
    #expect(error.code == .invalidArgument)
    #expect(error.message == "packages: a folder with ':' in it cannot be told: '\(path)'")
    let other = try #require(throws: MiniRacerError.self) {
      try context.setFileLoader(root: folder.url.path, conditions: ["a,b"])
    }
    #expect(other.message == "conditions: a condition with ',' in it cannot be told: 'a,b'")
  }
}
