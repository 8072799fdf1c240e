internal import CMiniRacer

/// What the elements of a typed array are. More may be added.
public struct JSElementType: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  /// The number, as in miniracer.h.
  public let rawValue: UInt32

  /// The type with this number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  private init(_ element: Int) { rawValue = UInt32(element) }

  /// Int8Array
  public static let int8 = JSElementType(MINIRACER_ELEMENT_INT8)
  /// Uint8Array
  public static let uint8 = JSElementType(MINIRACER_ELEMENT_UINT8)
  /// Uint8ClampedArray
  public static let uint8Clamped = JSElementType(MINIRACER_ELEMENT_UINT8_CLAMPED)
  /// Int16Array
  public static let int16 = JSElementType(MINIRACER_ELEMENT_INT16)
  /// Uint16Array
  public static let uint16 = JSElementType(MINIRACER_ELEMENT_UINT16)
  /// Int32Array
  public static let int32 = JSElementType(MINIRACER_ELEMENT_INT32)
  /// Uint32Array
  public static let uint32 = JSElementType(MINIRACER_ELEMENT_UINT32)
  /// Float32Array
  public static let float32 = JSElementType(MINIRACER_ELEMENT_FLOAT32)
  /// Float64Array
  public static let float64 = JSElementType(MINIRACER_ELEMENT_FLOAT64)
  /// BigInt64Array
  public static let bigInt64 = JSElementType(MINIRACER_ELEMENT_BIGINT64)
  /// BigUint64Array
  public static let bigUint64 = JSElementType(MINIRACER_ELEMENT_BIGUINT64)
  /// Float16Array, where the engine has it.
  public static let float16 = JSElementType(MINIRACER_ELEMENT_FLOAT16)

  private static let names = [
    "DataView", "Int8", "Uint8", "Uint8Clamped", "Int16", "Uint16", "Int32", "Uint32", "Float32", "Float64",
    "BigInt64", "BigUint64", "Float16",
  ]

  /// The name in JavaScript, without "Array": "Float32".
  public var description: String {
    Int(rawValue) < Self.names.count ? Self.names[Int(rawValue)] : "element type \(rawValue)"
  }
}

/// A Swift number that is an element of typed arrays.
public protocol JSTypedArrayElement: BitwiseCopyable, Sendable {
  /// The elements' type in JavaScript.
  static var jsElementType: JSElementType { get }
}

extension Int8: JSTypedArrayElement {
  /// Int8Array
  public static var jsElementType: JSElementType { .int8 }
}
extension UInt8: JSTypedArrayElement {
  /// Uint8Array
  public static var jsElementType: JSElementType { .uint8 }
}
extension Int16: JSTypedArrayElement {
  /// Int16Array
  public static var jsElementType: JSElementType { .int16 }
}
extension UInt16: JSTypedArrayElement {
  /// Uint16Array
  public static var jsElementType: JSElementType { .uint16 }
}
extension Int32: JSTypedArrayElement {
  /// Int32Array
  public static var jsElementType: JSElementType { .int32 }
}
extension UInt32: JSTypedArrayElement {
  /// Uint32Array
  public static var jsElementType: JSElementType { .uint32 }
}
extension Int64: JSTypedArrayElement {
  /// BigInt64Array
  public static var jsElementType: JSElementType { .bigInt64 }
}
extension UInt64: JSTypedArrayElement {
  /// BigUint64Array
  public static var jsElementType: JSElementType { .bigUint64 }
}
extension Float: JSTypedArrayElement {
  /// Float32Array
  public static var jsElementType: JSElementType { .float32 }
}
extension Double: JSTypedArrayElement {
  /// Float64Array
  public static var jsElementType: JSElementType { .float64 }
}
