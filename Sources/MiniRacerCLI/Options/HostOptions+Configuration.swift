import MiniRacer

extension HostOptions {
  /// What scripts may use, by the preset and what changes it.
  var configuration: JSVirtualMachine.Configuration {
    var configuration: JSVirtualMachine.Configuration = untrusted ? .untrusted : .trusted
    configuration.eventLoop = .host
    if let timeout, untrusted { configuration.timeout = timeout.duration }
    if let cpuTime { configuration.cpuTime = cpuTime.duration }
    if let memory {
      // A limit of the heap is one of all memory too, and older binaries know it.
      configuration.heapLimit = memory.bytes
      if untrusted { configuration.memoryLimit = memory.bytes }
    }
    if let clock { configuration.clock = clock.clock }
    return configuration
  }

  var engineOptions: EngineOptions {
    EngineOptions(v8Flags: v8Flags.map { [$0] } ?? [], isJITless: jitless)
  }

  // MARK: As people wrote them

  var timeoutText: String? { timeout?.text ?? (untrusted ? "1s" : nil) }
  var cpuTimeText: String? { cpuTime?.text ?? (untrusted ? "1s" : nil) }
  var memoryText: String? { memory?.text ?? (untrusted ? "128MB" : nil) }
}
