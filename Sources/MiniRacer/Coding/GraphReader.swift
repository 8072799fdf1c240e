internal import CMiniRacer

/// A graph as it was read: flat, each container's children side by side.
final class GraphReader {
  struct Container: BitwiseCopyable {
    var start = 0
    var count = 0
    /// Where the next key is looked for first.
    var cursor = 0
    /// It comes more than once.
    var isShared = false
    /// What is in it is being converted: to meet it again means a circle.
    var isOpen = false
  }

  struct Name: BitwiseCopyable {
    let offset: Int
    let count: Int

    var place: (Int, Int) { (offset, count) }
  }

  /// Nil for a primitive value.
  let context: JSContext?
  let options: JSCodingOptions
  private let graph: UnsafeMutablePointer<miniracer_graph>?
  private let free: (UnsafeMutablePointer<miniracer_graph>?) -> Void
  let bytes: UnsafePointer<UInt8>

  let root: GraphNode
  let children: UnsafeMutablePointer<GraphNode>
  let containers: UnsafeMutablePointer<Container>
  let containerCount: Int
  let names: UnsafeMutablePointer<Name>
  /// The names as strings, where they have been asked for.
  private let nameStrings: UnsafeMutablePointer<JSString?>
  private let nameCount: Int
  /// How many values may still be converted; one that is shared counts each time.
  private(set) var values: Int
  /// The bytes that may still be made of binary data, shared or not, and of the holes of arrays.
  private var room: Int
  var stack = StackGuard()
  /// What is shared and has become a tree, with the values in it. It is one in all places and takes memory once, but counts
  /// each time: whoever walks a tree, as `==` and `hash` do, meets it each time.
  var trees: [Int: (tree: JSTree, values: Int)] = [:]
  /// Containers that were made only after reading.
  var added: [Added] = []
  /// The ways that were taken.
  var frames = Flat<GraphFrame>(capacity: 16)
  /// The handles, once taken.
  private var handles: [Int: JSValue] = [:]

  /// Takes the graph over.
  init(
    _ graph: UnsafeMutablePointer<miniracer_graph>, in context: JSContext, _ options: JSCodingOptions,
    free: @escaping (UnsafeMutablePointer<miniracer_graph>?) -> Void
  ) throws {
    let bytes = graph.pointee.data!.assumingMemoryBound(to: UInt8.self)
    var parser = GraphParser(bytes, count: Int(graph.pointee.length))
    do {
      root = try parser.parse()
    } catch {
      free(graph)
      throw MiniRacerError(.internal, "the library's graph is malformed")
    }
    self.context = context
    self.options = options
    self.graph = graph
    self.free = free
    self.bytes = bytes
    containerCount = parser.containers.count
    nameCount = parser.names.count
    values = options.maximumCount ?? 1_000_000 + 10 * (containerCount + parser.children.count)
    room = max(options.maximumBytes ?? 0, context.virtualMachine.maximumConverted)
    children = parser.children.release()
    containers = parser.containers.release()
    names = parser.names.release()
    nameStrings = .allocate(capacity: nameCount)
    nameStrings.initialize(repeating: nil, count: nameCount)
  }

