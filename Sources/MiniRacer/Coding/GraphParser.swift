/// Reads the encoded form into a flat one.
struct GraphParser: ~Copyable {
  struct Malformed: Error {}

  private let bytes: UnsafePointer<UInt8>
  private let end: Int
  var children: Flat<GraphNode>
  var containers = Flat<GraphReader.Container>(capacity: 64)
  var names = Flat<GraphReader.Name>(capacity: 32)

  init(_ bytes: UnsafePointer<UInt8>, count: Int) {
    self.bytes = bytes
    end = count
    // A child takes about five bytes, but for long strings and binary data.
    children = Flat(capacity: min(count / 4, 1 << 18))
  }

  mutating func parse() throws(Malformed) -> GraphNode {
    var stack = Flat<GraphNode>(capacity: 256)
    var marks = Flat<Int>(capacity: 32)
    var memo = Flat<GraphNode>(capacity: 256)
    var at = 0

    while at < end {
      let opcode = bytes[at]
      at &+= 1
      switch opcode {
      case Opcode.binInt1:
        guard at < end else { throw Malformed() }
        stack.append(GraphNode(.integer, UInt64(bytes[at])))
        at &+= 1
      case Opcode.binGet:
        guard at < end, Int(bytes[at]) < memo.count else { throw Malformed() }
        stack.append(again(memo[Int(bytes[at])]))
        at &+= 1
      case Opcode.shortBinUnicode:
        guard at < end, at &+ 1 &+ Int(bytes[at]) <= end else { throw Malformed() }
        stack.append(GraphNode(.string, UInt64(at &+ 1), count: Int(bytes[at])))
        at &+= 1 &+ Int(bytes[at])
      case Opcode.binInt2:
        stack.append(GraphNode(.integer, UInt64(try load(UInt16.self, at))))
        at &+= 2
      case Opcode.binInt:
        stack.append(GraphNode(.integer, UInt64(bitPattern: Int64(try load(Int32.self, at)))))
        at &+= 4
      case Opcode.binFloat:
        stack.append(GraphNode(.number, UInt64(bigEndian: try load(UInt64.self, at))))
        at &+= 8
      case Opcode.memoize:
        guard stack.count > 0 else { throw Malformed() }
        let top = stack[stack.count - 1]
        if top.kind == .string {
          stack[stack.count - 1] = GraphNode(.name, UInt64(names.count))
          names.append(GraphReader.Name(offset: top.index, count: Int(top.count)))
        }
        memo.append(stack[stack.count - 1])
      case Opcode.longBinGet:
        let number = Int(try load(UInt32.self, at))
        guard number < memo.count else { throw Malformed() }
        stack.append(again(memo[number]))
        at &+= 4
      case Opcode.mark:
        marks.append(stack.count)
      case Opcode.setItems, Opcode.appends, Opcode.addItems:
        try fill(&stack, &marks)
      case Opcode.emptyDict: stack.append(container(.object))
      case Opcode.emptyList: stack.append(container(.array))
      case Opcode.emptySet: stack.append(container(.set))
      case Opcode.dict:
        guard marks.count > 0, marks[marks.count - 1] == stack.count else { throw Malformed() }
        marks.removeLast(1)
        stack.append(container(.map))
      case Opcode.none: stack.append(GraphNode(.null))
      case Opcode.newTrue: stack.append(GraphNode(.boolean, 1))
      case Opcode.newFalse: stack.append(GraphNode(.boolean, 0))
      case Opcode.binUnicode:
        try take(.string, Int(try load(UInt32.self, at)), &at, 4, &stack)
      case Opcode.binUnicode8:
        try take(.string, Int(clamping: try load(UInt64.self, at)), &at, 8, &stack)
      case Opcode.shortBinBytes:
        try take(.bytes, Int(try load(UInt8.self, at)), &at, 1, &stack)
      case Opcode.binBytes:
        try take(.bytes, Int(try load(UInt32.self, at)), &at, 4, &stack)
      case Opcode.binBytes8:
        try take(.bytes, Int(clamping: try load(UInt64.self, at)), &at, 8, &stack)
      case Opcode.long1:
        let count = Int(try load(UInt8.self, at))
        guard count == 8 else { throw Malformed() }
        stack.append(GraphNode(.integer, try load(UInt64.self, at + 1)))
        at &+= 9
      case Opcode.long4:
        try take(.bigInt, Int(try load(UInt32.self, at)), &at, 4, &stack)
      case Opcode.tuple1: try tuple(1, &stack)
      case Opcode.tuple2: try tuple(2, &stack)
      case Opcode.tuple3: try tuple(3, &stack)
      case Opcode.tuple:
        guard marks.count > 0, marks[marks.count - 1] <= stack.count else { throw Malformed() }
        let count = stack.count - marks[marks.count - 1]
        marks.removeLast(1)
        try tuple(count, &stack)
      case Opcode.binPersId:
        guard stack.count > 0 else { throw Malformed() }
        stack[stack.count - 1] = try identified(stack[stack.count - 1])
      case Opcode.proto: at &+= 1
      case Opcode.frame: at &+= 8
      case Opcode.stop:
        guard stack.count == 1 else { throw Malformed() }
        return stack[0]
      default: throw Malformed()
      }
    }
    throw Malformed()
  }

