internal import CMiniRacer
internal import Synchronization

extension JSContext {
  /// `new ArrayBuffer(byteLength)`, all zero; or a SharedArrayBuffer.
  public func makeArrayBuffer(byteLength: Int, isShared: Bool = false) throws -> JSArrayBuffer {
    guard byteLength >= 0 else { throw MiniRacerError(.invalidArgument, "byteLength is \(byteLength)") }
    return try makeArrayBuffer(nil, byteLength, flags: isShared ? MINIRACER_BUFFER_NEW_SHARED : 0)
  }

  /// An ArrayBuffer with a copy of these bytes.
  public func makeArrayBuffer(copying bytes: some Sequence<UInt8>) throws -> JSArrayBuffer {
    let copied = try bytes.withContiguousStorageIfAvailable {
      try makeArrayBuffer(copying: UnsafeRawBufferPointer($0))
    }
    if let copied { return copied }
    return try Array(bytes).withUnsafeBytes { try makeArrayBuffer(copying: $0) }
  }

  /// An ArrayBuffer with a copy of these bytes.
  public func makeArrayBuffer(copying bytes: UnsafeRawBufferPointer) throws -> JSArrayBuffer {
    if bytes.isEmpty { return try makeArrayBuffer(byteLength: 0) }
    return try makeArrayBuffer(
      UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count, flags: MINIRACER_BUFFER_NEW_COPY)
  }

  /// An ArrayBuffer over memory of the host's: JavaScript reads and writes it, no copy.
  ///
  /// - Parameters:
  ///   - memory: stays as it is until `release` is called.
  ///   - release: called once, on any thread, when neither JavaScript nor a view of Swift's holds the memory any more: after
  ///     ``JSArrayBuffer/detach()``, or when it is collected. Also if this call fails.
  public func makeArrayBuffer(
    lending memory: UnsafeMutableRawBufferPointer, release: @escaping @Sendable () -> Void
  ) throws -> JSArrayBuffer {
    guard memory.count > 0 else {
      release()
      return try makeArrayBuffer(byteLength: 0)
    }
    return try makeArrayBuffer(
      memory.baseAddress, memory.count, flags: 0, Box(release).retained, Self.finalizeBox)
  }

  /// Lends memory of the host's to JavaScript while the body runs: an ArrayBuffer that is detached at its end. Then no script
  /// can reach the memory, whatever it did with the buffer.
  ///
  /// Any thread, inside of a host function as well. Waits at the end for views of it on other threads.
  ///
  /// - Note: Where it is used in a loader's `resolve`, and another thread closes the virtual machine meanwhile, the script that
  ///   imports may still write to the memory until its next call or loop. Everywhere else nothing of the guest's runs any more.
  /// - Throws: what the body throws; ``MiniRacerError`` with `closed` or `engineDead` if the virtual machine was closed or
  ///   died meanwhile. A context of several in a virtual machine that another thread closes meanwhile takes that with it.
  public func withLent<R>(
    _ memory: UnsafeMutableRawBufferPointer, _ body: (JSArrayBuffer) throws -> R
  ) throws -> R {
    // Inside, nobody is to be waited for, who could not leave before this thread does: no other thread gets in, and so none
    // has a view. Nor does what is on this thread's own stack touch the memory any more where it could not be detached: a
    // closed virtual machine's run ends as it goes on, and that of a dead one does not go on.
    let isInside = try isThreadInside()
    let isBack = Signal()
    let lending = Lending(try makeArrayBuffer(lending: memory) { isBack.set() })
    // From here on the memory is JavaScript's, until it is known to be back.
    let result = Result { try lending.during(body) }
    do {
      try lending.detach()
    } catch {
      // Closed meanwhile; what holds the memory goes with the virtual machine.
      if !lending.isDetached, !isBack.isSet { virtualMachine.close() }
      if !isInside { isBack.wait() }
      throw error
    }
    if !isInside { isBack.wait() }
    return try result.get()
  }

