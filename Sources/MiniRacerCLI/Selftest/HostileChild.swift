import Glibc
import MiniRacer

/// Runs one case in this process, which it may well cost, and looks at what is left of it.
struct HostileChild {
  let hostile: HostileCase
  let library: MiniRacerLibrary
  /// Multiplies what a call may take.
  let scale: Double

  /// What becomes of a case, as the child tells it.
  struct Report: Equatable {
    var name: String
    var outcome = ""
    /// What the isolate is afterwards: `usable`, `dead`, `full`, `broken`.
    var state = "broken"
    var milliseconds = 0
    var peak = 0
    var left = 0
    var failures: [String] = []
  }

  func run() throws -> Report {
    try library.start(hostile.engineOptions)
    // What is made once for a process is made before anything is measured.
    try JSContext(library: library).close()
    let neighbour = try JSContext(.init(eventLoop: .host), library: library)
    try neighbour.evaluate("globalThis.count = 0")
    ProcessMemory.resetPeak()
    let before = ProcessMemory.resident

    var report = Report(name: hostile.fullName)
    let configuration = hostile.configuration
    let context = try JSContext(
      configuration, library: library, globals: globals, console: hostile.options.contains("console") ? .dropping : nil)
    let watch = Stopwatch()
    let outcome = HostileAction(context: context, watch: watch).run(hostile)
    report.outcome = outcome.description
    report.milliseconds = Int(watch.longest / .milliseconds(1))
    report.peak = max(0, ProcessMemory.peak - before)

    if !hostile.expected.contains(where: outcome.matches) { report.failures.append("outcome") }
    let bound = hostile.longestCall(configuration) * scale
    if watch.longest > bound { report.failures.append("a call took \(report.milliseconds) ms") }
    check(peak: report.peak, configuration, &report)
    check("neighbour", &report) {
      for answer in [1.0, 2.0] { guard try neighbour.evaluate("++count").number == answer else { return false } }
      return true
    }
    check(stateOf: context, &report)
    check("a new isolate", &report) { try JSContext(.init(eventLoop: .host), library: library).isUsable }
    context.close()
    neighbour.close()
    check(memory: before, &report)
    return report
  }

  private var globals: JSContext.Globals {
    var globals: JSContext.Globals = []
    if hostile.options.contains("timers") { globals.insert(.timers) }
    if hostile.options.contains("web") { globals.insert(.web) }
    return globals
  }

  // MARK: - Checks

  /// A sanitizer's memory is its own affair.
  private var measuresMemory: Bool { !library.info.features.contains(.sanitizerBuild) }

  private func check(_ name: String, _ report: inout Report, _ isFine: () throws -> Bool) {
    do {
      if try !isFine() { report.failures.append(name) }
    } catch {
      report.failures.append("\(name): \(error)")
    }
  }

  private func check(peak: Int, _ configuration: JSVirtualMachine.Configuration, _ report: inout Report) {
    guard measuresMemory, let limit = configuration.memoryLimit, peak > limit + limit / 2 + 64 << 20 else { return }
    report.failures.append("memory grew by \(peak >> 20) MB")
  }

  /// The isolate is what `after` says.
  private func check(stateOf context: JSContext, _ report: inout Report) {
    let states = [
      state { try context.isUsable }, state { try JSContext(virtualMachine: context.virtualMachine).isUsable },
    ]
    if states[0] == "full" || states[0] == states[1] && ["usable", "dead"].contains(states[0]) {
      report.state = states[0]
    }
    switch hostile.after {
    case .usable where report.state == "usable", .dead where report.state == "dead": break
    case .either where report.state == "usable" || report.state == "dead": break
    case .full where report.state != "broken": break
    default: report.failures.append("is \(states[0] == states[1] ? states[0] : states.joined(separator: ", "))")
    }
  }

  private func state(_ isUsable: () throws -> Bool) -> String {
    do {
      return try isUsable() ? "usable" : "broken"
    } catch let error as MiniRacerError where error.code == .engineDead {
      return error.message.isEmpty ? "dead without a reason" : "dead"
    } catch let error as MiniRacerError where error.code == .outOfMemory {
      return "full"
    } catch {
      return "\(error)"
    }
  }

  /// Everything was disposed of, and its memory given back but for what is known to be left behind.
  private func check(memory before: Int, _ report: inout Report) {
    let deadline = ContinuousClock.now + .seconds(2)
    var (excess, machines) = (0, UInt64(0))
    repeat {
      let statistics = try? library.processStatistics
      machines = statistics?.virtualMachineCount ?? 0
      report.left = max(0, ProcessMemory.resident - before)
      excess = report.left - Int(clamping: statistics?.bytesLeftBehind ?? 0)
      if excess <= 40 << 20, machines == 0 { break }
      usleep(20_000)
    } while ContinuousClock.now < deadline
    if machines > 0 { report.failures.append("\(machines) isolates are not disposed of") }
    if measuresMemory, excess > 40 << 20 { report.failures.append("\(excess >> 20) MB are left") }
  }
}

/// The longest time that one call took.
final class Stopwatch {
  private(set) var longest = Duration.zero

  func time<R>(_ call: () throws -> R) rethrows -> R {
    let start = ContinuousClock.now
    defer { longest = max(longest, ContinuousClock.now - start) }
    return try call()
  }
}

extension JSContext {
  fileprivate var isUsable: Bool {
    get throws { try evaluate("6 * 7", timeout: .seconds(10), cpuTime: .unlimited).number == 42 }
  }
}

extension JSConsole {
  /// The host's console that counts what it is given and drops it.
  fileprivate static var dropping: JSConsole { JSConsole { _ = $0.text.utf8.count } }
}

// MARK: - The line between child and parent

extension HostileChild.Report {
  /// One line, its fields with tabs between them.
  var line: String {
    let failed = failures.joined(separator: "; ").map { $0.isNewline || $0 == "\t" ? " " : $0 }
    return [name, outcome, state, "\(milliseconds)", "\(peak >> 10)", "\(left >> 10)", String(failed)]
      .joined(separator: "\t")
  }

  init?(line: String) {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 7, let milliseconds = Int(fields[3]), let peak = Int(fields[4]), let left = Int(fields[5])
    else { return nil }
    self.init(
      name: fields[0], outcome: fields[1], state: fields[2], milliseconds: milliseconds, peak: peak << 10,
      left: left << 10, failures: fields[6].isEmpty ? [] : [fields[6]])
  }
}
