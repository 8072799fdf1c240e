import ArgumentParser
import Glibc
import HostileFiles
import MiniRacer

struct SelftestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract: "Run the hostile suite: scripts that try to hang, kill, starve or confuse their host.",
    discussion: """
      Each case runs in a process of its own, on the libminiracer.so that the tool uses, and says what it came to and what \
      the isolate was afterwards. Exit code 1: a case failed. MINIRACER_SELFTEST_SCALE, a number, multiplies the times \
      that they may take, for slow machines.
      """)

  @Option(help: ArgumentHelp("Only the cases with this in group/name.", valueName: "text"))
  var filter: String?

  @Flag(help: "Name the cases and say what each shows, and run none.")
  var list = false

  /// Be the child: run this case here and tell of it in one line.
  @Option(name: .customLong("case"), help: .hidden)
  var single: String?

  @OptionGroup(title: "Options of every command")
  var own: GlobalOptions

  @ParentCommand var tool: Tool

  func run() throws {
    let options = own.merged(over: tool.options)
    let all = try HostileParser.cases(of: hostileFiles)
    let chosen = all.filter { one in
      if let single { one.name == single } else { filter.map(one.fullName.contains) ?? true }
    }
    guard let first = chosen.first else { throw ValidationError("there is no case '\(single ?? filter ?? "")'") }
    try reporting(options) {
      if single != nil {
        try runHere(first, options)
      } else if list {
        show(chosen, options)
      } else {
        try runAll(chosen, options)
      }
    }
  }

  private func runHere(_ hostile: HostileCase, _ options: GlobalOptions) throws {
    let child = HostileChild(hostile: hostile, library: try options.loadLibrary(), scale: Self.scale)
    Output.write(try child.run().line + "\n")
  }

  private func show(_ cases: [HostileCase], _ options: GlobalOptions) {
    if options.json {
      let list = cases.map { JSONText.object([("case", .string($0.fullName)), ("why", .string($0.why))]) }
      return Output.write(JSONText.array(list).text + "\n")
    }
    let width = cases.map(\.fullName.count).max() ?? 0
    for hostile in cases { Output.write(hostile.fullName.padded(to: width) + "  \(hostile.why)\n") }
  }

  private func runAll(_ cases: [HostileCase], _ options: GlobalOptions) throws {
    let library = try options.loadLibrary()
    var table = SelftestTable(cases: cases, options: options)
    table.begin(library)
    for hostile in cases {
      table.willRun(hostile)
      let run = HostileRun(
        hostile.fullName, arguments: ["--library", library.path, "selftest", "--case", hostile.name],
        within: hostile.longestRun * Self.scale)
      table.add(run.report, of: hostile)
    }
    table.end()
    if table.hasFailures { throw ExitCode.failure }
  }

  private static var scale: Double {
    getenv("MINIRACER_SELFTEST_SCALE").flatMap { Double(String(cString: $0)) } ?? 1
  }
}

extension String {
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
