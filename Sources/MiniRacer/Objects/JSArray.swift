/// A JavaScript Array, live. Elements are read with `try array[0]` and written with
/// ``JSObject/set(_:_:timeout:cpuTime:cancellation:)``.
public final class JSArray: JSObject, @unchecked Sendable {
  /// `array.length`
  public var count: Int {
    get throws { try get("length", as: Int.self) }
  }

  /// All elements as they are now; holes are `undefined`. Getters run, under the virtual machine's default limits, which hold
  /// for all of it together.
  ///
  /// - Throws: what they throw; ``MiniRacerError``, with `tooLarge` for what is all but empty, or more than a gigabyte.
  public var elements: [JSValue] {
    get throws { try elements() }
  }

  /// The same under these limits.
  public func elements(
    timeout: Duration? = nil, cpuTime: Duration? = nil, cancellation: CancellationToken? = nil
  ) throws -> [JSValue] {
    try context.converting(RunLimits(timeout, cpuTime, cancellation)) { _ in try .construct(from: .object(self)) }
  }

  /// `array.push(value)`. Setters and Proxy traps run, under the limits, which are those of all of it together.
  ///
  /// - Throws: as ``JSObject/set(_:_:timeout:cpuTime:cancellation:)``.
  public func append(
    _ value: some ConvertibleToJSValue, timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws {
    let limits = RunLimits(timeout, cpuTime, cancellation)
    let allowance = Allowance(limits, in: context.virtualMachine)
    let count = try Int.construct(from: get("length", limits))
    let rest = allowance.rest
    try set(count, value, timeout: rest.timeout, cpuTime: rest.cpuTime, cancellation: cancellation)
  }
}
