// Live objects are copied here element by element. Getters run, under the limits of the conversion as a whole: those of the
// call that it is part of, else the virtual machine's default limits.

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
    return try object.context.converting { conversion in
      let count = try Int.construct(from: object.get("length", conversion.limits))
      // It grows as they come: the length is only what the guest says.
      var result: [Element] = []
      for index in 0..<count {
        let value = try object.get(index, conversion.limits)
        try conversion.count(value)
        do {
          result.append(try Element.construct(from: value))
        } catch let error as JSConversionError {
          throw error.inside("[\(index)]")
        }
      }
      return result
    }
  }
}

extension Dictionary: ConvertibleToJSValue where Key == String, Value: ConvertibleToJSValue {
  /// A plain object. Its properties are defined: "__proto__" is one as any other.
  public func jsValue(in context: JSContext) throws -> JSValue {
    let object = try context.makeObject()
    for (name, value) in self { try object.add(name, value) }
    return .object(object)
  }
}

extension Dictionary: ConstructibleFromJSValue where Key == String, Value: ConstructibleFromJSValue {
  /// From an object's own enumerable properties. Arrays, functions and other special objects are refused, and so are names
  /// with a lone surrogate, and two names that are the same to Swift, as "é" in one code point and in two.
  public static func construct(from value: JSValue) throws -> [String: Value] {
    guard let object = value.object, object.kind == .plain else { throw JSConversionError(Self.self, from: value) }
    return try object.context.converting { conversion in
      var result: [String: Value] = [:]
      for key in try object.keys([], conversion.limits) {
        if case .name(let name) = key, !name.isWellFormed {
          throw JSConversionError(expected: "a String as key", received: "a String with a lone surrogate")
        }
        let name = key.description
        if result[name] != nil {
          throw JSConversionError(expected: "distinct Strings as keys", received: "two spellings of \"\(name)\"")
        }
        let value = try object.get(key, conversion.limits)
        try conversion.count(value)
        do {
          result[name] = try Value.construct(from: value)
        } catch let error as JSConversionError {
          throw error.inside("[\"\(key)\"]")
        }
      }
      return result
    }
  }
}
