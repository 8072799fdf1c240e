internal import CMiniRacer

extension JSContext {
  /// Makes a JavaScript function of an `async` closure: it returns a promise, which what the closure returns or throws
  /// settles.
  ///
  /// ```swift
  /// try context.setFunction("wait") { (seconds: Double) async throws in
  ///   try await Task.sleep(for: .seconds(seconds))
  ///   return "done"
  /// }
  /// let text = try await context.evaluateAsync("wait(0.1)")
  /// ```
  ///
  /// The closure runs as a task of Swift's, on none of JavaScript's threads. Arguments of another type reject the promise. A
  /// Swift error comes out as itself where Swift awaits the promise. The task is cancelled when the context or its virtual
  /// machine is closed, and when that dies.
  public func makeFunction<each A: ConstructibleFromJSValue & Sendable, R: ConvertibleToJSValue & Sendable>(
    _ name: String, _ body: @escaping @Sendable (repeat each A) async throws -> R
  ) throws -> JSFunction {
    try makeFunction(name, length: countOfTypes(repeat (each A).self), flags: 0) { call in
      try call.settleLater { call in
        var index = 0
        let arguments = (repeat try call.argument(&index, as: (each A).self))
        return { try await body(repeat each arguments) }
      }
    }
  }

  /// The same for a closure that returns nothing, which is `undefined`.
  public func makeFunction<each A: ConstructibleFromJSValue & Sendable>(
    _ name: String, _ body: @escaping @Sendable (repeat each A) async throws -> Void
  ) throws -> JSFunction {
    try makeFunction(name, length: countOfTypes(repeat (each A).self), flags: 0) { call in
      try call.settleLater { call in
        var index = 0
        let arguments = (repeat try call.argument(&index, as: (each A).self))
        return {
          try await body(repeat each arguments)
          return JSValue.undefined
        }
      }
    }
  }

  /// The same for a closure that takes any number of arguments, with `this`.
  public func makeFunction<R: ConvertibleToJSValue & Sendable>(
    _ name: String, length: Int = 0, arguments body: @escaping @Sendable (JSCall) async throws -> R
  ) throws -> JSFunction {
    try makeFunction(name, length: length, flags: Self.flags(false)) { call in
      try call.settleLater { call in
        let all = call.all()
        return { try await body(all) }
      }
    }
  }

  /// Makes a function of an `async` closure and stores it in the global object.
  @discardableResult
  public func setFunction<each A: ConstructibleFromJSValue & Sendable, R: ConvertibleToJSValue & Sendable>(
    _ name: String, _ body: @escaping @Sendable (repeat each A) async throws -> R
  ) throws -> JSFunction {
    try stored(makeFunction(name, body), name)
  }

  /// Makes a function of an `async` closure and stores it in the global object.
  @discardableResult
  public func setFunction<each A: ConstructibleFromJSValue & Sendable>(
    _ name: String, _ body: @escaping @Sendable (repeat each A) async throws -> Void
  ) throws -> JSFunction {
    try stored(makeFunction(name, body), name)
  }

  /// Makes a function of an `async` closure and stores it in the global object.
  @discardableResult
  public func setFunction<R: ConvertibleToJSValue & Sendable>(
    _ name: String, length: Int = 0, arguments body: @escaping @Sendable (JSCall) async throws -> R
  ) throws -> JSFunction {
    try stored(makeFunction(name, length: length, arguments: body), name)
  }
}

extension HostCall {
  /// Makes a promise the result, and settles it with what the work gives in a task.
  func settleLater<R: ConvertibleToJSValue & Sendable>(
    _ begin: (borrowing HostCall) throws -> @Sendable () async throws -> R
  ) throws {
    let (promise, resolver) = try context.makePromise()
    try finish(.object(promise))
    let work: @Sendable () async throws -> R
    do {
      work = try begin(self)
    } catch {
      return try resolver.reject(error)
    }
    context.virtualMachine.hostTasks.start(in: context.id) {
      do {
        try resolver.post(.success(try await work()))
      } catch {
        try? resolver.post(Result<R, any Error>.failure(error))
      }
    }
  }
}
