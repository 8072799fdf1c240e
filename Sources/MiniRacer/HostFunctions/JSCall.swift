/// A call of a host function from JavaScript.
public struct JSCall: Sendable {
  /// The context that the function was made in. Closures that use this one, and hold none themselves, let it close.
  public let context: JSContext
  /// The function's name.
  public let functionName: String
  /// What it was called with.
  public let arguments: [JSValue]
  /// `this`; with `new`, the new object.
  public let this: JSValue
  /// Whether it was called with `new`.
  public let isConstructCall: Bool

  /// An argument; `undefined` beyond those that there are.
  public subscript(index: Int) -> JSValue {
    arguments.indices.contains(index) ? arguments[index] : .undefined
  }

  /// An argument as a Swift value.
  ///
  /// - Throws: an error that becomes a TypeError in JavaScript which names the function, the argument and both types.
  public func argument<T: ConstructibleFromJSValue>(_ index: Int, as type: T.Type = T.self) throws -> T {
    do {
      return try T.construct(from: self[index])
    } catch let error as JSConversionError {
      throw error.argument(index, of: functionName)
    }
  }
}

extension JSConversionError {
  /// "add: argument 2: expected Int, got String".
  func argument(_ index: Int, of function: String) -> JSError {
    JSError(name: "TypeError", message: "\(function): argument \(index + 1)\(path.isEmpty ? ": " : "")\(self)")
  }
}
