import ArgumentParser
import Glibc
import MiniRacer

struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Evaluate an expression, or any script, and print its value.",
    discussion: """
      The script may use await, import() and require(), which read from the current folder, or from --root. With --module \
      it is an ES module, and what it exports as default is printed. print(...) writes to standard output too, console to \
      standard error. An expression that begins with '-' goes behind '--'.
      """)

  @Argument(help: ArgumentHelp("JavaScript source text.", valueName: "expression"))
  var source: String

  @OptionGroup(title: "Options of scripts")
  var script: ScriptOptions

  @OptionGroup(title: "What scripts are run with")
  var own: HostOptions

  @ParentCommand var tool: Tool

  func run() throws {
    let options = own.merged(over: tool.options)
    try withHost(options, script, root: ".") { host in
      try host.session { session in
        let value = try value(host, session)
        // What becomes of a promise is worth waiting for.
        if let promise = value.object as? JSPromise {
          try session.finish()
          if case .rejected = try promise.state { _ = try promise.wait() }  // throws: nobody else looks at it
        }
        if !script.isModule || !value.isUndefined { try show(value, host, session, options) }
        try session.finish()
      }
    }
  }

  private func value(_ host: ScriptHost, _ session: Session) throws -> JSValue {
    guard script.isModule else { return try Entry(source, name: "[eval]").evaluate(host, session) }
    let url = SourceFile.url(of: (SourceFile.realPath(script.root ?? ".") ?? "") + "/[eval]")
    let namespace = try host.evaluateModule(source, url: url, in: session)
    return try namespace?.get("default") ?? .undefined
  }

  private func show(_ value: JSValue, _ host: ScriptHost, _ session: Session, _ options: HostOptions) throws {
    let text: String
    if options.json {
      text = try host.json(value, in: session)
    } else if case .string(let string) = value {
      text = string.description  // as it is: quotes would only be in a pipe's way
    } else {
      text = try host.inspected(value, style: options.style(for: STDOUT_FILENO))
    }
    Output.write(text + "\n")
  }
}
