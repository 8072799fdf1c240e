/// A JavaScript value with all that is in it, as plain Swift values: nothing of it is in the engine any more.
///
/// It crosses in one piece, which makes it the fastest way to get at large results:
///
/// ```swift
/// let tree = try context.evaluate("({ list: [1, 2n, new Date(0)] })").tree()
/// tree["list"]?[1]  // .bigInt(2)
/// ```
///
/// What JavaScript shares between two places is in both here, in memory once; it counts each time towards
/// ``JSCodingOptions/maximumCount``. Circles are an error.
public enum JSTree: Sendable, Hashable {
  /// `undefined`
  case undefined
  /// `null`
  case null
  /// `true` or `false`
  case boolean(Bool)
  /// A Number.
  case number(Double)
  /// A BigInt.
  case bigInt(JSBigInt)
  /// A string.
  case string(JSString)
  /// A Date: milliseconds since 1970-01-01 00:00 UTC.
  case date(Double)
  /// A RegExp.
  indirect case regExp(source: JSString, flags: String)
  /// An Array. Holes are `undefined`.
  case array([JSTree])
  /// A plain object, or an instance of a class: its own enumerable properties, in their order.
  case object([Property])
  /// An Error: its name, message and stack, and its own properties.
  case error([Property])
  /// A Map, in its order.
  case map([Entry])
  /// A Set, in its order.
  case set([JSTree])
  /// A Uint8Array.
  case bytes([UInt8])
  /// Any other typed array, its elements as they lie in memory.
  case typedArray(JSElementType, [UInt8])
  /// An ArrayBuffer, a SharedArrayBuffer or a DataView.
  case arrayBuffer([UInt8])
  /// A primitive in an object: `new Number(1)`.
  indirect case boxed(JSTree)
  /// What has no plain form and stays in the engine, see ``JSCodingOptions/Unconvertible/keep``.
  case live(JSValue)

  /// A property of an object.
  public struct Property: Sendable, Hashable {
    /// Its name.
    public var name: JSString
    /// Its value.
    public var value: JSTree

    /// A property.
    public init(_ name: JSString, _ value: JSTree) {
      self.name = name
      self.value = value
    }
  }

  /// An entry of a Map.
  public struct Entry: Sendable, Hashable {
    /// Its key.
    public var key: JSTree
    /// Its value.
    public var value: JSTree

    /// An entry.
    public init(_ key: JSTree, _ value: JSTree) {
      self.key = key
      self.value = value
    }
  }
}

// MARK: - Looking into it

extension JSTree {
  /// A property of an object or an error; nil where there is none.
  public subscript(name: String) -> JSTree? {
    switch self {
    case .object(let properties), .error(let properties):
      let name = JSString(name)
      return properties.last { $0.name == name }?.value
    default: return nil
    }
  }

  /// An element of an array; nil beyond its end and for all other values.
  public subscript(index: Int) -> JSTree? {
    if case .array(let elements) = self, elements.indices.contains(index) { return elements[index] }
    return nil
  }

  /// A string's text; nil for other values and where there is a lone surrogate.
  public var string: String? {
    if case .string(let string) = self { return string.string }
    return nil
  }

  /// A Number; nil for other values.
  public var number: Double? {
    if case .number(let number) = self { return number }
    return nil
  }

  /// A Boolean; nil for other values.
  public var boolean: Bool? {
    if case .boolean(let value) = self { return value }
    return nil
  }

  /// An array's elements; nil for other values.
  public var array: [JSTree]? {
    if case .array(let elements) = self { return elements }
    return nil
  }

  /// An object's properties; nil for other values.
  public var properties: [Property]? {
    if case .object(let properties) = self { return properties }
    return nil
  }
}

extension JSTree: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(JSString(value)) }
  /// A Number, or where it would not be exact as one, beyond 2^53, a BigInt.
  public init(integerLiteral value: Int) { self = JSTree(value) }
  /// A Number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A Boolean.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  /// `null`
  public init(nilLiteral: ()) { self = .null }
  /// An array.
  public init(arrayLiteral elements: JSTree...) { self = .array(elements) }
  /// An object.
  public init(dictionaryLiteral elements: (String, JSTree)...) {
    self = .object(elements.map { Property(JSString($0), $1) })
  }

  /// A Number; a BigInt if the integer is beyond 2^53 - 1 in either direction.
  public init(_ value: some BinaryInteger) {
    switch JSValue(value) {
    case .bigInt(let number): self = .bigInt(number)
    default: self = .number(Double(value))
    }
  }

  /// A string.
  public static func string(_ text: String) -> JSTree { .string(JSString(text)) }
}

// MARK: - Across

