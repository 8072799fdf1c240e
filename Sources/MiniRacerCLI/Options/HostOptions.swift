import ArgumentParser

/// What a script is run with, by the commands that run any, before their names or behind them.
struct HostOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How long the script may run: 2, 2s, 500ms, 1m.", valueName: "time"))
  var timeout: TimeLimit?

  @Option(help: ArgumentHelp("How much processor time it may take: 500ms, 2s.", valueName: "time"))
  var cpuTime: TimeLimit?

  @Option(help: ArgumentHelp("How much memory it may take: 64, 64MB, 1GB.", valueName: "size"))
  var memory: MemoryLimit?

  @Option(help: ArgumentHelp("What it sees of the time: exact, frozen, or a resolution, 1ms.", valueName: "clock"))
  var clock: ClockChoice?

  @Flag(
    help: ArgumentHelp(
      "For code that somebody else wrote: 1s, and 1s of processor time, 128MB, a clock of 1ms, small caps; no eval, no "
        + "WebAssembly, no shared memory. The other options change it."))
  var untrusted = false

  @Flag(help: "Have V8 make no machine code at run time: slower, and a smaller target. There is no WebAssembly then.")
  var jitless = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Flags for V8, separated by spaces: \"--jitless --stack-size=500\".", valueName: "flags"))
  var v8Flags: String?

  @OptionGroup
  var global: GlobalOptions

  /// These options, and where they are not given, those in front of the command's name.
  func merged(over outer: HostOptions) -> HostOptions {
    var merged = self
    merged.timeout = timeout ?? outer.timeout
    merged.cpuTime = cpuTime ?? outer.cpuTime
    merged.memory = memory ?? outer.memory
    merged.clock = clock ?? outer.clock
    merged.untrusted = untrusted || outer.untrusted
    merged.jitless = jitless || outer.jitless
    merged.v8Flags = v8Flags ?? outer.v8Flags
    merged.global = global.merged(over: outer.global)
    return merged
  }

  var library: String? { global.library }
  var json: Bool { global.json }
  func style(for descriptor: Int32) -> Style { global.style(for: descriptor) }

  /// The names of those that were given and are not of every command.
  var givenNames: [String] {
    [
      ("--timeout", timeout != nil), ("--cpu-time", cpuTime != nil), ("--memory", memory != nil),
      ("--clock", clock != nil), ("--untrusted", untrusted), ("--jitless", jitless), ("--v8-flags", v8Flags != nil),
    ].filter(\.1).map(\.0)
  }
}
