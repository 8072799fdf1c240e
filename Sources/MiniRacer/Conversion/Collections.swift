// Live objects are copied here element by element; getters run, under the virtual machine's default limits.

extension Optional: ConvertibleToJSValue where Wrapped: ConvertibleToJSValue {
  /// `null` for nil.
  public func jsValue(in context: JSContext) throws -> JSValue {
    try self?.jsValue(in: context) ?? .null
  }
}

extension Optional: ConstructibleFromJSValue where Wrapped: ConstructibleFromJSValue {
  /// Nil from `undefined` and `null`.
  public static func construct(from value: JSValue) throws -> Wrapped? {
    switch value {
    case .undefined, .null: return nil
    default: return try Wrapped.construct(from: value)
    }
  }
}

extension Array: ConvertibleToJSValue where Element: ConvertibleToJSValue {
  /// An Array.
  public func jsValue(in context: JSContext) throws -> JSValue {
    try .object(context.makeArray(map { try $0.jsValue(in: context) } as [JSValue]))
  }
}

extension Array: ConstructibleFromJSValue where Element: ConstructibleFromJSValue {
  /// From an Array. Holes are `undefined`.
  public static func construct(from value: JSValue) throws -> [Element] {
    guard let object = value.object, object.kind == .array else { throw JSConversionError(Self.self, from: value) }
    return try object.context.virtualMachine.withLock {
      let count = try object.get("length", as: Int.self)
      return try (0..<count).map { index in
        do {
          return try Element.construct(from: object.get(index))
        } catch let error as JSConversionError {
          throw error.inside("[\(index)]")
        }
      }
    }
  }
}

extension Dictionary: ConvertibleToJSValue where Key == String, Value: ConvertibleToJSValue {
  /// A plain object.
  public func jsValue(in context: JSContext) throws -> JSValue {
    let object = try context.makeObject()
    for (name, value) in self { try object.set(name, value) }
    return .object(object)
  }
}

extension Dictionary: ConstructibleFromJSValue where Key == String, Value: ConstructibleFromJSValue {
  /// From an object's own enumerable properties. Arrays, functions and other special objects are refused, and so are names
  /// with a lone surrogate.
  public static func construct(from value: JSValue) throws -> [String: Value] {
    guard let object = value.object, object.kind == .plain else { throw JSConversionError(Self.self, from: value) }
    return try object.context.virtualMachine.withLock {
      var result: [String: Value] = [:]
      for key in try object.keys() {
        if case .name(let name) = key, !name.isWellFormed {
          throw JSConversionError(expected: "a String as key", received: "a String with a lone surrogate")
        }
        do {
          result[key.description] = try Value.construct(from: object.get(key))
        } catch let error as JSConversionError {
          throw error.inside("[\"\(key)\"]")
        }
      }
      return result
    }
  }
}