  @inline(__always)
  private func load<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, _ at: Int) throws(Malformed) -> T {
    guard at &+ MemoryLayout<T>.size <= end else { throw Malformed() }
    return T(littleEndian: UnsafeRawPointer(bytes + at).loadUnaligned(as: T.self))
  }

  private mutating func take(
    _ kind: GraphNode.Kind, _ count: Int, _ at: inout Int, _ head: Int, _ stack: inout Flat<GraphNode>
  ) throws(Malformed) {
    guard count <= end - at - head, count <= Int(UInt32.max) else { throw Malformed() }
    stack.append(GraphNode(kind, UInt64(at + head), count: count))
    at += head + count
  }

  @inline(__always)
  private mutating func container(_ kind: GraphNode.Kind) -> GraphNode {
    containers.append(GraphReader.Container())
    return GraphNode(kind, UInt64(containers.count - 1))
  }

  /// A value that has come before.
  @inline(__always)
  private func again(_ node: GraphNode) -> GraphNode {
    if node.isContainer { containers.start[node.index].isShared = true }
    return node
  }

  /// What is on the stack above the mark becomes the children of what is below it.
  @inline(__always)
  private mutating func fill(_ stack: inout Flat<GraphNode>, _ marks: inout Flat<Int>) throws(Malformed) {
    guard marks.count > 0 else { throw Malformed() }
    let mark = marks[marks.count - 1]
    marks.removeLast(1)
    guard mark > 0, mark <= stack.count, stack[mark - 1].isContainer else { throw Malformed() }
    let index = stack[mark - 1].index
    let (count, old) = (stack.count - mark, containers[index])
    let start = children.count
    // More than once for the same one: an error's own properties come after its first three.
    for child in 0..<old.count { children.append(children[old.start + child]) }
    children.append(stack.start + mark, count)
    containers[index].start = start
    containers[index].count = old.count + count
    stack.removeLast(count)
  }

  private mutating func tuple(_ count: Int, _ stack: inout Flat<GraphNode>) throws(Malformed) {
    guard count <= stack.count else { throw Malformed() }
    containers.append(GraphReader.Container(start: children.count, count: count))
    children.append(stack.start + (stack.count - count), count)
    stack.removeLast(count)
    stack.append(GraphNode(.tuple, UInt64(containers.count - 1)))
  }

  /// What a persistent id means.
  private mutating func identified(_ id: GraphNode) throws(Malformed) -> GraphNode {
    if id.kind == .null { return GraphNode(.undefined) }
    guard id.kind == .tuple, containers[id.index].count > 0 else { throw Malformed() }
    let (start, count) = (containers[id.index].start, containers[id.index].count)
    let tag = children[start]
    guard tag.kind == .name || tag.kind == .string else { throw Malformed() }
    let (offset, length) = tag.kind == .name ? names[tag.index].place : (tag.index, Int(tag.count))
    switch (String(decoding: UnsafeBufferPointer(start: bytes + offset, count: length), as: UTF8.self), count) {
    case ("date", 2): return GraphNode(.date, children[start + 1].asDouble.bitPattern)
    case ("handle", 2): return GraphNode(.handle, children[start + 1].payload)
    case ("map", 1): return keepRest(id, .map)
    case ("set", 1): return keepRest(id, .set)
    case ("sparse", 2):
      let length = children[start + 1].payload
      containers[id.index].count = 0
      return GraphNode(.sparse, id.payload, count: Int(truncatingIfNeeded: length))
    case ("regexp", 3): return keepRest(id, .regExp)
    case ("boxed", 2): return keepRest(id, .boxed)
    case ("typedarray", 3): return keepRest(id, .typedArray)
    case ("arraybuffer", 2), ("sharedarraybuffer", 2), ("dataview", 2): return keepRest(id, .arrayBuffer)
    case ("error", 4):
      // As an object with these three properties first.
      let values = (children[start + 1], children[start + 2], children[start + 3])
      let first = children.count
      children.append(GraphNode(.errorKey, 0))
      children.append(values.0)
      children.append(GraphNode(.errorKey, 1))
      children.append(values.1)
      children.append(GraphNode(.errorKey, 2))
      children.append(values.2)
      containers[id.index].start = first
      containers[id.index].count = 6
      return GraphNode(.error, id.payload)
    default: throw Malformed()
    }
  }

  private mutating func keepRest(_ id: GraphNode, _ kind: GraphNode.Kind) -> GraphNode {
    containers[id.index].start += 1
    containers[id.index].count -= 1
    return GraphNode(kind, id.payload)
  }
}
