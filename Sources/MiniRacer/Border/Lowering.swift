internal import CMiniRacer

// From Swift to the border. The ABI reads what it is given during the call only, so that strings need no copy.

extension miniracer_value {
  @inline(__always)
  init(_ tag: Int, _ payload: __Unnamed_union_as) {
    self.init(tag: UInt8(tag), subtype: 0, flags: 0, length: 0, as: payload)
  }

  @inline(__always)
  init(_ number: Double) {
    // -0 is no int32: the bits decide.
    if number.magnitude <= 0x7FFF_FFFF, Double(Int32(number)).bitPattern == number.bitPattern {
      self.init(MINIRACER_INT32, .init(int32: Int32(number)))
    } else {
      self.init(MINIRACER_DOUBLE, .init(number: number))
    }
  }

  init(utf8 text: UnsafeBufferPointer<UInt8>) throws(MiniRacerError) {
    self.init(
      tag: UInt8(MINIRACER_STRING), subtype: UInt8(MINIRACER_UTF8), flags: 0, length: try .checked(text.count),
      as: .init(data: UnsafeRawPointer(text.baseAddress)))
  }

  init(utf16 text: UnsafeBufferPointer<UInt16>) throws(MiniRacerError) {
    self.init(
      tag: UInt8(MINIRACER_STRING), subtype: UInt8(MINIRACER_UTF16), flags: 0, length: try .checked(text.count),
      as: .init(data: UnsafeRawPointer(text.baseAddress)))
  }

  init(_ number: JSBigInt, words: UnsafeBufferPointer<UInt64>) throws(MiniRacerError) {
    self.init(
      tag: UInt8(MINIRACER_BIGINT), subtype: UInt8(MINIRACER_BIGINT_WORDS),
      flags: number.isNegative ? UInt16(MINIRACER_VALUE_NEGATIVE) : 0, length: try .checked(words.count),
      as: .init(words: words.baseAddress))
  }
}

extension UInt32 {
  static func checked(_ count: Int) throws(MiniRacerError) -> UInt32 {
    guard let count = UInt32(exactly: count) else {
      throw MiniRacerError(.tooLarge, "\(count) is more than 32 bits can count")
    }
    return count
  }
}

extension JSContext {
  /// The value, if it needs no memory beside it; nil for strings and large BigInts.
  @inline(__always)
  func immediate(_ value: JSValue) throws(MiniRacerError) -> miniracer_value? {
    switch value {
    case .number(let number): return miniracer_value(number)
    case .undefined: return miniracer_value()
    case .null: return miniracer_value(MINIRACER_NULL, .init(int32: 0))
    case .boolean(let value): return miniracer_value(MINIRACER_BOOLEAN, .init(int32: value ? 1 : 0))
    case .object(let object):
      try check(object.context)
      return object.raw
    case .symbol(let symbol):
      try check(symbol.context)
      return symbol.raw
    case .bigInt(let number):
      guard let small: Int64 = number.integer() else { return nil }
      return miniracer_value(MINIRACER_BIGINT, .init(int64: small))
    case .string: return nil
    }
  }

  /// Handles are numbers; those of another binary could by chance be valid here.
  @inline(__always)
  private func check(_ context: JSContext) throws(MiniRacerError) {
    if context !== self, context.virtualMachine !== virtualMachine {
      throw MiniRacerError(.invalidHandle, "the object belongs to another virtual machine")
    }
  }

  /// Calls the body with the value as the ABI takes it.
  func withRaw<R>(_ value: JSValue, _ body: (miniracer_value) throws -> R) throws -> R {
    if let raw = try immediate(value) { return try body(raw) }
    switch value {
    case .string(let string): return try withRaw(string, body)
    case .bigInt(let number):
      return try number.words.withUnsafeBufferPointer { try body(miniracer_value(number, words: $0)) }
    default: preconditionFailure("every other value is immediate")
    }
  }

  func withRaw<R>(_ string: JSString, _ body: (miniracer_value) throws -> R) throws -> R {
    switch string.storage {
    case .wellFormed(var text): return try text.withUTF8 { try body(miniracer_value(utf8: $0)) }
    case .illFormed(let units): return try units.withUnsafeBufferPointer { try body(miniracer_value(utf16: $0)) }
    }
  }

  func withRaw<R>(_ string: String?, _ body: (miniracer_value) throws -> R) throws -> R {
    guard var string else { return try body(miniracer_value()) }
    return try string.withUTF8 { try body(miniracer_value(utf8: $0)) }
  }

  func withRaw<R>(_ key: some JSPropertyKeyConvertible, _ body: (miniracer_value) throws -> R) throws -> R {
    switch key.jsPropertyKey {
    case .name(let name): return try withRaw(name, body)
    case let key: return try withRaw(key.value, body)
    }
  }

  /// Calls the body with the values as the ABI takes them.
  @inline(__always)
  func withRaw<R>(
    _ values: UnsafeBufferPointer<JSValue>, _ body: (UnsafePointer<miniracer_value>?, UInt32) throws -> R
  ) throws -> R {
    let count = try UInt32.checked(values.count)
    if count == 0 { return try body(nil, 0) }
    return try withUnsafeTemporaryAllocation(of: miniracer_value.self, capacity: values.count) { raws in
      for index in 0..<values.count {
        guard let raw = try immediate(values[index]) else {
          return try withRaw(values, from: index, raws, body)
        }
        raws[index] = raw
      }
      return try body(raws.baseAddress, count)
    }
  }

  /// A string's memory may only be used inside of a closure, so that each string takes one level of calls; the level is
  /// small, and past a number of strings they are copied instead.
  @inline(never)
  private func withRaw<R>(
    _ values: UnsafeBufferPointer<JSValue>, from start: Int, _ raws: UnsafeMutableBufferPointer<miniracer_value>,
    _ body: (UnsafePointer<miniracer_value>?, UInt32) throws -> R
  ) throws -> R {
    if values.count > 16 { return try withCopies(values, raws, body) }
    for index in start..<values.count {
      if let raw = try immediate(values[index]) {
        raws[index] = raw
      } else {
        return try withRaw(values[index]) { raw in
          raws[index] = raw
          return try withRaw(values, from: index + 1, raws, body)
        }
      }
    }
    return try body(raws.baseAddress, UInt32(values.count))
  }

  private func withCopies<R>(
    _ values: UnsafeBufferPointer<JSValue>, _ raws: UnsafeMutableBufferPointer<miniracer_value>,
    _ body: (UnsafePointer<miniracer_value>?, UInt32) throws -> R
  ) throws -> R {
    var copies: [UnsafeMutableRawPointer] = []
    defer { for copy in copies { copy.deallocate() } }
    for index in 0..<values.count {
      if let raw = try immediate(values[index]) {
        raws[index] = raw
        continue
      }
      raws[index] = try withRaw(values[index]) { raw in
        let unit = Int(raw.tag) == MINIRACER_BIGINT ? 8 : Int(raw.subtype) == MINIRACER_UTF16 ? 2 : 1
        guard let data = raw.as.data, raw.length > 0 else { return raw }
        let copy = UnsafeMutableRawPointer.allocate(byteCount: Int(raw.length) * unit, alignment: 8)
        copy.copyMemory(from: data, byteCount: Int(raw.length) * unit)
        copies.append(copy)
        var raw = raw
        raw.as.data = UnsafeRawPointer(copy)
        return raw
      }
    }
    return try body(raws.baseAddress, UInt32(values.count))
  }
}
