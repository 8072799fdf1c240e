import ArgumentParser
import HostileFiles
import MiniRacer

struct SelftestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract: "Run the hostile suite: scripts that try to hang, kill, starve or confuse their host.",
    discussion: """
      Each case runs in a process of its own, on the libminiracer.so that the tool uses, and says what it came to and what \
      the isolate was afterwards. Each says itself what it is run with: limits and flags for V8 are no options here. Exit \
      code 1: a case failed. MINIRACER_SELFTEST_SCALE, a number above 0 and at most 10000, multiplies the times that they \
      may take, for slow machines.
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
    var options = tool.options
    let others = options.givenNames
    guard others.isEmpty else {
      throw ValidationError("selftest has no \(others.joined(separator: ", ")): each case says what it is run with")
    }
    options.global = own.merged(over: options.global)
    let scale = try SelftestScale.current
    let all = try HostileParser.cases(of: hostileFiles)
    let chosen = all.filter { one in
      if let single { one.name == single } else { filter.map(one.fullName.contains) ?? true }
    }
    guard let first = chosen.first else { throw ValidationError("there is no case '\(single ?? filter ?? "")'") }
    try reporting(options) {
      if single != nil {
        try runHere(first, options, scale)
      } else if list {
        show(chosen, options.global)
      } else {
        try runAll(chosen, options, scale)
      }
    }
  }

  private func runHere(_ hostile: HostileCase, _ options: HostOptions, _ scale: Double) throws {
    let child = HostileChild(hostile: hostile, library: try options.loadLibrary(), scale: scale)
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

  private func runAll(_ cases: [HostileCase], _ options: HostOptions, _ scale: Double) throws {
    let library = try options.loadLibrary()
    var table = SelftestTable(cases: cases, options: options.global)
    table.begin(library)
    for hostile in cases {
      table.willRun(hostile)
      let run = HostileRun(
        hostile.fullName, arguments: ["--library", library.path, "selftest", "--case", hostile.name],
        within: hostile.longestRun * scale)
      table.add(run.report, of: hostile)
    }
    table.end()
    if table.hasFailures { throw ExitCode.failure }
  }
}

extension String {
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
