// One value of what was read, as a Swift value.

extension GraphReader {
  // MARK: Finding

  /// The value of a property. Keys mostly come in the order in which they are asked for.
  @inline(__always)
  func find(_ key: String, in container: Int) -> GraphNode? {
    var key = key
    return key.withUTF8 { key in
      let place = containers[container]
      if place.cursor < place.count, matches(children[place.start &+ place.cursor], key) {
        containers[container].cursor = place.cursor &+ 2
        return unboxed(children[place.start &+ place.cursor &+ 1])
      }
      return search(key, in: container)
    }
  }

  @inline(never)
  private func search(_ key: UnsafeBufferPointer<UInt8>, in container: Int) -> GraphNode? {
    let place = containers[container]
    // From the cursor on, once around.
    var index = place.cursor
    for _ in stride(from: 0, to: place.count - 1, by: 2) {
      if index >= place.count { index = 0 }
      if matches(children[place.start + index], key) {
        containers[container].cursor = index + 2
        return unboxed(children[place.start + index + 1])
      }
      index += 2
    }
    return nil
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
  func child(_ container: Int, _ index: Int) -> GraphNode {
    container < containerCount
      ? unboxed(children[containers[container].start &+ index]) : added[container - containerCount][index]
  }

  /// A primitive in an object is that primitive to Swift.
  @inline(__always)
  private func unboxed(_ node: GraphNode) -> GraphNode {
    node.kind == .boxed ? children[containers[node.index].start] : node
  }

  /// Nodes that were made only now, in a container of their own.
  private func add(_ nodes: [GraphNode]) -> Int {
    added.append(nodes)
    return containerCount + added.count - 1
  }

  /// A sparse array with its holes.
  func dense(_ node: GraphNode) throws -> Int {
    guard node.count <= 10_000_000 else {
      throw MiniRacerError(.tooLarge, "value\(path(to: node.index).text): a sparse array of \(node.count) elements")
    }
    var nodes = [GraphNode](repeating: GraphNode(.undefined), count: Int(node.count))
    let place = containers[node.index]
    for child in stride(from: place.start, to: place.start + place.count - 1, by: 2)
    where children[child].index < nodes.count {
      nodes[children[child].index] = children[child + 1]
    }
    return add(nodes)
  }

  /// The elements of binary data.
  func numbers(_ node: GraphNode) throws -> Int {
    if node.kind == .bytes { return add(data(node).map { GraphNode(.integer, UInt64($0)) }) }
    let start = children + containers[node.index].start
    if node.kind == .arrayBuffer { return add(data(start[0]).map { GraphNode(.integer, UInt64($0)) }) }
    let bytes = UnsafeRawBufferPointer(data(start[1]))
    func integers<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> [GraphNode] {
      (0..<bytes.count / MemoryLayout<T>.size).map {
        let number = T(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: T.self))
        if let number = Int64(exactly: number) { return GraphNode(.integer, UInt64(bitPattern: number)) }
        return GraphNode(.number, Double(number).bitPattern)
      }
    }
    switch JSElementType(rawValue: UInt32(truncatingIfNeeded: start[0].payload)) {
    case .int8: return add(integers(Int8.self))
    case .uint8, .uint8Clamped: return add(integers(UInt8.self))
    case .int16: return add(integers(Int16.self))
    case .uint16: return add(integers(UInt16.self))
    case .int32: return add(integers(Int32.self))
    case .uint32: return add(integers(UInt32.self))
    case .bigInt64: return add(integers(Int64.self))
    case .bigUint64: return add(integers(UInt64.self))
    case .float32:
      return add(
        (0..<bytes.count / 4).map {
          GraphNode(.number, Double(bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self)).bitPattern)
        })
    case .float64:
      return add(
        (0..<bytes.count / 8).map {
          GraphNode(.number, bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
        })
    case let other:
      throw MiniRacerError(.notSupported, "value\(path(to: node.index).text): a typed array of \(other)")
    }
  }

  // MARK: Values

  func decode<T: Decodable>(_ type: T.Type, _ node: GraphNode) throws -> T { try decode(type, node, []) }

  /// A value of any type. The path is that of the value, for errors.
  @inline(__always)
  func decode<T: Decodable>(
    _ type: T.Type, _ node: GraphNode, _ path: @autoclosure () -> [any CodingKey]
  ) throws -> T {
    if T.self == String.self { return unsafeBitCast(try text(node, path()), to: T.self) }
    if T.self == Int.self { return unsafeBitCast(try integer(Int.self, node, path()), to: T.self) }
    if T.self == Double.self { return unsafeBitCast(try double(node, path()), to: T.self) }
    if T.self == Bool.self { return unsafeBitCast(try bool(node, path()), to: T.self) }
    if let special = SpecialType.of(T.self), let value = try decode(type, special, node, path()) { return value }
    if stack.isShort() { throw tooDeep(path()) }
    if node.isContainer { return try decodeContainer(type, node) }
    return try T(from: GraphDecoder(reader: self, node: unboxed(node)))
  }

