// Decodable values from what was read.

/// What a type's `init(from:)` is given: three words, so that it needs no memory of its own. It is its own container for a
/// single value.
struct GraphDecoder: Decoder, SingleValueDecodingContainer {
  let reader: GraphReader
  let place: GraphPlace

  private var value: GraphValue { reader.value(at: place) }

  var codingPath: [any CodingKey] { reader.path(to: place) }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    let value = value
    switch value.node.kind {
    case .object, .map, .error:
      let container = value.node.index
      let frame = reader.enter(container, at: place, isKeyed: true)
      return KeyedDecodingContainer(KeyedGraphDecoder<Key>(reader: reader, container: container, frame: frame))
    default: throw reader.mismatch([String: Any].self, value)
    }
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let value = value
    let container =
      switch value.node.kind {
      case .array, .set, .map, .tuple: value.node.index
      case .sparse: try reader.dense(value)
      case .bytes, .typedArray, .arrayBuffer: try reader.numbers(value)
      default: throw reader.mismatch([Any].self, value)
      }
    let frame = reader.enter(container, at: place, isKeyed: false)
    return UnkeyedGraphDecoder(
      reader: reader, container: container, frame: frame, count: reader.childCount(of: container))
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  func decodeNil() -> Bool { value.node.isNil }
  func decode(_ type: Bool.Type) throws -> Bool { try reader.bool(value) }
  func decode(_ type: String.Type) throws -> String { try reader.text(value) }
  func decode(_ type: Double.Type) throws -> Double { try reader.double(value) }
  func decode(_ type: Float.Type) throws -> Float { try reader.float(value) }
  func decode(_ type: Int.Type) throws -> Int { try reader.integer(type, value) }
  func decode(_ type: Int8.Type) throws -> Int8 { try reader.integer(type, value) }
  func decode(_ type: Int16.Type) throws -> Int16 { try reader.integer(type, value) }
  func decode(_ type: Int32.Type) throws -> Int32 { try reader.integer(type, value) }
  func decode(_ type: Int64.Type) throws -> Int64 { try reader.integer(type, value) }
  func decode(_ type: Int128.Type) throws -> Int128 { try reader.integer(type, value) }
  func decode(_ type: UInt.Type) throws -> UInt { try reader.integer(type, value) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try reader.integer(type, value) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try reader.integer(type, value) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try reader.integer(type, value) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try reader.integer(type, value) }
  func decode(_ type: UInt128.Type) throws -> UInt128 { try reader.integer(type, value) }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try reader.decodeSame(type, value) }
}

private struct KeyedGraphDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let reader: GraphReader
  let container: Int
  let frame: Int

  var codingPath: [any CodingKey] { reader.path(to: reader.frames[frame].place) }

  var allKeys: [Key] {
    let place = reader.containers[container]
    return stride(from: 0, to: place.count - 1, by: 2).compactMap {
      Key(stringValue: reader.key(reader.children[place.start + $0]).description)
    }
  }

  func contains(_ key: Key) -> Bool { reader.find(key.stringValue, in: container) != nil }

  private func place(_ position: Int) -> GraphPlace { GraphPlace(frame: frame, position: position) }

  /// The value of a property.
  @inline(__always)
  private func value(_ key: Key) throws -> GraphValue {
    guard let position = reader.find(key.stringValue, in: container) else { throw notFound(key) }
    return GraphValue(node: reader.property(container, position), place: place(position))
  }

  /// The same, nil where there is none or nothing in it.
  @inline(__always)
  private func valueIfPresent(_ key: Key) -> GraphValue? {
    guard let position = reader.find(key.stringValue, in: container) else { return nil }
    let node = reader.property(container, position)
    return node.isNil ? nil : GraphValue(node: node, place: place(position))
  }

  @inline(never)
  private func notFound(_ key: some CodingKey) -> DecodingError {
    .keyNotFound(key, .init(codingPath: codingPath, debugDescription: "there is no property \"\(key.stringValue)\""))
  }

  /// A decoder for the value of a property.
  private func decoder(_ key: some CodingKey) throws -> GraphDecoder {
    guard let position = reader.find(key.stringValue, in: container) else { throw notFound(key) }
    return GraphDecoder(reader: reader, place: place(position))
  }

  func decodeNil(forKey key: Key) throws -> Bool { try value(key).node.isNil }
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try reader.bool(value(key)) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try reader.text(value(key)) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try reader.double(value(key)) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try reader.float(value(key)) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try reader.integer(type, value(key)) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try reader.integer(type, value(key)) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try reader.integer(type, value(key)) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try reader.integer(type, value(key)) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try reader.integer(type, value(key)) }
  func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try reader.integer(type, value(key)) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try reader.integer(type, value(key)) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try reader.integer(type, value(key)) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try reader.integer(type, value(key)) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try reader.integer(type, value(key)) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try reader.integer(type, value(key)) }
  func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try reader.integer(type, value(key)) }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try reader.decode(type, value(key)) }

  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
    try valueIfPresent(key).map { try reader.bool($0) }
  }
  func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
    try valueIfPresent(key).map { try reader.text($0) }
  }
  func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
    try valueIfPresent(key).map { try reader.double($0) }
  }
  func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? {
    try valueIfPresent(key).map { try reader.float($0) }
  }
  func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
    try valueIfPresent(key).map { try reader.integer(type, $0) }
  }
  func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
    try valueIfPresent(key).map { try reader.decode(type, $0) }
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try decoder(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoder(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try decoder(GraphKey(stringValue: "super")) }
  func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }
}

