internal import CMiniRacer

/// A JavaScript string: UTF-16 code units, any of them.
///
/// Nearly every string is well-formed and is kept as a Swift `String`. One with a lone surrogate, which no `String` can
/// hold, keeps its code units. Strings are equal as in JavaScript, when their code units are: unlike for `String`, "é" as
/// one character and as two is not the same.
public struct JSString: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringInterpolation {
  enum Storage: Sendable {
    case wellFormed(String)
    /// Has at least one lone surrogate, so that each string has one form only.
    case illFormed([UInt16])
  }

  let storage: Storage

  init(storage: Storage) { self.storage = storage }

  /// A string with this text.
  public init(_ string: String) { storage = .wellFormed(string) }

  /// A string literal.
  public init(stringLiteral value: String) { self.init(value) }

  /// A string of these UTF-16 code units, lone surrogates included.
  public init(utf16 units: some Sequence<UInt16>) {
    let units = ContiguousArray(units)
    self = units.withUnsafeBufferPointer { JSString(copying: $0) }
  }

  /// The text; nil if there is a lone surrogate.
  public var string: String? {
    if case .wellFormed(let string) = storage { return string }
    return nil
  }

  /// The code units.
  public var utf16: [UInt16] {
    switch storage {
    case .wellFormed(let string): return Array(string.utf16)
    case .illFormed(let units): return units
    }
  }

  /// Whether there is no lone surrogate.
  public var isWellFormed: Bool {
    if case .wellFormed = storage { return true }
    return false
  }

  /// The text, each lone surrogate replaced by U+FFFD.
  public var description: String {
    switch storage {
    case .wellFormed(let string): return string
    case .illFormed(let units): return String(decoding: units, as: UTF16.self)
    }
  }

  /// As in JavaScript: the same code units.
  public static func == (a: JSString, b: JSString) -> Bool {
    switch (a.storage, b.storage) {
    case (.wellFormed(let a), .wellFormed(let b)): return a.utf8.elementsEqual(b.utf8)
    case (.illFormed(let a), .illFormed(let b)): return a == b
    default: return false
    }
  }

  /// Equal strings have equal hashes.
  public func hash(into hasher: inout Hasher) {
    switch storage {
    case .wellFormed(var string): string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    case .illFormed(let units): hasher.combine(units)
    }
  }
}

// MARK: - From the border

extension JSString {
  /// The text of a STRING that stays the library's. Anything else is an empty string.
  init(borrowing value: miniracer_value) {
    self = JSString(ifBorrowing: value) ?? JSString("")
  }

  /// The text of a STRING that stays the library's; nil for anything else.
  init?(ifBorrowing value: miniracer_value) {
    guard Int(value.tag) == MINIRACER_STRING else { return nil }
    let count = Int(value.length)
    guard let data = value.as.data, count > 0 else {
      self.init("")
      return
    }
    if Int(value.subtype) == MINIRACER_UTF16 {
      self.init(copying: UnsafeBufferPointer(start: data.assumingMemoryBound(to: UInt16.self), count: count))
    } else {
      let bytes = UnsafeBufferPointer(start: data.assumingMemoryBound(to: UInt8.self), count: count)
      self.init(Int(value.subtype) == MINIRACER_UTF8 ? String(decoding: bytes, as: UTF8.self) : String(latin1: bytes))
    }
  }

  init(copying units: UnsafeBufferPointer<UInt16>) {
    if let string = String(utf16: units) {
      self.init(string)
    } else {
      self.init(storage: .illFormed(Array(units)))
    }
  }
}

extension String {
  /// Latin-1: every byte is the code point of that number.
  init(latin1 bytes: UnsafeBufferPointer<UInt8>) {
    let high = bytes.countOfHighBytes
    if high == 0 {
      self.init(decoding: bytes, as: UTF8.self)
      return
    }
    self.init(unsafeUninitializedCapacity: bytes.count + high) { output in
      var end = 0
      for byte in bytes {
        if byte < 0x80 {
          output[end] = byte
          end += 1
        } else {
          output[end] = 0xC0 | byte >> 6
          output[end + 1] = 0x80 | byte & 0x3F
          end += 2
        }
      }
      return end
    }
  }

  /// UTF-16; nil if there is a lone surrogate.
  init?(utf16 units: UnsafeBufferPointer<UInt16>) {
    var isWellFormed = true
    self.init(unsafeUninitializedCapacity: units.count * 3) { output in
      let count = units.writeUTF8(to: output, allowingLoneSurrogates: false)
      isWellFormed = count != nil
      return count ?? 0
    }
    if !isWellFormed { return nil }
  }
}

extension UnsafeBufferPointer<UInt16> {
  /// Writes this UTF-16 as UTF-8 to where three bytes for each unit have room, and gives the number of bytes. Lone surrogates
  /// become what characters of their numbers would, or, where they are not allowed, end it with nil.
  @inline(__always)
  func writeUTF8(to output: UnsafeMutableBufferPointer<UInt8>, allowingLoneSurrogates: Bool) -> Int? {
    var end = 0
    var index = 0
    func put(_ byte: UInt32) {
      output[end] = UInt8(truncatingIfNeeded: byte)
      end += 1
    }
    while index < count {
      var scalar = UInt32(self[index])
      index += 1
      if scalar & 0xF800 == 0xD800 {
        if scalar < 0xDC00, index < count, self[index] & 0xFC00 == 0xDC00 {
          scalar = 0x10000 + (scalar & 0x3FF) << 10 + UInt32(self[index] & 0x3FF)
          index += 1
        } else if !allowingLoneSurrogates {
          return nil
        }
      }
      switch scalar {
      case ..<0x80: put(scalar)
      case ..<0x800:
        put(0xC0 | scalar >> 6)
        put(0x80 | scalar & 0x3F)
      case ..<0x10000:
        put(0xE0 | scalar >> 12)
        put(0x80 | scalar >> 6 & 0x3F)
        put(0x80 | scalar & 0x3F)
      default:
        put(0xF0 | scalar >> 18)
        put(0x80 | scalar >> 12 & 0x3F)
        put(0x80 | scalar >> 6 & 0x3F)
        put(0x80 | scalar & 0x3F)
      }
    }
    return end
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// How many bytes are 128 and above. Written so that the compiler makes vector code of it.
  fileprivate var countOfHighBytes: Int {
    var count = 0
    for byte in self { count &+= Int(byte >> 7) }
    return count
  }
}
