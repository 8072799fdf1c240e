internal import CMiniRacer

/// What a virtual machine uses: bytes, except where a count is named.
public struct HeapStatistics: Sendable, Hashable {
  /// Live and dead objects not yet collected.
  public let heapUsed: UInt64
  /// What the engine's heap has from the system.
  public let heapCommitted: UInt64
  /// The heap's limit.
  public let heapLimit: UInt64
  /// What of the heap is in physical memory.
  public let heapPhysical: UInt64
  /// Memory of JavaScript's ArrayBuffers.
  public let arrayBuffers: UInt64
  /// What the engine was told of memory outside of its heap.
  public let external: UInt64
  /// The engine's own tables.
  public let engineMalloced: UInt64
  /// The most that ``engineMalloced`` was.
  public let engineMallocedPeak: UInt64
  /// Count: the objects and symbols that the host holds.
  public let handleCount: UInt64
  /// Count: the contexts that are not closed.
  public let contextCount: UInt64
  /// Count: contexts that are closed and still reachable from JavaScript.
  public let detachedContextCount: UInt64
  /// The one number that limits count: pages that the engine holds for this virtual machine, ArrayBuffers, WebAssembly
  /// memories, and what the library keeps for it. 0, as the four below: the binary is older than ABI 3.
  public let memory: UInt64
  /// The limit of ``memory`` as in force; 0: none.
  public let memoryLimit: UInt64
  /// The most that ``memory`` ever was.
  public let memoryPeak: UInt64
  /// WebAssembly memories: what is accessible of them.
  public let webAssembly: UInt64
  /// Of ``heapCommitted``, what is for code.
  public let heapExecutable: UInt64

  init(_ raw: miniracer_heap_statistics) {
    heapUsed = raw.heap_used
    heapCommitted = raw.heap_committed
    heapLimit = raw.heap_limit
    heapPhysical = raw.heap_physical
    arrayBuffers = raw.array_buffers
    external = raw.external
    engineMalloced = raw.engine_malloced
    engineMallocedPeak = raw.engine_malloced_peak
    handleCount = raw.handle_count
    contextCount = raw.context_count
    detachedContextCount = raw.detached_context_count
    memory = raw.memory
    memoryLimit = raw.memory_limit
    memoryPeak = raw.memory_peak
    webAssembly = raw.webassembly
    heapExecutable = raw.heap_executable
  }
}
