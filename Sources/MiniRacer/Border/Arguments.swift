internal import CMiniRacer

/// The arguments of a call as values, which it keeps alive meanwhile: a few of them on the stack, without an allocation.
///
/// This and what it leads to is the path of `f(1, 2)`. It is written without closures that capture objects, each of which
/// costs a retain and a release, and without `for ... in repeat`, which asks the runtime for a tuple's type each time.
struct Arguments: ~Copyable {
  static let capacity = 4

  private(set) var count = 0
  private var few = InlineArray<4, JSValue>(repeating: .undefined)
  private var many: [JSValue] = []

  mutating func append(_ value: JSValue) {
    if count < Self.capacity {
      few[count] = value
    } else {
      if count == Self.capacity { for index in 0..<Self.capacity { many.append(few[index]) } }
      many.append(value)
    }
    count += 1
  }

  /// Calls the body with all values.
  @inline(__always)
  func withValues<R>(_ body: (UnsafeBufferPointer<JSValue>) throws -> R) throws -> R {
    if count > Self.capacity { return try many.withUnsafeBufferPointer(body) }
    return try few.span.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[..<count])) }
  }

  /// Calls the body with all values as the ABI takes them, if they are few and need little memory beside it; else nil.
  @inline(__always)
  func withRaws<R>(
    in context: JSContext, _ body: (UnsafePointer<miniracer_value>?, UInt32) -> R
  ) throws -> R? {
    if count > Self.capacity { return nil }
    var raws = InlineArray<4, miniracer_value>(repeating: miniracer_value())
    var hasStrings = false
    for index in 0..<count {
      if let raw = try context.immediate(few[index]) {
        raws[index] = raw
      } else if few[index].isShortString {
        hasStrings = true
      } else {
        return nil
      }
    }
    let count = UInt32(truncatingIfNeeded: count)
    if !hasStrings { return raws.span.withUnsafeBufferPointer { body($0.baseAddress, count) } }
    // A String shows its bytes to a closure only, so that short ones are copied rather than nested.
    return withUnsafeTemporaryAllocation(byteCount: Self.capacity * JSValue.shortString, alignment: 8) { memory in
      for index in 0..<Int(count) {
        let room = UnsafeMutableRawBufferPointer(rebasing: memory[(index * JSValue.shortString)...])
        if let raw = few[index].copyShortString(to: room) { raws[index] = raw }
      }
      return raws.span.withUnsafeBufferPointer { body($0.baseAddress, count) }
    }
  }
}

extension JSValue {
  /// The most bytes of UTF-8 that are rather copied.
  fileprivate static let shortString = 128

  fileprivate var isShortString: Bool {
    guard case .string(let string) = self, case .wellFormed(let text) = string.storage else { return false }
    return text.utf8.count <= Self.shortString
  }

  /// A short string's bytes, as the ABI takes them; nil for what is no string.
  fileprivate func copyShortString(to memory: UnsafeMutableRawBufferPointer) -> miniracer_value? {
    guard case .string(let string) = self, case .wellFormed(var text) = string.storage else { return nil }
    let count = text.withUTF8 { bytes in
      memory.copyMemory(from: UnsafeRawBufferPointer(bytes))
      return bytes.count
    }
    return miniracer_value(
      tag: UInt8(MINIRACER_STRING), subtype: UInt8(MINIRACER_UTF8), flags: 0, length: UInt32(count),
      as: .init(data: UnsafeRawPointer(memory.baseAddress)))
  }
}
