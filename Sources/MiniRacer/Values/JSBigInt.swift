/// A JavaScript BigInt: an integer of any size.
public struct JSBigInt: Sendable, Hashable {
  /// Whether it is below zero.
  public let isNegative: Bool
  /// The magnitude, least significant word first, without zero words at the end; zero has none.
  public let words: [UInt64]

  /// From sign and magnitude, least significant word first. Zero is never negative.
  public init(isNegative: Bool, words: [UInt64]) {
    let count = words.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
    self.words = count == words.count ? words : Array(words[..<count])
    self.isNegative = isNegative && count > 0
  }

  /// The same number as this Swift integer, of whatever width.
  public init(_ value: some BinaryInteger) {
    var words: [UInt64] = []
    var rest = value.magnitude
    while rest != 0 {
      words.append(UInt64(truncatingIfNeeded: rest))
      rest >>= 64
    }
    self.init(isNegative: value < 0, words: words)
  }

  /// The same number; nil for a fraction, an infinity, and no number.
  init?(exactly number: Double) {
    guard number.isFinite, number.rounded(.towardZero) == number else { return nil }
    if let integer = Int64(exactly: number) {
      self.init(integer)
      return
    }
    // Beyond 64 bits it is 53 of them and zeros.
    let significand = number.significandBitPattern | 1 << 52
    let (zeros, shift) = (Int(number.exponent) - 52).quotientAndRemainder(dividingBy: 64)
    let ends = [significand << shift, shift == 0 ? 0 : significand >> (64 - shift)]
    self.init(isNegative: number < 0, words: [UInt64](repeating: 0, count: zeros) + ends)
  }

  /// From decimal digits with an optional sign; nil for anything else. Takes time in the square of their number, about a second
  /// for three hundred thousand: whoever gets digits from elsewhere should count them first.
  public init?(_ text: some StringProtocol) {
    let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    var words: [UInt64] = []
    // As many digits at a time as fit into a word.
    var (group, scale) = (UInt64(0), UInt64(1))
    func add() {
      var carry = group
      for index in words.indices {
        let (high, low) = words[index].multipliedFullWidth(by: scale)
        let (sum, overflow) = low.addingReportingOverflow(carry)
        words[index] = sum
        carry = high + (overflow ? 1 : 0)
      }
      if carry > 0 { words.append(carry) }
    }
    for digit in digits.utf8 {
      (group, scale) = (group * 10 + UInt64(digit - 0x30), scale * 10)
      guard scale == Self.scale else { continue }
      add()
      (group, scale) = (0, 1)
    }
    if scale > 1 { add() }
    self.init(isNegative: text.hasPrefix("-"), words: words)
  }

  /// The largest power of ten in a word: 19 digits.
  private static let scale: UInt64 = 10_000_000_000_000_000_000

  /// The number as a Swift integer; nil if it does not fit.
  public func integer<T: FixedWidthInteger>(as type: T.Type = T.self) -> T? {
    if isNegative, !T.isSigned { return nil }
    var magnitude: T.Magnitude = 0
    for (index, word) in words.enumerated() {
      guard let part = T.Magnitude(exactly: word) else { return nil }
      let placed = part << (64 * index)
      guard placed >> (64 * index) == part else { return nil }
      magnitude |= placed
    }
    guard isNegative else { return T(exactly: magnitude) }
    // The magnitude of T.min does not fit into T.
    return magnitude == T.min.magnitude ? T.min : T(exactly: magnitude).map { 0 - $0 }
  }
}

extension JSBigInt: CustomStringConvertible, ExpressibleByIntegerLiteral {
  /// An integer literal of any size.
  public init(integerLiteral value: StaticBigInt) {
    let isNegative = value.signum() < 0
    let count = (value.bitWidth + 63) / 64
    var words: [UInt64] = []
    let perWord = 64 / UInt.bitWidth
    for index in 0..<count {
      var word: UInt64 = 0
      for part in 0..<perWord {
        word |= UInt64(value[index * perWord + part]) << UInt64(part * UInt.bitWidth)
      }
      words.append(word)
    }
    if isNegative {  // two's complement to magnitude
      var carry = true
      for index in words.indices {
        words[index] = ~words[index]
        if carry { (words[index], carry) = words[index].addingReportingOverflow(1) }
      }
    }
    self.init(isNegative: isNegative, words: words)
  }

  /// The decimal digits, without the "n" of JavaScript's literals.
  ///
  /// Takes time in the square of their number, which no deadline ends: seconds for a million bits, and a guest's BigInt can have
  /// a thousand million. ``words`` tells how many there are.
  public var description: String {
    var words = self.words
    if words.isEmpty { return "0" }
    var groups: [String] = []
    while let last = words.last {
      if last == 0 {
        words.removeLast()
        continue
      }
      var remainder: UInt64 = 0
      for index in words.indices.reversed() {
        (words[index], remainder) = Self.scale.dividingFullWidth((remainder, words[index]))
      }
      groups.append(String(remainder))
    }
    while groups.count > 1, groups.last == "0" { groups.removeLast() }
    let digits = groups.reversed().enumerated().map { index, group in
      index == 0 ? group : String(repeating: "0", count: 19 - group.utf8.count) + group
    }
    return (isNegative ? "-" : "") + digits.joined()
  }

  /// The number as JavaScript writes it; of a long one, whose digits nobody reads and which take long to make, how long it is.
  var summary: String {
    guard words.count > 64, let last = words.last else { return "\(self)n" }
    return "a BigInt of \(words.count * 64 - last.leadingZeroBitCount) bits"
  }
}
