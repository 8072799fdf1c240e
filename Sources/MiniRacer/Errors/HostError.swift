internal import CMiniRacer

/// A Swift error on its way through JavaScript.
final class HostError: Sendable {
  let error: any Error

  init(_ error: any Error) { self.error = error }

  /// The Swift error of a record, with its trace where it keeps one.
  static func error(at pointer: UnsafeMutableRawPointer, trace: @autoclosure () -> JSError) -> any Error {
    let error = Unmanaged<HostError>.fromOpaque(pointer).takeUnretainedValue().error
    guard var traced = error as? any JSTracedError else { return error }
    traced.jsTrace = trace()
    return traced
  }

  /// Called by the library, on any thread, when JavaScript and all records have let go of it.
  static let finalize: miniracer_finalizer = { pointer in
    guard let pointer else { return }
    Unmanaged<HostError>.fromOpaque(pointer).release()
  }
}

/// An error of yours that comes out of JavaScript with its way through it.
///
/// What a host function throws and no script catches comes out as itself. Where it conforms, ``jsTrace`` is set by then:
///
/// ```swift
/// struct NotFound: JSTracedError { let key: String; var jsTrace: JSError? }
/// do { try context.evaluate("find('x')") } catch let error as NotFound { print(error.jsTrace!.frames[0]) }
/// ```
public protocol JSTracedError: Error {
  /// What JavaScript tells of the error: its stack, frames and place, name and message; without ``JSError/thrown`` and
  /// ``JSError/hostError``. Set each time that the error comes out, as a cause too, the outer JavaScript's last where it passes
  /// through several.
  var jsTrace: JSError? { get set }
}

extension JSVirtualMachine {
  /// What JavaScript tells of the last Swift error of a host function that came out of it, on whichever thread; see
  /// ``JSTracedError`` for a type's own errors, which keep it.
  public var lastHostErrorTrace: JSError? { hostErrorTrace.withLock { $0 } }
}

extension JSContext {
  /// The Swift error for a call that failed; frees the record.
  @inline(never)
  func failure(_ status: Int32, _ record: UnsafeMutablePointer<miniracer_error>?) -> any Error {
    virtualMachine.failure(status, record, in: self)
  }
}

extension JSVirtualMachine {
  @inline(never)
  func failure(
    _ status: Int32, _ record: UnsafeMutablePointer<miniracer_error>?, in context: JSContext?
  ) -> any Error {
    guard let record else { return MiniRacerError(status) }
    if let pointer = record.pointee.host_error {
      let trace = JSError.trace(record.pointee)
      let error = HostError.error(at: pointer, trace: trace)
      functions.pointee.error_free(record)
      hostErrorTrace.withLock { $0 = trace }
      return error
    }
    guard MiniRacerError.Code(rawValue: status).category == .guest else {
      return MiniRacerError(status, record, functions)
    }
    let error = JSError(record, in: context)
    functions.pointee.error_free(record)
    return error
  }
}
