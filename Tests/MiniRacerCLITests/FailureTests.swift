import Foundation
import Testing

@testable import MiniRacerCLI

/// What a failed script leaves on standard error, and the exit code.
@Suite(.enabled(if: ToolRun.hasLibrary))
struct FailureTests {
  @Test(arguments: [
    (
      "function f() {\n\tconst x = '日本'; x.foo.bar\n}\nf()",
      """
      -:2:24
          const x = '日本'; x.foo.bar
                                  ^
      TypeError: Cannot read properties of undefined (reading 'bar')
          at f (-:2:24)
          at -:4:1

      """
    ),
    (
      "let a = 1;\nlet b = a +* 2;\n",
      """
      -:2:12
      let b = a +* 2;
                 ^
      SyntaxError: Unexpected token '*'

      """
    ),
    ("throw { code: 7 }", "-:1:1\nthrow { code: 7 }\n^\nUncaught { code: 7 }\n"),
    ("throw 'text'", "-:1:1\nthrow 'text'\n^\nUncaught 'text'\n"),
    ("throw undefined", "-:1:1\nthrow undefined\n^\nUncaught undefined\n"),
    ("throw new Proxy({}, { get() { while (1); } })", nil),
    (
      "const inner = new RangeError('in');\nthrow new Error('out', { cause: inner })",
      """
      -:2:1
      throw new Error('out', { cause: inner })
      ^
      Error: out
          at -:2:7
      Caused by: RangeError: in
          at -:1:15

      """
    ),
    ("Error.prepareStackTrace = () => { while (1); }; throw new Error('x')", nil),
    ("Object.defineProperty(Error.prototype, 'message', { get() { while (1); } }); throw new Error()", nil),
  ])
  func report(_ source: String, _ expected: String?) throws {
    let run = try ToolRun(["run", "-"], input: source)
    if let expected { #expect(run.error == expected.replacing("-:", with: "[stdin]:")) }
    #expect(run.error.contains("[stdin]:"))
    #expect(run.output == "")
    #expect(run.exitCode == 1)
  }

  @Test func colours() throws {
    let run = try eval("--color", "always", "throw new Error('x')")
    #expect(run.error.contains("\u{1B}[31mError: x\u{1B}[39m\n    at"))
  }

  @Test(arguments: [
    ["eval"], ["eval", "1", "2"], ["eval", "--bogus", "1"], ["eval", "--timeout", "soon", "1"],
    ["eval", "--memory", "-1", "1"], ["eval", "--color", "pink", "1"], ["bogus"], ["run"], ["run", "--bogus", "x.js"],
    ["repl", "x"], ["--timeout"],
  ])
  func usage(_ arguments: [String]) throws {
    let run = try ToolRun(arguments)
    #expect(run.exitCode == 64)
    #expect(run.output == "")
    #expect(run.error.hasPrefix("Error: "))
    #expect(run.error.contains("Usage: miniracer"))
  }
}

@Suite(.enabled(if: ToolRun.hasLibrary))
struct LimitTests {
  @Test(arguments: [
    "while (true);", "'use strict'; for (;;) JSON.stringify({})", "[1].map(function f() { for (;;); })",
    "new Promise(() => { for (;;); })", "Promise.resolve().then(() => { for (;;); })",
  ])
  func timeout(_ source: String) throws {
    let start = ContinuousClock.now
    let run = try eval("--timeout", "300ms", source)
    #expect(run.error == "miniracer: timeout: the script ran longer than 300ms and was ended\n")
    #expect(run.output == "")
    #expect(run.exitCode == 1)
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func timeoutAsJSON() throws {
    let run = try eval("--json", "--timeout", "0.2", "for (;;);")
    #expect(run.error.hasPrefix(#"{"error":{"kind":"timeout","message":"timeout: the script ran longer than 0.2s"#))
    #expect(run.exitCode == 1)
  }

  @Test func timeoutOfAnOutputLoop() throws {
    let run = try eval("--timeout", "200ms", "for (;;) print({ a: 1 })")
    #expect(run.exitCode == 1)
    #expect(run.output.hasPrefix("{ a: 1 }\n{ a: 1 }\n"))
    #expect(run.error.hasPrefix("miniracer: timeout"))
  }

  @Test func memory() throws {
    let run = try eval("--memory", "20MB", "const a = []; for (;;) a.push({})")
    #expect(run.error == "miniracer: out of memory: the script needed more than 20MB and was ended\n")
    #expect(run.exitCode == 1)
  }

  @Test func interrupt() throws {
    let run = try ToolRun(["eval", "for (;;);"], interruptAfter: 1)
    #expect(run.error == "miniracer: interrupted\n")
    #expect(run.exitCode == 130)
  }
}

@Suite struct LibraryTests {
  @Test func wrongFile() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("no library", to: "libminiracer.so")
    for arguments in [
      ["eval", "--library", file, "1"], ["--library", file, "eval", "1"], ["repl", "--library", file],
    ] {
      let run = try ToolRun(arguments)
      #expect(run.error.contains("\(file) (an explicit path): not an ELF file"))
      #expect(run.output == "")
      #expect(run.exitCode == 1)
    }
  }

  @Test func environment() throws {
    let run = try ToolRun(["eval", "1"], environment: ["MINIRACER_LIBRARY": "/none.so"])
    #expect(run.error.contains("/none.so (MINIRACER_LIBRARY)"))
    #expect(run.exitCode == 1)
  }

  @Test func sickDoctor() throws {
    var run = try ToolRun(["doctor", "--library", "/none.so"])
    #expect(run.output.contains("no libminiracer.so was found"))
    #expect(run.output.contains("/none.so (an explicit path)"))
    #expect(run.exitCode == 1)
    run = try ToolRun(["doctor", "--json", "--library", "/none.so"])
    let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect(report?["healthy"] as? Bool == false)
    #expect((report?["tried"] as? [Any])?.count == 1)
    #expect(run.exitCode == 1)
  }

  @Test(.enabled(if: ToolRun.hasLibrary)) func healthyDoctor() throws {
    var run = try ToolRun(["doctor"])
    for part in ["engine    V8 ", "ABI ", "works     yes", "tried\n", ": used\n", "MINIRACER_LIBRARY"] {
      #expect(run.output.contains(part))
    }
    #expect(run.error == "")
    run = try ToolRun(["doctor", "--json"])
    let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect(report?["healthy"] as? Bool == true)
    #expect(report?["engine"] as? String == "V8")
    #expect(run.exitCode == 0)
  }

  @Test func version() throws {
    #expect(try String(contentsOf: checkout.appending(path: "VERSION"), encoding: .utf8) == Version.tool + "\n")
    let run = try ToolRun(["--version"])
    #expect(run.output == Version.tool + "\n")
    #expect(run.exitCode == 0)
  }

  @Test func help() throws {
    let run = try ToolRun([])
    #expect(run.output.contains("USAGE: miniracer"))
    #expect(run.exitCode == 0)
    #expect(try ToolRun(["run", "--help"]).output.contains("scriptArgs"))
  }
}
