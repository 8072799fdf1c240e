import Foundation
import Testing

@testable import MiniRacerCLI

/// The REPL behind a pipe: entries in, values out, no prompts.
@Suite(.enabled(if: ToolRun.hasLibrary))
struct ReplPipeTests {
  @Test func values() throws {
    let run = try ToolRun(
      ["repl"],
      input: """
        let a = 1
        'text'
        { a: 1 }
        function f(x) {
          return x + a
        }
        f(2)
        _ + 1
        .help
        .nope
        .clear
        typeof a
        print('out')
        """)
    let lines = run.output.split(separator: "\n")
    #expect(lines.prefix(6) == ["undefined", "'text'", "{ a: 1 }", "undefined", "3", "4"])
    #expect(lines.suffix(3) == ["'undefined'", "out", "undefined"])
    #expect(run.output.contains(".load FILE"))
    #expect(run.error == "There is no .nope here; .help lists what there is.\n")
    #expect(run.exitCode == 0)
  }

  @Test func errorsGoOn() throws {
    let run = try ToolRun(
      ["repl", "--timeout", "200ms"], input: "throw new Error('x')\nfor (;;);\nfoo(\n)\n1\nif (1) {")
    #expect(run.output == "1\n")
    #expect(run.error.contains("Error: x\n    at REPL1:1:7\n"))
    #expect(run.error.contains("miniracer: timeout: the script ran longer than 200ms and was ended\n"))
    #expect(run.error.contains("ReferenceError: foo is not defined"))
    // The last entry never ends.
    #expect(run.error.hasSuffix("SyntaxError: Unexpected end of input\n"))
    #expect(run.exitCode == 0)
  }

  @Test func awaits() throws {
    let run = try ToolRun(
      ["repl"],
      input: """
        const a = await new Promise(r => setTimeout(r, 1, 20))
        a
        await Promise.resolve(a * 2) + 2
        class A { x = 1 }
        const a = 1, { b: [c] } = await { b: [2] }
        a + c
        class A { y = 2 }; await new A
        async function f(x) {
          return await x
        }
        await f(
          'later'
        )
        let g = await f; function h() { return g }
        await h() === f
        Promise.resolve({ a: 1 })
        new Promise(() => {})
        await new Promise(() => {})
        _
        """)
    #expect(
      run.output.split(separator: "\n") == [
        "undefined", "20", "42", "undefined", "undefined", "3", "A { y: 2 }", "undefined", "'later'", "undefined",
        "true",
        "Promise { { a: 1 } }", "Promise { <pending> }", "Promise { <pending> }",
      ])
    #expect(run.error == "miniracer: the script waits for a promise that nothing will settle\n")
  }

  @Test func eventLoop() throws {
    let run = try ToolRun(
      ["repl"],
      input: """
        setTimeout(() => { throw new Error('t') }, 1), setTimeout(() => print('last'), 500); 1
        Promise.reject(new Error('p')); 2
        const x = null.y
        await null.z
        """)
    #expect(run.output == "1\n2\nlast\n")
    #expect(run.error.contains("Uncaught (in promise) Error: p"))
    #expect(run.error.contains("REPL1:1:26\n"))
    #expect(run.error.contains("REPL3:1:16\nconst x = null.y\n               ^\n"))
    #expect(run.error.contains("REPL3:1:12\nawait null.z\n           ^\n"))
    #expect(run.exitCode == 0)
  }

  @Test func exit() throws { #expect(try ToolRun(["repl"], input: "1\n.exit\n2\n").output == "1\n") }

  @Test func json() throws {
    let run = try ToolRun(["repl", "--json"], input: "({ a: [1] })\nx\n")
    #expect(run.output == "{\"a\":[1]}\n")
    #expect(run.error.hasPrefix(#"{"error":{"kind":"exception","name":"ReferenceError""#))
  }

  @Test func load() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("var loaded = 'yes'; loaded", to: "a file.js")
    let run = try ToolRun(["repl"], input: ".load \(file)\nloaded + '!'\n.load /none\n")
    #expect(run.output == "'yes'\n'yes!'\n")
    #expect(run.error == "miniracer: cannot read /none: No such file or directory\n")
  }
}

/// The REPL on a terminal, with someone who types.
@Suite(.enabled(if: ToolRun.hasLibrary))
struct ReplTerminalTests {
  private let state: TemporaryFolder

  init() throws { state = try TemporaryFolder() }

