internal import CMiniRacer

extension JSContext {
  /// What the global object has beyond ECMAScript and WebAssembly.
  public struct Globals: OptionSet, Sendable, Hashable {
    /// The bits, as in miniracer.h.
    public let rawValue: UInt32

    /// The options with these bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// `setTimeout`, `setInterval`, `setImmediate`, their `clear...`s and `queueMicrotask`.
    public static let timers = Globals(rawValue: UInt32(MINIRACER_CONTEXT_TIMERS))
    /// `structuredClone`, `TextEncoder`, `TextDecoder`, `URL`, `URLSearchParams`, `atob`, `btoa`, `crypto` (random values),
    /// `performance.now`, `AbortController`, `EventTarget` and what belongs to them.
    public static let web = Globals(rawValue: UInt32(MINIRACER_CONTEXT_WEB))
  }
}

extension miniracer_context_options {
  init(_ globals: JSContext.Globals?, _ console: JSConsole?, _ library: MiniRacerLibrary) {
    self.init()
    struct_size = UInt32(MemoryLayout<miniracer_context_options>.size)
    // A binary of ABI 1 has no timers; it says so itself where something is asked for.
    flags = (globals ?? (library.info.abiVersion >= 2 ? .timers : [])).rawValue
    guard let console else { return }
    flags |= UInt32(MINIRACER_CONTEXT_CONSOLE | (console.colors ? MINIRACER_CONTEXT_CONSOLE_COLORS : 0))
    self.console = ConsoleSink.callback
    console_userdata = Unmanaged.passRetained(ConsoleSink(console)).toOpaque()
    console_finalize = ConsoleSink.finalize
  }
}
