import Glibc
import MiniRacer

/// The cases as they come: a table with a row each, or JSON at the end.
struct SelftestTable {
  private let options: GlobalOptions
  private let style: Style
  private let total: Int
  private let widths: (name: Int, expected: Int)
  /// Whether there is a line to say what runs now, which is wiped again.
  private let showsProgress: Bool
  private var reports: [(hostile: HostileCase, report: HostileChild.Report)] = []

  init(cases: [HostileCase], options: GlobalOptions) {
    self.options = options
    style = options.style(for: STDOUT_FILENO)
    total = cases.count
    widths = (cases.map(\.fullName.count).max() ?? 0, min(40, cases.map { $0.expectation.count }.max() ?? 0))
    showsProgress = isatty(STDERR_FILENO) != 0 && !options.json
  }

  var hasFailures: Bool { reports.contains { !$0.report.failures.isEmpty } }

  func begin(_ library: MiniRacerLibrary) {
    guard !options.json else { return }
    let info = library.info
    Output.write(
      "\(library.path): \(info.libraryVersion), ABI \(info.abiVersion), \(info.engineName) \(info.engineVersion)\n")
    Output.write(row("case", "expected", "seen", "after", "time", "peak") + "\n")
  }

  func willRun(_ hostile: HostileCase) {
    if showsProgress { Output.writeError("\r\u{1B}[K[\(reports.count + 1)/\(total)] \(hostile.fullName)") }
  }

  mutating func add(_ report: HostileChild.Report, of hostile: HostileCase) {
    reports.append((hostile, report))
    if showsProgress { Output.writeError("\r\u{1B}[K") }
    guard !options.json else { return }
    let text = row(
      hostile.fullName, hostile.expectation, report.outcome, report.state, "\(report.milliseconds) ms",
      "\(report.peak >> 20) MB")
    Output.write(
      report.failures.isEmpty
        ? "\(text)\n" : style("\(text)  \(report.failures.joined(separator: "; "))", .error) + "\n")
  }

  func end() {
    if options.json { return Output.write(json.text + "\n") }
    let failed = reports.filter { !$0.report.failures.isEmpty }
    for (hostile, report) in failed {
      Output.write("\n\(hostile.fullName): \(report.failures.joined(separator: "; "))\n  \(hostile.why)\n")
    }
    let verdict =
      failed.isEmpty
      ? style(total == 1 ? "the case passed" : "all \(total) cases passed", .good)
      : "\(failed.count) of \(total) cases failed"
    Output.write("\(failed.isEmpty ? "" : "\n")\(failed.isEmpty ? verdict : style(verdict, .error))\n")
  }

  private func row(
    _ name: String, _ expected: String, _ seen: String, _ after: String, _ time: String, _ peak: String
  ) -> String {
    func right(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    return [
      name.padded(to: widths.name), expected.padded(to: widths.expected), seen.padded(to: 22), after.padded(to: 6),
      right(time, 8), right(peak, 7),
    ].joined(separator: "  ")
  }

  private var json: JSONText {
    .array(
      reports.map { hostile, report in
        .object([
          ("case", .string(hostile.fullName)), ("why", .string(hostile.why)),
          ("expected", .array(hostile.expected.map(JSONText.string))), ("seen", .string(report.outcome)),
          ("after", .string(report.state)), ("milliseconds", .int(report.milliseconds)), ("peak", .int(report.peak)),
          ("left", .int(report.left)), ("failures", .array(report.failures.map(JSONText.string))),
        ])
      })
  }
}

extension HostileCase {
  fileprivate var expectation: String { directives["expect"]! }
}