  /// Whether this thread is inside of the virtual machine: in a run around this, or by its lock.
  private func isThreadInside() throws -> Bool {
    // The library tells what has gone as the thread leaves, which a call from outside does at its end.
    let hasLeft = Signal()
    let finalize: @Sendable () -> Void = { hasLeft.set() }
    _ = try makeArrayBuffer(nil, 0, flags: 0, Box(finalize).retained, Self.finalizeBox)
    return !hasLeft.isSet
  }

  private static let finalizeBox: miniracer_finalizer = { userdata in
    guard let userdata else { return }
    Unmanaged<Box<@Sendable () -> Void>>.fromOpaque(userdata).takeRetainedValue().value()
  }

  /// A typed array with a buffer of its own and a copy of these elements.
  ///
  /// ```swift
  /// let samples = try context.makeTypedArray([0.5, -0.5] as [Float])  // Float32Array
  /// ```
  public func makeTypedArray<T: JSTypedArrayElement>(_ elements: [T]) throws -> JSTypedArray {
    let buffer = try elements.withUnsafeBytes { try makeArrayBuffer(copying: $0) }
    return try makeTypedArray(over: buffer, of: T.jsElementType, count: elements.count)
  }

  /// A typed array over a buffer.
  ///
  /// - Parameters:
  ///   - byteOffset: where in the buffer it begins.
  ///   - count: elements.
  /// - Throws: ``MiniRacerError`` with `invalidArgument` if that does not fit, or the offset is not a multiple of an
  ///   element's size.
  public func makeTypedArray(
    over buffer: JSArrayBuffer, of type: JSElementType, byteOffset: Int = 0, count: Int
  ) throws -> JSTypedArray {
    try made(view(of: buffer, type, byteOffset, count))
  }

  /// A DataView over a buffer.
  public func makeDataView(
    over buffer: JSArrayBuffer, byteOffset: Int = 0, byteLength: Int
  ) throws -> JSDataView {
    try made(view(of: buffer, JSElementType(rawValue: UInt32(MINIRACER_ELEMENT_NONE)), byteOffset, byteLength))
  }

  private func view(
    of buffer: JSArrayBuffer, _ type: JSElementType, _ byteOffset: Int, _ count: Int
  ) throws -> JSValue {
    let function = try need(functions.pointee.typed_array_new, "typed_array_new", functions)
    guard byteOffset >= 0, count >= 0 else {
      throw MiniRacerError(.invalidArgument, "a view of \(count) elements at \(byteOffset)")
    }
    return try lowered(buffer) { raw in
      let handle = raw.as.handle
      return try creating { result, record in
        function(id, handle, type.rawValue, UInt64(byteOffset), UInt64(count), &result, &record)
      }
    }
  }

  private func makeArrayBuffer(
    _ memory: UnsafeMutableRawPointer?, _ byteLength: Int, flags: Int, _ userdata: UnsafeMutableRawPointer? = nil,
    _ finalize: miniracer_finalizer? = nil
  ) throws -> JSArrayBuffer {
    if functions.pointee.array_buffer_new == nil { finalize?(userdata) }
    let function = try need(functions.pointee.array_buffer_new, "array_buffer_new", functions)
    var options = miniracer_buffer_options()
    options.struct_size = UInt32(MemoryLayout<miniracer_buffer_options>.size)
    options.flags = UInt32(flags)
    options.data = memory
    options.length = UInt64(byteLength)
    options.userdata = userdata
    options.finalize = finalize
    return try made(creating { result, record in function(id, &options, &result, &record) })
  }
}

extension Array where Element: JSTypedArrayElement {
  /// A typed array with a copy of the elements; `[1, 2].jsValue` is an Array.
  public func jsTypedArray(in context: JSContext) throws -> JSTypedArray { try context.makeTypedArray(self) }
}
