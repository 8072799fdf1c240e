extension JSVirtualMachine {
  /// What a virtual machine may use. Start from ``trusted`` or ``untrusted`` and change what is to be different:
  ///
  /// ```swift
  /// var configuration = JSVirtualMachine.Configuration.untrusted
  /// configuration.memoryLimit = 64 << 20
  /// ```
  ///
  /// Everything from ``cpuTime`` on needs a binary of ABI 3: an older one is refused with
  /// ``MiniRacerError/Code/notSupported`` when something of it is asked for.
  public struct Configuration: Sendable, Hashable {
    /// Bytes of the engine's heap at which a run is ended with `outOfMemory`; nil: the engine's default, by the machine.
    public var heapLimit: Int?
    /// How long a run may take that is not given a timeout; nil: no limit.
    public var timeout: Duration?
    /// Bytes of stack that JavaScript may use; nil: what the calling thread has, less a reserve.
    public var stackLimit: Int?
    /// Promise reactions run only in ``JSVirtualMachine/runMicrotasks(timeout:cpuTime:cancellation:)``, and not whenever
    /// the outermost call ends.
    public var explicitMicrotasks: Bool
    /// Who runs timers, posted tasks and whatever else becomes due while no script runs.
    public var eventLoop: EventLoop
    /// How much processor time of its own thread a run may take that is not given any; nil: no limit. It ends with
    /// `cpuTime`.
    public var cpuTime: Duration?
    /// Bytes of ``HeapStatistics/memory`` at which a run is ended with `outOfMemory`, and beyond which the engine gets
    /// nothing: the heap, ArrayBuffers and WebAssembly memories together. Nil: ``heapLimit`` if that is set, else no limit.
    public var memoryLimit: Int?
    /// Bytes of the same at which the event handler is told ``JSVirtualMachine/Event/memoryWarning(memory:)``; nil: never.
    public var memoryWarning: Int?
    /// How long after it was told to end a run is cut off that does not, inside of a built-in function that never looks
    /// up, say. That leaves the virtual machine dead: see ``MiniRacerError/Code/engineDead``. Nil: 250 ms;
    /// `.unlimited`: never.
    public var grace: Duration?
    /// What scripts see of the time.
    public var clock: Clock
    /// Scripts may use `eval`, and make functions of text.
    public var allowsEval: Bool
    /// Contexts have `WebAssembly`.
    public var allowsWebAssembly: Bool
    /// Contexts have `SharedArrayBuffer` and `Atomics`.
    public var allowsSharedMemory: Bool
    /// How many of a kind there may be.
    public var caps: Caps

    /// A configuration; all of it may be left out. The library runs the event loop, but for explicit microtasks, which its
    /// turns would run too.
    public init(
      heapLimit: Int? = nil, timeout: Duration? = nil, stackLimit: Int? = nil, explicitMicrotasks: Bool = false,
      eventLoop: EventLoop? = nil, cpuTime: Duration? = nil, memoryLimit: Int? = nil, memoryWarning: Int? = nil,
      grace: Duration? = nil, clock: Clock = .exact, allowsEval: Bool = true, allowsWebAssembly: Bool = true,
      allowsSharedMemory: Bool = true, caps: Caps = Caps()
    ) {
      self.heapLimit = heapLimit
      self.timeout = timeout
      self.stackLimit = stackLimit
      self.explicitMicrotasks = explicitMicrotasks
      self.eventLoop = eventLoop ?? (explicitMicrotasks ? .host : .background)
      self.cpuTime = cpuTime
      self.memoryLimit = memoryLimit
      self.memoryWarning = memoryWarning
      self.grace = grace
      self.clock = clock
      self.allowsEval = allowsEval
      self.allowsWebAssembly = allowsWebAssembly
      self.allowsSharedMemory = allowsSharedMemory
      self.caps = caps
    }

    /// For code of one's own: the defaults, with no limit but the engine's.
    public static let trusted = Configuration()

    /// For code that somebody else wrote: one second, and one of processor time; 128 MiB; no `eval`, no WebAssembly, no
    /// shared memory; a clock of one millisecond; small caps. An engine without compilers is the process's choice:
    /// ``EngineOptions/isJITless``.
    public static let untrusted = Configuration(
      timeout: .seconds(1), cpuTime: .seconds(1), memoryLimit: 128 << 20, clock: .rounded(to: .milliseconds(1)),
      allowsEval: false, allowsWebAssembly: false, allowsSharedMemory: false,
      caps: Caps(handles: 10_000, timers: 1000, modules: 1000, promises: 1000, consoleBytes: 1 << 20))
  }

  /// Who runs a virtual machine's event loop.
  public enum EventLoop: Sendable, Hashable {
    /// The library, on a thread of its own that is there only while there is something to do.
    case background
    /// The host, by ``JSVirtualMachine/runPending(timeout:cpuTime:cancellation:)``.
    case host
  }

  /// What `Date` and `performance.now` tell.
  public enum Clock: Sendable, Hashable {
    /// The time as it comes.
    case exact
    /// The time rounded down to a multiple of this, against measuring what is none of a script's business.
    case rounded(to: Duration)
    /// The time as it was when the run began.
    case frozen
  }

  /// How many of a kind scripts and the host may have in a virtual machine.
  public struct Caps: Sendable, Hashable {
    /// Objects and symbols that the host holds; one more is `tooManyHandles`. Nil: as many as there can be.
    public var handles: Int?
    /// Timers that wait; one more is a RangeError. Nil: 100,000.
    public var timers: Int?
    /// Modules of one context; one more is an error of its import. Nil: 100,000.
    public var modules: Int?
    /// Promises that the host made and has not settled yet; one more is `tooManyHandles`. Nil: 1,000,000.
    public var promises: Int?
    /// Bytes of text that `console` may hand to the host in one turn of the host's; what is more is left out, and a last
    /// line says so. Nil: no limit.
    public var consoleBytes: Int?

    /// Caps; all of them may be left out.
    public init(
      handles: Int? = nil, timers: Int? = nil, modules: Int? = nil, promises: Int? = nil, consoleBytes: Int? = nil
    ) {
      self.handles = handles
      self.timers = timers
      self.modules = modules
      self.promises = promises
      self.consoleBytes = consoleBytes
    }
  }
}
