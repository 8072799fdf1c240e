internal import CMiniRacer

/// A Swift error as JavaScript is to see it.
enum Thrown {
  /// A value that was thrown in JavaScript before; the error for where it cannot be thrown again.
  case value(JSValue, JSError)
  /// An Error to be made.
  case new(New)

  init(_ error: any Error) {
    if let error = error as? JSError {
      if let thrown = error.thrown { self = .value(thrown, error) } else { self = .new(New(error)) }
    } else {
      self = .new(New(name: "\(type(of: error))", message: "\(error)", identity: HostError(error)))
    }
  }

  struct New {
    let name: String?
    let message: String
    /// What comes out again where no script catches it.
    let identity: HostError?

    init(name: String?, message: String, identity: HostError?) {
      self.name = name
      self.message = message
      self.identity = identity
    }

    init(_ error: JSError) {
      self.init(name: error.name, message: error.message, identity: error.hostError.map(HostError.init))
    }

    /// Calls the body with what the ABI makes an Error of. It takes the pointer over, to be finalized.
    func withRaws<R>(
      in context: JSContext,
      _ body: (
        UInt32, UnsafePointer<miniracer_value>, UnsafePointer<miniracer_value>, UnsafeMutableRawPointer?,
        miniracer_finalizer?
      ) throws -> R
    ) throws -> R {
      let constructor =
        switch name {
        case "TypeError": MINIRACER_THROW_TYPE_ERROR
        case "RangeError": MINIRACER_THROW_RANGE_ERROR
        case "ReferenceError": MINIRACER_THROW_REFERENCE_ERROR
        case "SyntaxError": MINIRACER_THROW_SYNTAX_ERROR
        default: MINIRACER_THROW_ERROR
        }
      let isOwnName = constructor == MINIRACER_THROW_ERROR && name != "Error"
      return try context.withRaw(isOwnName ? name : nil) { name in
        try context.withRaw(message) { message in
          var (name, message) = (name, message)
          let pointer = identity.map { Unmanaged.passRetained($0).toOpaque() }
          return try body(UInt32(constructor), &name, &message, pointer, pointer == nil ? nil : HostError.finalize)
        }
      }
    }
  }
}
