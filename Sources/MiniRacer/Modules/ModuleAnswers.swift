internal import Synchronization

/// What the host answers where an import is resolved and loaded: by its modules first, then by its closures.
struct ModuleAnswers: Sendable {
  private let loader: JSModuleLoader
  private let referrers = Referrers()
  private var modules: [String: JSModule] { loader.modules }

  init(_ loader: JSModuleLoader) { self.loader = loader }

  /// `(specifier, referrer, attributes) -> URL`, as the library calls it.
  ///
  /// - Parameter leavesTheRest: what the host has no answer to is for the library's files. Otherwise it is a URL, joined to
  ///   the referrer's where it is relative.
  func makeResolve(in context: JSContext, leavingTheRest leavesTheRest: Bool) throws -> JSFunction {
    @Sendable func answer(_ url: String?, _ request: JSImport) -> JSValue {
      guard let url = url ?? (leavesTheRest ? nil : Self.joined(request.specifier, to: request.referrer)) else {
        return .undefined
      }
      referrers.note(url, request)
      return .string(url)
    }
    switch loader.resolve ?? .now({ _ in nil }) {
    case .later(let resolve):
      return try context.makeFunction("resolve", length: 0, flags: JSContext.flags(false)) { [modules] call in
        let request = try JSImport(call.all())
        guard modules[request.specifier] == nil else {
          return try call.finish(answer(request.specifier, request))
        }
        try call.settleLater { _ in { try await answer(resolve(request), request) } }
      }
    case .now(let resolve):
      return try context.makeFunction(
        "resolve",
        arguments: { [modules] (call: JSCall) throws -> JSValue in
          let request = try JSImport(call)
          return try answer(modules[request.specifier] == nil ? resolve(request) : request.specifier, request)
        })
    }
  }

  /// `(url, attributes) -> module`, as the library calls it.
  func makeLoad(in context: JSContext) throws -> JSFunction {
    switch loader.load ?? .now({ _ in nil }) {
    case .later(let load):
      return try context.makeFunction("load", length: 0, flags: JSContext.flags(false)) { [modules, referrers] call in
        let request = try JSModuleRequest(call.all())
        if let module = modules[request.url] { return try call.finish(module.jsValue(in: call.context)) }
        try call.settleLater { _ in
          { () async throws -> JSModule in
            guard let module = try await load(request) else { throw referrers.notFound(request.url) }
            return module
          }
        }
      }
    case .now(let load):
      return try context.makeFunction(
        "load",
        arguments: { [modules, referrers] (call: JSCall) throws -> JSModule in
          let request = try JSModuleRequest(call)
          guard let module = try modules[request.url] ?? load(request) else { throw referrers.notFound(request.url) }
          return module
        })
    }
  }

  /// A relative specifier with what it is relative to: "./b.js" in "lib/a.js" is "lib/b.js".
  private static func joined(_ specifier: String, to referrer: String?) -> String {
    guard specifier.hasPrefix("./") || specifier.hasPrefix("../") else { return specifier }
    var base = (referrer ?? "").split(separator: "/", omittingEmptySubsequences: false).dropLast().map(String.init)
    for step in specifier.split(separator: "/", omittingEmptySubsequences: false) {
      switch step {
      case ".": continue
      case "..": if base.last?.isEmpty == false { base.removeLast() }
      default: base.append(String(step))
      }
    }
    return base.joined(separator: "/")
  }
}

/// Who asked for a module first, for the error that says that there is none.
private final class Referrers: Sendable {
  private let byURL = Mutex<[String: String]>([:])

  func note(_ url: String, _ request: JSImport) {
    guard let referrer = request.referrer else { return }
    byURL.withLock { byURL in if byURL[url] == nil { byURL[url] = referrer } }
  }

  func notFound(_ url: String) -> JSError {
    let referrer = byURL.withLock { $0[url] }
    return JSError(message: "there is no module '\(url)'" + (referrer.map { ", which '\($0)' imports" } ?? ""))
  }
}
