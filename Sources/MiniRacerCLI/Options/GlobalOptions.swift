import ArgumentParser

/// The options that every command takes, before its name or behind it.
struct GlobalOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The libminiracer.so to use, and no other.", valueName: "path"))
  var library: String?

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

  @Flag(help: "Print the result as JSON, and errors as a JSON object.")
  var json = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Flags for V8, separated by spaces: \"--jitless --stack-size=500\".", valueName: "flags"))
  var v8Flags: String?

  @Option(help: ArgumentHelp("When to use colours (NO_COLOR is respected).", valueName: "when"))
  var color: ColorChoice?

  /// These options, and where they are not given, those in front of the command's name.
  func merged(over outer: GlobalOptions) -> GlobalOptions {
    var merged = self
    merged.library = library ?? outer.library
    merged.timeout = timeout ?? outer.timeout
    merged.cpuTime = cpuTime ?? outer.cpuTime
    merged.memory = memory ?? outer.memory
    merged.clock = clock ?? outer.clock
    merged.untrusted = untrusted || outer.untrusted
    merged.jitless = jitless || outer.jitless
    merged.json = json || outer.json
    merged.v8Flags = v8Flags ?? outer.v8Flags
    merged.color = color ?? outer.color
    return merged
  }

  func style(for descriptor: Int32) -> Style { (color ?? .auto).style(for: descriptor) }
}
