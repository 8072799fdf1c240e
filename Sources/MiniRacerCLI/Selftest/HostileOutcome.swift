import MiniRacer

/// What a case came to, in the suite's words: "ok 42", "exception RangeError", "out_of_memory".
struct HostileOutcome: CustomStringConvertible, Equatable {
  let description: String

  init(description: String) { self.description = description }

  init(_ value: JSValue) {
    switch value {
    case .undefined: description = "ok undefined"
    case .null: description = "ok null"
    case .boolean(let value): description = "ok \(value)"
    case .number: description = "ok \(value)"
    case .string(let string):
      // One line, as expectations are: what is not of ASCII or does not print is a dot.
      let text = string.description.unicodeScalars.prefix(60).map { (" "..."~").contains($0) ? Character($0) : "." }
      description = "ok \"\(String(text))\""
    case .bigInt, .symbol, .object: description = "ok"
    }
  }

  init(_ error: any Error) {
    switch error {
    case let error as JSError where error.kind == .syntaxError: description = "syntax_error"
    case let error as JSError: description = "exception \(error.name ?? "")"
    case let error as MiniRacerError: description = Self.statusNames[error.code] ?? "status_\(error.code.rawValue)"
    default: description = "\(type(of: error))"
    }
  }

  /// Whether an expectation covers it.
  func matches(_ expected: String) -> Bool {
    if description == expected || description.hasPrefix(expected + " ") && !expected.contains(" ") { return true }
    guard expected.hasPrefix("ok "), description.hasPrefix("ok "), let number = Double(expected.dropFirst(3)) else {
      return false
    }
    return Double(description.dropFirst(3)) == number
  }

  /// As `miniracer_status_name` names them.
  static let statusNames: [MiniRacerError.Code: String] = [
    .invalidArgument: "invalid_argument", .invalidHandle: "invalid_handle", .invalidText: "invalid_text",
    .wrongType: "wrong_type", .unknownField: "unknown_field", .unknownFlag: "unknown_flag", .tooLate: "too_late",
    .tooLarge: "too_large", .notLocked: "not_locked", .notSupported: "not_supported",
    .wouldDeadlock: "would_deadlock", .timeout: "timeout", .cpuTime: "cpu_time", .outOfMemory: "out_of_memory",
    .cancelled: "cancelled", .tooManyHandles: "too_many_handles", .notInitialized: "not_initialized",
    .closed: "closed", .forked: "forked", .engineDead: "engine_dead", .internal: "internal",
    .hostOutOfMemory: "host_out_of_memory", .init(rawValue: 201): "syntax_error",
  ]
}