  private func start(_ environment: [String: String?] = ["NO_COLOR": "1"]) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(["repl"], state: state, environment: environment)
    try #require(terminal.wait(for: "Type .help for help."))
    return terminal
  }

  @Test func typing() throws {
    let terminal = try start()
    try terminal.enter("1 + 1\r")
    #expect(terminal.wait(forResult: "2"))
    // Unfinished: goes on in the same entry.
    try terminal.enter("[1,\r")
    try terminal.enter("2].concat(3)\r")
    #expect(terminal.wait(forResult: "[ 1, 2, 3 ]"))
    // Moving and correcting.
    try terminal.enter("'abd'\u{1B}[D\u{7F}c\r")
    #expect(terminal.wait(forResult: "'abc'"))
    // Back to the first entry, by way of the two lines of the second.
    try terminal.enter("\u{1B}[A\u{1B}[A\u{1B}[A\u{1B}[A\r")
    #expect(terminal.wait(forResult: "2"))
    try terminal.enter("\u{4}")
    #expect(terminal.exitCode() == 0)
    let history = try String(contentsOfFile: state.path("miniracer/history"), encoding: .utf8)
    #expect(history == "1 + 1\n[1,\\n2].concat(3)\n'abc'\n1 + 1\n")
  }

  @Test func completion() throws {
    let terminal = try start()
    try terminal.enter("let zebra = { stripes: 7, get spots() { for (;;); } }\r")
    #expect(terminal.wait(forResult: "undefined"))
    try terminal.enter("zeb\t.str\t\r")
    #expect(terminal.wait(for: "zebra.stripes"))
    #expect(terminal.wait(forResult: "7"))
    try terminal.enter("zebra.s\t\t")
    #expect(terminal.wait(for: "spots    stripes"))
    terminal.type("\u{15}Math.ma\t(1, 2)\r")
    #expect(terminal.wait(for: "Math.max(1, 2)"))
    #expect(terminal.wait(forResult: "2"))
    try terminal.enter("\u{4}")
    #expect(terminal.exitCode() == 0)
  }

  @Test func interrupts() throws {
    let terminal = try start()
    try terminal.enter("'given up'\u{3}")
    try terminal.enter("'taken'\r")
    #expect(terminal.wait(forResult: "'taken'"))
    try terminal.enter("console.log('runs'); for (;;);\r")
    #expect(terminal.wait(forResult: "runs"))
    terminal.interrupt()
    #expect(terminal.wait(for: "miniracer: interrupted"))
    try terminal.enter("'still ' + 'here'\r")
    #expect(terminal.wait(forResult: "'still here'"))
    try terminal.enter(".exit\r")
    #expect(terminal.exitCode() == 0)
  }

  @Test("Ctrl-C gives up an entry, also where timers leave it no rest") func interruptsAmongTimers() throws {
    let terminal = try start()
    try terminal.enter("setInterval(() => {}, 0), 'begun'\r")
    #expect(terminal.wait(forResult: "'begun'"))
    for _ in 0..<20 {
      try terminal.enter("'given up'")
      #expect(terminal.wait(for: "up'"))
      terminal.type("\u{3}")
    }
    try terminal.enter("'still ' + 'here'\r")
    #expect(terminal.wait(forResult: "'still here'"))
    try terminal.enter(".exit\r")
    #expect(terminal.exitCode() == 0)
  }

  @Test func paste() throws {
    let terminal = try start()
    try terminal.enter("\u{1B}[200~function f() {\n  return 'pasted'\n}\nf()\u{1B}[201~\r")
    #expect(terminal.wait(forResult: "'pasted'"))
    try terminal.enter("\u{4}")
    #expect(terminal.exitCode() == 0)
  }

  @Test func colours() throws {
    let terminal = try start(["NO_COLOR": nil])
    try terminal.enter("[1]\r")
    #expect(terminal.wait(forResult: "[ \u{1B}[33m1\u{1B}[39m ]"))
    try terminal.enter("\u{4}")
    #expect(terminal.exitCode() == 0)
  }

  @Test func dumbTerminal() throws {
    let terminal = try start(["TERM": "dumb"])
    #expect(terminal.wait(for: "> "))
    terminal.type("(1 +\n")
    #expect(terminal.wait(for: "... "))
    terminal.type("1)\n")
    #expect(terminal.wait(for: "2\r\n"))
    terminal.type(".exit\n")
    #expect(terminal.exitCode() == 0)
  }
}
