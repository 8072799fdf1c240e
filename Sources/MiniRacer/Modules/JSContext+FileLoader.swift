internal import CMiniRacer

extension JSContext {
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
    let answers = modules.isEmpty ? nil : ModuleAnswers(modules, .never, .now { _, _ in nil })
    try setFileLoader(ModuleFolders(root, packages, conditions, require), answers, meta)
  }

  /// The same with closures that come before the files.
  ///
  /// ```swift
  /// try context.setFileLoader(
  ///   root: "site", resolve: { $0.specifier.hasPrefix("app:") ? $0.specifier : nil },
  ///   load: { url in .source(generatedModules[url]!) })
  /// ```
  ///
  /// They run on the thread that runs the JavaScript; what they throw, the import throws.
  ///
  /// - Parameters:
  ///   - root: a folder; nothing outside of it is read, links that lead out included.
  ///   - packages: more folders with packages in them, as `node_modules` has them; no ":" in their paths.
  ///   - conditions: of package.json's `exports` and `imports`, beside "import", "require" and "default".
  ///   - require: `globalThis.require`, and CommonJS modules in imports.
  ///   - modules: modules of the host's, by their specifiers; the closures are not asked about them.
  ///   - resolve: gives the URL, a name of the module's own, of what `load` or `modules` is to give; nil: a file is meant.
  ///   - meta: fills in `import.meta`, given the object and the URL.
  ///   - load: gives what the module at a URL is that `resolve` named; nil: there is none. With a second parameter it is given
  ///     the attributes of the import too.
  /// - Throws: ``MiniRacerError`` with `invalidArgument` if the root is no folder, or a path or a condition holds what
  ///   separates them.
  public func setFileLoader(
    root: String, packages: [String] = [], conditions: [String] = [], require: Bool = false,
    modules: [String: JSModule] = [:], resolve: @escaping @Sendable (JSImport) throws -> String?,
    meta: (@Sendable (JSObject, String) throws -> Void)? = nil,
    load: @escaping @Sendable (String) throws -> JSModule? = { _ in nil }
  ) throws {
    try setFileLoader(
      ModuleFolders(root, packages, conditions, require),
      ModuleAnswers(modules, .now(resolve), .now { url, _ in try load(url) }), meta)
  }

  /// The same with a closure that is given the attributes.
  public func setFileLoader(
    root: String, packages: [String] = [], conditions: [String] = [], require: Bool = false,
    modules: [String: JSModule] = [:], resolve: @escaping @Sendable (JSImport) throws -> String?,
    meta: (@Sendable (JSObject, String) throws -> Void)? = nil,
    load: @escaping @Sendable (_ url: String, _ attributes: [String: String]) throws -> JSModule?
  ) throws {
    try setFileLoader(
      ModuleFolders(root, packages, conditions, require), ModuleAnswers(modules, .now(resolve), .now(load)), meta)
  }

  /// The same with a closure that takes its time: it runs as a task of Swift's, and imports wait for it. `require` cannot.
  public func setFileLoader(
    root: String, packages: [String] = [], conditions: [String] = [], require: Bool = false,
    modules: [String: JSModule] = [:], resolve: @escaping @Sendable (JSImport) throws -> String?,
    meta: (@Sendable (JSObject, String) throws -> Void)? = nil,
    load: @escaping @Sendable (String) async throws -> JSModule?
  ) throws {
    try setFileLoader(
      ModuleFolders(root, packages, conditions, require),
      ModuleAnswers(modules, .now(resolve), .later { url, _ in try await load(url) }), meta)
  }

  /// The same with a closure that takes its time and is given the attributes.
  public func setFileLoader(
    root: String, packages: [String] = [], conditions: [String] = [], require: Bool = false,
    modules: [String: JSModule] = [:], resolve: @escaping @Sendable (JSImport) throws -> String?,
    meta: (@Sendable (JSObject, String) throws -> Void)? = nil,
    load: @escaping @Sendable (_ url: String, _ attributes: [String: String]) async throws -> JSModule?
  ) throws {
    try setFileLoader(
      ModuleFolders(root, packages, conditions, require), ModuleAnswers(modules, .now(resolve), .later(load)), meta)
  }

  /// The same where resolving takes its time, too. `import.meta.resolve` and `require` cannot wait for it and throw a
  /// TypeError, but for `modules`.
  public func setFileLoader(
    root: String, packages: [String] = [], conditions: [String] = [], require: Bool = false,
    modules: [String: JSModule] = [:], resolve: @escaping @Sendable (JSImport) async throws -> String?,
    meta: (@Sendable (JSObject, String) throws -> Void)? = nil,
    load: @escaping @Sendable (String) async throws -> JSModule?
  ) throws {
    try setFileLoader(
      ModuleFolders(root, packages, conditions, require),
      ModuleAnswers(modules, .later(resolve), .later { url, _ in try await load(url) }), meta)
  }

  /// The same where resolving takes its time, with a closure that is given the attributes.
  public func setFileLoader(
    root: String, packages: [String] = [], conditions: [String] = [], require: Bool = false,
    modules: [String: JSModule] = [:], resolve: @escaping @Sendable (JSImport) async throws -> String?,
    meta: (@Sendable (JSObject, String) throws -> Void)? = nil,
    load: @escaping @Sendable (_ url: String, _ attributes: [String: String]) async throws -> JSModule?
  ) throws {
    try setFileLoader(
      ModuleFolders(root, packages, conditions, require), ModuleAnswers(modules, .later(resolve), .later(load)), meta)
  }

  private func setFileLoader(
    _ folders: ModuleFolders, _ answers: ModuleAnswers?, _ meta: (@Sendable (JSObject, String) throws -> Void)?
  ) throws {
    let function = try need(functions.pointee.context_set_file_loader, "context_set_file_loader", functions)
    let (packages, conditions) = try (folders.packageList, folders.conditionList)
    var loader = miniracer_file_loader()
    loader.struct_size = UInt32(MemoryLayout<miniracer_file_loader>.size)
    loader.flags = folders.require ? UInt32(MINIRACER_FILES_REQUIRE) : 0
    let resolving = try answers?.makeResolve(in: self, leavingTheRest: true)
    let loading = try answers?.makeLoad(in: self)
    let filling = try meta.map(makeMeta)
    defer { withExtendedLifetime((resolving, loading, filling)) {} }
    if let resolving { loader.resolve = resolving.raw }
    if let loading { loader.load = loading.raw }
    if let filling { loader.meta = filling.raw }
    try withRaw(folders.root) { root in
      try withRaw(packages) { packages in
        try withRaw(conditions) { conditions in
          (loader.root, loader.packages, loader.conditions) = (root, packages, conditions)
          try doing { record in function(id, &loader, &record) }
        }
      }
    }
  }
}

/// Where files are read from, and how.
private struct ModuleFolders {
  let root: String
  let packages: [String]
  let conditions: [String]
  let require: Bool

  init(_ root: String, _ packages: [String], _ conditions: [String], _ require: Bool) {
    self.root = root
    self.packages = packages
    self.conditions = conditions
    self.require = require
  }

  var packageList: String? { get throws { try Self.list(packages, ":", "packages: a folder") } }
  var conditionList: String? { get throws { try Self.list(conditions, ",", "conditions: a condition") } }

  /// A list as the ABI takes it; nil: an empty one.
  private static func list(_ items: [String], _ separator: Character, _ what: String) throws -> String? {
    if let wrong = items.first(where: { $0.contains(separator) }) {
      throw MiniRacerError(.invalidArgument, "\(what) with '\(separator)' in it cannot be told: '\(wrong)'")
    }
    return items.isEmpty ? nil : items.joined(separator: String(separator))
  }
}
