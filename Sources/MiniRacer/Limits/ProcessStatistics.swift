internal import CMiniRacer

/// What the virtual machines of this process are, and what those that died have cost it.
public struct ProcessStatistics: Sendable, Hashable {
  /// Count: the virtual machines that are not closed, dead ones included.
  public let virtualMachineCount: UInt64
  /// Count: the virtual machines that died.
  public let deathCount: UInt64
  /// Bytes of theirs that the system has back.
  public let bytesGivenBack: UInt64
  /// Bytes of theirs that stay: the engine's own tables, whose state is unknown.
  public let bytesLeftBehind: UInt64
}

extension MiniRacerLibrary {
  /// What the virtual machines of this binary are in this process. Any thread; waits for nothing.
  ///
  /// - Throws: ``MiniRacerError`` with `notSupported` by a binary older than ABI 3.
  public var processStatistics: ProcessStatistics {
    get throws {
      let function = try need(functions.pointee.process_get_statistics, "process_get_statistics", functions)
      var raw = miniracer_process_statistics()
      raw.struct_size = UInt32(MemoryLayout<miniracer_process_statistics>.size)
      let status = function(&raw)
      guard status == 0 else { throw MiniRacerError(status) }
      return ProcessStatistics(
        virtualMachineCount: raw.isolate_count, deathCount: raw.deaths, bytesGivenBack: raw.given_back,
        bytesLeftBehind: raw.left_behind)
    }
  }

  /// Checks that the binary serves this contract, before it is asked for what is new in it.
  func require(abi version: Int, for name: String) throws(MiniRacerError) {
    guard info.abiVersion < version else { return }
    throw FunctionList.notSupported(name, abiVersion: UInt32(info.abiVersion), since: UInt32(version))
  }
}
