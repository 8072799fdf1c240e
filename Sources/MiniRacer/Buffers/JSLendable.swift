/// A Swift value whose elements JavaScript can be lent, as a typed array: arrays of numbers, and what conforms beside them.
/// Foundation's `Data` does so by having all it takes:
///
/// ```swift
/// extension Data: @retroactive JSLendable { public typealias JSElement = UInt8 }
/// ```
///
/// Elements that take more bytes than the value itself must stay where they are in memory while nobody changes or copies the
/// value, as those of arrays do.
public protocol JSLendable: Sendable {
  /// What the elements are.
  associatedtype JSElement: JSTypedArrayElement

  /// Calls the body with the memory of all elements, which are the value's alone by then.
  mutating func withUnsafeMutableBytes<R>(_ body: (UnsafeMutableRawBufferPointer) throws -> R) rethrows -> R
}

extension Array: JSLendable where Element: JSTypedArrayElement {
  /// The array's elements.
  public typealias JSElement = Element
}
extension ContiguousArray: JSLendable where Element: JSTypedArrayElement {
  /// The array's elements.
  public typealias JSElement = Element
}
extension ArraySlice: JSLendable where Element: JSTypedArrayElement {
  /// The slice's elements.
  public typealias JSElement = Element
}

extension JSContext {
  /// Lends elements to JavaScript while the body runs, as a typed array of their type: no copy, and what JavaScript writes is
  /// in them afterwards. Then the array is empty, whatever a script kept of it; see ``withLent(_:_:)-swift.method``.
  ///
  /// ```swift
  /// var samples: [Float] = [0.5, -0.5]
  /// try context.withLent(&samples) { try normalize($0) }
  /// ```
  public func withLent<Elements: JSLendable, R>(
    _ elements: inout Elements, _ body: (JSTypedArray) throws -> R
  ) throws -> R {
    try elements.withUnsafeMutableBytes { bytes in
      let memory = LentMemory(bytes, stays: true)
      defer { memory.end(bytes) }
      return try withLent(memory.bytes) { try body(makeTypedArray(over: $0, of: Elements.self, memory)) }
    }
  }

  /// A typed array over elements that are JavaScript's from now on: no copy, if nobody else has them.
  ///
  /// - Parameter release: is given the elements as JavaScript left them, once, on any thread, when neither JavaScript nor a
  ///   view of Swift's holds the memory any more: after ``JSArrayBuffer/detach()``, or when it is collected. Also if this call
  ///   fails.
  public func makeTypedArray<Elements: JSLendable>(
    lending elements: consuming Elements, release: (@Sendable (Elements) -> Void)? = nil
  ) throws -> JSTypedArray {
    let lent = Lent(elements, release)
    let buffer = try makeArrayBuffer(lending: lent.memory.bytes) { lent.end() }
    return try makeTypedArray(over: buffer, of: Elements.self, lent.memory)
  }

  private func makeTypedArray<Elements: JSLendable>(
    over buffer: JSArrayBuffer, of type: Elements.Type, _ memory: LentMemory
  ) throws -> JSTypedArray {
    try makeTypedArray(
      over: buffer, of: Elements.JSElement.jsElementType,
      count: memory.bytes.count / MemoryLayout<Elements.JSElement>.stride)
  }
}

/// The memory that JavaScript sees: that of the elements, or where it cannot be lent, another with the same in it.
private struct LentMemory {
  let bytes: UnsafeMutableRawBufferPointer
  private let isCopy: Bool

  /// Whether the elements stay where they are.
  init(_ elements: UnsafeMutableRawBufferPointer, stays: Bool) {
    // As the engine has its buffers; a slice may begin anywhere.
    let alignment = 8
    isCopy = !stays || Int(bitPattern: elements.baseAddress) % alignment != 0
    guard isCopy else {
      bytes = elements
      return
    }
    bytes = .allocate(byteCount: elements.count, alignment: alignment)
    bytes.copyMemory(from: UnsafeRawBufferPointer(elements))
  }

  /// Once nobody sees it any more.
  func end(_ elements: UnsafeMutableRawBufferPointer) {
    guard isCopy else { return }
    elements.copyMemory(from: UnsafeRawBufferPointer(bytes))
    bytes.deallocate()
  }
}

/// Elements that are JavaScript's: nobody touches them here before the end.
private final class Lent<Elements: JSLendable>: @unchecked Sendable {
  let memory: LentMemory
  private var elements: Elements
  private let release: (@Sendable (Elements) -> Void)?

  init(_ elements: consuming Elements, _ release: (@Sendable (Elements) -> Void)?) {
    self.elements = elements
    self.release = release
    // What is no larger than the value may lie in it, and not stay.
    memory = self.elements.withUnsafeMutableBytes {
      LentMemory($0, stays: $0.count > MemoryLayout<Elements>.size)
    }
  }

  func end() {
    elements.withUnsafeMutableBytes(memory.end)
    release?(elements)
  }
}