private struct UnkeyedGraphDecoder: UnkeyedDecodingContainer {
  let reader: GraphReader
  let container: Int
  let frame: Int
  let count: Int?
  var currentIndex = 0

  init(reader: GraphReader, container: Int, frame: Int, count: Int) {
    self.reader = reader
    self.container = container
    self.frame = frame
    self.count = count
  }

  var codingPath: [any CodingKey] { reader.path(to: reader.frames[frame].place) }
  var isAtEnd: Bool { currentIndex >= count! }

  private var place: GraphPlace { GraphPlace(frame: frame, position: currentIndex) }

  /// The next element.
  @inline(__always)
  private func value<T>(_ type: T.Type) throws -> GraphValue {
    guard currentIndex < count! else { throw atEnd(type) }
    return GraphValue(node: reader.child(container, currentIndex), place: place)
  }

  @inline(never)
  private func atEnd<T>(_ type: T.Type) -> DecodingError {
    .valueNotFound(
      type, .init(codingPath: reader.path(to: place), debugDescription: "there are no more elements"))
  }

  /// A decoder for the next element.
  private func decoder() throws -> GraphDecoder { GraphDecoder(reader: reader, place: try value(Any.self).place) }

  mutating func decodeNil() throws -> Bool {
    guard try value(Any?.self).node.isNil else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode(_ type: Bool.Type) throws -> Bool {
    let value = try reader.bool(value(type))
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: String.Type) throws -> String {
    let value = try reader.text(value(type))
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: Double.Type) throws -> Double {
    let value = try reader.double(value(type))
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: Float.Type) throws -> Float {
    let value = try reader.float(value(type))
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: Int.Type) throws -> Int {
    let value = try reader.integer(type, value(type))
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: Int8.Type) throws -> Int8 {
    let value = try reader.integer(type, value(type))
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: Int16.Type) throws -> Int16 {
    let value = try reader.integer(type, value(type))
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: Int32.Type) throws -> Int32 {
    let value = try reader.integer(type, value(type))
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: Int64.Type) throws -> Int64 {
    let value = try reader.integer(type, value(type))
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: Int128.Type) throws -> Int128 {
    let value = try reader.integer(type, value(type))
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: UInt.Type) throws -> UInt {
    let value = try reader.integer(type, value(type))
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: UInt8.Type) throws -> UInt8 {
    let value = try reader.integer(type, value(type))
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: UInt16.Type) throws -> UInt16 {
    let value = try reader.integer(type, value(type))
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: UInt32.Type) throws -> UInt32 {
    let value = try reader.integer(type, value(type))
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: UInt64.Type) throws -> UInt64 {
    let value = try reader.integer(type, value(type))
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: UInt128.Type) throws -> UInt128 {
    let value = try reader.integer(type, value(type))
    currentIndex &+= 1
    return value
  }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let value = try reader.decode(type, value(type))
    currentIndex &+= 1
    return value
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    let container = try decoder().container(keyedBy: type)
    currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try decoder().unkeyedContainer()
    currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let decoder = try decoder()
    currentIndex += 1
    return decoder
  }
}

/// A value that is no object, of which there is nothing to read.
struct PrimitiveDecoder {
  let value: JSValue

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    try GraphReader(primitive: value).decodeRoot(type)
  }
}
