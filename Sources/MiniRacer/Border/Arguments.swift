internal import CMiniRacer

/// The arguments of a call as values, which it keeps alive meanwhile: a few of them on the stack, without an allocation.
///
/// This and what it leads to is the path of `f(1, 2)`. It is written without closures that capture objects, each of which
/// costs a retain and a release, without `for ... in repeat`, which asks the runtime for a tuple's type each time, and with
/// four fields where an InlineArray would be destroyed by way of its type's metadata. What is generic is inlinable, for the
/// sake of the callers' modules. One and two arguments have a shorter path still, see `JSFunction`.
@usableFromInline
struct Arguments: ~Copyable {
  static var capacity: Int { 4 }

  @usableFromInline var count = 0
  @usableFromInline var first = JSValue.undefined
  @usableFromInline var second = JSValue.undefined
  @usableFromInline var third = JSValue.undefined
  @usableFromInline var fourth = JSValue.undefined
  /// All of them, once they are more.
  @usableFromInline var many: [JSValue]?

  @inlinable
  init() {}

  init(_ list: [any ConvertibleToJSValue], in context: JSContext) throws {
    for argument in list { append(try argument.jsValue(in: context)) }
  }

  @inlinable
  mutating func append(_ value: JSValue) {
    switch count {
    case 0: first = value
    case 1: second = value
    case 2: third = value
    case 3: fourth = value
    default: appendToMany(value)
    }
    count += 1
  }

  @usableFromInline
  mutating func appendToMany(_ value: JSValue) {
    if many == nil { many = [first, second, third, fourth] }
    many!.append(value)
  }

  /// Calls the body with all values as the ABI takes them.
  @inline(__always)
  func withRaws<R>(
    in context: JSContext, _ body: (UnsafePointer<miniracer_value>?, UInt32) throws -> R
  ) throws -> R {
    var raws = InlineArray<4, miniracer_value>(repeating: miniracer_value())
    let isImmediate =
      try count <= Self.capacity
      && (count < 1 || Self.lower(first, to: &raws[0], in: context))
      && (count < 2 || Self.lower(second, to: &raws[1], in: context))
      && (count < 3 || Self.lower(third, to: &raws[2], in: context))
      && (count < 4 || Self.lower(fourth, to: &raws[3], in: context))
    guard isImmediate else { return try withTexts(in: context, body) }
    return try raws.span.withUnsafeBufferPointer { try body($0.baseAddress, UInt32(truncatingIfNeeded: count)) }
  }

  /// Whether the value needs no memory beside it.
  static func lower(
    _ value: JSValue, to raw: inout miniracer_value, in context: JSContext
  ) throws(MiniRacerError) -> Bool {
    guard let immediate = try context.immediate(value) else { return false }
    raw = immediate
    return true
  }

  /// The same for any values.
  @inline(never)
  private func withTexts<R>(
    in context: JSContext, _ body: (UnsafePointer<miniracer_value>?, UInt32) throws -> R
  ) throws -> R {
    if let many { return try many.withUnsafeBufferPointer { try context.withRaw($0, body) } }
    // A String shows its bytes to a closure only, so that short ones are copied rather than nested.
    let room = JSValue.shortString
    let result: R? = try withUnsafeTemporaryAllocation(byteCount: Self.capacity * room, alignment: 8) { memory in
      var raws = InlineArray<4, miniracer_value>(repeating: miniracer_value())
      for index in 0..<count {
        let place = UnsafeMutableRawBufferPointer(rebasing: memory[(index * room)...])
        guard let raw = try context.immediate(self[index]) ?? self[index].copyShortString(to: place) else { return nil }
        raws[index] = raw
      }
      return try raws.span.withUnsafeBufferPointer { try body($0.baseAddress, UInt32(count)) }
    }
    if let result { return result }
    let values = (0..<count).map { self[$0] }
    return try values.withUnsafeBufferPointer { try context.withRaw($0, body) }
  }

  /// One of the few.
  private subscript(index: Int) -> JSValue {
    switch index {
    case 0: first
    case 1: second
    case 2: third
    default: fourth
    }
  }
}

extension JSValue {
  /// The most bytes of UTF-8 that are rather copied.
  fileprivate static let shortString = 128

  /// A short string's bytes, as the ABI takes them; nil for all else.
  fileprivate func copyShortString(to memory: UnsafeMutableRawBufferPointer) -> miniracer_value? {
    guard case .string(let string) = self, case .wellFormed(var text) = string.storage,
      text.utf8.count <= Self.shortString
    else { return nil }
    let count = text.withUTF8 { bytes in
      memory.copyMemory(from: UnsafeRawBufferPointer(bytes))
      return bytes.count
    }
    return miniracer_value(
      tag: UInt8(MINIRACER_STRING), subtype: UInt8(MINIRACER_UTF8), flags: 0, length: UInt32(count),
      as: .init(data: UnsafeRawPointer(memory.baseAddress)))
  }
}