  /// A value that is no object: one node, without a graph.
  init(primitive value: JSValue) {
    var text: [UInt8] = []
    switch value {
    case .null: root = GraphNode(.null)
    case .boolean(let value): root = GraphNode(.boolean, value ? 1 : 0)
    case .number(let number): root = GraphNode(.number, number.bitPattern)
    case .bigInt(let number):
      for word in number.twosComplement { withUnsafeBytes(of: word.littleEndian) { text += $0 } }
      root = GraphNode(.bigInt, count: text.count)
    case .string(let string):
      text = string.wtf8
      root = GraphNode(.string, count: text.count)
    case .symbol:
      root = GraphNode(.handle)
      handles[0] = value
    case .undefined, .object: root = GraphNode(.undefined)
    }
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(text.count, 1))
    copy.update(from: text, count: text.count)
    bytes = UnsafePointer(copy)
    context = nil
    options = JSCodingOptions()
    graph = nil
    free = { _ in }
    children = .allocate(capacity: 1)
    containers = .allocate(capacity: 1)
    names = .allocate(capacity: 1)
    nameStrings = .allocate(capacity: 1)
    (containerCount, nameCount, values, room) = (0, 0, 0, 0)
  }

  deinit {
    if graph == nil { bytes.deallocate() }
    nameStrings.deinitialize(count: nameCount)
    nameStrings.deallocate()
    names.deallocate()
    containers.deallocate()
    children.deallocate()
    free(graph)
  }

  // MARK: What it may become

  /// Counts a container with what is in it, which no limit on what came does where it comes more than once.
  func count(_ node: GraphNode, for path: @autoclosure () -> [GraphKey]) throws {
    let count = containers[node.index].count
    switch node.kind {
    case .array, .set: try self.count(count + 1, for: path())
    case .object, .map, .sparse: try self.count(count / 2 + 1, for: path())
    default: try self.count(1, for: path())
    }
  }

  func count(_ count: Int, for path: @autoclosure () -> [GraphKey]) throws {
    values -= count
    if values < 0 { throw tooLarge(path(), "more values than the limit, shared ones counted each time") }
  }

  /// Counts memory that is not there yet. The path is that of what it is for.
  func take(_ count: Int, of size: Int, for path: @autoclosure () -> [GraphKey]) throws {
    let (bytes, isOverflow) = count.multipliedReportingOverflow(by: size)
    room -= isOverflow ? room + 1 : bytes
    if room < 0 { throw tooLarge(path(), "more bytes than the limit, shared ones and holes counted") }
  }

  func tooLarge(_ path: [GraphKey], _ problem: String) -> MiniRacerError {
    MiniRacerError(.tooLarge, "value\(path.text): \(problem)")
  }

  // MARK: What has been read

  /// The bytes of a string's text; nil for other values. Lone surrogates are as if they were characters.
  @inline(__always)
  func text(_ node: GraphNode) -> UnsafeBufferPointer<UInt8>? {
    switch node.kind {
    case .string: return UnsafeBufferPointer(start: bytes + node.index, count: Int(node.count))
    case .name:
      let name = names[node.index]
      return UnsafeBufferPointer(start: bytes + name.offset, count: name.count)
    default: return nil
    }
  }

  /// A string's text as a Swift string; nil for other values and those with a lone surrogate.
  @inline(__always)
  func string(_ node: GraphNode) -> String? {
    switch node.kind {
    case .string: return String(wtf8: text(node)!)
    case .name:
      if let known = nameStrings[node.index] { return known.string }
      return jsString(node)?.string
    default: return nil
    }
  }

  func jsString(_ node: GraphNode) -> JSString? {
    switch node.kind {
    case .string: return JSString(wtf8: text(node)!)
    case .name:
      if let known = nameStrings[node.index] { return known }
      let string = JSString(wtf8: text(node)!)
      nameStrings[node.index] = string
      return string
    default: return nil
    }
  }

  /// A property's key.
  func key(_ node: GraphNode) -> JSString {
    if let string = jsString(node) { return string }
    switch node.kind {
    case .integer: return JSString("\(Int64(bitPattern: node.payload))")
    case .number: return JSString(JSValue.text(of: Double(bitPattern: node.payload)))
    case .errorKey: return JSString(["name", "message", "stack"][node.index])
    default: return JSString(GraphReader.summary(node))
    }
  }

  func bigInt(_ node: GraphNode) -> JSBigInt {
    JSBigInt(twosComplement: UnsafeBufferPointer(start: bytes + node.index, count: Int(node.count)))
  }

  func data(_ node: GraphNode) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: bytes + node.index, count: Int(node.count))
  }

  /// A value that crossed as a handle.
  func handle(_ node: GraphNode) -> JSValue {
    let index = node.index
    if let known = handles[index] { return known }
    guard let graph, let context, index >= 0, index < Int(graph.pointee.handle_count) else { return .undefined }
    let value = context.take(&graph.pointee.handles[index])
    handles[index] = value
    return value
  }

  /// The value in a word, for messages.
  static func summary(_ node: GraphNode) -> String {
    switch node.kind {
    case .undefined: "undefined"
    case .null: "null"
    case .boolean: node.payload != 0 ? "true" : "false"
    case .integer: "\(Int64(bitPattern: node.payload))"
    case .unsigned: "\(node.payload)"
    case .number: JSValue.text(of: Double(bitPattern: node.payload))
    case .bigInt: "BigInt"
    case .string, .name: "String"
    case .bytes: "Uint8Array"
    case .array, .sparse, .tuple: "Array"
    case .object: "Object"
    case .map: "Map"
    case .set: "Set"
    case .error: "Error"
    case .regExp: "RegExp"
    case .typedArray: "TypedArray"
    case .arrayBuffer: "ArrayBuffer"
    case .boxed: "Boxed"
    case .date: "Date"
    case .handle: "a live value"
    case .errorKey: "a key"
    }
  }

  // MARK: Where something is in a tree, which notes no ways

  /// A way from the root to a container, which is looked for only where an error wants to tell it.
  func path(to target: Int) -> [GraphKey] { path { index, _ in index == target } }

  /// The way to where a container that is open comes again.
  func pathToCircle() -> [GraphKey] { path { $1.contains($0) } }

  private func path(_ isTarget: (Int, Set<Int>) -> Bool) -> [GraphKey] {
    // Not by recursion: there may be no stack left for it.
    var seen: Set<Int> = []
    var above: Set<Int> = []
    var levels: [(node: GraphNode, next: Int, key: GraphKey?)] = []
    func enter(_ node: GraphNode, _ key: GraphKey?) -> Bool {
      guard node.isContainer else { return false }
      if isTarget(node.index, above) {
        levels.append((node, 0, key))
        return true
      }
      if seen.insert(node.index).inserted {
        above.insert(node.index)
        levels.append((node, 0, key))
      }
      return false
    }
    if enter(root, nil) { return [] }
    while let (node, next, _) = levels.last {
      let container = containers[node.index]
      guard next < container.count else {
        above.remove(node.index)
        levels.removeLast()
        continue
      }
      let isKeyed = [.object, .map, .error, .sparse].contains(node.kind)
      levels[levels.count - 1].next += isKeyed ? 2 : 1
      let child = children + container.start + next
      let step = isKeyed ? GraphKey(stringValue: key(child[0]).description) : GraphKey(intValue: next)
      if enter(child[isKeyed ? 1 : 0], step) { return levels.compactMap(\.key) }
    }
    return []
  }
}

