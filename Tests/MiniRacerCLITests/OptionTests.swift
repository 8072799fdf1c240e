import Testing

@testable import MiniRacerCLI

struct OptionTests {
  @Test(arguments: [
    ("2", Duration.seconds(2)), ("2s", .seconds(2)), ("500ms", .milliseconds(500)), ("1.5", .milliseconds(1500)),
    ("1m", .seconds(60)), ("0.001ms", .nanoseconds(1000)), ("10us", .microseconds(10)), ("1H", .seconds(3600)),
  ])
  func time(_ text: String, _ duration: Duration) { #expect(TimeLimit(argument: text)?.duration == duration) }

  @Test(arguments: ["", "0", "-1", "x", "1x", "s", "inf", "nan", "0x10", "1e3", "99999999999h", "1 s"])
  func notATime(_ text: String) { #expect(TimeLimit(argument: text) == nil) }

  @Test(arguments: [
    ("64", 64 << 20), ("64MB", 64 << 20), ("64m", 64 << 20), ("1.5GB", 3 << 29), ("512KB", 512 << 10), ("10b", 10),
    ("1GiB", 1 << 30),
  ])
  func memory(_ text: String, _ bytes: Int) { #expect(MemoryLimit(argument: text)?.bytes == bytes) }

  @Test(arguments: ["", "0", "-1MB", "MB", "1TBX", "99999999999GB"])
  func notASize(_ text: String) { #expect(MemoryLimit(argument: text) == nil) }

  @Test(arguments: [
    (["run", "f.js", "--json"], ["run", "--", "f.js", "--json"]),
    (["run", "--timeout", "1s", "f.js", "a"], ["run", "--timeout", "1s", "--", "f.js", "a"]),
    (["--timeout=1s", "--json", "run", "-", "-x"], ["--timeout=1s", "--json", "run", "--", "-", "-x"]),
    (["--color", "never", "run", "f", "--", "a"], ["--color", "never", "run", "--", "f", "--", "a"]),
    (["run", "--", "f.js", "-a"], ["run", "--", "f.js", "-a"]),
    (["run"], ["run"]), (["run", "--help"], ["run", "--help"]), ([], []),
    (["eval", "run", "x"], ["eval", "run", "x"]),
    (["--library", "run", "eval", "1"], ["--library", "run", "eval", "1"]),
  ])
  func scriptArguments(_ arguments: [String], _ separated: [String]) {
    #expect(ScriptArguments.separated(arguments) == separated)
  }

  /// The options that take a value, as the help tells them.
  @Test func optionsWithValue() throws {
    let help = try ToolRun(["eval", "--help"]).output
    let options = help.split(separator: "\n").compactMap { line -> String? in
      let words = line.split(separator: " ")
      guard words.count > 1, words[0].hasPrefix("--"), words[1].hasPrefix("<") else { return nil }
      return String(words[0])
    }
    #expect(Set(options) == ScriptArguments.optionsWithValue)
  }
}
