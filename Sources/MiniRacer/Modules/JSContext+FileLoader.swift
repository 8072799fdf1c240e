internal import CMiniRacer

extension JSContext {
  /// Says that imports are of files: ES modules, JSON, and Node's packages as far as they need nothing of Node.
  ///
  /// ```swift
  /// try context.setFileLoader(root: "site", first: JSModuleLoader(modules: ["app:zone": .exports(["default": "UTC"])]))
  /// ```
  ///
  /// May be called on any thread and waits while another one is inside; what is imported already stays.
  ///
  /// - Parameters:
  ///   - root: a folder; nothing outside of it is read, links that lead out included.
  ///   - packages: more folders with packages in them, as `node_modules` has them; no ":" in their paths.
  ///   - conditions: of package.json's `exports` and `imports`, beside "import", "require" and "default".
  ///   - require: `globalThis.require`, and CommonJS modules in imports.
  ///   - loader: is asked first: its modules, and what its `resolving` names, are loaded by it. All else is a file.
  ///   - meta: fills in `import.meta`, given the object and the URL, on the thread that runs the JavaScript; what it throws,
  ///     the import throws.
  /// - Throws: ``MiniRacerError`` with `invalidArgument` if the root is no folder, a path or a condition holds what separates
  ///   them, `globalThis.require` cannot be redefined, or the loader has a `loading` and no `resolving`, so that it would never
  ///   be asked; others, such as `closed`.
  public func setFileLoader(
    root: String, packages: [String] = [], conditions: [String] = [], require: Bool = false,
    first loader: JSModuleLoader = JSModuleLoader(), meta: (@Sendable (JSObject, String) throws -> Void)? = nil
  ) throws {
    let function = try need(functions.pointee.context_set_file_loader, "context_set_file_loader", functions)
    let packages = try Self.list(packages, ":", "packages: a folder")
    let conditions = try Self.list(conditions, ",", "conditions: a condition")
    let answers = try Self.answers(first: loader)
    let resolving = try answers?.makeResolve(in: self, leavingTheRest: true)
    let loading = try answers?.makeLoad(in: self)
    let filling = try meta.map(makeMeta)
    defer { withExtendedLifetime((resolving, loading, filling)) {} }
    var loader = miniracer_file_loader()
    loader.struct_size = UInt32(MemoryLayout<miniracer_file_loader>.size)
    loader.flags = require ? UInt32(MINIRACER_FILES_REQUIRE) : 0
    if let resolving { loader.resolve = resolving.raw }
    if let loading { loader.load = loading.raw }
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

  /// Nil: it knows nothing, and files are all there is.
  private static func answers(first loader: JSModuleLoader) throws -> ModuleAnswers? {
    guard loader.resolve == nil else { return ModuleAnswers(loader) }
    guard loader.load == nil else {
      throw MiniRacerError(.invalidArgument, "a loader with no resolving is never asked to load: all else is a file")
    }
    return loader.modules.isEmpty ? nil : ModuleAnswers(loader)
  }

  /// A list as the ABI takes it; nil: an empty one.
  private static func list(_ items: [String], _ separator: Character, _ what: String) throws -> String? {
    if let wrong = items.first(where: { $0.contains(separator) }) {
      throw MiniRacerError(.invalidArgument, "\(what) with '\(separator)' in it cannot be told: '\(wrong)'")
    }
    return items.isEmpty ? nil : items.joined(separator: String(separator))
  }
}
