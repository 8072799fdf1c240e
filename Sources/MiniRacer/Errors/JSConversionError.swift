/// A JavaScript value is not what a Swift type can be made of, or the other way round. Nothing is rounded, truncated or
/// parsed to make it fit.
public struct JSConversionError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The type that was wanted: "Int".
  public let expected: String
  /// What there was instead: "String", "1.5".
  public let received: String
  /// Where in an array or dictionary it was, from the outside inwards: `[2]`, `["name"]`.
  public let path: String

  /// An error for types of your own that conform to ``ConstructibleFromJSValue``.
  public init(expected: String, received: String, path: String = "") {
    self.expected = expected
    self.received = received
    self.path = path
  }

  /// An error about this value.
  public init<T>(_ type: T.Type, from value: JSValue) {
    self.init(expected: "\(type)", received: value.summary)
  }

  func inside(_ step: String) -> JSConversionError {
    JSConversionError(expected: expected, received: received, path: step + path)
  }

  /// "expected Int, got String", with the place where there is one.
  public var description: String {
    "\(path.isEmpty ? "" : "\(path): ")expected \(expected), got \(received)"
  }
}
