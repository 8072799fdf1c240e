/// Where modules of the host's come from: those that it has by name, and for all others closures.
///
/// ```swift
/// let loader = JSModuleLoader(modules: ["app:zone": .exports(["default": "UTC"])])
///   .resolving { mirrors[$0.specifier] }
///   .loading { .source(try await download($0.url)) }
/// try context.setModuleLoader(loader)
/// ```
///
/// A closure that awaits nothing, as `resolving` has here, answers at once, on the thread that runs the JavaScript. One that
/// awaits, or says `async`, runs as a task of Swift's, which is cancelled when the context closes, and imports wait for it;
/// each closure is either for itself. What it throws, the import throws. A closure that holds the context keeps it from
/// closing by itself.
///
/// It is a value: it may be made on any thread, and given to any number of contexts.
public struct JSModuleLoader: Sendable {
  let modules: [String: JSModule]
  private(set) var resolve: ModuleClosure<JSImport, String>?
  private(set) var load: ModuleClosure<JSModuleRequest, JSModule>?

  /// A loader of these modules, and until it is given closures of no others.
  ///
  /// - Parameter modules: by their specifiers; the closures are not asked about them.
  public init(modules: [String: JSModule] = [:]) { self.modules = modules }

  /// The same loader with a closure that says what is imported.
  ///
  /// - Parameter resolve: gives the URL, a name of the module's own. Nil, as if there were no closure: a file where files are
  ///   read (``JSContext/setFileLoader(root:packages:conditions:require:first:meta:)``); otherwise specifiers that begin with
  ///   `./` or `../` are joined to the referrer, and others are the URL.
  public func resolving(_ resolve: @escaping @Sendable (JSImport) throws -> String?) -> JSModuleLoader {
    with(\.resolve, .now(resolve))
  }

  /// The same with a closure that takes its time. `import.meta.resolve` and `require` cannot wait for it and throw a TypeError,
  /// but for ``init(modules:)``'s.
  public func resolving(_ resolve: @escaping @Sendable (JSImport) async throws -> String?) -> JSModuleLoader {
    with(\.resolve, .later(resolve))
  }

  /// The same loader with a closure that gives modules.
  ///
  /// - Parameter load: gives what the module at a URL is; nil: there is none, and the import throws a ``JSError``.
  public func loading(_ load: @escaping @Sendable (JSModuleRequest) throws -> JSModule?) -> JSModuleLoader {
    with(\.load, .now(load))
  }

  /// The same with a closure that takes its time. `require` cannot wait for it.
  public func loading(_ load: @escaping @Sendable (JSModuleRequest) async throws -> JSModule?) -> JSModuleLoader {
    with(\.load, .later(load))
  }

  private func with<Value>(_ field: WritableKeyPath<JSModuleLoader, Value?>, _ value: Value) -> JSModuleLoader {
    var loader = self
    loader[keyPath: field] = value
    return loader
  }
}

/// A closure that answers at once, or one that takes its time.
enum ModuleClosure<Question, Answer>: Sendable {
  case now(@Sendable (Question) throws -> Answer?)
  case later(@Sendable (Question) async throws -> Answer?)
}
