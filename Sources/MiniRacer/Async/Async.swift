// Running JavaScript from `async` code: it runs on the loop's thread, so that no thread of Swift's is blocked, and a promise
// that comes out is awaited, as JavaScript's `await` would.

extension JSContext {
  /// Runs a script as ``evaluate(_:fileName:line:column:sourceMap:timeout:cpuTime:cancellation:)`` does and gives the value
  /// of its last statement, or, where that is a promise, what becomes of it.
  ///
  /// Cancelling the task ends the run, or the wait for the promise, with `CancellationError`. The timeout is for the run and
  /// not for the wait.
  @discardableResult
  public func evaluateAsync(
    _ source: String, fileName: String? = nil, line: Int = 1, column: Int = 1, sourceMap: String? = nil,
    timeout: Duration? = nil, cpuTime: Duration? = nil
  ) async throws -> JSValue {
    try await virtualMachine.perform { [self] cancellation in
      try evaluate(
        source, fileName: fileName, line: line, column: column, sourceMap: sourceMap, timeout: timeout,
        cpuTime: cpuTime,
        cancellation: cancellation)
    }.settled
  }

  /// The same, converted. The conversion runs on the loop's thread too; the timeout and the processor time are those of both
  /// runs together, and cancelling the task ends either.
  ///
  /// - Throws: as the other one, and ``JSConversionError``.
  public func evaluateAsync<T: ConstructibleFromJSValue & Sendable>(
    _ source: String, as type: T.Type, fileName: String? = nil, line: Int = 1, column: Int = 1,
    sourceMap: String? = nil, timeout: Duration? = nil, cpuTime: Duration? = nil
  ) async throws -> T {
    let (value, rest) = try await virtualMachine.perform { [self] cancellation in
      let limits = RunLimits(timeout, cpuTime, cancellation)
      let allowance = Allowance(limits, in: virtualMachine)
      return (try evaluate(source, fileName, line, column, sourceMap, limits), allowance.rest)
    }
    let settled = try await value.settled
    return try await virtualMachine.perform { [virtualMachine] cancellation in
      try settled.converted(to: type, Allowance(rest.with(cancellation), in: virtualMachine))
    }
  }
}

extension JSFunction {
  /// `await function(...arguments)`, with `this` undefined, on the loop's thread.
  ///
  /// Cancelling the task ends the run, or the wait for the promise that the function returned, with `CancellationError`.
  @discardableResult
  public func callAsync<each A: ConvertibleToJSValue & Sendable>(
    _ arguments: repeat each A, timeout: Duration? = nil, cpuTime: Duration? = nil
  ) async throws -> JSValue {
    var list: [any ConvertibleToJSValue & Sendable] = []
    repeat list.append(each arguments)
    return try await callAsync(arguments: list, timeout: timeout, cpuTime: cpuTime)
  }

  /// The same with `this` and a list of arguments.
  @discardableResult
  public func callAsync(
    this: JSValue = .undefined, arguments: [any ConvertibleToJSValue & Sendable], timeout: Duration? = nil,
    cpuTime: Duration? = nil
  ) async throws -> JSValue {
    try await context.virtualMachine.perform { [self] cancellation in
      try call(this: this, arguments: arguments, timeout: timeout, cpuTime: cpuTime, cancellation: cancellation)
    }.settled
  }

  /// `new function(...arguments)`, on the loop's thread.
  public func newAsync(
    arguments: [any ConvertibleToJSValue & Sendable] = [], timeout: Duration? = nil, cpuTime: Duration? = nil
  ) async throws -> JSObject {
    try await context.virtualMachine.perform { [self] cancellation in
      try new(arguments: arguments, timeout: timeout, cpuTime: cpuTime, cancellation: cancellation)
    }
  }
}

extension JSObject {
  /// `await object[key](...arguments)`, on the loop's thread.
  @discardableResult
  public final func callMethodAsync(
    _ key: JSPropertyKey, arguments: [any ConvertibleToJSValue & Sendable] = [], timeout: Duration? = nil,
    cpuTime: Duration? = nil
  ) async throws -> JSValue {
    try await context.virtualMachine.perform { [self] cancellation in
      try callMethod(key, arguments: arguments, timeout: timeout, cpuTime: cpuTime, cancellation: cancellation)
    }.settled
  }
}

extension JSValue {
  /// What becomes of a promise; any other value itself. As JavaScript's `await`, but for objects with a `then` of their own.
  ///
  /// - Throws: as ``JSPromise/value``.
  public var settled: JSValue {
    get async throws {
      guard case .object(let object) = self, let promise = object as? JSPromise else { return self }
      return try await promise.value
    }
  }
}
