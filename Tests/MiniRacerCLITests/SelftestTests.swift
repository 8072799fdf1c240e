import Foundation
import HostileFiles
import Testing

@testable import MiniRacerCLI

struct HostileFilesTests {
  @Test("the tool has all files of Tests/hostile")
  func current() throws {
    let folder = checkout.appending(path: "Tests/hostile")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".js") }.sorted()
    #expect(hostileFiles.map { "\($0.group).js" } == files)
    for (group, text) in hostileFiles {
      #expect(try text == String(contentsOf: folder.appending(path: "\(group).js"), encoding: .utf8), "\(group)")
    }
  }

  @Test("each of them is a case that can be run")
  func parse() throws {
    let cases = try HostileParser.cases(of: hostileFiles)
    #expect(cases.count >= 100)
    for hostile in cases { #expect(hostile.longestRun > .seconds(20)) }
  }

  @Test("a case and what is not said in it")
  func aCase() throws {
    let text = """
      // A comment.

      //! case: first-one
      //! expect: timeout or engine_dead
      //! after: either
      //! memory: none
      //! cpu: 200ms
      //! clock: frozen
      //! options: timers no_eval background_loop jitless
      //! why: because
      1;

      2;
      //! case: second
      //! preset: untrusted
      //! timeout: none
      //! handles: 5
      //! expect: ok 42
      //! why: the preset's limits
      42

      """
    let cases = try HostileParser.cases(of: [("group", text)])
    #expect(cases.map(\.fullName) == ["group/first-one", "group/second"])
    #expect(cases[0].body == "1;\n\n2;\n")
    #expect(cases[0].expected == ["timeout", "engine_dead"])
    #expect(cases[0].after == .either)
    #expect(cases[0].action == .evaluate)
    #expect(cases[0].engineOptions.isJITless)
    let first = cases[0].configuration
    #expect(first.timeout == .seconds(1))
    #expect(first.cpuTime == .milliseconds(200))
    #expect(first.memoryLimit == nil)
    #expect(first.clock == .frozen)
    #expect(!first.allowsEval && first.allowsWebAssembly)
    #expect(first.eventLoop == .background)
    let second = cases[1].configuration
    #expect(second.timeout == nil)
    #expect(second.cpuTime == .seconds(1))
    #expect(second.caps.handles == 5)
    #expect(second.caps.timers == 1000)
    #expect(second.eventLoop == .host)
    #expect(cases[1].longestCall(second) == .milliseconds(2250))
  }

  @Test(
    "what is no file of cases is told with its line",
    arguments: [
      ("1\n", "group.js:1: text before the first case"),
      ("//! why: x\n1\n", "group.js:1: 'why' outside of a case's head"),
      ("//! case: a\n//! expect: ok\n1\n", "group.js:4: the case 'a' has no 'why'"),
      ("//! case: a\n//! expect: ok\n//! why: x\n\n", "group.js:5: 'a' has no body"),
      ("//! case: A\n", "group.js:1: 'A' is no value of 'case'"),
      ("//! case: a\n//! expect: fine\n", "group.js:2: 'fine' is no value of 'expect'"),
      ("//! case: a\n//! why: x\n//! why: y\n", "group.js:3: 'why' is there twice"),
      ("//! case: a\n//! limit: 5\n", "group.js:2: there is no directive 'limit'"),
      ("//! case: a\n//! timeout: 5\n", "group.js:2: '5' is no value of 'timeout'"),
      ("//! case: a\n//! expect: ok\n//! why: x\n1\n//! after: dead\n", "group.js:5: 'after' outside of a case's head"),
      ("//!case: a\n", "group.js:1: no '//! name: value'"),
    ])
  func problem(text: String, message: String) {
    #expect(throws: HostileParser.Problem(description: message)) { try HostileParser.cases(of: [("group", text)]) }
  }

  @Test("a name that another file has")
  func sameName() {
    let text = "//! case: a\n//! expect: ok\n//! why: x\n1\n"
    #expect(throws: HostileParser.Problem.self) { try HostileParser.cases(of: [("one", text), ("two", text)]) }
  }

  @Test(
    "what an expectation covers",
    arguments: [
      ("ok 42", "ok", true), ("ok 42", "ok 42", true), ("ok 42", "ok 42.0", true), ("ok 42", "ok 4", false),
      ("ok \"text\"", "ok \"text\"", true), ("ok \"42\"", "ok 42", false), ("exception RangeError", "exception", true),
      ("exception RangeError", "exception RangeError", true), ("exception RangeError", "exception Error", false),
      ("timeout", "timeout", true), ("timeout", "ok", false), ("too_large", "too", false),
    ])
  func outcome(seen: String, expected: String, isCovered: Bool) {
    #expect(HostileOutcome(description: seen).matches(expected) == isCovered)
  }

  @Test("what is seen of a text is one line")
  func text() {
    #expect(HostileOutcome(.string("a\n\tbä\u{2028}")).description == "ok \"a..b..\"")
  }

  @Test("a child's line is what its parent reads")
  func line() {
    let report = HostileChild.Report(
      name: "a/b", outcome: "timeout", state: "dead", milliseconds: 7, peak: 3 << 20, left: 1 << 10,
      failures: ["one", "two\tand\nthree"])
    var read = report
    read.failures = ["one; two and three"]
    #expect(HostileChild.Report(line: report.line) == read)
    #expect(HostileChild.Report(line: "Segmentation fault") == nil)
  }
}

