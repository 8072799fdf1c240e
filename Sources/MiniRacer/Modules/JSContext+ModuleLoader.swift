internal import CMiniRacer

extension JSContext {
  /// Says what loads the modules that are imported.
  ///
  /// ```swift
  /// try context.setModuleLoader { .source(try String(contentsOfFile: $0.url, encoding: .utf8)) }
  /// let main = try context.importModule("main.js")
  /// ```
  ///
  /// Specifiers that begin with `./` or `../` are joined to the referrer, others are the URL; a ``JSModuleLoader`` can say
  /// more. May be called on any thread and waits while another one is inside; what is imported already stays.
  ///
  /// - Parameter load: gives what the module at a URL is; nil: there is none, and the import throws a ``JSError``. It runs on
  ///   the thread that runs the JavaScript, and what it throws, the import throws. If it holds the context, that does not
  ///   close by itself.
  /// - Throws: ``MiniRacerError``, such as `closed`.
  public func setModuleLoader(load: @escaping @Sendable (JSModuleRequest) throws -> JSModule?) throws {
    try setModuleLoader(JSModuleLoader().loading(load))
  }

  /// The same with a closure that takes its time: it runs as a task of Swift's, and imports wait for it.
  public func setModuleLoader(load: @escaping @Sendable (JSModuleRequest) async throws -> JSModule?) throws {
    try setModuleLoader(JSModuleLoader().loading(load))
  }

  /// Says how imports are resolved and loaded. May be called on any thread and waits while another one is inside; what is
  /// imported already stays.
  ///
  /// - Parameters:
  ///   - loader: says what modules there are, which is all that there are.
  ///   - meta: fills in `import.meta`, given the object and the URL, on the thread that runs the JavaScript; what it throws,
  ///     the import throws.
  /// - Throws: ``MiniRacerError``, such as `closed`.
  public func setModuleLoader(
    _ loader: JSModuleLoader, meta: (@Sendable (JSObject, String) throws -> Void)? = nil
  ) throws {
    let function = try need(functions.pointee.context_set_module_loader, "context_set_module_loader", functions)
    let answers = ModuleAnswers(loader)
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
