/// What Foundation's `Date` decodes itself from where there is a Date: its seconds, and nothing else.
struct DateDecoder: Decoder, SingleValueDecodingContainer {
  let reader: GraphReader
  let value: GraphValue

  private var seconds: GraphValue {
    let seconds = (Double(bitPattern: value.node.payload) - SpecialType.referenceDate) / 1000
    return GraphValue(node: GraphNode(.number, seconds.bitPattern), place: value.place)
  }

  var codingPath: [any CodingKey] { reader.path(to: value.place) }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    throw reader.mismatch([String: Any].self, value)
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw reader.mismatch([Any].self, value) }
  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  func decodeNil() -> Bool { false }
  func decode(_ type: Double.Type) throws -> Double { try reader.double(seconds) }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { throw reader.mismatch(type, value) }
}
