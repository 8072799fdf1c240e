// One value of what was read, as a Swift value.

extension GraphReader {
  // MARK: Finding

  /// Which child is the value of a property. Keys mostly come in the order in which they are asked for.
  @inline(__always)
  func find(_ key: String, in container: Int) -> Int? {
    var key = key
    return key.withUTF8 { key in
      let place = containers[container]
      if place.cursor < place.count, matches(children[place.start &+ place.cursor], key) {
        containers[container].cursor = place.cursor &+ 2
        return place.cursor &+ 1
      }
      return search(key, in: container)
    }
  }

  @inline(never)
  private func search(_ key: UnsafeBufferPointer<UInt8>, in container: Int) -> Int? {
    let place = containers[container]
    // From the cursor on, once around.
    var index = place.cursor
    for _ in stride(from: 0, to: place.count - 1, by: 2) {
      if index >= place.count { index = 0 }
      if matches(children[place.start + index], key) {
        containers[container].cursor = index + 2
        return index + 1
      }
      index += 2
    }
    return nil
  }

  /// A child that was found.
  @inline(__always)
  func property(_ container: Int, _ position: Int) -> GraphNode {
    unboxed(children[containers[container].start &+ position])
  }

  @inline(__always)
  private func matches(_ node: GraphNode, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
    if node.kind == .name {
      let name = names[node.index]
      return name.count == key.count && equalBytes(bytes + name.offset, key)
    }
    return matchesOther(node, key)
  }

  @inline(never)
  private func matchesOther(_ node: GraphNode, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
    if let text = text(node) { return text.count == key.count && equalBytes(text.baseAddress!, key) }
    return self.key(node).description.utf8.elementsEqual(key)
  }

  @inline(__always)
  private func equalBytes(_ a: UnsafePointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while index < b.count {
      if a[index] != b[index] { return false }
      index &+= 1
    }
    return true
  }

  /// An element of a container.
  @inline(__always)
  func child(_ container: Int, _ index: Int) -> GraphNode { unboxed(boxedChild(container, index)) }

  /// The same, a primitive's object as what it is.
  @inline(__always)
  func boxedChild(_ container: Int, _ index: Int) -> GraphNode {
    container < containerCount
      ? children[containers[container].start &+ index] : added[container - containerCount].node(index)
  }

  func childCount(of container: Int) -> Int {
    container < containerCount ? containers[container].count : added[container - containerCount].count
  }

  /// A primitive in an object is that primitive to Swift.
  @inline(__always)
  func unboxed(_ node: GraphNode) -> GraphNode {
    node.kind == .boxed ? children[containers[node.index].start] : node
  }

  /// Nodes that were made only now, in a container of their own.
  private func add(_ container: Added) -> Int {
    added.append(container)
    return containerCount + added.count - 1
  }

  /// A sparse array with its holes.
  func dense(_ value: GraphValue) throws -> Int {
    let node = value.node
    try checkSparse(node, path(to: value.place))
    try take(Int(node.count), of: MemoryLayout<GraphNode>.stride, for: path(to: value.place))
    var nodes = [GraphNode](repeating: GraphNode(.undefined), count: Int(node.count))
    let place = containers[node.index]
    for child in stride(from: place.start, to: place.start + place.count - 1, by: 2)
    where children[child].index < nodes.count {
      nodes[children[child].index] = children[child + 1]
    }
    return add(.nodes(nodes))
  }

  func checkSparse(_ node: GraphNode, _ path: @autoclosure () -> [GraphKey]) throws {
    guard node.count > 10_000_000 else { return }
    throw tooLarge(path(), "a sparse array of \(node.count) elements")
  }

  /// The elements of binary data, which stay where they are.
  func numbers(_ value: GraphValue) throws -> Int {
    let node = value.node
    if let data = binary(node) {
      try take(data.count, of: 1, for: path(to: value.place))
      return add(.numbers(.uint8, UnsafeRawBufferPointer(data)))
    }
    let start = children + containers[node.index].start
    let type = JSElementType(rawValue: UInt32(truncatingIfNeeded: start[0].payload))
    let data = data(start[1])
    guard Added.size(of: type) > 0 else {
      throw MiniRacerError(.notSupported, "value\(path(to: value.place).text): a typed array of \(type)")
    }
    try take(data.count, of: 1, for: path(to: value.place))
    return add(.numbers(type, UnsafeRawBufferPointer(data)))
  }

