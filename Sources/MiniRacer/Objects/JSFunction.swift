internal import CMiniRacer

/// A JavaScript function or class.
///
/// ```swift
/// let add = try context.evaluate("(a, b) => a + b").function!
/// try add(1, 2)  // 3
/// ```
public final class JSFunction: JSObject, @unchecked Sendable {
  /// `function(...arguments)`, with `this` undefined: `try f(1, 2)`, `try f(1, 2, timeout: .seconds(1))`.
  ///
  /// - Parameters:
  ///   - timeout: how long it may take, waiting for other threads included; nil: the virtual machine's default.
  ///   - cpuTime: how much of its thread's processor time it may take; nil: the virtual machine's default.
  ///   - cancellation: ends the run when cancelled.
  /// - Throws: what it throws: ``JSError``, or the Swift error of a host function; ``MiniRacerError``, with `timeout` or
  ///   `cancelled` among others.
  @inlinable
  @discardableResult
  public func callAsFunction<each A: ConvertibleToJSValue>(
    _ arguments: repeat each A, timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> JSValue {
    var values = Arguments()
    repeat values.append(try (each arguments).jsValue(in: context))
    return try invoke(values, RunLimits(timeout, cpuTime, cancellation))
  }

  /// `function.call(this, ...arguments)` with a list of arguments, and limits.
  ///
  /// - Throws: as the call without limits, and ``MiniRacerError`` with `timeout` or `cancelled`.
  @discardableResult
  public func call(
    this: JSValue = .undefined, arguments: [any ConvertibleToJSValue] = [], timeout: Duration? = nil,
    cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> JSValue {
    let values = try Arguments(arguments, in: context)
    if case .undefined = this { return try invoke(values, RunLimits(timeout, cpuTime, cancellation)) }
    return try invoke(this, values, RunLimits(timeout, cpuTime, cancellation))
  }

  /// `new function(...arguments)`.
  ///
  /// - Throws: what it throws; ``JSError`` (a TypeError) if it is no constructor.
  @inlinable
  public func new<each A: ConvertibleToJSValue>(_ arguments: repeat each A) throws -> JSObject {
    var values = Arguments()
    repeat values.append(try (each arguments).jsValue(in: context))
    return try construct(values)
  }

  /// `new function(...arguments)` with a list of arguments, and limits.
  public func new(
    arguments: [any ConvertibleToJSValue], timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> JSObject {
    try construct(Arguments(arguments, in: context), RunLimits(timeout, cpuTime, cancellation))
  }

  @usableFromInline
  func invoke(
    _ values: borrowing Arguments, _ limits: RunLimits
  ) throws -> JSValue {
    if !limits.isTimeoutAtMost { return try invoke(.undefined, values, limits) }
    let (id, handle) = (context.id, self.handle)
    let function = try need(context.functions.pointee.function_call, "function_call", context.functions)
    var result = miniracer_value()
    var record: ErrorRecord = nil
    var options = miniracer_run_options(timeout: limits.timeout)
    let status = try values.withRaws(in: context) { arguments, count in
      limits.timeout == nil
        ? function(id, handle, nil, arguments, count, nil, &result, &record)
        : function(id, handle, nil, arguments, count, &options, &result, &record)
    }
    guard status == 0 else { throw context.failure(status, record) }
    return context.take(&result)
  }

  func invoke(
    _ this: JSValue, _ values: borrowing Arguments, _ limits: RunLimits
  ) throws -> JSValue {
    let (context, id, handle) = (self.context, context.id, self.handle)
    let function = try need(context.functions.pointee.function_call, "function_call", context.functions)
    return try values.withRaws(in: context) { arguments, count in
      try context.withRaw(this) { this in
        var this = this
        return try context.running(limits) { run, result, record in
          function(id, handle, &this, arguments, count, run, &result, &record)
        }
      }
    }
  }

  @usableFromInline
  func construct(
    _ values: borrowing Arguments, _ limits: RunLimits = RunLimits()
  ) throws -> JSObject {
    let (context, id, handle) = (self.context, context.id, self.handle)
    let function = try need(context.functions.pointee.function_construct, "function_construct", context.functions)
    let result = try values.withRaws(in: context) { arguments, count in
      try context.running(limits) { run, result, record in
        function(id, handle, arguments, count, run, &result, &record)
      }
    }
    return try context.made(result)
  }
}

/// A method about to be called, see ``JSObject/subscript(dynamicMember:)-swift.subscript``.
public struct JSMethod: Sendable {
  @usableFromInline let object: JSObject
  @usableFromInline let name: String

  /// `object.name(...arguments)`.
  ///
  /// - Throws: what it throws; ``MiniRacerError`` with `wrongType` if there is no such method.
  @inlinable
  @discardableResult
  public func callAsFunction<each A: ConvertibleToJSValue>(_ arguments: repeat each A) throws -> JSValue {
    try object.callMethod(name, repeat each arguments)
  }
}
