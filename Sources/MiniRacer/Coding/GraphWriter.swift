internal import CMiniRacer

/// Writes the encoded form.
final class GraphWriter {
  private(set) var start: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private var capacity = 4096
  /// Keys that were written, by the two words of their strings. Equal words are equal strings as long as the string lives,
  /// which it does here; other strings are just written again.
  private var keys: UnsafeMutablePointer<(words: (UInt64, UInt64), number: Int32)>
  private var keyStrings: [String] = []
  private static let keyCapacity = 1024
  private var memoCount: Int32 = 0
  /// Written by themselves, and not where they belong: there numbers of what was written elsewhere mean nothing.
  private let isPart: Bool
  private var handles: [JSValue] = []

  // What `Encodable` needs, see GraphEncoder.
  var slots: UnsafeMutablePointer<EncodingSlot>
  var slotCount = 0
  private var slotCapacity = 16
  /// What is written in a writer of its own, with the place where it goes.
  private var parts: [(offset: Int, writer: GraphWriter)] = []
  var failure: EncodingError?

  // How deep it goes.
  let maximumDepth: Int
  var depth = 0
  var stack = StackGuard()
  /// From then on it takes nothing.
  var isTooDeep = false
  /// Of a part: what it is part of, and the key there.
  private(set) weak var whole: GraphWriter?
  private(set) var place: (slot: Int, key: GraphKey?) = (0, nil)

  /// A part has the depth of where it belongs.
  init(maximumDepth: Int? = nil, isPart: Bool = false) {
    self.isPart = isPart
    // As the ABI has it.
    self.maximumDepth = maximumDepth ?? 1000
    start = .allocate(capacity: capacity)
    keys = .allocate(capacity: isPart ? 1 : Self.keyCapacity)
    if !isPart { keys.initialize(repeating: ((0, 0), -1), count: Self.keyCapacity) }
    slots = .allocate(capacity: slotCapacity)
  }

  deinit {
    start.deallocate()
    keys.deallocate()
    slots.deinitialize(count: slotCount)
    slots.deallocate()
  }

  // MARK: Bytes

  @inline(__always)
  func ensure(_ bytes: Int) {
    if count &+ bytes > capacity { grow(bytes) }
  }

