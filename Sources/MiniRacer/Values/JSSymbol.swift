internal import CMiniRacer

/// A JavaScript symbol. Equal to itself only, as in JavaScript.
public final class JSSymbol: Sendable, Hashable, CustomStringConvertible {
  /// The context that it came from.
  public let context: JSContext
  let handle: miniracer_handle

  init(_ handle: miniracer_handle, in context: JSContext) {
    self.handle = handle
    self.context = context
  }

  deinit { context.functions.release(handle: handle, tag: MINIRACER_SYMBOL) }

  var raw: miniracer_value {
    miniracer_value(tag: UInt8(MINIRACER_SYMBOL), subtype: 0, flags: 0, length: 0, as: .init(handle: handle))
  }

  /// Whether both are the same symbol. False once the virtual machine is closed, except for the same Swift object.
  public static func == (a: JSSymbol, b: JSSymbol) -> Bool {
    a === b || a.context.isSame(a.raw, b.raw, b.context)
  }

  /// Symbols of one virtual machine share a hash: there are few of them, and the engine keeps none for the host.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(context.virtualMachine.isolate)
  }

  /// "Symbol(description)"; "Symbol()" once the virtual machine is closed.
  public var description: String {
    (try? context.string(of: self).description) ?? "Symbol()"
  }
}
