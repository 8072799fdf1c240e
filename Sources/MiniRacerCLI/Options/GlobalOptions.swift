import ArgumentParser

/// The options that every command takes, before its name or behind it.
struct GlobalOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The libminiracer.so to use, and no other.", valueName: "path"))
  var library: String?

  @Flag(help: "Print the result as JSON, and errors as a JSON object.")
  var json = false

  @Option(help: ArgumentHelp("When to use colours (NO_COLOR is respected).", valueName: "when"))
  var color: ColorChoice?

  /// These options, and where they are not given, those in front of the command's name.
  func merged(over outer: GlobalOptions) -> GlobalOptions {
    var merged = self
    merged.library = library ?? outer.library
    merged.json = json || outer.json
    merged.color = color ?? outer.color
    return merged
  }

  func style(for descriptor: Int32) -> Style { (color ?? .auto).style(for: descriptor) }
}
