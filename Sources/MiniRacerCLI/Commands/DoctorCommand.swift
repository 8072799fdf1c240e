import ArgumentParser
import Glibc
import MiniRacer

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say which libminiracer.so is used, from where, and whether it works.",
    discussion: "Exit code 1: there is none that works.")

  @OptionGroup(title: "What scripts are run with")
  var own: HostOptions

  @ParentCommand var tool: Tool

  func run() throws {
    let options = own.merged(over: tool.options)
    let report = DoctorReport(options)
    Output.write(options.json ? report.json.text + "\n" : report.text(style: options.style(for: STDOUT_FILENO)))
    if !report.isHealthy { throw ExitCode.failure }
  }
}

/// What the doctor finds.
struct DoctorReport {
  let attempts: [SearchAttempt]
  private(set) var library: MiniRacerLibrary?
  /// Why there is no library, or why it does not evaluate.
  private(set) var problem: String?
  private(set) var startMilliseconds: Double?

  var isHealthy: Bool { library != nil && problem == nil }

  init(_ options: HostOptions) {
    do throws(LibraryError) {
      let library = try options.loadLibrary()
      self.library = library
      attempts = library.attempts
    } catch {
      attempts = error.attempts
      problem = error.code == .notFound ? "no libminiracer.so was found" : "no usable libminiracer.so was found"
      return
    }
    let clock = ContinuousClock()
    do {
      let start = clock.now
      let host = try ScriptHost(options)
      let value = try host.session { try host.evaluate("40 + 2", fileName: "[doctor]", in: $0) }
      guard value == 42 else { throw Failure(kind: "internal", message: "40 + 2 gave \(value)") }
      let elapsed = clock.now - start
      startMilliseconds = Double(elapsed.components.attoseconds) / 1e15 + Double(elapsed.components.seconds) * 1000
    } catch {
      problem = "it does not evaluate: \(Failure(error, options: options).message)"
    }
  }

  func text(style: Style) -> String {
    var lines: [(String, String)] = [("tool", "miniracer \(Version.tool)")]
    if let library {
      let info = library.info
      lines += [
        ("binary", library.path), ("library", "\(info.libraryVersion), ABI \(info.abiVersion)"),
        ("engine", "\(info.engineName) \(info.engineVersion)"), ("build", info.buildID),
        ("features", "\(info.features)"),
        ("limits", "strings of \(info.maximumStringLength) units, \(info.maximumHandles) handles"),
      ]
    }
    if let startMilliseconds {
      let tenths = Int((startMilliseconds * 10).rounded())
      lines.append(("works", style("yes, first result after \(tenths / 10).\(tenths % 10) ms", .good)))
    }
    if let problem { lines.append(("works", style("no: \(problem)", .error))) }
    var text = lines.map { $0 + String(repeating: " ", count: 10 - $0.count) + $1 + "\n" }.joined()
    text += "tried\n"
    for attempt in attempts { text += "  \(attempt)\n" }
    return text
  }

  var json: JSONText {
    let info = library?.info
    return .members([
      ("tool", .string(Version.tool)),
      ("healthy", .bool(isHealthy)),
      ("problem", problem.map(JSONText.string)),
      ("binary", library.map { .string($0.path) }),
      ("libraryVersion", info.map { .string($0.libraryVersion) }),
      ("abiVersion", info.map { .int($0.abiVersion) }),
      ("engine", info.map { .string($0.engineName) }),
      ("engineVersion", info.map { .string($0.engineVersion) }),
      ("buildID", info.map { .string($0.buildID) }),
      ("features", info.map { .array("\($0.features)".split(separator: ", ").map { .string(String($0)) }) }),
      (
        "tried",
        .array(
          attempts.map { attempt in
            .object([
              ("place", .string(attempt.place)), ("reason", .string(attempt.reason)),
              ("outcome", .string(Self.outcome(attempt.outcome))),
            ])
          })
      ),
    ])
  }

  private static func outcome(_ outcome: SearchAttempt.Outcome) -> String {
    switch outcome {
    case .used: "used"
    case .absent(let why), .unusable(let why): why
    case .notTried: "not tried"
    }
  }
}
