import Foundation
import Testing

@testable import MiniRacerCLI

@Suite(.enabled(if: ToolRun.hasLibrary))
struct EvalTests {
  @Test(arguments: [
    ("40 + 2", "42"), ("'a'", "a"), ("['a']", "[ 'a' ]"), ("let x = 1; x + 1", "2"), ("", "undefined"),
    ("{ a: 1 }", "{ a: 1 }"), ("{ let a = 1; a }", "1"), ("{ a: 1 };", "1"), ("{}", "{}"), ("// nothing", "undefined"),
    ("'日本 \\u{1F600}'", "日本 😀"), ("'x\\0y'.length", "3"), ("'\\ud83d'", "\u{FFFD}"),
    ("print('first'); 'second'", "first\nsecond"),
  ])
  func result(_ source: String, _ output: String) throws {
    let run = try eval(source)
    #expect(run.output == output + "\n")
    #expect(run.error == "")
    #expect(run.exitCode == 0)
  }

  @Test func startsWithDash() throws { #expect(try eval("--", "-1").output == "-1\n") }

  @Test(arguments: [
    ("[1, undefined, { a: NaN }]", "[1,null,{\"a\":null}]"), ("'a'", "\"a\""), ("undefined", "null"),
    ("({ toJSON() { return 5 } })", "5"), ("new Date(0)", "\"1970-01-01T00:00:00.000Z\""),
  ])
  func json(_ source: String, _ output: String) throws {
    let run = try eval("--json", source)
    #expect(run.output == output + "\n")
    #expect(run.exitCode == 0)
  }

  @Test func jsonFailure() throws {
    let run = try eval("--json", "function f() { null.x }\n  f()")
    #expect(run.output == "")
    #expect(run.exitCode == 1)
    let whole = try JSONSerialization.jsonObject(with: Data(run.error.utf8)) as? [String: Any]
    let error = try #require(whole?["error"] as? [String: Any])
    #expect(error["kind"] as? String == "exception")
    #expect(error["name"] as? String == "TypeError")
    #expect(error["message"] as? String == "Cannot read properties of null (reading 'x')")
    #expect(error["file"] as? String == "[eval]")
    #expect(error["line"] as? Int == 1)
    #expect(error["column"] as? Int == 21)
    #expect(error["sourceLine"] as? String == "function f() { null.x }")
    let frames = try #require(error["frames"] as? [[String: Any]])
    #expect(frames.count == 2)
    #expect(frames[0]["function"] as? String == "f")
    #expect(frames[1]["line"] as? Int == 2)
  }

  @Test func jsonOfACycle() throws {
    let run = try eval("--json", "const a = []; a[0] = a")
    #expect(run.exitCode == 1)
    #expect(run.error.contains("circular"))
  }

  @Test func colours() throws {
    #expect(try eval("--color", "always", "[1]").output == "[ \u{1B}[33m1\u{1B}[39m ]\n")
    #expect(try eval("--color=never", "[1]").output == "[ 1 ]\n")
    #expect(try eval("[1]").output == "[ 1 ]\n")
    #expect(try ToolRun(["--color", "always", "eval", "1"]).output == "\u{1B}[33m1\u{1B}[39m\n")
  }

  @Test func v8Flags() throws {
    #expect(try eval("--v8-flags", "--no-opt --stack-size=200", "1").output == "1\n")
    #expect(try eval("--v8-flags", "--expose-gc", "typeof gc").output == "function\n")
    let run = try eval("--v8-flags=--nonsense", "1")
    #expect(run.exitCode == 1)
    #expect(run.error.contains("--nonsense"))
  }

  @Test func rejectedPromise() throws {
    let run = try eval("(async () => { throw new TypeError('late') })()")
    #expect(run.output == "")
    #expect(run.error.contains("\nTypeError: late\n    at [eval]:1:22"))
    #expect(run.exitCode == 1)
  }
}

@Suite(.enabled(if: ToolRun.hasLibrary))
struct RunTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ source: String, _ arguments: [String] = [], options: [String] = []) throws -> ToolRun {
    let file = try folder.write(source, to: "script.js")
    return try ToolRun(["run"] + options + [file] + arguments)
  }

  @Test func arguments() throws {
    let result = try run("#!/usr/bin/env miniracer\nprint(scriptArgs)\n1", ["a", "--json", "-x", "--", "--help"])
    #expect(result.output == "[ 'a', '--json', '-x', '--', '--help' ]\n")
    #expect(result.exitCode == 0)
    #expect(try run("print(scriptArgs)", options: ["--timeout", "5s", "--"]).output == "[]\n")
  }

  @Test func standardInput() throws {
    let run = try ToolRun(["run", "-", "x"], input: "\u{FEFF}print(scriptArgs[0], 'ü')")
    #expect(run.output == "x ü\n")
    #expect(run.exitCode == 0)
  }

  @Test func channels() throws {
    let result = try run(
      """
      console.log('log'); console.info('info'); console.debug('debug'); print('print');
      console.warn('warn'); console.error('error', { a: [1] }); console.table([1]); console.dir({ b: 1 });
      console.assert(true, 'no'); console.assert(0, 'yes %d', 1); console.assert(false); console.assert(false, { a: 1 });
      console.group('group'); console.log('a\\nb'); console.group(); console.log('deep'); print('flat');
      console.groupEnd(); console.groupEnd(); console.groupEnd(); console.log(); print();
      """)
    #expect(result.output == "print\nflat\n\n")
    #expect(
      result.error == """
        log
        info
        debug
        warn
        error { a: [ 1 ] }
        ┌─────────┬────────┐
        │ (index) │ Values │
        ├─────────┼────────┤
        │ 0       │ 1      │
        └─────────┴────────┘
        { b: 1 }
        Assertion failed: yes 1
        Assertion failed
        Assertion failed { a: 1 }
        group
          a
          b
            deep


        """)
    #expect(result.exitCode == 0)
  }

  /// What is asked for is alone on standard output, whatever the script has to say.
  @Test func resultAlone() throws {
    let result = try eval("--json", "console.log('x'); console.info(1); 2")
    #expect(result.output == "2\n")
    #expect(result.error == "x\n1\n")
    let entries = try ToolRun(["repl"], input: "console.log('x')\nprint('y')\n")
    #expect(entries.output == "undefined\ny\nundefined\n")
    #expect(entries.error == "x\n")
  }

  @Test func printing() throws {
    let shown = try run(
      """
      print(print instanceof Function, print.name, typeof print, Object.keys(globalThis).includes('print'))
      const log = console.log; console.log = null; delete globalThis.console; print(typeof console)
      print = 1; log(print)
      """)
    #expect(shown.output == "true print function false\nundefined\n")
    #expect(shown.error == "1\n")
    #expect(try eval("--untrusted", "print('%s', [1])").output == "[ 1 ]\nundefined\n")
  }

  @Test func colours() throws {
    let always = try run("print(1); console.log(2)", options: ["--color", "always"])
    #expect(always.output == "\u{1B}[33m1\u{1B}[39m\n")
    #expect(always.error == "\u{1B}[33m2\u{1B}[39m\n")
    #expect(try run("print([1])").output == "[ 1 ]\n")
  }

  @Test(arguments: [
    ("'%s|%s|%s|%s', 'a', -0, 10n, { a: { b: 1 } }", "a|-0|10n|{ a: [Object] }"),
    ("'%d|%i|%f|%d|%d', '12', 3.7, '1.5', 'z', null", "12|3|1.5|NaN|0"),
    ("'%o|%O', [1], { z: 1 }", "[ 1, [length]: 1 ]|{ z: 1 }"), ("'%c|%%|%x|%', 'css'", "|%|%x|%"),
    ("'%s', 'a', 'b', [1]", "a b [ 1 ]"), ("'%s'", "%s"), ("'100%', 1", "100% 1"), ("1, '%s', 'a'", "1 %s a"),
    ("'%s %s', 'a'", "a %s"), ("Symbol('s'), undefined, null, -0, 1n", "Symbol(s) undefined null -0 1n"),
    ("'\\ud83d'", "\u{FFFD}"),
  ])
  func format(_ arguments: String, _ output: String) throws {
    let run = try run("print(\(arguments)); console.log(\(arguments))")
    #expect(run.output == output + "\n")
    #expect(run.error == output + "\n")
  }

  @Test func promiseInAScript() throws {
    #expect(try run("print(Promise.resolve(1))").output == "Promise { 1 }\n")
    #expect(try run("Promise.resolve(1).then(print)").output == "1\n")
  }

  @Test func silentResult() throws { #expect(try run("42").output == "") }

  @Test func missingFile() throws {
    let result = try ToolRun(["run", "none.js"])
    #expect(result.error == "miniracer: cannot read none.js: No such file or directory\n")
    #expect(result.exitCode == 1)
    #expect(try ToolRun(["run", "/"]).exitCode == 1)
  }

  @Test(arguments: ["", "trap '' PIPE; "]) func readerGoesAway(_ prelude: String) throws {
    let file = try folder.write("while (true) print('line')", to: "loop.js")
    let code = folder.path("code")
    let run = try ToolRun(
      program: "/bin/sh",
      [
        "-c",
        "\(prelude)('\(ToolRun.tool)' run '\(file)'; echo $? > '\(code)') 2>&1 | head -1; sleep 0.5; cat '\(code)'",
      ])
    #expect(run.output == "line\n141\n")
    #expect(run.error == "")
  }
}
