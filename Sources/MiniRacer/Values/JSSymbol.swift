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

  /// The text that the symbol was made with; nil if without.
  ///
  /// - Throws: ``MiniRacerError`` with `closed` among others.
  public var symbolDescription: JSString? {
    get throws {
      let function = try need(
        context.functions.pointee.symbol_get_description, "symbol_get_description", context.functions)
      return try context.creating { result, record in function(context.id, handle, &result, &record) }.jsString
    }
  }
}

extension JSContext {
  /// `Symbol(description)`: a symbol that there is no second one of.
  public func makeSymbol(_ description: String? = nil) throws -> JSSymbol {
    try symbol(MINIRACER_SYMBOL_UNIQUE, description)
  }

  /// `Symbol.for(key)`: the same symbol for the same key in all contexts of the virtual machine.
  public func registeredSymbol(_ key: String) throws -> JSSymbol {
    try symbol(MINIRACER_SYMBOL_REGISTERED, key)
  }

  /// `Symbol[name]`, "iterator" or "toStringTag" say, by the engine, whatever scripts have made of `Symbol`.
  ///
  /// - Throws: ``MiniRacerError`` with `invalidArgument` if the engine has no such symbol.
  public func wellKnownSymbol(_ name: String) throws -> JSSymbol {
    try symbol(MINIRACER_SYMBOL_WELL_KNOWN, name)
  }

  private func symbol(_ kind: Int, _ description: String?) throws -> JSSymbol {
    let function = try need(functions.pointee.symbol_new, "symbol_new", functions)
    let value = try withRaw(description) { description in
      var description = description
      return try creating { result, record in function(id, UInt32(kind), &description, &result, &record) }
    }
    guard let symbol = value.symbol else { throw MiniRacerError(.internal, "no symbol but \(value.summary)") }
    return symbol
  }
}
