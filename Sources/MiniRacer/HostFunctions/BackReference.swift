internal import CMiniRacer
internal import Synchronization

/// A weak reference to a context or a virtual machine, for which retaining and releasing it stays cheap.
///
/// The first `weak` reference to an object gives it a side table for good, and then each retain and release takes the slow
/// way round; contexts see several of them in every call. Here the object says itself that it goes, before its memory does,
/// and until then the runtime can be asked whether it is going.
final class BackReference<Target: AnyObject & Sendable>: Sendable {
  private let object = Mutex<Unmanaged<Target>?>(nil)

  /// The object, unless it is going. Any thread.
  var target: Target? {
    object.withLock { object in
      // The lock keeps the memory: clear() waits for it.
      guard let object, cminiracer_try_retain(object.toOpaque()) else { return nil }
      return object.takeRetainedValue()
    }
  }

  /// To be called at the end of the object's `init`.
  func set(_ target: Target) {
    let target = Unmanaged.passUnretained(target)
    object.withLock { $0 = target }
  }

  /// To be called at the beginning of the object's `deinit`.
  func clear() { object.withLock { $0 = nil } }
}