  /// The bytes of a Uint8Array, an ArrayBuffer or a DataView.
  private func binary(_ node: GraphNode) -> UnsafeBufferPointer<UInt8>? {
    switch node.kind {
    case .bytes: data(node)
    case .arrayBuffer: data(child(node.index, 0))
    default: nil
    }
  }

  // MARK: Values

  func decodeRoot<T: Decodable>(_ type: T.Type) throws -> T { try decode(type, value(at: .root)) }

  /// A value of any type.
  @inline(__always)
  func decode<T: Decodable>(_ type: T.Type, _ value: GraphValue) throws -> T {
    if T.self == String.self { return unsafeBitCast(try text(value), to: T.self) }
    if T.self == Int.self { return unsafeBitCast(try integer(Int.self, value), to: T.self) }
    if T.self == Double.self { return unsafeBitCast(try double(value), to: T.self) }
    if T.self == Bool.self { return unsafeBitCast(try bool(value), to: T.self) }
    if let special = SpecialType.of(T.self), let value = try decode(type, special, value) { return value }
    if stack.isShort() { throw tooDeep(path(to: value.place)) }
    if value.node.isContainer { return try decodeContainer(type, value) }
    return try T(from: GraphDecoder(reader: self, place: value.place))
  }

  /// What a type decodes as a single value: the same in another type.
  func decodeSame<T: Decodable>(_ type: T.Type, _ value: GraphValue) throws -> T {
    let node = value.node
    guard node.isContainer, containers[node.index].isOpen else { return try decode(type, value) }
    containers[node.index].isOpen = false
    defer { containers[node.index].isOpen = true }
    return try decode(type, value)
  }

  private func decodeContainer<T: Decodable>(_ type: T.Type, _ value: GraphValue) throws -> T {
    let index = value.node.index
    guard !containers[index].isOpen else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: path(to: value.place), debugDescription: "a circle of objects, which \(type) cannot hold"))
    }
    try count(value.node, for: path(to: value.place))
    containers[index].isOpen = true
    defer { containers[index].isOpen = false }
    containers[index].cursor = 0
    return try T(from: GraphDecoder(reader: self, place: value.place))
  }

  private func decode<T: Decodable>(_ type: T.Type, _ special: SpecialType, _ value: GraphValue) throws -> T? {
    let node = value.node
    switch special {
    case .tree: return try tree(at: self.node(at: value.place)) as? T
    case .value: return try jsValue(value) as? T
    case .bigInt: return try bigInt(value) as? T
    case .string: return try jsString(value) as? T
    case .bytes:
      guard let data = binary(node) else { return nil }
      try take(data.count, of: 1, for: path(to: value.place))
      return Array(data) as? T
    case .date:
      guard node.kind == .date else { return nil }
      return try T(from: DateDecoder(reader: self, value: value))
    // What it decodes by itself is the bytes, one by one.
    case .data: return nil
    }
  }

  /// A value as itself.
  private func jsValue(_ value: GraphValue) throws -> JSValue {
    let node = value.node
    switch node.kind {
    case .undefined: return .undefined
    case .null: return .null
    case .boolean: return .boolean(node.payload != 0)
    case .integer, .number: return .number(node.asDouble)
    case .unsigned: return .bigInt(JSBigInt(node.payload))
    case .bigInt: return .bigInt(bigInt(node))
    case .string, .name: return .string(jsString(node)!)
    case .handle: return handle(node)
    default: throw mismatch(JSValue.self, value)
    }
  }

  func jsString(_ value: GraphValue) throws -> JSString {
    guard let string = jsString(value.node) else { throw mismatch(JSString.self, value) }
    return string
  }

  /// An integer of any size. A Number is one, too: the elements of a BigInt64Array come as such.
  func bigInt(_ value: GraphValue) throws -> JSBigInt {
    switch value.node.kind {
    case .integer: return JSBigInt(Int64(bitPattern: value.node.payload))
    case .unsigned: return JSBigInt(value.node.payload)
    case .bigInt: return bigInt(value.node)
    case .number: if let number = JSBigInt(exactly: value.node.asDouble) { return number }
    default: break
    }
    throw mismatch(JSBigInt.self, value)
  }

  @inline(__always)
  func bool(_ value: GraphValue) throws -> Bool {
    guard value.node.kind == .boolean else { throw mismatch(Bool.self, value) }
    return value.node.payload != 0
  }

  @inline(__always)
  func text(_ value: GraphValue) throws -> String {
    guard let string = string(value.node) else { throw mismatch(String.self, value) }
    return string
  }

  @inline(__always)
  func double(_ value: GraphValue) throws -> Double {
    switch value.node.kind {
    case .number, .date: return Double(bitPattern: value.node.payload)
    case .integer:
      let integer = Int64(bitPattern: value.node.payload)
      let double = Double(integer)
      // Beyond 53 bits only an element of a BigInt64Array comes as one.
      guard integer.magnitude <= 1 << 53 || Int64(exactly: double) == integer else {
        throw mismatch(Double.self, value)
      }
      return double
    default: throw mismatch(Double.self, value)
    }
  }

  func float(_ value: GraphValue) throws -> Float {
    let double = try double(value)
    let float = Float(double)
    guard float.isFinite || !double.isFinite else { throw mismatch(Float.self, value) }
    return float
  }

  @inline(__always)
  func integer<T: FixedWidthInteger>(_ type: T.Type, _ value: GraphValue) throws -> T {
    if value.node.kind == .integer, let integer = T(exactly: Int64(bitPattern: value.node.payload)) { return integer }
    return try otherInteger(type, value)
  }

  @inline(never)
  private func otherInteger<T: FixedWidthInteger>(_ type: T.Type, _ value: GraphValue) throws -> T {
    let node = value.node
    switch node.kind {
    case .number: if let integer = T(exactly: Double(bitPattern: node.payload)) { return integer }
    case .unsigned: if let integer = T(exactly: node.payload) { return integer }
    case .bigInt: if let integer: T = bigInt(node).integer() { return integer }
    default: break
    }
    throw mismatch(type, value)
  }

  @inline(never)
  func tooDeep(_ path: [any CodingKey]) -> DecodingError {
    .dataCorrupted(
      .init(
        codingPath: path,
        debugDescription: "\(path.count) levels are too many for the stack of this thread: use a larger one"))
  }

  @inline(never)
  func mismatch<T>(_ type: T.Type, _ value: GraphValue) -> DecodingError {
    let isIllFormed = type == String.self && jsString(value.node) != nil
    let received = isIllFormed ? "a string with a lone surrogate, see JSString" : Self.summary(value.node)
    let context = DecodingError.Context(
      codingPath: path(to: value.place), debugDescription: "expected \(type), got \(received)")
    return value.node.isNil ? .valueNotFound(type, context) : .typeMismatch(type, context)
  }
}

