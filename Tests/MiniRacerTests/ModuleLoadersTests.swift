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
  @Sendable private static func load(_ request: JSModuleRequest) -> JSModule? {
    if request.attributes["type"] == "css" { return .exports(["default": "\(request.url) as \(request.attributes)"]) }
    return .source("export const plain = '\(request.attributes)'")
  }

  // Without blocking a thread of those that the closures run on.
  private func check(_ sheet: String = "a.css") async throws {
    let module = try await context.evaluateModuleAsync(Self.styles, name: "main.js")
    #expect(try module.sheet == .string(#"\#(sheet) as ["type": "css"]"#))
    #expect(try module.plain == "[:]")
  }

  @Test("load is given the attributes")
  func attributes() async throws {
    try context.setModuleLoader(load: Self.load)
    try await check()
  }

  @Test("an async load is given the attributes")
  func asyncAttributes() async throws {
    try context.setModuleLoader { request in
      try await Task.sleep(for: .milliseconds(1))
      return Self.load(request)
    }
    try await check()
  }

  @Test("with an async resolve, load is given the attributes")
  func asyncResolve() async throws {
    try context.setModuleLoader(
      JSModuleLoader()
        .resolving { request async in request.attributes["type"] == "css" ? "a.css" : "plain.js" }
        .loading(Self.load))
    try await check()
  }

  @Test("files: resolve is asked first, and load gives what it names")
  func files() throws {
    try context.setFileLoader(
      root: folder.url.path,
      first: JSModuleLoader(modules: ["host": .exports(["x": 3])])
        .resolving { request in
          if request.specifier == "alias" { return "host" }
          return request.specifier.hasPrefix("virtual:") ? request.specifier : nil
        }
        .loading { $0.url == "virtual:none" ? nil : .source("export const c = '\($0.url)'") },
      meta: { meta, url in try meta.set("from", url.hasSuffix("a.mjs") ? "a file" : "elsewhere") })
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

  @Test("files: load is given the attributes")
  func fileAttributes() async throws {
    try context.setFileLoader(
      root: folder.url.path,
      first: JSModuleLoader()
        .resolving { $0.specifier.hasPrefix("./b") ? nil : $0.specifier }
        .loading(Self.load))
    try await check("./a.css")
    #expect(try context.importModule("./b.mjs").b == 1)
  }

  @Test("files: closures that take their time")
  func asyncFiles() async throws {
    try context.setFileLoader(
      root: folder.url.path, require: true,
      first: JSModuleLoader(modules: ["host": .exports(["x": 3])])
        .resolving { request in
          try await Task.sleep(for: .milliseconds(1))
          return request.specifier.hasPrefix("virtual:") ? request.specifier : nil
        }
        .loading { request in
          try await Task.sleep(for: .milliseconds(1))
          return .source("export const c = '\(request.url)'")
        })
    let module = try await context.importModuleAsync("./a.mjs")
    #expect(try [module.b, module.c] == [1, "virtual:c"])
    #expect(try await context.importModuleAsync("host").x == 3)
    let error = try #require(throws: JSError.self) { try context.evaluate("require('./b.mjs')") }
    #expect(error.name == "TypeError")

    try context.setFileLoader(
      root: folder.url.path,
      first: JSModuleLoader()
        .resolving { $0.specifier.hasPrefix("./b") ? nil : $0.specifier }
        .loading { request async in Self.load(request) })
    try await check("./a.css")
  }

  @Test("files: closures that take their time are given the attributes")
  func asyncFileAttributes() async throws {
    try context.setFileLoader(
      root: folder.url.path,
      first: JSModuleLoader()
        .resolving { request async in request.specifier.hasPrefix("./b") ? nil : request.specifier }
        .loading { request async in Self.load(request) })
    try await check("./a.css")
    #expect(try await context.importModuleAsync("./b.mjs").b == 1)
  }

  @Test("files: a load that would never be asked is refused")
  func loadWithoutResolve() throws {
    let error = try #require(throws: MiniRacerError.self) {
      try context.setFileLoader(root: folder.url.path, first: JSModuleLoader().loading(Self.load))
    }
    #expect(error.code == .invalidArgument)
    #expect(error.message == "a loader with no resolving is never asked to load: all else is a file")
  }

  @Test("without closures, what is no module of the host's is not there")
  func noClosures() throws {
    try context.setModuleLoader(JSModuleLoader(modules: ["host": .exports(["x": 3])]))
    #expect(try context.importModule("host").x == 3)
    let error = try #require(throws: JSError.self) { try context.importModule("other") }
    #expect(error.message == "there is no module 'other'")
  }

  @Test("an export's name may be a number")
  func numberedExport() throws {
    try context.setModuleLoader(JSModuleLoader(modules: ["numbers": .exports(["0": 1, "1": "one", "default": 2])]))
    let numbers = try context.importModule("numbers")
    #expect(try [numbers.get("0"), numbers.get(1), numbers.get("default")] == [1, "one", 2])
    #expect(
      try context.evaluateModule("import { '0' as zero } from 'numbers'; export { zero }", name: "main.js").zero == 1)
  }
}