@Suite(.enabled(if: ToolRun.hasLibrary))
struct SelftestTests {
  @Test func table() throws {
    let run = try ToolRun(["selftest", "--filter", "time/catch-the-end"])
    let lines = run.output.split(separator: "\n")
    try #require(lines.count == 4, "\(run.output)\(run.error)")
    #expect(lines[1].hasPrefix("case "))
    #expect(lines[2].hasPrefix("time/catch-the-end  "))
    #expect(lines[2].contains("  timeout  ") && lines[2].contains("  usable  "))
    #expect(lines[3] == "the case passed")
    #expect(run.error == "")
    #expect(run.exitCode == 0)
  }

  @Test(
    "what Swift has its own ways for",
    arguments: [
      "conversion/host-graph-cycle", "modules/loader-promise-never", "modules/loader-getter", "modules/module-loop",
    ])
  func own(name: String) throws {
    let run = try ToolRun(["selftest", "--filter", name])
    #expect(run.output.hasSuffix("the case passed\n"), "\(run.output)\(run.error)")
  }

  @Test func list() throws {
    let run = try ToolRun(["selftest", "--list", "--filter", "async/"])
    #expect(run.output.split(separator: "\n").allSatisfy { $0.hasPrefix("async/") })
    #expect(run.exitCode == 0)
  }

  @Test func json() throws {
    let run = try ToolRun(["selftest", "--json", "--filter", "catch-the-end"])
    let all = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]]
    let first = try #require(all?.first)
    #expect(first["case"] as? String == "time/catch-the-end")
    #expect(first["seen"] as? String == "timeout")
    #expect((first["failures"] as? [String]) == [])
    #expect(run.exitCode == 0)
  }

  @Test(
    "a scale that is none is told, before anything runs", arguments: ["abc", "inf", "nan", "0", "-1", "1e9", "1e300"])
  func wrongScale(_ scale: String) throws {
    for arguments in [["--list"], ["--filter", "time/catch-the-end"], ["--case", "catch-the-end"]] {
      let run = try ToolRun(["selftest"] + arguments, environment: ["MINIRACER_SELFTEST_SCALE": scale])
      #expect(run.exitCode == 64)
      #expect(run.output == "")
      let message = "MINIRACER_SELFTEST_SCALE is a number above 0 and at most 10000, and not '\(scale)'"
      #expect(run.error.contains(message), "\(run.error)")
    }
  }

  @Test(arguments: ["", "0.5", "20", "10000"])
  func scale(_ scale: String) throws {
    let run = try ToolRun(
      ["selftest", "--filter", "time/catch-the-end"], environment: ["MINIRACER_SELFTEST_SCALE": scale])
    #expect(run.output.hasSuffix("the case passed\n"), "\(run.output)\(run.error)")
  }

  @Test(
    "options that would do nothing are refused, wherever they stand",
    arguments: [
      ["--timeout", "1s"], ["--cpu-time", "1s"], ["--memory", "64"], ["--clock", "frozen"], ["--untrusted"],
      ["--jitless"], ["--v8-flags", "--jitless"],
    ])
  func otherOptions(_ options: [String]) throws {
    let before = try ToolRun(options + ["selftest", "--list"])
    #expect(before.exitCode == 64)
    #expect(before.error.contains("selftest has no \(options[0]): each case says what it is run with"))
    let behind = try ToolRun(["selftest", "--list"] + options)
    #expect(behind.exitCode == 64)
    #expect(behind.output == "")
    #expect(try !ToolRun(["selftest", "--help"]).output.contains("  \(options[0])"))
  }

  @Test("those of every command work, wherever they stand")
  func everyOption() throws {
    let list = try ToolRun(["selftest", "--json", "--list", "--filter", "async/"])
    #expect(list.output.hasPrefix("["))
    #expect(try ToolRun(["--json", "selftest", "--list", "--filter", "async/"]).output == list.output)
    let run = try ToolRun(["--library", "/nowhere.so", "selftest", "--filter", "time/catch-the-end"])
    #expect(run.exitCode == 1)
    #expect(run.error.contains("/nowhere.so"))
  }

  @Test func noSuchCase() throws {
    #expect(try ToolRun(["selftest", "--filter", "nothing-like-it"]).exitCode == 64)
    #expect(try ToolRun(["selftest", "--case", "nothing-like-it"]).exitCode == 64)
  }
}
