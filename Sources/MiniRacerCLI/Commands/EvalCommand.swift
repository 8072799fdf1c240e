import ArgumentParser
import Glibc

struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Evaluate an expression, or any script, and print its value.",
    discussion: "An expression that begins with '-' goes behind '--'.")

  @Argument(help: ArgumentHelp("JavaScript source text.", valueName: "expression"))
  var source: String

  @OptionGroup(title: "Options of every command")
  var own: GlobalOptions

  @ParentCommand var tool: Tool

  func run() throws {
    let options = own.merged(over: tool.options)
    try withHost(options) { host in
      let value = try host.evaluateEntry(source, fileName: "[eval]")
      try host.failIfRejected(value)
      let text: String
      if options.json {
        text = try host.json(value)
      } else if case .string(let string) = value {
        text = string.description  // as it is: quotes would only be in a pipe's way
      } else {
        text = try host.inspected(value, style: options.style(for: STDOUT_FILENO))
      }
      Output.write(text + "\n")
    }
  }
}
