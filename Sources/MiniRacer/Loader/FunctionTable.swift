internal import CMiniRacer

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The binary's functions. The table lives as long as the process, since the binary is never closed.
typealias Functions = UnsafePointer<cminiracer_table>

/// The contract's list of functions.
enum FunctionList {
  struct Entry {
    let symbol: String
    let since: UInt32
    let required: Bool
  }

  static let entries: [Entry] = UnsafeBufferPointer(
    start: cminiracer_functions(), count: cminiracer_function_count()
  ).map { Entry(symbol: String(cString: $0.symbol), since: $0.since, required: $0.required != 0) }

  /// Looks every function up in an opened binary. What it does not have stays NULL.
  static func fill(from handle: UnsafeMutableRawPointer) -> UnsafeMutablePointer<cminiracer_table> {
    let table = UnsafeMutablePointer<cminiracer_table>.allocate(capacity: 1)
    table.initialize(to: cminiracer_table())
    let slots = UnsafeMutableRawPointer(table).assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
    for (index, entry) in entries.enumerated() { slots[index] = dlsym(handle, entry.symbol) }
    return table
  }

  /// The required functions that a table lacks.
  static func missingRequired(in table: Functions) -> [String] {
    let slots = UnsafeRawPointer(table).assumingMemoryBound(to: UnsafeRawPointer?.self)
    return entries.enumerated().filter { $1.required && slots[$0] == nil }.map(\.element.symbol)
  }

  /// What a call of a function says that the binary does not have.
  static func notSupported(_ symbol: String, abiVersion: UInt32, since: UInt32) -> MiniRacerError {
    let reason =
      since > abiVersion
      ? "(ABI \(abiVersion), needs \(since))"
      : "(ABI \(abiVersion), which should have it: the binary is incomplete)"
    return MiniRacerError(.notSupported, "\(symbol) is not supported by this binary \(reason)")
  }
}

/// The function, or an error for a binary that does not have it. The name is without "miniracer_".
@inline(__always)
func need<Function>(
  _ function: Function?, _ name: StaticString, _ functions: Functions
) throws(MiniRacerError) -> Function {
  if let function { return function }
  throw missing(name, functions)
}

@inline(never)
private func missing(_ name: StaticString, _ functions: Functions) -> MiniRacerError {
  let symbol = "miniracer_\(name)"
  let since = FunctionList.entries.first { $0.symbol == symbol }?.since ?? 0
  return FunctionList.notSupported(symbol, abiVersion: functions.pointee.abi_version(), since: since)
}
