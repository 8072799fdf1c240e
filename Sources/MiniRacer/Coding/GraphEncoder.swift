// Encodable values to the encoded form, written as they come: no tree of containers in between.

/// What a value's `encode(to:)` is given.
struct GraphEncoder: Encoder {
  let writer: GraphWriter
  let slot: Int

  var codingPath: [any CodingKey] { writer.codingPath(slot) }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    writer.open(slot, .keyed)
    return KeyedEncodingContainer(KeyedGraphEncoder<Key>(writer: writer, slot: slot))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    writer.open(slot, .unkeyed)
    return UnkeyedGraphEncoder(writer: writer, slot: slot)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    SingleGraphEncoder(writer: writer, slot: slot)
  }
}

extension GraphWriter {
  func encodeRoot(_ value: some Encodable) throws { try encode(value) }

  /// Writes a value of any type.
  func encode<T: Encodable>(_ value: T) throws {
    if T.self == String.self { return write(unsafeBitCast(value, to: String.self)) }
    if T.self == Int.self { return write(unsafeBitCast(value, to: Int.self)) }
    if T.self == Double.self { return write(unsafeBitCast(value, to: Double.self)) }
    if T.self == Bool.self { return write(unsafeBitCast(value, to: Bool.self)) }
    if let special = SpecialType.of(T.self) {
      if try encode(special, value) { return }
    }
    let slot = openSlot()
    // What was begun is ended also where it throws, so that a type may catch that.
    defer { while slotCount > slot { closeSlot() } }
    if let reason = tooDeep(depth) { refuse(slot, reason) }
    try checkDepth()
    try value.encode(to: GraphEncoder(writer: self, slot: slot))
  }

  private func encode<T: Encodable>(_ special: SpecialType, _ value: T) throws -> Bool {
    switch special {
    case .tree: try write(value as! JSTree)
    case .value: write(value as! JSValue)
    case .bigInt: write(value as! JSBigInt)
    case .string: write(value as! JSString)
    case .bytes: (value as! [UInt8]).withUnsafeBytes { write(bytes: $0) }
    case .date: write(date: try capturedNumber(value) * 1000 + SpecialType.referenceDate)
    case .data: try capturedBytes(value).withUnsafeBytes { write(bytes: $0) }
    }
    return true
  }

  /// The one number that a value encodes itself as.
  private func capturedNumber(_ value: some Encodable) throws -> Double {
    let encoder = CapturingEncoder()
    try value.encode(to: encoder)
    return encoder.storage.number
  }

  /// The bytes that a value encodes itself as.
  private func capturedBytes(_ value: some Encodable) throws -> [UInt8] {
    let encoder = CapturingEncoder()
    try value.encode(to: encoder)
    return encoder.storage.bytes
  }

  /// Begins what a value is written as; once.
  func open(_ slot: Int, _ state: EncodingSlot.State) {
    guard isOpen(slot), slots[slot].state != state else { return }
    guard slots[slot].state == .empty else { return fail(slot, "a value cannot be written in two ways") }
    slots[slot].state = state
    depth += 1
    if let reason = tooDeep(depth) { refuse(slot, reason) }
    put(state == .keyed ? Opcode.emptyDict : Opcode.emptyList, Opcode.mark)
    slots[slot].start = count
  }

  /// Why nothing can be written at this depth; nil: it can. A circle of objects is as deep as it is let.
  @inline(__always)
  func tooDeep(_ depth: Int) -> String? {
    depth > maximumDepth || stack.isShort() ? reasonTooDeep(depth) : nil
  }

  @inline(never)
  private func reasonTooDeep(_ depth: Int) -> String {
    depth > maximumDepth
      ? "more than \(maximumDepth) levels: undo the circle, if it is one, or raise JSCodingOptions.maximumDepth"
      : "\(depth) levels are too many for the stack of this thread: undo the circle, if it is one, or use a larger stack"
  }

  @inline(never)
  private func refuse(_ slot: Int, _ reason: String) {
    fail(slot, reason)
    isTooDeep = true
  }

  /// `container(keyedBy:)` and its like cannot throw what they have found.
  @inline(__always)
  func checkDepth() throws {
    if isTooDeep, let failure { throw failure }
  }

  /// Whether this is the value that is being written; what others write would not come where it belongs.
  @inline(__always)
  func isOpen(_ slot: Int) -> Bool {
    if slot == slotCount &- 1 { return true }
    fail(min(slot, slotCount - 1), "a container was written to while another value was")
    return false
  }

  @inline(never)
  func fail(_ slot: Int, _ message: String) {
    guard failure == nil else { return }
    failure = EncodingError.invalidValue(
      message, EncodingError.Context(codingPath: codingPath(slot), debugDescription: message))
  }

