/// A JavaScript Array, live. Elements are read with `try array[0]` and written with ``JSObject/set(_:_:timeout:cpuTime:cancellation:)``.
public final class JSArray: JSObject, @unchecked Sendable {
  /// `array.length`
  public var count: Int {
    get throws { try get("length", as: Int.self) }
  }

  /// All elements as they are now; holes are `undefined`. Getters run, under the virtual machine's default limits.
  public var elements: [JSValue] {
    get throws {
      try context.virtualMachine.withLock { try (0..<count).map { try get($0) } }
    }
  }

  /// `array.push(value)`
  public func append(_ value: some ConvertibleToJSValue) throws {
    try set(count, value)
  }
}
