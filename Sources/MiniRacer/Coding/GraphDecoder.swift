// Decodable values from what was read.

/// What a type's `init(from:)` is given: three words, so that it needs no memory of its own.
struct GraphDecoder: Decoder {
  let reader: GraphReader
  let node: GraphNode

  var codingPath: [any CodingKey] { node.isContainer ? reader.path(to: node.index) : [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    switch node.kind {
    case .object, .map, .error:
      return KeyedDecodingContainer(KeyedGraphDecoder<Key>(reader: reader, container: node.index))
    default: throw reader.mismatch([String: Any].self, node, codingPath)
    }
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    switch node.kind {
    case .array, .set, .map, .tuple:
      return UnkeyedGraphDecoder(reader: reader, container: node.index, count: reader.containers[node.index].count)
    case .sparse:
      return UnkeyedGraphDecoder(
        reader: reader, container: try reader.dense(node), count: Int(node.count))
    case .bytes, .typedArray, .arrayBuffer:
      let container = try reader.numbers(node)
      return UnkeyedGraphDecoder(
        reader: reader, container: container, count: reader.added[container - reader.containerCount].count)
    default: throw reader.mismatch([Any].self, node, codingPath)
    }
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { SingleGraphDecoder(reader: reader, node: node) }
}

private struct KeyedGraphDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let reader: GraphReader
  let container: Int

  var codingPath: [any CodingKey] { reader.path(to: container) }

  var allKeys: [Key] {
    let place = reader.containers[container]
    return stride(from: 0, to: place.count - 1, by: 2).compactMap {
      Key(stringValue: reader.key(reader.children[place.start + $0]).description)
    }
  }

  func contains(_ key: Key) -> Bool { reader.find(key.stringValue, in: container) != nil }

  @inline(__always)
  private func node(_ key: Key) throws -> GraphNode {
    guard let node = reader.find(key.stringValue, in: container) else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: codingPath, debugDescription: "there is no property \"\(key.stringValue)\""))
    }
    return node
  }

  @inline(__always)
  private func value(_ key: Key) -> GraphNode? {
    guard let node = reader.find(key.stringValue, in: container), !node.isNil else { return nil }
    return node
  }

  private func path(_ key: Key) -> [any CodingKey] { codingPath + [key] }

  func decodeNil(forKey key: Key) throws -> Bool { try node(key).isNil }
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try reader.bool(node(key), path(key)) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try reader.text(node(key), path(key)) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try reader.double(node(key), path(key)) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try reader.float(node(key), path(key)) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try reader.integer(type, node(key), path(key)) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try reader.integer(type, node(key), path(key)) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try reader.integer(type, node(key), path(key)) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try reader.integer(type, node(key), path(key)) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try reader.integer(type, node(key), path(key)) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try reader.integer(type, node(key), path(key)) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try reader.integer(type, node(key), path(key)) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try reader.integer(type, node(key), path(key)) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try reader.integer(type, node(key), path(key)) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try reader.integer(type, node(key), path(key)) }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try reader.decode(type, node(key), path(key))
  }

  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
    try value(key).map { try reader.bool($0, path(key)) }
  }
  func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
    try value(key).map { try reader.text($0, path(key)) }
  }
  func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
    try value(key).map { try reader.double($0, path(key)) }
  }
  func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? {
    try value(key).map { try reader.float($0, path(key)) }
  }
  func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
    try value(key).map { try reader.integer(type, $0, path(key)) }
  }
  func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
    try value(key).map { try reader.decode(type, $0, path(key)) }
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try GraphDecoder(reader: reader, node: node(key)).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try GraphDecoder(reader: reader, node: node(key)).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    guard let node = reader.find("super", in: container) else {
      throw DecodingError.keyNotFound(
        GraphKey(stringValue: "super"),
        .init(codingPath: codingPath, debugDescription: "there is no property \"super\""))
    }
    return GraphDecoder(reader: reader, node: node)
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { try GraphDecoder(reader: reader, node: node(key)) }
}

private struct UnkeyedGraphDecoder: UnkeyedDecodingContainer {
  let reader: GraphReader
  let container: Int
  let count: Int?
  var currentIndex = 0

  init(reader: GraphReader, container: Int, count: Int) {
    self.reader = reader
    self.container = container
    self.count = count
  }