  @inline(never)
  private func grow(_ bytes: Int) {
    capacity = max(capacity * 2, count + bytes)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: start, count: count)
    start.deallocate()
    start = larger
  }

  @inline(__always)
  func put(_ byte: UInt8) {
    ensure(1)
    start[count] = byte
    count &+= 1
  }

  @inline(__always)
  func put(_ first: UInt8, _ second: UInt8) {
    ensure(2)
    start[count] = first
    start[count &+ 1] = second
    count &+= 2
  }

  @inline(__always)
  private func put<T: FixedWidthInteger & BitwiseCopyable>(_ opcode: UInt8, _ number: T) {
    ensure(9)
    start[count] = opcode
    UnsafeMutableRawPointer(start + count + 1).storeBytes(of: number.littleEndian, as: T.self)
    count &+= 1 &+ MemoryLayout<T>.size
  }

  private func put(_ bytes: UnsafeRawBufferPointer) {
    ensure(bytes.count)
    if let from = bytes.baseAddress {
      UnsafeMutableRawPointer(start + count).copyMemory(from: from, byteCount: bytes.count)
    }
    count += bytes.count
  }

  /// Takes back what was written last.
  func drop(_ bytes: Int) { count -= bytes }

  // MARK: Values

  @inline(__always)
  func write(_ value: Bool) { put(value ? Opcode.newTrue : Opcode.newFalse) }

  func writeNull() { put(Opcode.none) }

  func writeUndefined() { put(Opcode.none, Opcode.binPersId) }

  @inline(__always)
  func write(_ number: Double) {
    if number.magnitude <= 0x7FFF_FFFF, Double(Int32(number)).bitPattern == number.bitPattern {
      write(small: Int(number))
    } else {
      put(Opcode.binFloat, number.bitPattern.bigEndian)
    }
  }

  @inline(__always)
  func write(_ number: Int) {
    if number >= -0x8000_0000, number <= 0x7FFF_FFFF {
      write(small: number)
    } else if number.magnitude <= 9_007_199_254_740_991 {
      put(Opcode.long1, UInt8(8))
      ensure(8)
      UnsafeMutableRawPointer(start + count).storeBytes(of: Int64(number).littleEndian, as: Int64.self)
      count &+= 8
    } else {
      write(JSBigInt(number))
    }
  }

  @inline(__always)
  private func write(small number: Int) {
    if number >= 0, number < 256 {
      put(Opcode.binInt1, UInt8(truncatingIfNeeded: number))
    } else if number >= 0, number < 65536 {
      put(Opcode.binInt2, UInt16(truncatingIfNeeded: number))
    } else {
      put(Opcode.binInt, Int32(truncatingIfNeeded: number))
    }
  }

  /// An integer that may be wider than an Int.
  func write(wide number: some FixedWidthInteger) {
    if let number = Int(exactly: number) { write(number) } else { write(JSBigInt(number)) }
  }

  func write(_ number: JSBigInt) {
    let words = number.twosComplement
    put(Opcode.long4, UInt32(words.count * 8))
    for word in words { withUnsafeBytes(of: word.littleEndian) { put($0) } }
  }

  @inline(__always)
  func write(_ string: String) {
    var string = string
    string.withUTF8 { write(utf8: $0) }
  }

  func write(_ string: JSString) {
    switch string.storage {
    case .wellFormed(let text): write(text)
    case .illFormed: string.wtf8.withUnsafeBufferPointer { write(utf8: $0) }
    }
  }

  @inline(__always)
  func write(utf8 text: UnsafeBufferPointer<UInt8>) {
    if text.count < 256 {
      ensure(2 &+ text.count)
      start[count] = Opcode.shortBinUnicode
      start[count &+ 1] = UInt8(truncatingIfNeeded: text.count)
      if let from = text.baseAddress { (start + count + 2).update(from: from, count: text.count) }
      count &+= 2 &+ text.count
    } else {
      if text.count <= Int(UInt32.max) {
        put(Opcode.binUnicode, UInt32(text.count))
      } else {
        put(Opcode.binUnicode8, UInt64(text.count))
      }
      put(UnsafeRawBufferPointer(text))
    }
  }

  func write(bytes: UnsafeRawBufferPointer) {
    if bytes.count < 256 {
      put(Opcode.shortBinBytes, UInt8(bytes.count))
    } else if bytes.count <= Int(UInt32.max) {
      put(Opcode.binBytes, UInt32(bytes.count))
    } else {
      put(Opcode.binBytes8, UInt64(bytes.count))
    }
    put(bytes)
  }

  /// A property's name, which is likely to come again.
  @inline(__always)
  func write(key: String) {
    let words = unsafeBitCast(key, to: (UInt64, UInt64).self)
    let slot =
      isPart ? 0 : Int(truncatingIfNeeded: (words.0 ^ words.1 &* 0x9E37_79B9_7F4A_7C15) >> 32) & (Self.keyCapacity - 1)
    if !isPart, keys[slot].number >= 0, keys[slot].words == words {
      let number = keys[slot].number
      if number < 256 {
        put(Opcode.binGet, UInt8(truncatingIfNeeded: number))
      } else {
        put(Opcode.longBinGet, UInt32(number))
      }
    } else {
      writeNew(key, words, slot)
    }
  }

  @inline(never)
  private func writeNew(_ key: String, _ words: (UInt64, UInt64), _ slot: Int) {
    write(key)
    guard !isPart, keys[slot].number < 0 else { return }
    put(Opcode.memoize)
    keys[slot] = (words, memoCount)
    keyStrings.append(key)
    memoCount += 1
  }

  func write(key: JSString) {
    if case .wellFormed(let text) = key.storage { write(key: text) } else { write(key) }
  }

  func write(date milliseconds: Double) {
    write(key: "date")
    write(milliseconds)
    put(Opcode.tuple2, Opcode.binPersId)
  }

  /// A value that stays what it is.
  func write(live value: JSValue) {
    write(key: "handle")
    write(handles.count)
    put(Opcode.tuple2, Opcode.binPersId)
    handles.append(value)
  }

  func write(_ value: JSValue) {
    switch value {
    case .undefined: writeUndefined()
    case .null: writeNull()
    case .boolean(let value): write(value)
    case .number(let number): write(number)
    case .bigInt(let number): write(number)
    case .string(let string): write(string)
    case .symbol, .object: write(live: value)
    }
  }

  // MARK: Parts and handles

  /// A writer whose bytes go here, into the container of that slot.
  func part(of slot: Int) -> GraphWriter {
    let writer = GraphWriter(maximumDepth: maximumDepth, isPart: true)
    (writer.depth, writer.stack, writer.isTooDeep, writer.failure) = (depth, stack, isTooDeep, failure)
    (writer.whole, writer.place) = (self, (slot, slot < slotCount ? key(of: slot) : nil))
    parts.append((count, writer))
    return writer
  }

  /// Puts the parts where they belong.
  func finish() throws {
    if let failure { throw failure }
    guard !parts.isEmpty else { return }
    let (bytes, end) = (start, count)
    start = .allocate(capacity: max(end, 16))
    (count, capacity) = (0, max(end, 16))
    defer { bytes.deallocate() }
    var from = 0
    for (offset, part) in parts {
      put(UnsafeRawBufferPointer(start: bytes + from, count: offset - from))
      while part.slotCount > 0 { part.closeSlot() }
      guard part.handles.isEmpty else {
        throw MiniRacerError(.notSupported, "a live value in a nested container of a type's own encode(to:)")
      }
      try part.finish()
      put(UnsafeRawBufferPointer(start: part.start, count: part.count))
      from = offset
    }
    put(UnsafeRawBufferPointer(start: bytes + from, count: end - from))
    parts = []
  }

  /// Calls the body with the live values as the ABI takes them.
  func withHandles<R>(
    in context: JSContext, _ body: (UnsafePointer<miniracer_value>?, UInt32) throws -> R
  ) throws -> R {
    defer { withExtendedLifetime(handles) {} }
    return try handles.withUnsafeBufferPointer { try context.withRaw($0, body) }
  }

  // MARK: Slots

  /// Begins a value.
  func openSlot() -> Int {
    if slotCount == slotCapacity {
      slotCapacity *= 2
      let larger = UnsafeMutablePointer<EncodingSlot>.allocate(capacity: slotCapacity)
      larger.moveInitialize(from: slots, count: slotCount)
      slots.deallocate()
      slots = larger
    }
    (slots + slotCount).initialize(to: EncodingSlot())
    slotCount += 1
    return slotCount - 1
  }

  /// Ends the value begun last.
  func closeSlot() {
    slotCount -= 1
    let slot = (slots + slotCount).move()
    switch slot.state {
    case .empty: put(Opcode.emptyDict)
    case .single: break
    case .keyed:
      depth -= 1
      close(slot, Opcode.setItems)
    case .unkeyed:
      depth -= 1
      close(slot, Opcode.appends)
    }
  }

  private func close(_ slot: EncodingSlot, _ opcode: UInt8) {
    // Nothing between the mark and here: there is no need for either.
    if slot.start == count, parts.last?.offset != count { drop(1) } else { put(opcode) }
  }
}

/// What was written of a value.
struct EncodingSlot {
  enum State {
    case empty
    case keyed
    case unkeyed
    case single
  }

  var state = State.empty
  /// After the mark.
  var start = 0
  /// Of an unkeyed container.
  var count = 0
  /// The key written last.
  var key = ""
}
