internal import CMiniRacer

/// A Swift value that the library holds by a pointer.
final class Box<Value: Sendable>: Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }

  /// A pointer that keeps it alive, until it is finalized.
  var retained: UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

  /// What a pointer holds, which stays the library's.
  static func borrow(_ pointer: UnsafeMutableRawPointer?) -> Box? {
    pointer.map { Unmanaged<Box>.fromOpaque($0).takeUnretainedValue() }
  }

  static var finalize: miniracer_finalizer {
    { pointer in
      guard let pointer else { return }
      Unmanaged<AnyObject>.fromOpaque(pointer).release()
    }
  }
}