/// A container that was made only after reading.
enum Added {
  case nodes([GraphNode])
  /// Each element becomes a node as it is asked for.
  case numbers(JSElementType, UnsafeRawBufferPointer)

  var count: Int {
    switch self {
    case .nodes(let nodes): nodes.count
    case .numbers(let type, let bytes): bytes.count / Self.size(of: type)
    }
  }

  func node(_ index: Int) -> GraphNode {
    switch self {
    case .nodes(let nodes): nodes[index]
    case .numbers(let type, let bytes): Self.node(type, bytes, index)
    }
  }

  /// Bytes of an element; 0 for a type without numbers that Swift has.
  static func size(of type: JSElementType) -> Int {
    switch type {
    case .int8, .uint8, .uint8Clamped: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .float64, .bigInt64, .bigUint64: 8
    default: 0
    }
  }

  private static func node(_ type: JSElementType, _ bytes: UnsafeRawBufferPointer, _ index: Int) -> GraphNode {
    func load<T: BitwiseCopyable>(_ type: T.Type) -> T {
      bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.size, as: T.self)
    }
    func integer<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> GraphNode {
      let number = load(T.self)
      if let number = Int64(exactly: number) { return GraphNode(.integer, UInt64(bitPattern: number)) }
      return GraphNode(.unsigned, UInt64(truncatingIfNeeded: number))
    }
    switch type {
    case .int8: return integer(Int8.self)
    case .int16: return integer(Int16.self)
    case .uint16: return integer(UInt16.self)
    case .int32: return integer(Int32.self)
    case .uint32: return integer(UInt32.self)
    case .bigInt64: return integer(Int64.self)
    case .bigUint64: return integer(UInt64.self)
    case .float32: return GraphNode(.number, Double(load(Float.self)).bitPattern)
    case .float64: return GraphNode(.number, load(UInt64.self))
    default: return integer(UInt8.self)
    }
  }
}
