internal import CMiniRacer

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
  ///   - load: gives what the module at a URL is; nil: there is none. With a second parameter it is given the attributes of
  ///     the import too: `["type": "css"]`.
  public func setModuleLoader(
    modules: [String: JSModule] = [:], resolve: (@Sendable (JSImport) throws -> String?)? = nil,
    meta: (@Sendable (JSObject, String) throws -> Void)? = nil,
    load: @escaping @Sendable (String) throws -> JSModule? = { _ in nil }
  ) throws {
    try setModuleLoader(ModuleAnswers(modules, .init(resolve), .now { url, _ in try load(url) }), meta)
  }

  /// The same with a closure that is given the attributes.
  public func setModuleLoader(
    modules: [String: JSModule] = [:], resolve: (@Sendable (JSImport) throws -> String?)? = nil,
    meta: (@Sendable (JSObject, String) throws -> Void)? = nil,
    load: @escaping @Sendable (_ url: String, _ attributes: [String: String]) throws -> JSModule?
  ) throws {
    try setModuleLoader(ModuleAnswers(modules, .init(resolve), .now(load)), meta)
  }

  /// The same with a closure that takes its time: it runs as a task of Swift's, and imports wait for it.
  public func setModuleLoader(
    modules: [String: JSModule] = [:], resolve: (@Sendable (JSImport) throws -> String?)? = nil,
    meta: (@Sendable (JSObject, String) throws -> Void)? = nil,
    load: @escaping @Sendable (String) async throws -> JSModule?
  ) throws {
    try setModuleLoader(ModuleAnswers(modules, .init(resolve), .later { url, _ in try await load(url) }), meta)
  }

  /// The same with a closure that takes its time and is given the attributes.
  public func setModuleLoader(
    modules: [String: JSModule] = [:], resolve: (@Sendable (JSImport) throws -> String?)? = nil,
    meta: (@Sendable (JSObject, String) throws -> Void)? = nil,
    load: @escaping @Sendable (_ url: String, _ attributes: [String: String]) async throws -> JSModule?
  ) throws {
    try setModuleLoader(ModuleAnswers(modules, .init(resolve), .later(load)), meta)
  }

  /// The same where resolving takes its time, too. `import.meta.resolve` cannot wait for it and throws a TypeError, but for
  /// `modules`.
  public func setModuleLoader(
    modules: [String: JSModule] = [:], resolve: @escaping @Sendable (JSImport) async throws -> String?,
    meta: (@Sendable (JSObject, String) throws -> Void)? = nil,
    load: @escaping @Sendable (String) async throws -> JSModule?
  ) throws {
    try setModuleLoader(ModuleAnswers(modules, .later(resolve), .later { url, _ in try await load(url) }), meta)
  }

  /// The same where resolving takes its time, with a closure that is given the attributes.
  public func setModuleLoader(
    modules: [String: JSModule] = [:], resolve: @escaping @Sendable (JSImport) async throws -> String?,
    meta: (@Sendable (JSObject, String) throws -> Void)? = nil,
    load: @escaping @Sendable (_ url: String, _ attributes: [String: String]) async throws -> JSModule?
  ) throws {
    try setModuleLoader(ModuleAnswers(modules, .later(resolve), .later(load)), meta)
  }

  private func setModuleLoader(
    _ answers: ModuleAnswers, _ meta: (@Sendable (JSObject, String) throws -> Void)?
  ) throws {
    let function = try need(functions.pointee.context_set_module_loader, "context_set_module_loader", functions)
    let resolving = try answers.makeResolve(in: self, leavingTheRest: false)
    let loading = try answers.makeLoad(in: self)
    let filling = try meta.map(makeMeta)
    var loader = miniracer_module_loader()
    loader.struct_size = UInt32(MemoryLayout<miniracer_module_loader>.size)
    loader.resolve = resolving.raw
    loader.load = loading.raw
    if let filling { loader.meta = filling.raw }
    try doing { record in function(id, &loader, &record) }
    withExtendedLifetime((resolving, loading, filling)) {}
  }

  func makeMeta(_ meta: @escaping @Sendable (JSObject, String) throws -> Void) throws -> JSFunction {
    try makeFunction("meta") { (object: JSObject, url: String) in try meta(object, url) }
  }
}