  /// The way to what the slot is for, from the root.
  func codingPath(_ slot: Int) -> [any CodingKey] {
    var path: [GraphKey] = []
    var (writer, slot): (GraphWriter, Int) = (self, slot)
    while true {
      for index in (0..<min(slot, writer.slotCount)).reversed() {
        if let key = writer.key(of: index) { path.append(key) }
      }
      guard let whole = writer.whole else { return path.reversed() }
      if let key = writer.place.key { path.append(key) }
      (writer, slot) = (whole, writer.place.slot)
    }
  }

  /// The key that was written last.
  func key(of slot: Int) -> GraphKey? {
    switch slots[slot].state {
    case .keyed: GraphKey(stringValue: slots[slot].key)
    case .unkeyed: GraphKey(intValue: max(slots[slot].count - 1, 0))
    case .empty, .single: nil
    }
  }

  /// A container inside of a container, which may be written to at any time, and so by itself.
  func nested(_ state: EncodingSlot.State, in slot: Int) -> (GraphWriter, Int) {
    let writer = part(of: slot)
    let slot = writer.openSlot()
    if state != .empty { writer.open(slot, state) }
    return (writer, slot)
  }
}

private struct KeyedGraphEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let writer: GraphWriter
  let slot: Int

  var codingPath: [any CodingKey] { writer.codingPath(slot) }

  @inline(__always)
  private func key(_ key: some CodingKey) throws -> Bool {
    try writer.checkDepth()
    guard writer.isOpen(slot) else { return false }
    let name = key.stringValue
    writer.write(key: name)
    writer.slots[slot].key = name
    return true
  }

  mutating func encodeNil(forKey key: Key) throws { if try self.key(key) { writer.writeNull() } }
  mutating func encode(_ value: Bool, forKey key: Key) throws { if try self.key(key) { writer.write(value) } }
  mutating func encode(_ value: String, forKey key: Key) throws { if try self.key(key) { writer.write(value) } }
  mutating func encode(_ value: Double, forKey key: Key) throws { if try self.key(key) { writer.write(value) } }
  mutating func encode(_ value: Float, forKey key: Key) throws { if try self.key(key) { writer.write(Double(value)) } }
  mutating func encode(_ value: Int, forKey key: Key) throws { if try self.key(key) { writer.write(value) } }
  mutating func encode(_ value: Int8, forKey key: Key) throws { if try self.key(key) { writer.write(Int(value)) } }
  mutating func encode(_ value: Int16, forKey key: Key) throws { if try self.key(key) { writer.write(Int(value)) } }
  mutating func encode(_ value: Int32, forKey key: Key) throws { if try self.key(key) { writer.write(Int(value)) } }
  mutating func encode(_ value: Int64, forKey key: Key) throws { if try self.key(key) { writer.write(Int(value)) } }
  mutating func encode(_ value: UInt, forKey key: Key) throws { if try self.key(key) { writer.write(wide: value) } }
  mutating func encode(_ value: UInt8, forKey key: Key) throws { if try self.key(key) { writer.write(Int(value)) } }
  mutating func encode(_ value: UInt16, forKey key: Key) throws { if try self.key(key) { writer.write(Int(value)) } }
  mutating func encode(_ value: UInt32, forKey key: Key) throws { if try self.key(key) { writer.write(Int(value)) } }
  mutating func encode(_ value: UInt64, forKey key: Key) throws { if try self.key(key) { writer.write(wide: value) } }
  mutating func encode(_ value: Int128, forKey key: Key) throws { if try self.key(key) { writer.write(wide: value) } }
  mutating func encode(_ value: UInt128, forKey key: Key) throws { if try self.key(key) { writer.write(wide: value) } }

  mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    if try self.key(key) { try writer.encode(value) }
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    _ = try? self.key(key)
    let (writer, slot) = writer.nested(.keyed, in: slot)
    return KeyedEncodingContainer(KeyedGraphEncoder<NestedKey>(writer: writer, slot: slot))
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    _ = try? self.key(key)
    let (writer, slot) = writer.nested(.unkeyed, in: slot)
    return UnkeyedGraphEncoder(writer: writer, slot: slot)
  }

  mutating func superEncoder() -> any Encoder {
    _ = try? key(GraphKey(stringValue: "super"))
    let (writer, slot) = writer.nested(.empty, in: slot)
    return GraphEncoder(writer: writer, slot: slot)
  }

  mutating func superEncoder(forKey key: Key) -> any Encoder {
    _ = try? self.key(key)
    let (writer, slot) = writer.nested(.empty, in: slot)
    return GraphEncoder(writer: writer, slot: slot)
  }
}

private struct UnkeyedGraphEncoder: UnkeyedEncodingContainer {
  let writer: GraphWriter
  let slot: Int

