internal import CMiniRacer

/// What host and binary must agree upon before the first use.
enum Handshake {
  /// The oldest contract that this host can work with.
  static let minimumABIVersion: UInt32 = 1

  /// The number grows by one with each set of additions, and a newer library serves every older host, so no real number is
  /// too new. One beyond this is not a contract's number but garbage: another library's symbol, or a damaged file.
  static let maximumABIVersion: UInt32 = 0xFFFF

  static func check(_ functions: Functions) throws(LoadFailure) {
    let missing = FunctionList.missingRequired(in: functions)
    guard missing.isEmpty else {
      throw LoadFailure(
        code: .missingSymbols,
        message: missing.count > 3
          ? "lacks \(missing.prefix(3).joined(separator: ", ")) and \(missing.count - 3) other functions"
          : "lacks \(missing.joined(separator: ", "))")
    }
    let version = functions.pointee.abi_version()
    guard version >= minimumABIVersion else {
      throw LoadFailure(
        code: .unsuitableABI, message: "its ABI is \(version), this host needs \(minimumABIVersion) or newer")
    }
    guard version <= maximumABIVersion else {
      throw LoadFailure(
        code: .unsuitableABI, message: "its ABI number \(version) is too large to be one (at most \(maximumABIVersion))"
      )
    }
    for layout in layouts {
      let size = Int(functions.pointee.struct_size(UInt32(layout.number)))
      guard layout.isFrozen ? size == layout.size : size >= layout.size else {
        throw LoadFailure(
          code: .layoutMismatch,
          message: "\(layout.name) has \(size) bytes there and \(layout.isFrozen ? "" : "at least ")\(layout.size) here"
        )
      }
    }
  }

  /// A struct that the binary writes and this host reads.
  private struct Layout {
    let name: String
    let number: Int
    /// Frozen structs must have this size; growing ones at least this one, which ends with the last field of ABI 1.
    let size: Int
    let isFrozen: Bool
  }

  private static let layouts = [
    Layout(
      name: "miniracer_value", number: MINIRACER_STRUCT_VALUE, size: MemoryLayout<miniracer_value>.size,
      isFrozen: true),
    Layout(
      name: "miniracer_frame", number: MINIRACER_STRUCT_FRAME, size: end(of: \miniracer_frame.reserved), isFrozen: false
    ),
    Layout(
      name: "miniracer_error", number: MINIRACER_STRUCT_ERROR, size: end(of: \miniracer_error.host_error),
      isFrozen: false),
    Layout(
      name: "miniracer_call", number: MINIRACER_STRUCT_CALL, size: end(of: \miniracer_call.result), isFrozen: false),
  ]

  private static func end<Root, Field>(of field: KeyPath<Root, Field>) -> Int {
    MemoryLayout<Root>.offset(of: field)! + MemoryLayout<Field>.size
  }
}
