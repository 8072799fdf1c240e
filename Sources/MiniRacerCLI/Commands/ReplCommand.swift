import ArgumentParser

struct ReplCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl",
    abstract: "Read, evaluate and print, line by line.",
    discussion: """
      Entries may await and declare again what was declared; const is taken for let. require() and import() read from the \
      current folder, or from --root. print(...) writes to standard output, console to standard error. Entries are kept in \
      $XDG_STATE_HOME/miniracer/history, or below ~/.local/state.
      """)

  @OptionGroup(title: "Options of scripts")
  var script: ScriptOptions

  @OptionGroup(title: "What scripts are run with")
  var own: HostOptions

  @ParentCommand var tool: Tool

  func run() throws {
    let options = own.merged(over: tool.options)
    try withHost(options, script, root: ".") { host in try Repl(host: host, options: options).run() }
  }
}
