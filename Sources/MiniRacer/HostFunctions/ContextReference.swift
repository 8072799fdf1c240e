internal import CMiniRacer
internal import Synchronization

/// A weak reference to a context, for which retaining and releasing it stays cheap.
///
/// The first `weak` reference to an object gives it a side table for good, and then each retain and release takes the slow
/// way round; contexts see several of them in every call. Here the context says itself that it goes, before its memory does,
/// and until then the runtime can be asked whether it is going.
final class ContextReference: Sendable {
  private let context = Mutex<Unmanaged<JSContext>?>(nil)

  /// The context, unless it is going. Any thread.
  var target: JSContext? {
    context.withLock { context in
      // The lock keeps the memory: clear() waits for it.
      guard let context, cminiracer_try_retain(context.toOpaque()) else { return nil }
      return context.takeRetainedValue()
    }
  }

  /// To be called at the end of the context's `init`.
  func set(_ context: JSContext) {
    let context = Unmanaged.passUnretained(context)
    self.context.withLock { $0 = context }
  }

  /// To be called at the beginning of the context's `deinit`.
  func clear() { context.withLock { $0 = nil } }
}
