/// The opcodes of the encoded form that are used here: docs/graph.md tells it. They are those of Python's pickles.
enum Opcode {
  static let mark = UInt8(ascii: "(")
  static let stop = UInt8(ascii: ".")
  static let binBytes = UInt8(ascii: "B")
  static let shortBinBytes = UInt8(ascii: "C")
  static let binFloat = UInt8(ascii: "G")
  static let binInt = UInt8(ascii: "J")
  static let binInt1 = UInt8(ascii: "K")
  static let binInt2 = UInt8(ascii: "M")
  static let none = UInt8(ascii: "N")
  static let binPersId = UInt8(ascii: "Q")
  static let binUnicode = UInt8(ascii: "X")
  static let emptyList = UInt8(ascii: "]")
  static let dict = UInt8(ascii: "d")
  static let appends = UInt8(ascii: "e")
  static let binGet = UInt8(ascii: "h")
  static let longBinGet = UInt8(ascii: "j")
  static let tuple = UInt8(ascii: "t")
  static let setItems = UInt8(ascii: "u")
  static let emptyDict = UInt8(ascii: "}")
  static let proto: UInt8 = 0x80
  static let tuple1: UInt8 = 0x85
  static let tuple2: UInt8 = 0x86
  static let tuple3: UInt8 = 0x87
  static let newTrue: UInt8 = 0x88
  static let newFalse: UInt8 = 0x89
  static let long1: UInt8 = 0x8a
  static let long4: UInt8 = 0x8b
  static let shortBinUnicode: UInt8 = 0x8c
  static let binUnicode8: UInt8 = 0x8d
  static let binBytes8: UInt8 = 0x8e
  static let emptySet: UInt8 = 0x8f
  static let addItems: UInt8 = 0x90
  static let memoize: UInt8 = 0x94
  static let frame: UInt8 = 0x95
}

/// One value of a graph that was read, in a flat form: 16 bytes, and what it is made of lies elsewhere by number.
struct GraphNode: BitwiseCopyable {
  enum Kind: UInt8 {
    case undefined
    case null
    /// payload: 0 or 1
    case boolean
    /// A Number that is an integer. payload: an Int64.
    case integer
    /// An element of a BigUint64Array that is no Int64. payload: a UInt64.
    case unsigned
    /// Any other Number. payload: a Double.
    case number
    /// payload: where its two's complement begins; count: bytes.
    case bigInt
    /// payload: where its text begins; count: bytes.
    case string
    /// A string that has come before or may come again. payload: its number among the names.
    case name
    /// payload: where they begin; count: bytes.
    case bytes
    /// From here on payload is the container's number.
    case array
    /// Keys and values in turn.
    case object
    /// Keys and values in turn.
    case map
    case set
    /// Indices and values in turn. count: the length.
    case sparse
    /// Keys and values in turn; name, message and stack are the first three.
    case error
    /// What is not yet known to be something else.
    case tuple
    /// Source and flags.
    case regExp
    /// The element's type and the bytes.
    case typedArray
    /// The bytes.
    case arrayBuffer
    /// The value in it.
    case boxed
    /// payload: a Double, milliseconds since 1970.
    case date
    /// payload: the handle's number.
    case handle
    /// The key of one of the three that each error has. payload: which.
    case errorKey
  }

  var kind: Kind
  var count: UInt32 = 0
  var payload: UInt64 = 0

  init(_ kind: Kind, _ payload: UInt64 = 0, count: Int = 0) {
    self.kind = kind
    self.payload = payload
    self.count = UInt32(truncatingIfNeeded: count)
  }

  var index: Int { Int(truncatingIfNeeded: payload) }
  var isContainer: Bool { kind.rawValue >= Kind.array.rawValue && kind.rawValue <= Kind.boxed.rawValue }
  /// Of an integer or a number.
  var asDouble: Double { kind == .integer ? Double(Int64(bitPattern: payload)) : Double(bitPattern: payload) }
  var isNil: Bool { kind == .undefined || kind == .null }
}

/// A list of plain values that grows, in memory of its own: without the checks that an array in a class sees on each access.
struct Flat<Element: BitwiseCopyable>: ~Copyable {
  private(set) var start: UnsafeMutablePointer<Element>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int) {
    self.capacity = max(capacity, 16)
    start = .allocate(capacity: self.capacity)
  }

  deinit { start.deallocate() }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { grow(to: count + 1) }
    (start + count).initialize(to: element)
    count &+= 1
  }

  mutating func append(_ elements: UnsafePointer<Element>, _ number: Int) {
    if count + number > capacity { grow(to: count + number) }
    (start + count).update(from: elements, count: number)
    count += number
  }

  @inline(__always)
  mutating func removeLast(_ number: Int) { count &-= number }

  subscript(index: Int) -> Element {
    @inline(__always) get { start[index] }
    @inline(__always) set { start[index] = newValue }
  }

  /// The memory, which is the caller's from now on.
  consuming func release() -> UnsafeMutablePointer<Element> {
    let start = self.start
    discard self
    return start
  }

  @inline(never)
  private mutating func grow(to needed: Int) {
    capacity = max(capacity * 2, needed)
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    larger.update(from: start, count: count)
    start.deallocate()
    start = larger
  }
}