  /// What a type decodes as a single value: the same node in another type.
  func decodeSame<T: Decodable>(_ type: T.Type, _ node: GraphNode, _ path: [any CodingKey]) throws -> T {
    guard node.isContainer, containers[node.index].isOpen else { return try decode(type, node, path) }
    containers[node.index].isOpen = false
    defer { containers[node.index].isOpen = true }
    return try decode(type, node, path)
  }

  private func decodeContainer<T: Decodable>(_ type: T.Type, _ node: GraphNode) throws -> T {
    let index = node.index
    guard !containers[index].isOpen else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: pathToCircle(), debugDescription: "a circle of objects, which \(type) cannot hold"))
    }
    visits -= 1
    guard visits >= 0 else {
      throw MiniRacerError(.tooLarge, "value\(path(to: index).text): more values than the limit, shared ones counted")
    }
    containers[index].isOpen = true
    defer { containers[index].isOpen = false }
    containers[index].cursor = 0
    return try T(from: GraphDecoder(reader: self, node: unboxed(node)))
  }

  private func decode<T: Decodable>(
    _ type: T.Type, _ special: SpecialType, _ node: GraphNode, _ path: @autoclosure () -> [any CodingKey]
  ) throws -> T? {
    switch special {
    case .tree: return try tree(at: node) as? T
    case .value: return try value(node, path()) as? T
    case .bytes:
      if node.kind == .bytes { return Array(data(node)) as? T }
      if node.kind == .arrayBuffer { return Array(data(child(node.index, 0))) as? T }
      return nil
    case .date:
      guard node.kind == .date else { return nil }
      let seconds = (Double(bitPattern: node.payload) - SpecialType.referenceDate) / 1000
      return try T(from: GraphDecoder(reader: self, node: GraphNode(.number, seconds.bitPattern)))
    // What it decodes by itself is the bytes, one by one.
    case .data: return nil
    }
  }

  /// A value as itself.
  private func value(_ node: GraphNode, _ path: @autoclosure () -> [any CodingKey]) throws -> JSValue {
    switch node.kind {
    case .undefined: return .undefined
    case .null: return .null
    case .boolean: return .boolean(node.payload != 0)
    case .integer, .number: return .number(node.asDouble)
    case .bigInt: return .bigInt(bigInt(node))
    case .string, .name: return .string(jsString(node)!)
    case .handle: return handle(node)
    default: throw mismatch(JSValue.self, node, path())
    }
  }

  @inline(__always)
  func bool(_ node: GraphNode, _ path: @autoclosure () -> [any CodingKey]) throws -> Bool {
    guard node.kind == .boolean else { throw mismatch(Bool.self, node, path()) }
    return node.payload != 0
  }

  @inline(__always)
  func text(_ node: GraphNode, _ path: @autoclosure () -> [any CodingKey]) throws -> String {
    guard let string = string(node) else { throw mismatch(String.self, node, path()) }
    return string
  }

  @inline(__always)
  func double(_ node: GraphNode, _ path: @autoclosure () -> [any CodingKey]) throws -> Double {
    switch node.kind {
    case .number, .date: return Double(bitPattern: node.payload)
    case .integer: return Double(Int64(bitPattern: node.payload))
    default: throw mismatch(Double.self, node, path())
    }
  }

  func float(_ node: GraphNode, _ path: @autoclosure () -> [any CodingKey]) throws -> Float {
    let double = try double(node, path())
    let float = Float(double)
    guard float.isFinite || !double.isFinite else { throw mismatch(Float.self, node, path()) }
    return float
  }

  @inline(__always)
  func integer<T: FixedWidthInteger>(
    _ type: T.Type, _ node: GraphNode, _ path: @autoclosure () -> [any CodingKey]
  ) throws -> T {
    if node.kind == .integer, let value = T(exactly: Int64(bitPattern: node.payload)) { return value }
    return try otherInteger(type, node, path())
  }

  @inline(never)
  private func otherInteger<T: FixedWidthInteger>(
    _ type: T.Type, _ node: GraphNode, _ path: @autoclosure () -> [any CodingKey]
  ) throws -> T {
    switch node.kind {
    case .number: if let value = T(exactly: Double(bitPattern: node.payload)) { return value }
    case .bigInt: if let value: T = bigInt(node).integer() { return value }
    default: break
    }
    throw mismatch(type, node, path())
  }

  @inline(never)
  func tooDeep(_ path: [any CodingKey]) -> DecodingError {
    .dataCorrupted(
      .init(
        codingPath: path,
        debugDescription: "\(path.count) levels are too many for the stack of this thread: use a larger one"))
  }

  @inline(never)
  func mismatch<T>(_ type: T.Type, _ node: GraphNode, _ path: [any CodingKey]) -> DecodingError {
    if node.isNil {
      return .valueNotFound(
        type, .init(codingPath: path, debugDescription: "expected \(type), got \(Self.summary(node))"))
    }
    return .typeMismatch(
      type, .init(codingPath: path, debugDescription: "expected \(type), got \(Self.summary(node))"))
  }
}
