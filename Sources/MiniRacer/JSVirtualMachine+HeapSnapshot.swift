internal import CMiniRacer

extension JSVirtualMachine {
  /// Gives a snapshot of the heap, piece by piece, in the form that Chrome's developer tools read (JSON, ASCII).
  ///
  /// ```swift
  /// var snapshot: [UInt8] = []
  /// try machine.takeHeapSnapshot { snapshot += $0 }
  /// ```
  ///
  /// Collects garbage first. The virtual machine is locked meanwhile: the closure must not wait for other threads that use
  /// it. Waits while another thread is inside.
  ///
  /// - Parameter write: is given each piece, valid during the call. What it throws ends the snapshot and is thrown.
  public func takeHeapSnapshot(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
    let function = try need(
      functions.pointee.isolate_write_heap_snapshot, "isolate_write_heap_snapshot", functions)
    try withoutActuallyEscaping(write) { write in
      let writing = Writing(write)
      var record: ErrorRecord = nil
      let status = function(
        isolate,
        { userdata, data, length in
          let writing = Unmanaged<Writing>.fromOpaque(userdata!).takeUnretainedValue()
          return writing.write(UnsafeRawBufferPointer(start: data, count: Int(length))) ? 0 : 1
        }, Unmanaged.passUnretained(writing).toOpaque(), &record)
      if let error = writing.error {
        functions.pointee.error_free(record)
        throw error
      }
      guard status == 0 else { throw failure(status, record, in: nil) }
    }
  }

  private final class Writing {
    private let body: (UnsafeRawBufferPointer) throws -> Void
    private(set) var error: (any Error)?

    init(_ body: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.body = body }

    func write(_ piece: UnsafeRawBufferPointer) -> Bool {
      do {
        try body(piece)
        return true
      } catch {
        self.error = error
        return false
      }
    }
  }
}
