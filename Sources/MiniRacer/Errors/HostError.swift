internal import CMiniRacer

/// A Swift error on its way through JavaScript.
final class HostError: Sendable {
  let error: any Error

  init(_ error: any Error) { self.error = error }

  /// Called by the library, on any thread, when JavaScript and all records have let go of it.
  static let finalize: miniracer_finalizer = { pointer in
    guard let pointer else { return }
    Unmanaged<HostError>.fromOpaque(pointer).release()
  }
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
      let error = Unmanaged<HostError>.fromOpaque(pointer).takeUnretainedValue().error
      functions.pointee.error_free(record)
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