extension JSValue {
  /// The value with all that is in it, in one crossing. Getters and Proxy traps run, under the limits; `toJSON` does not.
  ///
  /// - Throws: ``JSConversionError`` for a circle; ``MiniRacerError`` with `wrongType` for what has no plain form, and the
  ///   path to it, unless the options say otherwise; `tooLarge` beyond a limit.
  public func tree(
    _ options: JSCodingOptions = JSCodingOptions(), timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> JSTree {
    switch self {
    case .undefined: return .undefined
    case .null: return .null
    case .boolean(let value): return .boolean(value)
    case .number(let number): return .number(number)
    case .bigInt(let number): return .bigInt(number)
    case .string(let string): return .string(string)
    case .symbol(let symbol):
      return try symbol.context.read(self, options, RunLimits(timeout, cpuTime, cancellation)).tree()
    case .object(let object):
      return try object.context.read(self, options, RunLimits(timeout, cpuTime, cancellation)).tree()
    }
  }
}

extension JSObject {
  /// The object with all that is in it, see ``JSValue/tree(_:timeout:cpuTime:cancellation:)``.
  public final func tree(
    _ options: JSCodingOptions = JSCodingOptions(), timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> JSTree {
    try JSValue.object(self).tree(options, timeout: timeout, cpuTime: cpuTime, cancellation: cancellation)
  }
}

extension JSTree: ConvertibleToJSValue, ConstructibleFromJSValue {
  /// The same value in JavaScript, made in one crossing. Runs no JavaScript.
  public func jsValue(in context: JSContext) throws -> JSValue {
    switch self {
    case .undefined: return .undefined
    case .null: return .null
    case .boolean(let value): return .boolean(value)
    case .number(let number): return .number(number)
    case .bigInt(let number): return .bigInt(number)
    case .string(let string): return .string(string)
    case .live(let value): return value
    default: return try context.write(JSCodingOptions()) { try $0.write(self) }
    }
  }

  /// Any value, see ``JSValue/tree(_:timeout:cpuTime:cancellation:)``.
  public static func construct(from value: JSValue) throws -> JSTree {
    guard case .object(let object) = value else { return try value.tree() }
    return try object.context.converting { conversion in
      try object.context.read(value, JSCodingOptions(), conversion.limits).tree()
    }
  }
}

// MARK: - From what was read

extension GraphReader {
  func tree() throws -> JSTree { try tree(at: root) }

  func tree(at node: GraphNode) throws -> JSTree {
    switch node.kind {
    case .undefined: return .undefined
    case .null: return .null
    case .boolean: return .boolean(node.payload != 0)
    case .integer: return .number(Double(Int64(bitPattern: node.payload)))
    case .number: return .number(Double(bitPattern: node.payload))
    case .bigInt: return .bigInt(bigInt(node))
    case .string, .name: return .string(jsString(node)!)
    case .bytes:
      // Not a container, and so made each time that it comes.
      try take(Int(node.count), of: 1, for: [])
      return .bytes(Array(data(node)))
    case .date: return .date(Double(bitPattern: node.payload))
    case .handle: return .live(handle(node))
    case .errorKey: return .undefined
    default: return try tree(of: node)
    }
  }

  private func tree(of node: GraphNode) throws -> JSTree {
    let index = node.index
    let container = containers[index]
    if container.isShared, let known = trees[index] {
      try count(known.values, for: path(to: index))
      return known.tree
    }
    guard !container.isOpen else { throw circle(JSTree.self) }
    if stack.isShort() { throw tooDeep(path(to: index)) }
    let before = values
    try count(node, for: path(to: index))
    containers[index].isOpen = true
    defer { containers[index].isOpen = false }
    let result = try tree(of: node, UnsafeBufferPointer(start: children + container.start, count: container.count))
    if container.isShared { trees[index] = (result, before - values) }
    return result
  }

  @inline(__always)
  private func tree(of node: GraphNode, _ children: UnsafeBufferPointer<GraphNode>) throws -> JSTree {
    switch node.kind {
    case .object: return .object(try properties(children))
    case .error: return .error(try properties(children))
    case .array, .tuple: return .array(try elements(children))
    case .set: return .set(try elements(children))
    case .sparse:
      // Holes are no smaller than other elements here.
      try checkSparse(node, path(to: node.index))
      try take(Int(node.count), of: MemoryLayout<JSTree>.stride, for: path(to: node.index))
      var elements = [JSTree](repeating: .undefined, count: Int(node.count))
      for child in stride(from: 0, to: children.count - 1, by: 2) where children[child].index < elements.count {
        elements[children[child].index] = try tree(at: children[child + 1])
      }
      return .array(elements)
    case .map:
      return .map(try pairs(children) { JSTree.Entry(try tree(at: $0), try tree(at: $1)) })
    case .regExp:
      return .regExp(source: key(children[0]), flags: key(children[1]).description)
    case .typedArray:
      let type = JSElementType(rawValue: UInt32(truncatingIfNeeded: children[0].payload))
      return .typedArray(type, Array(data(children[1])))
    case .arrayBuffer: return .arrayBuffer(Array(data(children[0])))
    default: return .boxed(try tree(at: children[0]))
    }
  }

  private func elements(_ children: UnsafeBufferPointer<GraphNode>) throws -> [JSTree] {
    try children.map(tree(at:))
  }

  private func properties(_ children: UnsafeBufferPointer<GraphNode>) throws -> [JSTree.Property] {
    try pairs(children) { JSTree.Property(key($0), try tree(at: $1)) }
  }

  /// Of keys and values in turn.
  @inline(__always)
  private func pairs<Pair>(
    _ children: UnsafeBufferPointer<GraphNode>, _ pair: (GraphNode, GraphNode) throws -> Pair
  ) rethrows -> [Pair] {
    try (0..<children.count / 2).map { try pair(children[2 * $0], children[2 * $0 + 1]) }
  }

  /// The error for a circle that a Swift value cannot hold.
  func circle<T>(_ type: T.Type) -> JSConversionError {
    JSConversionError(expected: "\(type)", received: "a circle of objects", path: "value\(pathToCircle().text)")
  }
}
