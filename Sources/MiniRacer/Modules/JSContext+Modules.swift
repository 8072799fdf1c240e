internal import CMiniRacer
internal import Synchronization

// MARK: - Importing

extension JSContext {
  /// `import(specifier)`: loads a module with all that it imports, runs it and gives its namespace. Waits for top-level awaits
  /// on this thread, and runs the event loop meanwhile where nobody else does.
  ///
  /// - Parameter referrer: the URL of the importing script; nil: none.
  /// - Throws: ``JSError`` where a module is not found, does not compile or throws, with the importing file and line; the Swift
  ///   error of a loader; ``MiniRacerError``, `wouldDeadlock` inside of JavaScript.
  public func importModule(
    _ specifier: String, referrer: String? = nil, timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> JSObject {
    try namespace(RunLimits(timeout, cpuTime, cancellation)) { limits in
      try beginImport(
        specifier, referrer: referrer, timeout: limits.timeout, cpuTime: limits.cpuTime,
        cancellation: limits.cancellation)
    }
  }

  /// The same without blocking a thread.
  public func importModuleAsync(
    _ specifier: String, referrer: String? = nil, timeout: Duration? = nil, cpuTime: Duration? = nil
  ) async throws -> JSObject {
    let promise = try await virtualMachine.perform { [self] cancellation in
      try beginImport(specifier, referrer: referrer, timeout: timeout, cpuTime: cpuTime, cancellation: cancellation)
    }
    return try await namespace(promise.value)
  }

  /// Runs a module whose source text is here, and gives its namespace; see ``importModule(_:referrer:timeout:cpuTime:cancellation:)``.
  ///
  /// - Parameters:
  ///   - name: its URL, which no module here must have yet, and to which its imports are relative.
  ///   - sourceMap: a source map (JSON); errors then show the original positions.
  /// - Throws: as ``importModule(_:referrer:timeout:cpuTime:cancellation:)``.
  @discardableResult
  public func evaluateModule(
    _ source: String, name: String, sourceMap: String? = nil, timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> JSObject {
    try namespace(RunLimits(timeout, cpuTime, cancellation)) { limits in
      try beginModule(
        source, name: name, sourceMap: sourceMap, timeout: limits.timeout, cpuTime: limits.cpuTime,
        cancellation: limits.cancellation)
    }
  }

  /// The same without blocking a thread.
  @discardableResult
  public func evaluateModuleAsync(
    _ source: String, name: String, sourceMap: String? = nil, timeout: Duration? = nil, cpuTime: Duration? = nil
  ) async throws -> JSObject {
    let promise = try await virtualMachine.perform { [self] cancellation in
      try beginModule(
        source, name: name, sourceMap: sourceMap, timeout: timeout, cpuTime: cpuTime, cancellation: cancellation)
    }
    return try await namespace(promise.value)
  }

  /// The same without waiting: gives the promise of the namespace.
  public func beginImport(
    _ specifier: String, referrer: String? = nil, timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> JSPromise {
    let function = try need(functions.pointee.context_import, "context_import", functions)
    return try made(
      withRaw(specifier) { specifier in
        try withRaw(referrer) { referrer in
          var (specifier, referrer) = (specifier, referrer)
          return try running(RunLimits(timeout, cpuTime, cancellation)) { run, result, record in
            function(id, &specifier, &referrer, run, &result, &record)
          }
        }
      })
  }

  /// The same without waiting: gives the promise of the namespace.
  public func beginModule(
    _ source: String, name: String, sourceMap: String? = nil, timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> JSPromise {
    let function = try need(functions.pointee.context_evaluate_module, "context_evaluate_module", functions)
    return try made(
      withScript(source, name, 1, 1, sourceMap) { script in
        try running(RunLimits(timeout, cpuTime, cancellation)) { run, result, record in
          function(id, script, run, &result, &record)
        }
      })
  }

  /// Waits for what begins, under limits that hold for both.
  private func namespace(_ limits: RunLimits, _ begin: (RunLimits) throws -> JSPromise) throws -> JSObject {
    let allowance = Allowance(limits, in: virtualMachine)
    let promise = try begin(limits)
    let rest = allowance.rest
    return try namespace(promise.wait(timeout: rest.timeout, cpuTime: rest.cpuTime, cancellation: rest.cancellation))
  }

  private func namespace(_ value: JSValue) throws -> JSObject {
    guard let namespace = value.object else {
      throw MiniRacerError(.internal, "no module namespace but \(value.summary)")
    }
    return namespace
  }
}

// MARK: - Loaders

extension JSContext {
  /// Says how imports are resolved and loaded.
  ///
  /// ```swift
  /// try context.setModuleLoader { url in .source(try String(contentsOfFile: url, encoding: .utf8)) }
  /// let main = try context.importModule("main.js")
  /// ```
  ///
  /// The closures run on the thread that runs the JavaScript; what they throw, the import throws. A closure that holds the
  /// context keeps it from closing by itself.
  ///
  /// - Parameters:
  ///   - modules: modules of the host's, by their specifiers; the closures are not asked about them.
  ///   - resolve: gives the URL, a name of the module's own, of what is imported. Nil, also as its answer: specifiers that
  ///     begin with `./` or `../` are joined to the referrer, others are the URL.
  ///   - meta: fills in `import.meta`, given the object and the URL.
  ///   - load: gives what the module at a URL is; nil: there is none.
  public func setModuleLoader(
    modules: [String: JSModule] = [:], resolve: (@Sendable (JSImport) throws -> String?)? = nil,
    meta: (@Sendable (JSObject, String) throws -> Void)? = nil,
    load: @escaping @Sendable (String) throws -> JSModule? = { _ in nil }
  ) throws {
    let referrers = Referrers()
    let loading = try makeFunction(
      "load",
      arguments: { (call: JSCall) throws -> JSModule in
        let url: String = try call.argument(0)
        guard let module = try modules[url] ?? load(url) else { throw referrers.notFound(url) }
        return module
      })
    try setModuleLoader(makeResolve(modules, referrers, resolve), meta, loading)
  }

  /// The same with a closure that takes its time: it runs as a task of Swift's, and imports wait for it.
  public func setModuleLoader(
    modules: [String: JSModule] = [:], resolve: (@Sendable (JSImport) throws -> String?)? = nil,
    meta: (@Sendable (JSObject, String) throws -> Void)? = nil,
    load: @escaping @Sendable (String) async throws -> JSModule?
  ) throws {
    let referrers = Referrers()
    try setModuleLoader(makeResolve(modules, referrers, resolve), meta, makeLoad(modules, referrers, load))
  }

  /// The same where resolving takes its time, too. `import.meta.resolve` cannot wait for it and throws a TypeError, but for
  /// `modules`.
  public func setModuleLoader(
    modules: [String: JSModule] = [:], resolve: @escaping @Sendable (JSImport) async throws -> String?,
    meta: (@Sendable (JSObject, String) throws -> Void)? = nil,
    load: @escaping @Sendable (String) async throws -> JSModule?
  ) throws {
    let referrers = Referrers()
    try setModuleLoader(makeResolve(modules, referrers, waitingFor: resolve), meta, makeLoad(modules, referrers, load))
  }

  /// Says that imports are of files: ES modules, JSON, and Node's packages as far as they need nothing of Node.
  ///
  /// - Parameters:
  ///   - root: a folder; nothing outside of it is read, links that lead out included.
  ///   - packages: more folders with packages in them, as `node_modules` has them; no ":" in their paths.
  ///   - conditions: of package.json's `exports` and `imports`, beside "import", "require" and "default".
  ///   - require: `globalThis.require`, and CommonJS modules in imports.
  ///   - modules: modules of the host's, by their specifiers, which come first.
  ///   - meta: fills in `import.meta`, given the object and the URL.
  /// - Throws: ``MiniRacerError`` with `invalidArgument` if the root is no folder, or a path or a condition holds what
  ///   separates them.
  public func setFileLoader(
    root: String, packages: [String] = [], conditions: [String] = [], require: Bool = false,
    modules: [String: JSModule] = [:], meta: (@Sendable (JSObject, String) throws -> Void)? = nil
  ) throws {
    let function = try need(functions.pointee.context_set_file_loader, "context_set_file_loader", functions)
    let (packages, conditions) = try (
      Self.list(packages, ":", "packages: a folder"), Self.list(conditions, ",", "conditions: a condition")
    )
    var loader = miniracer_file_loader()
    loader.struct_size = UInt32(MemoryLayout<miniracer_file_loader>.size)
    loader.flags = require ? UInt32(MINIRACER_FILES_REQUIRE) : 0
    let own = modules.isEmpty ? nil : try hostModules(modules)
    let filling = try meta.map(makeMeta)
    defer { withExtendedLifetime((own, filling)) {} }
    if let own {
      loader.resolve = own.resolve.raw
      loader.load = own.load.raw
    }
    if let filling { loader.meta = filling.raw }
    try withRaw(root) { root in
      try withRaw(packages) { packages in
        try withRaw(conditions) { conditions in
          (loader.root, loader.packages, loader.conditions) = (root, packages, conditions)
          try doing { record in function(id, &loader, &record) }
        }
      }
    }
  }

  private func makeMeta(_ meta: @escaping @Sendable (JSObject, String) throws -> Void) throws -> JSFunction {
    try makeFunction("meta") { (object: JSObject, url: String) in try meta(object, url) }
  }

  /// A list as the ABI takes it; nil: an empty one.
  private static func list(_ items: [String], _ separator: Character, _ what: String) throws -> String? {
    if let wrong = items.first(where: { $0.contains(separator) }) {
      throw MiniRacerError(.invalidArgument, "\(what) with '\(separator)' in it cannot be told: '\(wrong)'")
    }
    return items.isEmpty ? nil : items.joined(separator: String(separator))
  }

  private func hostModules(_ modules: [String: JSModule]) throws -> (resolve: JSFunction, load: JSFunction) {
    let resolve = try makeFunction("resolve") { (specifier: String) -> JSValue in
      modules[specifier] == nil ? .undefined : .string(specifier)
    }
    let load = try makeFunction(
      "load",
      arguments: { (call: JSCall) throws -> JSModule in
        let url: String = try call.argument(0)
        guard let module = modules[url] else { throw JSError(message: "there is no module '\(url)'") }
        return module
      })
    return (resolve, load)
  }

  private func setModuleLoader(
    _ resolving: JSFunction, _ meta: (@Sendable (JSObject, String) throws -> Void)?, _ loading: JSFunction
  ) throws {
    let function = try need(functions.pointee.context_set_module_loader, "context_set_module_loader", functions)
    var loader = miniracer_module_loader()
    loader.struct_size = UInt32(MemoryLayout<miniracer_module_loader>.size)
    let filling = try meta.map(makeMeta)
    loader.resolve = resolving.raw
    loader.load = loading.raw
    if let filling { loader.meta = filling.raw }
    try doing { record in function(id, &loader, &record) }
    withExtendedLifetime((resolving, loading, filling)) {}
  }

  private func makeResolve(
    _ modules: [String: JSModule], _ referrers: Referrers, _ resolve: (@Sendable (JSImport) throws -> String?)?
  ) throws -> JSFunction {
    try makeFunction(
      "resolve",
      arguments: { call -> String in
        let request = try JSImport(call)
        guard modules[request.specifier] == nil else { return referrers.note(request.specifier, request) }
        return try referrers.note(resolve?(request), request)
      })
  }

  private func makeResolve(
    _ modules: [String: JSModule], _ referrers: Referrers,
    waitingFor resolve: @escaping @Sendable (JSImport) async throws -> String?
  ) throws -> JSFunction {
    try makeFunction("resolve", length: 0, flags: Self.flags(false)) { call in
      let request = try JSImport(call.all())
      guard modules[request.specifier] == nil else {
        return try call.finish(.string(referrers.note(request.specifier, request)))
      }
      try call.settleLater { _ in { try await referrers.note(resolve(request), request) } }
    }
  }

  private func makeLoad(
    _ modules: [String: JSModule], _ referrers: Referrers,
    _ load: @escaping @Sendable (String) async throws -> JSModule?
  ) throws -> JSFunction {
    try makeFunction("load") { (url: String) async throws -> JSModule in
      if let module = modules[url] { return module }
      guard let module = try await load(url) else { throw referrers.notFound(url) }
      return module
    }
  }

  /// A relative specifier with what it is relative to: "./b.js" in "lib/a.js" is "lib/b.js".
  static func joined(_ specifier: String, to referrer: String?) -> String {
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

  /// The URL that an import means, given what `resolve` said.
  func note(_ url: String?, _ request: JSImport) -> String {
    let url = url ?? JSContext.joined(request.specifier, to: request.referrer)
    if let referrer = request.referrer {
      byURL.withLock { byURL in if byURL[url] == nil { byURL[url] = referrer } }
    }
    return url
  }

  func notFound(_ url: String) -> JSError {
    let referrer = byURL.withLock { $0[url] }
    return JSError(message: "there is no module '\(url)'" + (referrer.map { ", which '\($0)' imports" } ?? ""))
  }
}
