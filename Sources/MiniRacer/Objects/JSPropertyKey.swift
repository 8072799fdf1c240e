internal import CMiniRacer

/// The name of a property: text, an index or a symbol.
public enum JSPropertyKey: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral,
  ExpressibleByIntegerLiteral
{
  /// A name. One that is an index, "0", means the same property as the index.
  case name(JSString)
  /// An index. Negative ones are names to JavaScript: -1 is the property "-1".
  case index(Int)
  /// A symbol.
  case symbol(JSSymbol)

  /// A name.
  public init(stringLiteral value: String) { self = .name(JSString(value)) }
  /// An index.
  public init(integerLiteral value: Int) { self = .index(value) }

  /// The name or index as text; a symbol's description.
  public var description: String {
    switch self {
    case .name(let name): return name.description
    case .index(let index): return "\(index)"
    case .symbol(let symbol): return symbol.description
    }
  }

  /// The key as a value.
  public var value: JSValue {
    switch self {
    case .name(let name): return .string(name)
    // Beyond 2^53 the digits are what JavaScript would see; a BigInt is no key.
    case .index(let index): return Int64(index).magnitude <= 1 << 53 ? .number(Double(index)) : .string("\(index)")
    case .symbol(let symbol): return .symbol(symbol)
    }
  }

  init(_ value: JSValue) {
    switch value {
    case .number(let index): self = .index(Int(index))
    case .symbol(let symbol): self = .symbol(symbol)
    case .string(let name): self = .name(name)
    default: self = .name(JSString(value.description))
    }
  }
}

/// What can name a property: `String`, `Int`, ``JSString``, ``JSSymbol`` and ``JSPropertyKey``.
public protocol JSPropertyKeyConvertible {
  /// The key.
  var jsPropertyKey: JSPropertyKey { get }
}

extension JSPropertyKey: JSPropertyKeyConvertible {
  /// Itself.
  public var jsPropertyKey: JSPropertyKey { self }
}

extension String: JSPropertyKeyConvertible {
  /// A name.
  public var jsPropertyKey: JSPropertyKey { .name(JSString(self)) }
}

extension JSString: JSPropertyKeyConvertible {
  /// A name.
  public var jsPropertyKey: JSPropertyKey { .name(self) }
}

extension Int: JSPropertyKeyConvertible {
  /// An index.
  public var jsPropertyKey: JSPropertyKey { .index(self) }
}

extension JSSymbol: JSPropertyKeyConvertible {
  /// A symbol.
  public var jsPropertyKey: JSPropertyKey { .symbol(self) }
}
