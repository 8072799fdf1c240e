// Trees and values as parts of `Codable` types: known to this library's coders. Others get a tree's plain part, and no value.

extension JSTree: Codable {
  /// A tree of what is there, see ``JSValue/decode(_:options:timeout:cpuTime:cancellation:)``; other coders tell nil, Booleans,
  /// numbers, strings, arrays and objects.
  public init(from decoder: any Decoder) throws {
    if let decoder = decoder as? GraphDecoder {
      self = try decoder.reader.tree(at: decoder.reader.node(at: decoder.place))
      return
    }
    if var list = try? decoder.unkeyedContainer() {
      var elements: [JSTree] = []
      while !list.isAtEnd { elements.append(try list.decode(JSTree.self)) }
      self = .array(elements)
    } else if let object = try? decoder.container(keyedBy: GraphKey.self) {
      self = .object(
        try object.allKeys.map { Property(JSString($0.stringValue), try object.decode(JSTree.self, forKey: $0)) })
    } else {
      let value = try decoder.singleValueContainer()
      if value.decodeNil() {
        self = .null
      } else if let boolean = try? value.decode(Bool.self) {
        self = .boolean(boolean)
      } else if let number = try? value.decode(Double.self) {
        self = .number(number)
      } else {
        self = .string(try value.decode(String.self))
      }
    }
  }

  /// The value itself in ``JSContext/encode(_:options:)``; other coders get nil, Booleans, numbers, strings, arrays and
  /// objects.
  ///
  /// - Throws: `EncodingError` for what other coders have no form for.
  public func encode(to encoder: any Encoder) throws {
    if let encoder = encoder as? GraphEncoder {
      var container = encoder.singleValueContainer()
      return try container.encode(self)
    }
    switch self {
    case .array(let elements), .set(let elements):
      var list = encoder.unkeyedContainer()
      for element in elements { try list.encode(element) }
    case .object(let properties), .error(let properties):
      var object = encoder.container(keyedBy: GraphKey.self)
      for property in properties {
        try object.encode(property.value, forKey: GraphKey(stringValue: property.name.description))
      }
    default:
      var container = encoder.singleValueContainer()
      switch self {
      case .undefined, .null: try container.encodeNil()
      case .boolean(let value): try container.encode(value)
      case .number(let number), .date(let number): try container.encode(number)
      case .string(let string): try container.encode(string.description)
      case .bytes(let bytes): try container.encode(bytes)
      case .boxed(let value): try container.encode(value)
      default:
        throw EncodingError.invalidValue(
          self, .init(codingPath: encoder.codingPath, debugDescription: "this coder has no form for it"))
      }
    }
  }
}

extension JSValue: Codable {
  /// A value of what has stayed itself, see ``JSCodingOptions/Unconvertible/keep``, or a primitive. By this library's decoder
  /// only.
  public init(from decoder: any Decoder) throws {
    guard let decoder = decoder as? GraphDecoder else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "a JSValue is not in the data of this decoder"))
    }
    self = try decoder.singleValueContainer().decode(JSValue.self)
  }

  /// The value itself, by this library's encoder only.
  public func encode(to encoder: any Encoder) throws {
    guard let encoder = encoder as? GraphEncoder else {
      throw EncodingError.invalidValue(
        self, .init(codingPath: encoder.codingPath, debugDescription: "a JSValue cannot leave its virtual machine"))
    }
    var container = encoder.singleValueContainer()
    try container.encode(self)
  }
}
