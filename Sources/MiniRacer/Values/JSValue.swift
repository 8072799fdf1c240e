/// A JavaScript value.
///
/// Primitive values are held as Swift values; objects, functions among them, and symbols stay in the engine and are held by
/// reference. Equality is JavaScript's `===`: objects are equal if they are the same object, and NaN equals nothing.
@dynamicMemberLookup
public enum JSValue: Sendable, Hashable {
  /// `undefined`
  case undefined
  /// `null`
  case null
  /// `true` or `false`
  case boolean(Bool)
  /// A Number: -0, NaN and the infinities included.
  case number(Double)
  /// A BigInt of any size.
  case bigInt(JSBigInt)
  /// A string, which may hold lone surrogates.
  case string(JSString)
  /// A symbol.
  case symbol(JSSymbol)
  /// An object; a function if it is a ``JSFunction``.
  case object(JSObject)
}

// MARK: - What it is

extension JSValue {
  /// Whether this is `undefined`.
  public var isUndefined: Bool { self == .undefined }
  /// Whether this is `null`.
  public var isNull: Bool { self == .null }
  /// Whether this is `undefined` or `null`.
  public var isNullish: Bool { isUndefined || isNull }

  /// The Boolean; nil for all other values, which are not converted.
  public var boolean: Bool? {
    if case .boolean(let value) = self { return value }
    return nil
  }

  /// The Number; nil for all other values, BigInts included.
  public var number: Double? {
    if case .number(let value) = self { return value }
    return nil
  }

  /// The string's text; nil for all other values and for a string with a lone surrogate, see ``jsString``.
  public var string: String? { jsString?.string }

  /// The string; nil for all other values.
  public var jsString: JSString? {
    if case .string(let value) = self { return value }
    return nil
  }

  /// The BigInt; nil for all other values.
  public var bigInt: JSBigInt? {
    if case .bigInt(let value) = self { return value }
    return nil
  }

  /// The symbol; nil for all other values.
  public var symbol: JSSymbol? {
    if case .symbol(let value) = self { return value }
    return nil
  }

  /// The object, which may be a function; nil for all other values.
  public var object: JSObject? {
    if case .object(let value) = self { return value }
    return nil
  }

  /// The function; nil for all other values.
  public var function: JSFunction? { object as? JSFunction }

  /// What `typeof` says: "undefined", "object", "boolean", "number", "bigint", "string", "symbol" or "function"; of `null`
  /// "null".
  public var typeName: String {
    switch self {
    case .undefined: return "undefined"
    case .null: return "null"
    case .boolean: return "boolean"
    case .number: return "number"
    case .bigInt: return "bigint"
    case .string: return "string"
    case .symbol: return "symbol"
    case .object(let object): return object is JSFunction ? "function" : "object"
    }
  }

  /// The value in a word or two, for messages: "String", "1.5", "Array".
  var summary: String {
    switch self {
    case .undefined, .null: return typeName
    case .boolean(let value): return "\(value)"
    case .number(let value): return JSValue.text(of: value)
    case .bigInt(let value): return value.summary
    case .string(let value): return value.isWellFormed ? "String" : "a String with a lone surrogate"
    case .symbol: return "Symbol"
    case .object(let object): return (try? object.className) ?? "\(object.kind)"
    }
  }
}

// MARK: - Literals

extension JSValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(JSString(value)) }
  /// A Number, or where it would not be exact as one, beyond 2^53, a BigInt.
  public init(integerLiteral value: Int) { self = JSValue(value) }
  /// A Number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A Boolean.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  /// `null`
  public init(nilLiteral: ()) { self = .null }

  /// A string.
  public static func string(_ text: String) -> JSValue { .string(JSString(text)) }

  /// A Number; a BigInt if the integer is beyond 2^53 - 1 (`Number.MAX_SAFE_INTEGER`) in either direction, where Numbers
  /// stop being exact. Nothing is ever rounded.
  public init(_ value: some BinaryInteger) {
    if value.magnitude <= 9_007_199_254_740_991 {
      self = .number(Double(value))
    } else {
      self = .bigInt(JSBigInt(value))
    }
  }
}

// MARK: - Text

extension JSValue: CustomStringConvertible {
  /// The value as a person may read it in a log. Runs no JavaScript: objects show what kind they are, not what is in them, and
  /// of a BigInt beyond 4096 bits how many it has.
  /// See ``JSContext/string(of:timeout:cpuTime:cancellation:)`` for what JavaScript's `String` makes of it.
  public var description: String {
    switch self {
    case .string(let value): return value.description
    case .object(let object): return object.description
    case .symbol(let symbol): return symbol.description
    case .undefined, .null, .boolean, .number, .bigInt: return summary
    }
  }

  /// A Number as JavaScript writes it, as far as Swift's shortest digits go: "1", "-0", "1e+21", "0.1", "NaN".
  static func text(of number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    if number == number.rounded(), abs(number) < 1e15 {
      return number.sign == .minus && number == 0 ? "-0" : "\(Int64(number))"
    }
    return "\(number)"
  }
}

// MARK: - Members

extension JSValue {
  /// A property of an object: `try context.global.Math.PI`. Getters and Proxy traps run.
  ///
  /// - Throws: ``MiniRacerError`` with `wrongType` if this is no object; what reading it throws.
  public subscript(dynamicMember name: String) -> JSValue {
    get throws { try base(of: name).get(name) }
  }

  /// A method, to be called at once: `try context.global.Math.max(1, 2)`. `this` is the object.
  @_disfavoredOverload
  public subscript(dynamicMember name: String) -> JSMethod {
    get throws { JSMethod(object: try base(of: name), name: name) }
  }

  private func base(of name: String) throws -> JSObject {
    if case .object(let object) = self { return object }
    throw MiniRacerError(.wrongType, "cannot read '\(name)' of \(self.summary), which is no object")
  }
}
