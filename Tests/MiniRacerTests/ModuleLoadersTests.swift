import Foundation
import MiniRacer
import Testing

/// What a host's `resolve` and `load` are given, with and without files.
@Suite("Module loaders", .timeLimit(.minutes(1)))
struct ModuleLoadersTests {
  let context: JSContext
  let folder: TemporaryFolder

  init() throws {
    context = try JSContext()
    folder = try TemporaryFolder()
    _ = try folder.write(
      Array("export { b } from './b.mjs'; export { c } from 'virtual:c'; export const from = import.meta.from".utf8),
      to: "a.mjs")
    _ = try folder.write(Array("export const b = 1".utf8), to: "b.mjs")
  }

  private static let styles = """
    import sheet from './a.css' assert { type: 'css' }
    import { plain } from './plain.js'
    export { sheet, plain }
    """

  /// As a host serves style sheets, and tells what it was asked.
  @Sendable private static func load(_ url: String, _ attributes: [String: String]) -> JSModule? {
    if attributes["type"] == "css" { return .exports(["default": "\(url) as \(attributes)"]) }
    return .source("export const plain = '\(attributes)'")
  }

  // Without blocking a thread of those that the closures run on.
  private func check(_ sheet: String = "a.css") async throws {
    let module = try await context.evaluateModuleAsync(Self.styles, name: "main.js")
    #expect(try module.sheet == .string(#"\#(sheet) as ["type": "css"]"#))
    #expect(try module.plain == "[:]")
  }

  @Test("load is given the attributes")
  func attributes() async throws {
    try context.setModuleLoader { url, attributes in Self.load(url, attributes) }
    try await check()
  }

  @Test("an async load is given the attributes")
  func asyncAttributes() async throws {
    try context.setModuleLoader { (url: String, attributes: [String: String]) async throws -> JSModule? in
      try await Task.sleep(for: .milliseconds(1))
      return Self.load(url, attributes)
    }
    try await check()
  }

  @Test("with an async resolve, load is given the attributes")
  func asyncResolve() async throws {
    try context.setModuleLoader(
      resolve: { request async in request.attributes["type"] == "css" ? "a.css" : "plain.js" },
      load: { url, attributes in Self.load(url, attributes) })
    try await check()
  }

  @Test("files: resolve is asked first, and load gives what it names")
  func files() throws {
    try context.setFileLoader(
      root: folder.url.path, modules: ["host": .exports(["x": 3])],
      resolve: { request in
        if request.specifier == "alias" { return "host" }
        return request.specifier.hasPrefix("virtual:") ? request.specifier : nil
      },
      meta: { meta, url in try meta.set("from", url.hasSuffix("a.mjs") ? "a file" : "elsewhere") },
      load: { url in url == "virtual:none" ? nil : .source("export const c = '\(url)'") })
    let module = try context.importModule("./a.mjs")
    #expect(try [module.b, module.c, module.from] == [1, "virtual:c", "a file"])
    #expect(try context.importModule("host").x == 3)
    #expect(try context.importModule("alias").x == 3)
    let error = try #require(throws: JSError.self) {
      try context.evaluateModule("import 'virtual:none'", name: "main.mjs")
    }
    #expect(error.message == "there is no module 'virtual:none', which 'main.mjs' imports")
    // The files are there to be read, and nothing else is.
    #expect(throws: JSError.self) { try context.importModule("/etc/passwd") }
  }

  @Test("files: the forms with attributes")
  func fileAttributes() async throws {
    let resolve: @Sendable (JSImport) -> String? = { $0.specifier.hasPrefix("./b") ? nil : $0.specifier }
    try context.setFileLoader(
      root: folder.url.path, resolve: resolve, load: { url, attributes in Self.load(url, attributes) })
    try await check("./a.css")
    #expect(try context.importModule("./b.mjs").b == 1)
  }

  @Test("files: closures that take their time")
  func asyncFiles() async throws {
    try context.setFileLoader(
      root: folder.url.path, require: true, modules: ["host": .exports(["x": 3])],
      resolve: { request async throws -> String? in
        try await Task.sleep(for: .milliseconds(1))
        return request.specifier.hasPrefix("virtual:") ? request.specifier : nil
      },
      load: { url async throws -> JSModule? in
        try await Task.sleep(for: .milliseconds(1))
        return .source("export const c = '\(url)'")
      })
    let module = try await context.importModuleAsync("./a.mjs")
    #expect(try [module.b, module.c] == [1, "virtual:c"])
    #expect(try await context.importModuleAsync("host").x == 3)
    let error = try #require(throws: JSError.self) { try context.evaluate("require('./b.mjs')") }
    #expect(error.name == "TypeError")

    try context.setFileLoader(
      root: folder.url.path, resolve: { request in request.specifier.hasPrefix("./b") ? nil : request.specifier },
      load: { (url: String, attributes: [String: String]) async throws -> JSModule? in Self.load(url, attributes) })
    try await check("./a.css")
  }

  @Test("files: closures that take their time are given the attributes")
  func asyncFileAttributes() async throws {
    try context.setFileLoader(
      root: folder.url.path,
      resolve: { request async in request.specifier.hasPrefix("./b") ? nil : request.specifier },
      load: { (url: String, attributes: [String: String]) async throws -> JSModule? in Self.load(url, attributes) })
    try await check("./a.css")
    #expect(try await context.importModuleAsync("./b.mjs").b == 1)
  }

  @Test("an export's name may be a number")
  func numberedExport() throws {
    try context.setModuleLoader(modules: ["numbers": .exports(["0": 1, "1": "one", "default": 2])])
    let numbers = try context.importModule("numbers")
    #expect(try [numbers.get("0"), numbers.get(1), numbers.get("default")] == [1, "one", 2])
    #expect(
      try context.evaluateModule("import { '0' as zero } from 'numbers'; export { zero }", name: "main.js").zero == 1)
  }
}