  var codingPath: [any CodingKey] { reader.path(to: container) }
  var isAtEnd: Bool { currentIndex >= count! }

  @inline(__always)
  private func node<T>(_ type: T.Type) throws -> GraphNode {
    guard currentIndex < count! else {
      throw DecodingError.valueNotFound(type, .init(codingPath: path, debugDescription: "there are no more elements"))
    }
    return reader.child(container, currentIndex)
  }

  private var path: [any CodingKey] { codingPath + [GraphKey(intValue: currentIndex)] }

  mutating func decodeNil() throws -> Bool {
    guard try node(Any?.self).isNil else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode(_ type: Bool.Type) throws -> Bool {
    let value = try reader.bool(node(type), path)
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: String.Type) throws -> String {
    let value = try reader.text(node(type), path)
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: Double.Type) throws -> Double {
    let value = try reader.double(node(type), path)
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: Float.Type) throws -> Float {
    let value = try reader.float(node(type), path)
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: Int.Type) throws -> Int {
    let value = try reader.integer(type, node(type), path)
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: Int8.Type) throws -> Int8 {
    let value = try reader.integer(type, node(type), path)
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: Int16.Type) throws -> Int16 {
    let value = try reader.integer(type, node(type), path)
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: Int32.Type) throws -> Int32 {
    let value = try reader.integer(type, node(type), path)
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: Int64.Type) throws -> Int64 {
    let value = try reader.integer(type, node(type), path)
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: UInt.Type) throws -> UInt {
    let value = try reader.integer(type, node(type), path)
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: UInt8.Type) throws -> UInt8 {
    let value = try reader.integer(type, node(type), path)
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: UInt16.Type) throws -> UInt16 {
    let value = try reader.integer(type, node(type), path)
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: UInt32.Type) throws -> UInt32 {
    let value = try reader.integer(type, node(type), path)
    currentIndex &+= 1
    return value
  }
  mutating func decode(_ type: UInt64.Type) throws -> UInt64 {
    let value = try reader.integer(type, node(type), path)
    currentIndex &+= 1
    return value
  }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let value = try reader.decode(type, node(type), path)
    currentIndex &+= 1
    return value
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    let container = try GraphDecoder(reader: reader, node: node(Any.self)).container(keyedBy: type)
    currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try GraphDecoder(reader: reader, node: node(Any.self)).unkeyedContainer()
    currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let decoder = GraphDecoder(reader: reader, node: try node(Any.self))
    currentIndex += 1
    return decoder
  }
}

private struct SingleGraphDecoder: SingleValueDecodingContainer {
  let reader: GraphReader
  let node: GraphNode

  var codingPath: [any CodingKey] { node.isContainer ? reader.path(to: node.index) : [] }

  func decodeNil() -> Bool { node.isNil }
  func decode(_ type: Bool.Type) throws -> Bool { try reader.bool(node, codingPath) }
  func decode(_ type: String.Type) throws -> String { try reader.text(node, codingPath) }
  func decode(_ type: Double.Type) throws -> Double { try reader.double(node, codingPath) }
  func decode(_ type: Float.Type) throws -> Float { try reader.float(node, codingPath) }
  func decode(_ type: Int.Type) throws -> Int { try reader.integer(type, node, codingPath) }
  func decode(_ type: Int8.Type) throws -> Int8 { try reader.integer(type, node, codingPath) }
  func decode(_ type: Int16.Type) throws -> Int16 { try reader.integer(type, node, codingPath) }
  func decode(_ type: Int32.Type) throws -> Int32 { try reader.integer(type, node, codingPath) }
  func decode(_ type: Int64.Type) throws -> Int64 { try reader.integer(type, node, codingPath) }
  func decode(_ type: UInt.Type) throws -> UInt { try reader.integer(type, node, codingPath) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try reader.integer(type, node, codingPath) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try reader.integer(type, node, codingPath) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try reader.integer(type, node, codingPath) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try reader.integer(type, node, codingPath) }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try reader.decodeSame(type, node, codingPath) }
}

/// A value that is no object, of which there is nothing to read.
struct PrimitiveDecoder {
  let value: JSValue

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let reader = GraphReader(primitive: value)
    return try reader.decode(type, reader.root)
  }
}
