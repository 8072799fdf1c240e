internal import CMiniRacer

/// An ArrayBuffer or SharedArrayBuffer, live. Its bytes are reached by ``JSObject/withUnsafeBytes(_:)`` and its like.
public final class JSArrayBuffer: JSObject, @unchecked Sendable {
  /// Bytes; 0 once it is detached.
  public var byteLength: Int {
    get throws { try withBuffer { $0.byteLength } }
  }

  /// Whether it is a SharedArrayBuffer, which other threads may write to at the same time.
  public var isShared: Bool { kind == .sharedArrayBuffer }

  /// Takes the memory away from JavaScript: this and its views have length 0 from now on. Waits while another thread is
  /// inside.
  ///
  /// - Throws: ``MiniRacerError`` with `wrongType` for what cannot be detached: WebAssembly's memory, shared buffers.
  public func detach() throws {
    let function = try need(
      context.functions.pointee.array_buffer_detach, "array_buffer_detach", context.functions)
    try context.doing { record in function(context.id, handle, &record) }
  }
}

/// A typed array, Uint8Array or one of its like, live. Single elements are read with `try array[0]`.
public final class JSTypedArray: JSObject, @unchecked Sendable {
  /// What its elements are.
  public var elementType: JSElementType {
    get throws { try withBuffer { $0.elementType } }
  }

  /// The number of elements; 0 once its buffer is detached.
  public var count: Int {
    get throws { try withBuffer { $0.count } }
  }

  /// A copy of its elements.
  ///
  /// - Throws: ``JSConversionError`` if they are of another type.
  public func elements<T: JSTypedArrayElement>(as type: T.Type = T.self) throws -> [T] {
    try withUnsafeElements(of: type) { Array($0) }
  }
}

/// A DataView, live.
public final class JSDataView: JSObject, @unchecked Sendable {
  /// Bytes; 0 once its buffer is detached.
  public var byteLength: Int {
    get throws { try withBuffer { $0.byteLength } }
  }
}

// MARK: - The memory

extension JSObject {
  /// Calls the body with the bytes of an ArrayBuffer, SharedArrayBuffer, typed array, DataView or WebAssembly.Memory: no copy.
  ///
  /// The memory stays where it is during the call, whatever becomes of the object: after a detach it is just no longer what
  /// JavaScript sees. While JavaScript runs on another thread its writes race with yours; ``JSVirtualMachine/withLock(_:)``
  /// keeps it out. The pointer is void after the call.
  ///
  /// - Throws: ``MiniRacerError`` with `wrongType` for other objects, `notSupported` for resizable buffers.
  public final func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
    try withBuffer { try body(UnsafeRawBufferPointer($0.bytes)) }
  }

  /// The same to write to.
  public final func withUnsafeMutableBytes<R>(_ body: (UnsafeMutableRawBufferPointer) throws -> R) throws -> R {
    try withBuffer { try body($0.bytes) }
  }

  /// The same as a span, which cannot leave the call.
  public final func withBytes<R>(_ body: (RawSpan) throws -> R) throws -> R {
    try withBuffer { try body(UnsafeRawBufferPointer($0.bytes).bytes) }
  }

  /// Calls the body with the elements of a typed array, see ``withUnsafeBytes(_:)``. The bytes of an ArrayBuffer and its
  /// like may be taken as elements of any type.
  ///
  /// - Throws: ``JSConversionError`` if its elements are of another type; as ``withUnsafeBytes(_:)``.
  public final func withUnsafeElements<T: JSTypedArrayElement, R>(
    of type: T.Type, _ body: (UnsafeBufferPointer<T>) throws -> R
  ) throws -> R {
    try withBuffer { try body(UnsafeBufferPointer($0.elements(of: type))) }
  }

  /// The same to write to.
  public final func withUnsafeMutableElements<T: JSTypedArrayElement, R>(
    of type: T.Type, _ body: (UnsafeMutableBufferPointer<T>) throws -> R
  ) throws -> R {
    try withBuffer { try body($0.elements(of: type)) }
  }

  /// The same as a span, which cannot leave the call.
  public final func withElements<T: JSTypedArrayElement, R>(
    of type: T.Type, _ body: (Span<T>) throws -> R
  ) throws -> R {
    try withBuffer { try body(UnsafeBufferPointer($0.elements(of: type)).span) }
  }

  /// The same to write to.
  public final func withMutableElements<T: JSTypedArrayElement, R>(
    of type: T.Type, _ body: (inout MutableSpan<T>) throws -> R
  ) throws -> R {
    try withBuffer {
      var span = try $0.elements(of: type).mutableSpan
      return try body(&span)
    }
  }

  /// Opens a view for the time of the call.
  fileprivate final func withBuffer<R>(_ body: (borrowing OpenBuffer) throws -> R) throws -> R {
    let open = try need(context.functions.pointee.buffer_open, "buffer_open", context.functions)
    let free = try need(context.functions.pointee.buffer_free, "buffer_free", context.functions)
    var buffer: UnsafeMutablePointer<miniracer_buffer>?
    try context.doing { record in open(context.id, handle, &buffer, &record) }
    defer { free(buffer) }
    return try body(OpenBuffer(raw: buffer!.pointee))
  }
}

/// A view that is open.
private struct OpenBuffer: ~Copyable {
  let raw: miniracer_buffer

  var byteLength: Int { Int(raw.byte_length) }
  var count: Int { Int(raw.length) }
  var elementType: JSElementType { JSElementType(rawValue: raw.element) }
  var bytes: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(start: raw.data, count: byteLength) }

  func elements<T: JSTypedArrayElement>(of type: T.Type) throws -> UnsafeMutableBufferPointer<T> {
    let isBytes = Int(raw.element) == MINIRACER_ELEMENT_NONE
    let fits =
      isBytes
      ? Int(bitPattern: raw.data) % MemoryLayout<T>.alignment == 0
      : elementType == T.jsElementType || elementType == .uint8Clamped && T.jsElementType == .uint8
    guard fits else {
      throw JSConversionError(
        expected: "elements of \(T.self)", received: isBytes ? "bytes out of line" : "elements of \(elementType)")
    }
    return UnsafeMutableBufferPointer(
      start: raw.data?.bindMemory(to: T.self, capacity: byteLength / MemoryLayout<T>.size),
      count: byteLength / MemoryLayout<T>.size)
  }
}
