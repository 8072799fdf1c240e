internal import CMiniRacer

// The calls that there are most of. A parameter pack is a loop over types that are looked up when the program runs, however
// well the compiler knows them; with one and two parameters, `f(1, 2)` converts its arguments in the caller's code.

extension JSFunction {
  /// `function(argument)`, as the call with any number of arguments.
  @inlinable
  @discardableResult
  public func callAsFunction<A: ConvertibleToJSValue>(
    _ argument: A, timeout: Duration? = nil, cpuTime: Duration? = nil, cancellation: CancellationToken? = nil
  ) throws -> JSValue {
    try invoke(1, argument.jsValue(in: context), .undefined, RunLimits(timeout, cpuTime, cancellation))
  }

  /// `function(first, second)`, as the call with any number of arguments.
  @inlinable
  @discardableResult
  public func callAsFunction<A: ConvertibleToJSValue, B: ConvertibleToJSValue>(
    _ first: A, _ second: B, timeout: Duration? = nil, cpuTime: Duration? = nil, cancellation: CancellationToken? = nil
  ) throws -> JSValue {
    try invoke(2, first.jsValue(in: context), second.jsValue(in: context), RunLimits(timeout, cpuTime, cancellation))
  }

  @usableFromInline
  func invoke(
    _ count: UInt32, _ first: JSValue, _ second: JSValue, _ limits: RunLimits
  ) throws -> JSValue {
    var raws = InlineArray<2, miniracer_value>(repeating: miniracer_value())
    guard limits.isTimeoutAtMost, try Arguments.lower(first, to: &raws[0], in: context),
      try Arguments.lower(second, to: &raws[1], in: context)
    else {
      var values = Arguments()
      values.append(first)
      if count == 2 { values.append(second) }
      return try invoke(values, limits)
    }
    let function = try need(context.functions.pointee.function_call, "function_call", context.functions)
    var result = miniracer_value()
    var record: ErrorRecord = nil
    var status: Int32 = 0
    if limits.timeout == nil {
      status = raws.span.withUnsafeBufferPointer {
        function(context.id, handle, nil, $0.baseAddress, count, nil, &result, &record)
      }
    } else {
      var options = miniracer_run_options(timeout: limits.timeout)
      status = raws.span.withUnsafeBufferPointer {
        function(context.id, handle, nil, $0.baseAddress, count, &options, &result, &record)
      }
    }
    // They may be the only ones to hold an object.
    withExtendedLifetime((first, second)) {}
    guard status == 0 else { throw context.failure(status, record) }
    return context.take(&result)
  }
}
