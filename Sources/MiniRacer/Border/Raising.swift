internal import CMiniRacer

// From the border into Swift.

extension JSContext {
  /// The value in Swift's hands. What it owned is given back or taken over, and it is undefined afterwards.
  @inline(__always)
  func take(_ raw: inout miniracer_value) -> JSValue {
    switch Int(raw.tag) {
    case MINIRACER_INT32:
      return .number(Double(raw.as.int32))
    case MINIRACER_DOUBLE:
      return .number(raw.as.number)
    case MINIRACER_UNDEFINED:
      return .undefined
    case MINIRACER_BOOLEAN:
      return .boolean(raw.as.int32 != 0)
    default:
      return takeOther(&raw)
    }
  }

  @inline(never)
  private func takeOther(_ raw: inout miniracer_value) -> JSValue {
    switch Int(raw.tag) {
    case MINIRACER_NULL:
      return .null
    case MINIRACER_SYMBOL:
      raw.tag = UInt8(MINIRACER_UNDEFINED)
      return .symbol(JSSymbol(raw.as.handle, in: self))
    case MINIRACER_OBJECT:
      raw.tag = UInt8(MINIRACER_UNDEFINED)
      return .object(JSObject.make(raw, in: self))
    case MINIRACER_STRING:
      let string = JSString(borrowing: raw)
      if Int(raw.flags) & MINIRACER_VALUE_OWNED != 0 { functions.pointee.value_release(&raw, 1) }
      return .string(string)
    case MINIRACER_BIGINT:
      let number = JSBigInt(borrowing: raw)
      if Int(raw.flags) & MINIRACER_VALUE_OWNED != 0 { functions.pointee.value_release(&raw, 1) }
      return .bigInt(number)
    default:
      // No tag will ever be added; a library that sends one all the same keeps what it sent.
      functions.pointee.value_release(&raw, 1)
      return .undefined
    }
  }
}

extension JSObject {
  /// The object of a value that it takes over.
  static func make(_ raw: miniracer_value, in context: JSContext) -> JSObject {
    if Int(raw.flags) & MINIRACER_VALUE_CALLABLE != 0 { return JSFunction(raw, in: context) }
    switch Int(raw.subtype) {
    case MINIRACER_OBJECT_ARRAY: return JSArray(raw, in: context)
    case MINIRACER_OBJECT_DATE: return JSDate(raw, in: context)
    case MINIRACER_OBJECT_PROMISE: return JSPromise(raw, in: context)
    case MINIRACER_OBJECT_MAP: return JSMap(raw, in: context)
    case MINIRACER_OBJECT_SET: return JSSet(raw, in: context)
    case MINIRACER_OBJECT_ARRAY_BUFFER, MINIRACER_OBJECT_SHARED_ARRAY_BUFFER: return JSArrayBuffer(raw, in: context)
    case MINIRACER_OBJECT_TYPED_ARRAY: return JSTypedArray(raw, in: context)
    case MINIRACER_OBJECT_DATA_VIEW: return JSDataView(raw, in: context)
    default: return JSObject(raw, in: context)
    }
  }
}

extension JSBigInt {
  init(borrowing raw: miniracer_value) {
    if Int(raw.subtype) == MINIRACER_BIGINT_WORDS, let words = raw.as.words {
      self.init(
        isNegative: Int(raw.flags) & MINIRACER_VALUE_NEGATIVE != 0,
        words: Array(UnsafeBufferPointer(start: words, count: Int(raw.length))))
    } else {
      self.init(raw.as.int64)
    }
  }
}

extension Functions {
  /// Gives a handle back. Any thread.
  func release(handle: miniracer_handle, tag: Int) {
    var raw = miniracer_value(
      tag: UInt8(tag), subtype: 0, flags: UInt16(MINIRACER_VALUE_OWNED), length: 0, as: .init(handle: handle))
    pointee.value_release(&raw, 1)
  }
}
