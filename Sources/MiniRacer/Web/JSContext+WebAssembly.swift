/// A WebAssembly instance: its exports, and its memory as bytes.
///
/// ```swift
/// let instance = try context.instantiateWebAssembly(bytes)
/// try instance.exports.add(1, 2)  // 3
/// try instance.memory?.withUnsafeBytes { ... }
/// ```
public struct JSWebAssemblyInstance: Sendable {
  /// `instance.exports`
  public let exports: JSObject

  /// The exported memory of that name, which ``JSObject/withUnsafeBytes(_:)`` and its like take; nil if there is none. The bytes
  /// are those of now: they are others once the memory grows.
  public func memory(_ name: String) throws -> JSObject? { try exports.get(name).object }

  /// The exported memory called "memory", as compilers call it; nil if there is none.
  public var memory: JSObject? {
    get throws { try memory("memory") }
  }
}

extension JSContext {
  /// Compiles a WebAssembly module and makes an instance of it, on this thread, by the global `WebAssembly` object. The
  /// limits are those of all of it together.
  ///
  /// - Parameters:
  ///   - bytes: the module in the binary format.
  ///   - imports: what it imports, by module and name: functions, memories, numbers.
  /// - Throws: ``JSError``, a CompileError for bytes that are no module, a LinkError for imports that are missing.
  public func instantiateWebAssembly(
    _ bytes: some Sequence<UInt8>, imports: [String: [String: any ConvertibleToJSValue]] = [:],
    timeout: Duration? = nil, cpuTime: Duration? = nil, cancellation: CancellationToken? = nil
  ) throws -> JSWebAssemblyInstance {
    let allowance = Allowance(RunLimits(timeout, cpuTime, cancellation), in: virtualMachine)
    let given = try makeImports(imports)
    let webAssembly = try global.get("WebAssembly", as: JSObject.self, allowance)
    let module = try webAssembly.get("Module", as: JSFunction.self, allowance)
      .construct(Arguments([makeArrayBuffer(copying: bytes)], in: self), allowance.rest)
    let instance = try webAssembly.get("Instance", as: JSFunction.self, allowance)
      .construct(Arguments([module, given], in: self), allowance.rest)
    return JSWebAssemblyInstance(exports: try instance.get("exports", as: JSObject.self, allowance))
  }

  /// The same without blocking a thread, compiled in the background.
  ///
  /// Cancelling the task ends what runs, or the wait for what compiles, with `CancellationError`. The limits are those of the
  /// runs together, and not of the wait between them.
  public func instantiateWebAssemblyAsync(
    _ bytes: [UInt8], imports: [String: [String: any ConvertibleToJSValue & Sendable]] = [:],
    timeout: Duration? = nil, cpuTime: Duration? = nil
  ) async throws -> JSWebAssemblyInstance {
    let (promise, rest) = try await virtualMachine.perform { [self] cancellation in
      let allowance = Allowance(RunLimits(timeout, cpuTime, cancellation), in: virtualMachine)
      let given: [any ConvertibleToJSValue] = [try makeArrayBuffer(copying: bytes), try makeImports(imports)]
      let promise = try global.get("WebAssembly", as: JSObject.self, allowance)
        .callMethod("instantiate", passing: Arguments(given, in: self), allowance.rest)
      return (promise, allowance.rest)
    }
    guard let result = try await promise.settled.object else {
      throw MiniRacerError(.internal, "WebAssembly.instantiate gave no instance")
    }
    return try await virtualMachine.perform { [virtualMachine] cancellation in
      let allowance = Allowance(rest.with(cancellation), in: virtualMachine)
      let instance = try result.get("instance", as: JSObject.self, allowance)
      return JSWebAssemblyInstance(exports: try instance.get("exports", as: JSObject.self, allowance))
    }
  }

  private func makeImports(_ imports: [String: [String: any ConvertibleToJSValue]]) throws -> JSObject {
    let object = try makeObject()
    for (module, values) in imports {
      let exports = try makeObject()
      for (name, value) in values { try exports.add(name, value) }
      try object.add(module, exports)
    }
    return object
  }
}

extension JSObject {
  fileprivate final func get<T: ConstructibleFromJSValue>(
    _ name: String, as type: T.Type, _ allowance: Allowance
  ) throws -> T {
    try get(name, allowance.rest).converted(to: type, allowance)
  }
}
