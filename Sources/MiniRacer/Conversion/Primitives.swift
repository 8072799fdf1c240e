extension JSValue: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// Itself.
  public func jsValue(in context: JSContext) -> JSValue { self }
  /// Any value.
  public static func construct(from value: JSValue) -> JSValue { value }
}

extension Bool: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A Boolean.
  public func jsValue(in context: JSContext) -> JSValue { .boolean(self) }
  /// From a Boolean.
  public static func construct(from value: JSValue) throws -> Bool {
    if case .boolean(let value) = value { return value }
    throw JSConversionError(Self.self, from: value)
  }
}

extension Double: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A Number.
  public func jsValue(in context: JSContext) -> JSValue { .number(self) }
  /// From a Number.
  public static func construct(from value: JSValue) throws -> Double {
    if case .number(let value) = value { return value }
    throw JSConversionError(Self.self, from: value)
  }
}

extension Float: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A Number, which holds every Float exactly.
  public func jsValue(in context: JSContext) -> JSValue { .number(Double(self)) }
  /// From a Number, the nearest Float to it; one beyond Float's range is refused.
  public static func construct(from value: JSValue) throws -> Float {
    if case .number(let number) = value {
      let float = Float(number)
      if float.isFinite || !number.isFinite { return float }
    }
    throw JSConversionError(Self.self, from: value)
  }
}

extension String: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A string.
  public func jsValue(in context: JSContext) -> JSValue { .string(JSString(self)) }
  /// From a string; one with a lone surrogate is refused, see ``JSString``.
  public static func construct(from value: JSValue) throws -> String {
    if case .string(let value) = value, case .wellFormed(let string) = value.storage { return string }
    throw JSConversionError(Self.self, from: value)
  }
}

extension Substring: ConvertibleToJSValue {
  /// A string.
  public func jsValue(in context: JSContext) -> JSValue { .string(JSString(String(self))) }
}

extension JSString: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A string.
  public func jsValue(in context: JSContext) -> JSValue { .string(self) }
  /// From any string.
  public static func construct(from value: JSValue) throws -> JSString {
    if case .string(let value) = value { return value }
    throw JSConversionError(expected: "String", received: value.summary)
  }
}

extension JSBigInt: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A BigInt.
  public func jsValue(in context: JSContext) -> JSValue { .bigInt(self) }
  /// From a BigInt.
  public static func construct(from value: JSValue) throws -> JSBigInt {
    if case .bigInt(let value) = value { return value }
    throw JSConversionError(expected: "BigInt", received: value.summary)
  }
}

extension JSSymbol: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A symbol.
  public func jsValue(in context: JSContext) -> JSValue { .symbol(self) }
  /// From a symbol.
  public static func construct(from value: JSValue) throws -> Self {
    if let symbol = value.symbol as? Self { return symbol }
    throw JSConversionError(expected: "Symbol", received: value.summary)
  }
}

extension JSObject: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// The object itself.
  public func jsValue(in context: JSContext) -> JSValue { .object(self) }
}

extension ConstructibleFromJSValue where Self: JSObject {
  /// From any object; for ``JSFunction``, ``JSMap`` and their like, from such an object only.
  public static func construct(from value: JSValue) throws -> Self {
    if let object = value.object as? Self { return object }
    throw JSConversionError(expected: "\("\(Self.self)".dropFirst(2))", received: value.summary)
  }
}
