internal import CMiniRacer

// Importing; where modules come from is in JSContext+ModuleLoader.swift and JSContext+FileLoader.swift.

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
