internal import CMiniRacer

// Making values, and the engine's own conversions of them.

extension JSContext {
  /// `{}`
  public func makeObject() throws -> JSObject {
    let function = try need(functions.pointee.object_new, "object_new", functions)
    return try made(creating { result, record in function(id, &result, &record) })
  }

  /// `{}` with these properties. They are defined, as in a literal: no setter of `Object.prototype`'s runs, whatever scripts
  /// have put there.
  public func makeObject(_ properties: KeyValuePairs<String, any ConvertibleToJSValue>) throws -> JSObject {
    let object = try makeObject()
    for (name, value) in properties { try object.add(name, value) }
    return object
  }

  /// `[...elements]`
  public func makeArray(_ elements: [any ConvertibleToJSValue] = []) throws -> JSArray {
    try makeArray(elements.map { try $0.jsValue(in: self) })
  }

  /// `[...elements]`
  public func makeArray(_ elements: [JSValue]) throws -> JSArray {
    let function = try need(functions.pointee.array_new, "array_new", functions)
    let value = try elements.withUnsafeBufferPointer { elements in
      try withRaw(elements) { raws, count in
        try creating { result, record in function(id, raws, count, &result, &record) }
      }
    }
    return try made(value)
  }

  /// `new Date(time)`, in milliseconds since 1970-01-01 00:00 UTC; NaN makes an invalid date.
  public func makeDate(millisecondsSince1970 time: Double) throws -> JSDate {
    let function = try need(functions.pointee.date_new, "date_new", functions)
    return try made(creating { result, record in function(id, time, &result, &record) })
  }

  /// What the engine has just made.
  func made<Object: JSObject>(_ value: JSValue) throws -> Object {
    guard let object = value.object as? Object else {
      throw MiniRacerError(.internal, "no \(Object.self) but \(value.summary)")
    }
    return object
  }

  /// `JSON.parse(text)`, by the engine, whatever scripts have made of `JSON`.
  ///
  /// - Throws: ``JSError`` if it is no JSON.
  public func parseJSON(_ text: String) throws -> JSValue {
    let function = try need(functions.pointee.json_parse, "json_parse", functions)
    return try withRaw(text) { text in
      var text = text
      return try creating { result, record in function(id, &text, &result, &record) }
    }
  }

  /// `JSON.stringify(value, undefined, indent)`, by the engine. `toJSON` methods and getters run, under the limits. Nil where
  /// JavaScript gives `undefined`: of `undefined` itself, functions and symbols.
  ///
  /// - Parameter indent: spaces for each level, 0 to 10.
  public func stringifyJSON(
    _ value: some ConvertibleToJSValue, indent: Int = 0, timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> String? {
    let function = try need(functions.pointee.json_stringify, "json_stringify", functions)
    guard (0...10).contains(indent) else {
      throw MiniRacerError(.invalidArgument, "indent is \(indent), and can be 0 to 10")
    }
    let value = try value.jsValue(in: self)
    let text = try withRaw(value) { raw in
      var raw = raw
      return try running(RunLimits(timeout, cpuTime, cancellation)) { run, result, record in
        function(id, &raw, UInt32(indent), run, &result, &record)
      }
    }
    withExtendedLifetime(value) {}
    return text.jsString?.description
  }

  /// `String(value)`: `toString` and the like run, under the limits.
  public func string(
    of value: some ConvertibleToJSValue, timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> JSString {
    let function = try need(functions.pointee.value_to_string, "value_to_string", functions)
    let value = try value.jsValue(in: self)
    let text = try withRaw(value) { raw in
      var raw = raw
      return try running(RunLimits(timeout, cpuTime, cancellation)) { run, result, record in
        function(id, &raw, run, &result, &record)
      }
    }
    withExtendedLifetime(value) {}
    return text.jsString ?? ""
  }
}

extension JSObject {
  /// Defines a property of an object that was just made here, and of which no script knows.
  final func add(_ name: String, _ value: some ConvertibleToJSValue) throws {
    let value = try value.jsValue(in: context)
    // A binary of ABI 1 can only assign.
    if context.functions.pointee.object_define == nil { return try set(name, value) }
    try define(name, JSProperty(value: value, isWritable: true, isEnumerable: true, isConfigurable: true))
  }

  /// A Date's time in milliseconds since 1970-01-01 00:00 UTC, NaN for an invalid date.
  ///
  /// - Throws: ``MiniRacerError`` with `wrongType` if this is no Date.
  public final var dateTime: Double {
    get throws {
      let function = try need(context.functions.pointee.date_get_time, "date_get_time", context.functions)
      var time = 0.0
      var record: ErrorRecord = nil
      let status = function(context.id, handle, &time, &record)
      guard status == 0 else { throw context.failure(status, record) }
      return time
    }
  }
}
