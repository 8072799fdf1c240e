internal import Synchronization

/// Types that are not coded as their own `Codable` conformance has it.
///
/// Foundation's are known by name: the library does not link it, and a program that has none of it needs none.
enum SpecialType {
  case tree
  case value
  case bigInt
  case string
  case bytes
  case date
  case data

  /// Milliseconds from 1970 to the date that Foundation counts from, 2001-01-01.
  static let referenceDate = 978_307_200_000.0

  private static let known = Mutex<[ObjectIdentifier: SpecialType?]>([
    ObjectIdentifier(JSTree.self): .tree, ObjectIdentifier(JSValue.self): .value,
    ObjectIdentifier(JSBigInt.self): .bigInt, ObjectIdentifier(JSString.self): .string,
    ObjectIdentifier([UInt8].self): .bytes,
  ])

  @inline(__always)
  static func of<T>(_ type: T.Type) -> SpecialType? {
    let id = ObjectIdentifier(type)
    return known.withLock { known in
      if let special = known[id] { return special }
      let special = named(type)
      known[id] = .some(special)
      return special
    }
  }

  private static func named<T>(_ type: T.Type) -> SpecialType? {
    switch String(reflecting: type) {
    case "Foundation.Date", "FoundationEssentials.Date": .date
    case "Foundation.Data", "FoundationEssentials.Data": .data
    default: nil
    }
  }
}

/// Takes the one number or the bytes that Foundation's types encode themselves as.
struct CapturingEncoder: Encoder {
  final class Storage {
    var number = 0.0
    var bytes: [UInt8] = []
  }

  let storage = Storage()
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    // Neither of them asks for one: what it gets goes nowhere.
    let writer = GraphWriter()
    return GraphEncoder(writer: writer, slot: writer.openSlot()).container(keyedBy: type)
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer { Bytes(storage: storage) }
  func singleValueContainer() -> any SingleValueEncodingContainer { Number(storage: storage) }

  private static func refused(_ value: Any) -> EncodingError {
    .invalidValue(value, .init(codingPath: [], debugDescription: "not what such a value is made of"))
  }

  private struct Number: SingleValueEncodingContainer {
    let storage: Storage
    var codingPath: [any CodingKey] { [] }
    mutating func encodeNil() throws {}
    mutating func encode(_ value: Double) throws { storage.number = value }
    mutating func encode<T: Encodable>(_ value: T) throws { throw refused(value) }
  }

  private struct Bytes: UnkeyedEncodingContainer {
    let storage: Storage
    var codingPath: [any CodingKey] { [] }
    var count: Int { storage.bytes.count }
    mutating func encodeNil() throws {}
    mutating func encode(_ value: UInt8) throws { storage.bytes.append(value) }
    mutating func encode<T: Encodable>(_ value: T) throws { throw refused(value) }
    mutating func encode(contentsOf values: some Sequence<UInt8>) throws { storage.bytes.append(contentsOf: values) }
    mutating func nestedContainer<NestedKey: CodingKey>(
      keyedBy keyType: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> { CapturingEncoder().container(keyedBy: keyType) }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { self }
    mutating func superEncoder() -> any Encoder { CapturingEncoder() }
  }
}
