// Other coders have no integers of any size, but all of them have text.

extension JSBigInt: Codable {
  /// A BigInt, or an integral Number; with other coders decimal digits, or an integer of theirs.
  public init(from decoder: any Decoder) throws {
    if let decoder = decoder as? GraphDecoder {
      self = try decoder.decode(JSBigInt.self)
      return
    }
    let container = try decoder.singleValueContainer()
    do {
      let text = try container.decode(String.self)
      guard let number = JSBigInt(text) else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(text)\" is no decimal integer")
      }
      self = number
    } catch {
      guard let integer = try? container.decode(Int.self) else { throw error }
      self.init(integer)
    }
  }

  /// A BigInt, a small one too; with other coders its decimal digits.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if encoder is GraphEncoder { try container.encode(self) } else { try container.encode(description) }
  }
}
