import ArgumentParser
import MiniRacer

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a script or a module.",
    discussion: """
      Files ending in .mjs, with --module all, are ES modules, those ending in .cjs CommonJS modules; of others the \
      "type" in the nearest package.json decides, and where there is none, whether the text is a script or needs to be a \
      module. Modules are read from the file's folder, or from --root.

      print(...) writes to standard output, formatted as console.log formats, and all of console to standard error. There \
      are timers, require(path), and what follows FILE in scriptArgs, an array of strings. read(path) gives a file as text, \
      load(path) runs another script. It runs until nothing is left to do. The tool's own options stand before FILE.
      """)

  @Argument(help: ArgumentHelp("The script; '-' reads standard input.", valueName: "file"))
  var file: String

  @Argument(help: ArgumentHelp("What the script finds in scriptArgs.", valueName: "arguments"))
  var arguments: [String] = []

  @OptionGroup(title: "Options of scripts")
  var script: ScriptOptions

  @OptionGroup(title: "What scripts are run with")
  var own: HostOptions

  @ParentCommand var tool: Tool

  func run() throws {
    let options = own.merged(over: tool.options)
    try reporting(options) {
      let source = try SourceFile(file)
      try withHost(options, script, root: source.folder) { host in
        try ScriptFiles.add(to: host.context)
        try host.context.global.set("scriptArgs", arguments)
        try host.session { session in
          try run(source, host, session)
          try session.finish()
        }
      }
    }
  }

  private func run(_ source: SourceFile, _ host: ScriptHost, _ session: Session) throws {
    func runModule() throws { _ = try host.evaluateModule(source.text, url: source.url, in: session) }
    switch source.kind(isModule: script.isModule, in: host.context) {
    case .module: try runModule()
    case .commonJS: try host.importFile(url: source.url, in: session)
    case .either:
      do {
        _ = try host.evaluate(source.text, fileName: source.name, in: session)
      } catch let error as JSError where SourceFile.isModuleSyntax(error) {
        try runModule()
      }
    }
  }
}
