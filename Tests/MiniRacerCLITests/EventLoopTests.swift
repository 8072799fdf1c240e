import Foundation
import Testing

@testable import MiniRacerCLI

/// A script runs until nothing is left to do.
@Suite(.enabled(if: ToolRun.hasLibrary))
struct EventLoopTests {
  @Test("of what nobody catches the last thousand is kept")
  func uncaught() throws {
    struct Numbered: Error { let number: Int }
    let uncaught = Session.Uncaught()
    for number in 0..<3000 { uncaught.add(Numbered(number: number)) }
    for number in 2000..<3000 {
      #expect(try #require(throws: Numbered.self) { try uncaught.throwFirst() }.number == number)
    }
    try uncaught.throwFirst()
  }

  @Test(arguments: [
    ("setTimeout(() => print('late'), 20); 1", "1\nlate\n"),
    (
      "let n = 0; const t = setInterval(() => { print(++n); if (n == 3) clearInterval(t) }, 1); 'start'",
      "start\n1\n2\n3\n"
    ),
    ("await new Promise(r => setTimeout(r, 5, { a: 1 }))", "{ a: 1 }\n"),
    ("const x = await 2; const { y, z: [w] } = { y: 3, z: [4] }; x + y + w", "9\n"),
    ("new Promise(r => setTimeout(r, 5, 'x'))", "Promise { 'x' }\n"),
    ("new Promise(() => {})", "Promise { <pending> }\n"),
    ("queueMicrotask(() => print('micro')); 'now'", "micro\nnow\n"),
    // An empty module, compiled by the engine's own threads.
    (
      "WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))",
      "Promise { Module [WebAssembly.Module] {} }\n"
    ),
    ("await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))", "Module [WebAssembly.Module] {}\n"),
    ("new URL('a', 'http://x/').href", "http://x/a\n"),
  ])
  func goesOn(_ source: String, _ output: String) throws {
    let run = try eval(source)
    #expect(run.output == output)
    #expect(run.error == "")
    #expect(run.exitCode == 0)
  }

  @Test func withoutTheWeb() throws {
    #expect(try eval("--no-web", "[typeof URL, typeof setTimeout]").output == "[ 'undefined', 'function' ]\n")
  }

  @Test(arguments: [
    (
      "setTimeout(() => { throw new Error('late') }, 1); setTimeout(() => print('never'), 50)",
      "-:1:20\n", "Error: late\n    at -:1:26\n"
    ),
    ("queueMicrotask(() => { throw new TypeError('micro') })", "-:1:30\n", "TypeError: micro\n    at -:1:30\n"),
    ("\nPromise.reject(new RangeError('r'))", "", "Uncaught (in promise) RangeError: r\n    at -:2:16\n"),
    ("Promise.reject({ a: 1 }); 1", "", "Uncaught (in promise) { a: 1 }\n"),
  ])
  func uncaught(_ source: String, _ place: String, _ end: String) throws {
    let run = try ToolRun(["run", "-"], input: source)
    #expect(run.error.hasPrefix(place.replacing("-:", with: "[stdin]:")))
    #expect(run.error.hasSuffix(end.replacing("-:", with: "[stdin]:")))
    #expect(run.output == "")
    #expect(run.exitCode == 1)
  }

  @Test func caughtInTime() throws {
    let run = try eval("const p = Promise.reject(1); p.catch(() => print('caught')); 0")
    #expect(run.output == "caught\n0\n")
    #expect(run.exitCode == 0)
  }

  @Test(arguments: ["setInterval(() => {}, 10)", "setTimeout(() => {}, 1e8)", "setTimeout(() => { for (;;); }, 1)"])
  func timeout(_ source: String) throws {
    let run = try eval("--timeout", "300ms", "\(source); 1")
    #expect(run.error == "miniracer: timeout: the script ran longer than 300ms and was ended\n")
    #expect(run.exitCode == 1)
  }

  @Test(arguments: ["setTimeout(() => {}, 1e8); 1", "await new Promise(r => setTimeout(r, 1e8)); 1"])
  func interrupt(_ source: String) throws {
    let run = try ToolRun(["eval", source], interruptAfter: 1)
    #expect(run.error == "miniracer: interrupted\n")
    #expect(run.exitCode == 130)
  }

  @Test func nothingToWaitFor() throws {
    let run = try eval("await new Promise(() => {})")
    #expect(run.error == "miniracer: the script waits for a promise that nothing will settle\n")
    #expect(run.exitCode == 1)
  }
}
