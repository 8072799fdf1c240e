import ArgumentParser
import Glibc

@main
struct Tool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "miniracer",
    abstract: "Runs JavaScript on V8.",
    discussion: """
      A failed script gives exit code 1 and a report on standard error; a script that Ctrl-C ended gives 130; arguments \
      that make no sense give 64.
      """,
    version: Version.tool,
    subcommands: [EvalCommand.self, RunCommand.self, ReplCommand.self, DoctorCommand.self, SelftestCommand.self])

  @OptionGroup(title: "What scripts are run with")
  var options: HostOptions

  static func main() {
    main(ScriptArguments.separated(Array(CommandLine.arguments.dropFirst())))
  }
}

enum Version {
  /// As in the VERSION file.
  static let tool = "0.1.0"
}

extension ParsableCommand {
  /// Runs the body; what it throws is reported as the options ask, and becomes exit code 1.
  func reporting(_ options: HostOptions, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as ExitCode {
      throw error
    } catch {
      throw FailureReport.write(Failure(error, options: options), options)
    }
  }

  /// The same with a host, which knows how to show what was thrown.
  func withHost(
    _ options: HostOptions, _ script: ScriptOptions, root: String, _ body: (ScriptHost) throws -> Void
  ) throws {
    try reporting(options) {
      Interrupts.install()
      let host = try ScriptHost(options, script, root: root)
      do {
        try body(host)
      } catch let error as ExitCode {
        throw error
      } catch {
        throw FailureReport.write(host.failure(error), options)
      }
    }
  }
}

extension FailureReport {
  /// Writes it to standard error and gives the exit code.
  static func write(_ failure: Failure, _ options: HostOptions) -> ExitCode {
    if options.json {
      Output.writeError(json(failure).text + "\n")
    } else {
      Output.writeError(text(failure, style: options.style(for: STDERR_FILENO)))
    }
    return failure.kind == "cancelled" ? ExitCode(Interrupts.exitCode) : .failure
  }
}