/// A step of a coding path.
struct GraphKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  init(intValue: Int) {
    stringValue = "Index \(intValue)"
    self.intValue = intValue
  }
}

extension [GraphKey] {
  /// "[2].name"
  var text: String {
    map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
  }
}

extension String {
  /// UTF-8; nil where there is a lone surrogate as if it were a character. Quicker than `String(validating:as:)`, which looks
  /// generic types up each time.
  @inline(__always)
  init?(wtf8 bytes: UnsafeBufferPointer<UInt8>) {
    if bytes.hasLoneSurrogate { return nil }
    self.init(decoding: bytes, as: UTF8.self)
  }
}

extension UnsafeBufferPointer<UInt8> {
  @inline(__always)
  fileprivate var hasLoneSurrogate: Bool {
    guard let start = baseAddress else { return false }
    var at = 0
    while at &+ 8 <= count {
      let eight = UnsafeRawPointer(start + at).loadUnaligned(as: UInt64.self)
      if eight & 0x8080_8080_8080_8080 != 0 { break }
      at &+= 8
    }
    while at &+ 1 < count {
      if start[at] == 0xED, start[at &+ 1] >= 0xA0 { return true }
      at &+= 1
    }
    return false
  }
}

extension JSString {
  /// UTF-8 with lone surrogates as if they were characters.
  init(wtf8 bytes: UnsafeBufferPointer<UInt8>) {
    if let string = String(wtf8: bytes) {
      self.init(string)
      return
    }
    var units: [UInt16] = []
    var at = 0
    while at < bytes.count {
      let lead = bytes[at]
      let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
      guard at + length <= bytes.count else { break }
      var scalar = length == 1 ? UInt32(lead) : UInt32(lead & (0x7F >> UInt8(length)))
      for next in 1..<max(length, 1) { scalar = scalar << 6 | UInt32(bytes[at + next] & 0x3F) }
      if scalar < 0x10000 {
        units.append(UInt16(scalar))
      } else {
        units.append(UInt16(0xD800 + (scalar - 0x10000) >> 10))
        units.append(UInt16(0xDC00 + scalar & 0x3FF))
      }
      at += length
    }
    self.init(utf16: units)
  }

  /// The same.
  var wtf8: [UInt8] {
    switch storage {
    case .wellFormed(let string): Array(string.utf8)
    case .illFormed(let units):
      units.withUnsafeBufferPointer { units in
        [UInt8](unsafeUninitializedCapacity: units.count * 3) { output, count in
          count = units.writeUTF8(to: output, allowingLoneSurrogates: true) ?? 0
        }
      }
    }
  }
}

extension JSBigInt {
  /// From two's complement, least significant byte first.
  init(twosComplement bytes: UnsafeBufferPointer<UInt8>) {
    let isNegative = (bytes.last ?? 0) >= 0x80
    var words = [UInt64](repeating: isNegative ? UInt64.max : 0, count: (bytes.count + 7) / 8)
    for (index, byte) in bytes.enumerated() {
      let shift = UInt64(index % 8 * 8)
      words[index / 8] = words[index / 8] & ~(0xFF << shift) | UInt64(byte) << shift
    }
    if isNegative {
      var carry = true
      for index in words.indices {
        words[index] = ~words[index]
        if carry { (words[index], carry) = words[index].addingReportingOverflow(1) }
      }
    }
    self.init(isNegative: isNegative, words: words)
  }

  /// Two's complement in whole words and one for the sign, least significant first.
  var twosComplement: [UInt64] {
    var result = words + [0]
    if isNegative {
      var carry = true
      for index in result.indices {
        result[index] = ~result[index]
        if carry { (result[index], carry) = result[index].addingReportingOverflow(1) }
      }
    }
    return result
  }
}
