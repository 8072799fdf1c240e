import ArgumentParser

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a script.",
    discussion: """
      The script has console.log and print (standard output), console.warn and console.error (standard error), and what \
      follows FILE in scriptArgs, an array of strings. read(path) gives a file as text, load(path) runs another script. \
      The tool's own options stand before FILE.
      """)

  @Argument(help: ArgumentHelp("The script; '-' reads standard input.", valueName: "file"))
  var file: String

  @Argument(help: ArgumentHelp("What the script finds in scriptArgs.", valueName: "arguments"))
  var arguments: [String] = []

  @OptionGroup(title: "Options of every command")
  var own: GlobalOptions

  @ParentCommand var tool: Tool

  func run() throws {
    let options = own.merged(over: tool.options)
    try reporting(options) {
      let source = try InputFile.read(file)
      try withHost(options) { host in
        try ScriptFiles.add(to: host.context)
        try host.context.global.set("scriptArgs", arguments)
        let value = try host.evaluate(source, fileName: file == "-" ? "[stdin]" : file)
        try host.failIfRejected(value)
      }
    }
  }
}
