internal import CMiniRacer

/// What JavaScript holds of Swift.
class HostReference: @unchecked Sendable {
  // Not strong, since JavaScript holds this: a context that owned what owns it would never close. The library's own thread
  // may call when the virtual machine is just going, too.
  private let context: BackReference<JSContext>
  private let virtualMachine: BackReference<JSVirtualMachine>

  init(in context: JSContext) {
    self.context = context.reference
    self.virtualMachine = context.virtualMachine.reference
  }

  /// The context that this was made in or, where that is no longer referred to, a stand-in for it; nil once the virtual
  /// machine is going.
  @inline(__always)
  final func context(_ id: miniracer_context) -> JSContext? {
    if let context = context.target { return context }
    return virtualMachine.target.map { JSContext(standingInFor: id, in: $0) }
  }

  /// Called by the library, on any thread, once JavaScript can no longer reach what holds this.
  static let finalize: miniracer_finalizer = { userdata in
    guard let userdata else { return }
    Unmanaged<HostReference>.fromOpaque(userdata).release()
  }
}

/// What JavaScript holds of a Swift closure.
final class HostFunction: HostReference, @unchecked Sendable {
  typealias Body = @Sendable (borrowing HostCall) throws -> Void

  let name: String
  let body: Body

  init(_ name: String, in context: JSContext, _ body: @escaping Body) {
    self.name = name
    self.body = body
    super.init(in: context)
  }

  /// Called by the library, on any thread.
  static let callback: miniracer_callback = { userdata, call in
    guard let userdata, let call else { return 1 }
    return Unmanaged<HostFunction>.fromOpaque(userdata)._withUnsafeGuaranteedRef { $0.run(call) }
  }

  private func run(_ raw: UnsafeMutablePointer<miniracer_call>) -> Int32 {
    guard let context = context(raw.pointee.context) else { return 1 }
    let call = HostCall(name: name, raw: raw, context: context)
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
  let name: String
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
      throw error.argument(index, of: name)
    }
  }

  /// The call with everything taken over, for closures that take it whole.
  func all() -> JSCall {
    var taken: [JSValue] = []
    for index in 0..<Int(raw.pointee.argument_count) { taken.append(value(index)) }
    return JSCall(
      context: context, functionName: name,
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
    switch Thrown(error) {
    case .value(let thrown, let error):
      if !rethrow(thrown) { throwNew(Thrown.New(error)) }
    case .new(let new): throwNew(new)
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

  private func throwNew(_ new: Thrown.New) {
    guard let function = context.functions.pointee.call_throw_error else { return }
    // Fails only with text too large to be a string, and then the library throws an Error of its own.
    _ = try? new.withRaws(in: context) { constructor, name, message, pointer, finalize in
      function(raw, constructor, name, message, pointer, finalize)
    }
  }
}
