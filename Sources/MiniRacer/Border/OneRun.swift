internal import CMiniRacer

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension JSContext {
  /// Runs the body as one run: all JavaScript that it leads to is nested in that, and ends with its limits at the latest. They
  /// begin with the wait for other threads.
  ///
  /// The run is a call of a host function, the only way to have one around several. A binary without has no such limits.
  func asOneRun<R>(_ limits: RunLimits, _ body: () throws -> R) throws -> R {
    guard let function = functions.pointee.function_call, functions.pointee.function_new != nil else {
      return try body()
    }
    // A stand-in, which is made while the virtual machine is held, has none of its own.
    let standIn = runner == 0 ? try makeRunner() : nil
    defer { withExtendedLifetime(standIn) {} }
    let (id, handle) = (self.id, standIn?.handle ?? runner)
    var result: Result<R, any Error>?
    try withoutActuallyEscaping(body) { body in
      try PendingBody { result = Result { try body() } }.during {
        _ = try running(limits) { run, value, record in function(id, handle, nil, nil, 0, run, &value, &record) }
      }
    }
    guard let result else { throw MiniRacerError(.internal, "a run without its body") }
    return try result.get()
  }

  /// The function that runs what its thread has pending: without that, for a script that came by it say, it does nothing.
  func makeRunner() throws -> JSFunction {
    try makeFunction("", length: 0, flags: 0) { _ in PendingBody.run() }
  }
}

/// What a thread is just about to run as one run.
private final class PendingBody {
  private static let onThisThread = ThreadLocal<PendingBody>()

  private var body: (() -> Void)?

  init(_ body: @escaping () -> Void) { self.body = body }

  func during(_ call: () throws -> Void) rethrows {
    let outer = Self.onThisThread.value
    Self.onThisThread.value = self
    defer {
      Self.onThisThread.value = outer
      body = nil
    }
    try call()
  }

  static func run() { onThisThread.value?.body.take()?() }
}

/// An object of the thread's, which somebody else keeps alive. Unlike a task's local values, tasks do not inherit it.
struct ThreadLocal<Object: AnyObject>: Sendable {
  private let key: pthread_key_t

  init() {
    var key = pthread_key_t()
    let status = pthread_key_create(&key, nil)
    precondition(status == 0, "the process has no more thread-specific keys")
    self.key = key
  }

  var value: Object? {
    get { pthread_getspecific(key).map { Unmanaged<Object>.fromOpaque($0).takeUnretainedValue() } }
    nonmutating set {
      _ = pthread_setspecific(key, newValue.map { UnsafeRawPointer(Unmanaged.passUnretained($0).toOpaque()) })
    }
  }
}
