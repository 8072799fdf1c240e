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
  /// Compiles a WebAssembly module and makes an instance of it, on this thread, by the global `WebAssembly` object.
  ///
  /// - Parameters:
  ///   - bytes: the module in the binary format.
  ///   - imports: what it imports, by module and name: functions, memories, numbers.
  /// - Throws: ``JSError``, a CompileError for bytes that are no module, a LinkError for imports that are missing.
  public func instantiateWebAssembly(
    _ bytes: some Sequence<UInt8>, imports: [String: [String: any ConvertibleToJSValue]] = [:],
    timeout: Duration? = nil, cpuTime: Duration? = nil, cancellation: CancellationToken? = nil
  ) throws -> JSWebAssemblyInstance {
    let given = try makeObject()
    for (module, values) in imports {
      let object = try makeObject()
      for (name, value) in values { try object.set(name, value.jsValue(in: self)) }
      try given.set(module, object)
    }
    let webAssembly = try global.get("WebAssembly", as: JSObject.self)
    let module = try webAssembly.get("Module", as: JSFunction.self)
      .new(arguments: [makeArrayBuffer(copying: bytes)], timeout: timeout, cpuTime: cpuTime, cancellation: cancellation)
    let instance = try webAssembly.get("Instance", as: JSFunction.self)
      .new(arguments: [module, given], timeout: timeout, cpuTime: cpuTime, cancellation: cancellation)
    return JSWebAssemblyInstance(exports: try instance.get("exports", as: JSObject.self))
  }

  /// The same without blocking a thread, compiled in the background.
  public func instantiateWebAssemblyAsync(
    _ bytes: [UInt8], imports: [String: [String: any ConvertibleToJSValue & Sendable]] = [:]
  ) async throws -> JSWebAssemblyInstance {
    let promise = try await virtualMachine.perform { [self] _ in
      let given = try makeObject()
      for (module, values) in imports {
        let object = try makeObject()
        for (name, value) in values { try object.set(name, value.jsValue(in: self)) }
        try given.set(module, object)
      }
      return try global.get("WebAssembly", as: JSObject.self).callMethod(
        "instantiate", makeArrayBuffer(copying: bytes), given)
    }
    guard let result = try await promise.settled.object else {
      throw MiniRacerError(.internal, "WebAssembly.instantiate gave no instance")
    }
    return try await virtualMachine.perform { _ in
      JSWebAssemblyInstance(
        exports: try result.get("instance", as: JSObject.self).get("exports", as: JSObject.self))
    }
  }
}
