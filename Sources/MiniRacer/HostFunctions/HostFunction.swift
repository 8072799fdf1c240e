internal import CMiniRacer

/// What JavaScript holds of a Swift closure.
final class HostFunction: Sendable {
  typealias Body = @Sendable (borrowing HostCall) throws -> Void

  let name: String
  let body: Body
  // Not strong, since JavaScript holds this: a context that owned what owns it would never close. The virtual machine is
  // alive whenever the function is called, since whoever calls into it holds it meanwhile.
  private let context: ContextReference
  private unowned(unsafe) let virtualMachine: JSVirtualMachine

  init(_ name: String, in context: JSContext, _ body: @escaping Body) {
    self.name = name
    self.body = body
    self.context = context.reference
    self.virtualMachine = context.virtualMachine
  }

  /// Called by the library, on any thread.
  static let callback: miniracer_callback = { userdata, call in
    guard let userdata, let call else { return 1 }
    return Unmanaged<HostFunction>.fromOpaque(userdata)._withUnsafeGuaranteedRef { $0.run(call) }
  }

  /// Called by the library, on any thread, once JavaScript can no longer reach the function.
  static let finalize: miniracer_finalizer = { userdata in
    guard let userdata else { return }
    Unmanaged<HostFunction>.fromOpaque(userdata).release()
  }

  private func run(_ raw: UnsafeMutablePointer<miniracer_call>) -> Int32 {
    let context = context.target ?? JSContext(standingInFor: raw.pointee.context, in: virtualMachine)
    let call = HostCall(function: self, raw: raw, context: context)
    do {
      try body(call)
      return 0
    } catch {
      call.fail(error)
      return 1
    }
  }
}

/// A call of a host function while it lasts.
struct HostCall: ~Copyable {
  let function: HostFunction
  let raw: UnsafeMutablePointer<miniracer_call>
  let context: JSContext

  /// An argument, taken over; `undefined` beyond those that there are.
  func value(_ index: Int) -> JSValue {
    guard index < Int(raw.pointee.argument_count) else { return .undefined }
    return context.take(&raw.pointee.arguments[index])
  }

  func argument<T: ConstructibleFromJSValue>(_ index: inout Int, as type: T.Type) throws -> T {
    defer { index += 1 }
    do {
      return try T.construct(from: value(index))
    } catch let error as JSConversionError {
      throw error.argument(index, of: function.name)
    }
  }

  /// The call with everything taken over, for closures that take it whole.
  func all() -> JSCall {
    var taken: [JSValue] = []
    for index in 0..<Int(raw.pointee.argument_count) { taken.append(value(index)) }
    return JSCall(
      context: context, functionName: function.name,
      arguments: taken,
      this: context.take(&raw.pointee.this_value),
      isConstructCall: Int(raw.pointee.flags) & MINIRACER_CALL_CONSTRUCT != 0)
  }

  /// The result.
  func finish(_ value: JSValue) throws {
    switch value {
    case .undefined, .null, .boolean, .number:
      raw.pointee.result = try context.immediate(value)!
    default:
      // Not by way of the field: an object may be let go of before the library looks.
      let function = try need(context.functions.pointee.call_return, "call_return", context.functions)
      let status = try context.withRaw(value) { value in
        var value = value
        return function(raw, &value)
      }
      withExtendedLifetime(value) {}
      guard status == 0 else { throw MiniRacerError(status) }
    }
  }

  /// What JavaScript is to catch.
  func fail(_ error: any Error) {
    if let error = error as? JSError {
      if let thrown = error.thrown, rethrow(thrown) { return }
      throwNew(name: error.name, message: error.message, identity: nil)
    } else {
      throwNew(name: "\(type(of: error))", message: "\(error)", identity: HostError(error))
    }
  }

  /// The same value again; false if it cannot be thrown here, being of another virtual machine.
  private func rethrow(_ thrown: JSValue) -> Bool {
    guard let function = context.functions.pointee.call_throw else { return false }
    let status = try? context.withRaw(thrown) { thrown in
      var thrown = thrown
      return function(raw, &thrown)
    }
    withExtendedLifetime(thrown) {}
    return status == 0
  }

  private func throwNew(name: String?, message: String, identity: HostError?) {
    guard let function = context.functions.pointee.call_throw_error else { return }
    let constructor =
      switch name {
      case "TypeError": MINIRACER_THROW_TYPE_ERROR
      case "RangeError": MINIRACER_THROW_RANGE_ERROR
      case "ReferenceError": MINIRACER_THROW_REFERENCE_ERROR
      case "SyntaxError": MINIRACER_THROW_SYNTAX_ERROR
      default: MINIRACER_THROW_ERROR
      }
    let isOwnName = constructor == MINIRACER_THROW_ERROR && name != "Error"
    let pointer = identity.map { Unmanaged.passRetained($0).toOpaque() }
    // Fails only with text too large to be a string, and then the library throws an Error of its own.
    _ = try? context.withRaw(isOwnName ? name : nil) { name in
      try context.withRaw(message) { message in
        var (name, message) = (name, message)
        return function(raw, UInt32(constructor), &name, &message, pointer, pointer == nil ? nil : HostError.finalize)
      }
    }
  }
}
