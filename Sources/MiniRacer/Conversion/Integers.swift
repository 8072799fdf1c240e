// Integers cross exactly or not at all.
//
// To JavaScript: a Number within ±(2^53 - 1), beyond that a BigInt; there a Number would be rounded.
// From JavaScript: a Number that is integral and in range (-0 is 0), or a BigInt in range.

extension JSValue {
  @inline(__always)
  fileprivate func integer<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
    switch self {
    case .number(let number):
      if let value = T(exactly: number) { return value }
    case .bigInt(let number):
      if let value: T = number.integer() { return value }
    default: break
    }
    throw JSConversionError(type, from: self)
  }
}

extension Int: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A Number; beyond 2^53 - 1, where Numbers stop being exact, a BigInt.
  public func jsValue(in context: JSContext) -> JSValue { JSValue(self) }
  /// From an integral Number or a BigInt in range.
  public static func construct(from value: JSValue) throws -> Int { try value.integer(Int.self) }
}

extension Int8: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A Number.
  public func jsValue(in context: JSContext) -> JSValue { .number(Double(self)) }
  /// From an integral Number or a BigInt in range.
  public static func construct(from value: JSValue) throws -> Int8 { try value.integer(Int8.self) }
}

extension Int16: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A Number.
  public func jsValue(in context: JSContext) -> JSValue { .number(Double(self)) }
  /// From an integral Number or a BigInt in range.
  public static func construct(from value: JSValue) throws -> Int16 { try value.integer(Int16.self) }
}

extension Int32: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A Number.
  public func jsValue(in context: JSContext) -> JSValue { .number(Double(self)) }
  /// From an integral Number or a BigInt in range.
  public static func construct(from value: JSValue) throws -> Int32 { try value.integer(Int32.self) }
}

extension Int64: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A Number; beyond 2^53 - 1, where Numbers stop being exact, a BigInt.
  public func jsValue(in context: JSContext) -> JSValue { JSValue(self) }
  /// From an integral Number or a BigInt in range.
  public static func construct(from value: JSValue) throws -> Int64 { try value.integer(Int64.self) }
}

extension UInt: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A Number; beyond 2^53 - 1, where Numbers stop being exact, a BigInt.
  public func jsValue(in context: JSContext) -> JSValue { JSValue(self) }
  /// From an integral Number or a BigInt in range.
  public static func construct(from value: JSValue) throws -> UInt { try value.integer(UInt.self) }
}

extension UInt8: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A Number.
  public func jsValue(in context: JSContext) -> JSValue { .number(Double(self)) }
  /// From an integral Number or a BigInt in range.
  public static func construct(from value: JSValue) throws -> UInt8 { try value.integer(UInt8.self) }
}

extension UInt16: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A Number.
  public func jsValue(in context: JSContext) -> JSValue { .number(Double(self)) }
  /// From an integral Number or a BigInt in range.
  public static func construct(from value: JSValue) throws -> UInt16 { try value.integer(UInt16.self) }
}

extension UInt32: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A Number.
  public func jsValue(in context: JSContext) -> JSValue { .number(Double(self)) }
  /// From an integral Number or a BigInt in range.
  public static func construct(from value: JSValue) throws -> UInt32 { try value.integer(UInt32.self) }
}

extension UInt64: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// A Number; beyond 2^53 - 1, where Numbers stop being exact, a BigInt.
  public func jsValue(in context: JSContext) -> JSValue { JSValue(self) }
  /// From an integral Number or a BigInt in range.
  public static func construct(from value: JSValue) throws -> UInt64 { try value.integer(UInt64.self) }
}
