/// A Swift type whose values can be given to JavaScript.
///
/// Conform a type of your own by making a value of it in the context:
///
/// ```swift
/// extension Point: ConvertibleToJSValue {
///   func jsValue(in context: JSContext) throws -> JSValue {
///     try .object(context.makeObject(["x": x, "y": y]))
///   }
/// }
/// ```
public protocol ConvertibleToJSValue: SendableMetatype {
  /// The value as JavaScript is to see it, in this context.
  func jsValue(in context: JSContext) throws -> JSValue
}

/// A Swift type that can be made of a JavaScript value.
///
/// Values are never coerced: a type takes what represents it exactly and refuses all else.
///
/// What a type of your own reads of an object is part of the call that converts, `evaluate(_:as:)` say, and so of the
/// JavaScript that runs in it: all of it ends with that call's limits, and it cannot wait for promises.
public protocol ConstructibleFromJSValue: SendableMetatype {
  /// The Swift value.
  ///
  /// - Throws: ``JSConversionError`` if there is none; what reading the object's properties throws.
  static func construct(from value: JSValue) throws -> Self
}
