// Text in other coders is Unicode, which a lone surrogate is not: there it is told by numbers.

extension JSString: Codable {
  /// Any string; with other coders text, or a list of UTF-16 code units.
  public init(from decoder: any Decoder) throws {
    if let decoder = decoder as? GraphDecoder {
      self = try decoder.decode(JSString.self)
      return
    }
    let container = try decoder.singleValueContainer()
    do {
      self.init(try container.decode(String.self))
    } catch {
      guard let units = try? container.decode([UInt16].self) else { throw error }
      self.init(utf16: units)
    }
  }

  /// The string; with other coders its text, or where there is a lone surrogate its UTF-16 code units.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if encoder is GraphEncoder {
      try container.encode(self)
    } else if let string {
      try container.encode(string)
    } else {
      try container.encode(utf16)
    }
  }
}