  var codingPath: [any CodingKey] { writer.codingPath(slot) }
  var count: Int { slot < writer.slotCount ? writer.slots[slot].count : 0 }

  @inline(__always)
  private func next() throws -> Bool {
    try writer.checkDepth()
    guard writer.isOpen(slot) else { return false }
    writer.slots[slot].count &+= 1
    return true
  }

  mutating func encodeNil() throws { if try next() { writer.writeNull() } }
  mutating func encode(_ value: Bool) throws { if try next() { writer.write(value) } }
  mutating func encode(_ value: String) throws { if try next() { writer.write(value) } }
  mutating func encode(_ value: Double) throws { if try next() { writer.write(value) } }
  mutating func encode(_ value: Float) throws { if try next() { writer.write(Double(value)) } }
  mutating func encode(_ value: Int) throws { if try next() { writer.write(value) } }
  mutating func encode(_ value: Int8) throws { if try next() { writer.write(Int(value)) } }
  mutating func encode(_ value: Int16) throws { if try next() { writer.write(Int(value)) } }
  mutating func encode(_ value: Int32) throws { if try next() { writer.write(Int(value)) } }
  mutating func encode(_ value: Int64) throws { if try next() { writer.write(Int(value)) } }
  mutating func encode(_ value: UInt) throws { if try next() { writer.write(wide: value) } }
  mutating func encode(_ value: UInt8) throws { if try next() { writer.write(Int(value)) } }
  mutating func encode(_ value: UInt16) throws { if try next() { writer.write(Int(value)) } }
  mutating func encode(_ value: UInt32) throws { if try next() { writer.write(Int(value)) } }
  mutating func encode(_ value: UInt64) throws { if try next() { writer.write(wide: value) } }
  mutating func encode(_ value: Int128) throws { if try next() { writer.write(wide: value) } }
  mutating func encode(_ value: UInt128) throws { if try next() { writer.write(wide: value) } }
  mutating func encode<T: Encodable>(_ value: T) throws { if try next() { try writer.encode(value) } }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> {
    _ = try? next()
    let (writer, slot) = writer.nested(.keyed, in: slot)
    return KeyedEncodingContainer(KeyedGraphEncoder<NestedKey>(writer: writer, slot: slot))
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    _ = try? next()
    let (writer, slot) = writer.nested(.unkeyed, in: slot)
    return UnkeyedGraphEncoder(writer: writer, slot: slot)
  }

  mutating func superEncoder() -> any Encoder {
    _ = try? next()
    let (writer, slot) = writer.nested(.empty, in: slot)
    return GraphEncoder(writer: writer, slot: slot)
  }
}

private struct SingleGraphEncoder: SingleValueEncodingContainer {
  let writer: GraphWriter
  let slot: Int

  var codingPath: [any CodingKey] { writer.codingPath(slot) }

  private func begin() throws -> Bool {
    try writer.checkDepth()
    guard writer.isOpen(slot) else { return false }
    guard writer.slots[slot].state == .empty else {
      writer.fail(slot, "a value cannot be written in two ways")
      return false
    }
    writer.slots[slot].state = .single
    return true
  }

  mutating func encodeNil() throws { if try begin() { writer.writeNull() } }
  mutating func encode(_ value: Bool) throws { if try begin() { writer.write(value) } }
  mutating func encode(_ value: String) throws { if try begin() { writer.write(value) } }
  mutating func encode(_ value: Double) throws { if try begin() { writer.write(value) } }
  mutating func encode(_ value: Float) throws { if try begin() { writer.write(Double(value)) } }
  mutating func encode(_ value: Int) throws { if try begin() { writer.write(value) } }
  mutating func encode(_ value: Int8) throws { if try begin() { writer.write(Int(value)) } }
  mutating func encode(_ value: Int16) throws { if try begin() { writer.write(Int(value)) } }
  mutating func encode(_ value: Int32) throws { if try begin() { writer.write(Int(value)) } }
  mutating func encode(_ value: Int64) throws { if try begin() { writer.write(Int(value)) } }
  mutating func encode(_ value: UInt) throws { if try begin() { writer.write(wide: value) } }
  mutating func encode(_ value: UInt8) throws { if try begin() { writer.write(Int(value)) } }
  mutating func encode(_ value: UInt16) throws { if try begin() { writer.write(Int(value)) } }
  mutating func encode(_ value: UInt32) throws { if try begin() { writer.write(Int(value)) } }
  mutating func encode(_ value: UInt64) throws { if try begin() { writer.write(wide: value) } }
  mutating func encode(_ value: Int128) throws { if try begin() { writer.write(wide: value) } }
  mutating func encode(_ value: UInt128) throws { if try begin() { writer.write(wide: value) } }
  mutating func encode<T: Encodable>(_ value: T) throws { if try begin() { try writer.encode(value) } }
}
