internal import CMiniRacer

/// A JavaScript function or class.
///
/// ```swift
/// let add = try context.evaluate("(a, b) => a + b").function!
/// try add(1, 2)  // 3
/// ```
public final class JSFunction: JSObject, @unchecked Sendable {
  /// `function(...arguments)`, with `this` undefined and the virtual machine's default limits.
  ///
  /// - Throws: what it throws: ``JSError``, or the Swift error of a host function; ``MiniRacerError``.
  @discardableResult
  public func callAsFunction<each A: ConvertibleToJSValue>(_ arguments: repeat each A) throws -> JSValue {
    var values = Arguments()
    repeat values.append(try (each arguments).jsValue(in: context))
    return try invoke(values)
  }

  /// `function.call(this, ...arguments)`, with limits.
  ///
  /// - Throws: as the call without limits, and ``MiniRacerError`` with `timeout` or `cancelled`.
  @discardableResult
  public func call(
    this: JSValue = .undefined, arguments: [any ConvertibleToJSValue] = [], timeout: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> JSValue {
    try context.withArguments(arguments) { try invoke(this, $0, timeout, cancellation) }
  }

  /// `new function(...arguments)`.
  ///
  /// - Throws: what it throws; ``JSError`` (a TypeError) if it is no constructor.
  public func new<each A: ConvertibleToJSValue>(_ arguments: repeat each A) throws -> JSObject {
    var values = Arguments()
    repeat values.append(try (each arguments).jsValue(in: context))
    return try values.withValues { try construct($0, nil, nil) }
  }

  /// `new function(...arguments)` with a list of arguments, and limits.
  public func new(
    arguments: [any ConvertibleToJSValue], timeout: Duration? = nil, cancellation: CancellationToken? = nil
  ) throws -> JSObject {
    try context.withArguments(arguments) { try construct($0, timeout, cancellation) }
  }

  /// The fast path.
  private func invoke(_ values: borrowing Arguments) throws -> JSValue {
    let (id, handle) = (context.id, self.handle)
    let function = try need(context.functions.pointee.function_call, "function_call", context.functions)
    var result = miniracer_value()
    var record: ErrorRecord = nil
    let status = try values.withRaws(in: context) { arguments, count in
      function(id, handle, nil, arguments, count, nil, &result, &record)
    }
    guard let status else { return try values.withValues { try invoke(nil, $0, nil, nil) } }
    guard status == 0 else { throw context.failure(status, record) }
    return context.take(&result)
  }

  private func invoke(
    _ this: JSValue?, _ values: UnsafeBufferPointer<JSValue>, _ timeout: Duration?, _ cancellation: CancellationToken?
  ) throws -> JSValue {
    let (context, id, handle) = (self.context, context.id, self.handle)
    let function = try need(context.functions.pointee.function_call, "function_call", context.functions)
    return try context.withRaw(values) { arguments, count in
      guard let this, this != .undefined else {
        return try context.running(timeout, cancellation) { run, result, record in
          function(id, handle, nil, arguments, count, run, &result, &record)
        }
      }
      return try context.withRaw(this) { this in
        var this = this
        return try context.running(timeout, cancellation) { run, result, record in
          function(id, handle, &this, arguments, count, run, &result, &record)
        }
      }
    }
  }

  private func construct(
    _ values: UnsafeBufferPointer<JSValue>, _ timeout: Duration?, _ cancellation: CancellationToken?
  ) throws -> JSObject {
    let function = try need(context.functions.pointee.function_construct, "function_construct", context.functions)
    let (id, handle) = (context.id, self.handle)
    let result = try context.withRaw(values) { arguments, count in
      try context.running(timeout, cancellation) { run, result, record in
        function(id, handle, arguments, count, run, &result, &record)
      }
    }
    guard let object = result.object else {
      throw MiniRacerError(.internal, "a constructor gave \(result.summary)")
    }
    return object
  }
}

/// A method about to be called, see ``JSObject/subscript(dynamicMember:)-swift.subscript``.
public struct JSMethod: Sendable {
  let object: JSObject
  let name: String

  /// `object.name(...arguments)`.
  ///
  /// - Throws: what it throws; ``MiniRacerError`` with `wrongType` if there is no such method.
  @discardableResult
  public func callAsFunction<each A: ConvertibleToJSValue>(_ arguments: repeat each A) throws -> JSValue {
    try object.callMethod(name, repeat each arguments)
  }
}
