import MiniRacer
import Testing

@testable import MiniRacerCLI

struct LimitOptionTests {
  private func options(_ arguments: String...) throws -> HostOptions { try HostOptions.parse(arguments) }

  @Test func trusted() throws {
    #expect(try options().configuration == .init(eventLoop: .host))
    #expect(try options("--memory", "8").configuration == .init(heapLimit: 8 << 20, eventLoop: .host))
    #expect(try options("--cpu-time", "2").configuration.cpuTime == .seconds(2))
    // The timeout is one for all that a script does, and so not each run's.
    #expect(try options("--timeout", "2").configuration.timeout == nil)
  }

  @Test func untrusted() throws {
    let configuration = try options("--untrusted", "--memory", "64", "--timeout", "5s", "--clock", "frozen")
      .configuration
    #expect(configuration.memoryLimit == 64 << 20)
    #expect(configuration.timeout == .seconds(5))
    #expect(configuration.cpuTime == .seconds(1))
    #expect(configuration.clock == .frozen)
    #expect(!configuration.allowsEval && !configuration.allowsWebAssembly && !configuration.allowsSharedMemory)
  }

  @Test(
    arguments: [("exact", .exact), ("frozen", .frozen), ("5ms", .rounded(to: .milliseconds(5)))]
      as [(String, JSVirtualMachine.Clock)])
  func clock(_ text: String, _ clock: JSVirtualMachine.Clock) { #expect(ClockChoice(argument: text)?.clock == clock) }

  @Test func noClock() { #expect(ClockChoice(argument: "soon") == nil) }

  @Test func merged() throws {
    let merged = try options("--cpu-time", "2").merged(over: options("--untrusted", "--jitless", "--cpu-time", "1"))
    #expect(merged.untrusted && merged.jitless)
    #expect(merged.cpuTime?.text == "2s")
    #expect(merged.engineOptions.isJITless)
  }
}

@Suite(.enabled(if: ToolRun.hasLibrary))
struct ScriptLimitTests {
  @Test(arguments: [
    (["--timeout", "50ms"], "timeout: the script ran longer than 50ms and was ended"),
    (["--untrusted"], "timeout: the script ran longer than 1s and was ended"),
    (["--cpu-time", "50ms"], "processor time: the script took more than 50ms of it and was ended"),
    (["--untrusted", "--cpu-time", "50ms"], "processor time: the script took more than 50ms of it and was ended"),
  ])
  func loop(_ options: [String], _ message: String) throws {
    let run = try ToolRun(options + ["eval", "for (;;);"])
    #expect(run.error == "miniracer: \(message)\n")
    #expect(run.exitCode == 1)
  }

  @Test func processorTimeOfAllTurns() throws {
    let again = "(function again() { for (let end = Date.now() + 5; Date.now() < end;); setTimeout(again) })()"
    let run = try ToolRun(["--cpu-time", "100ms", "eval", again])
    #expect(run.error.hasPrefix("miniracer: processor time: "))
  }

  @Test func sleepIsFree() throws {
    let run = try eval("--cpu-time", "200ms", "new Promise((done) => setTimeout(done, 500, 'rested'))")
    #expect(run.output == "Promise { 'rested' }\n")
  }

  @Test(arguments: [
    (
      ["--untrusted"], "[typeof WebAssembly, typeof SharedArrayBuffer, typeof Atomics].join()",
      "undefined,undefined,undefined"
    ),
    (["--untrusted"], "try { eval('1') } catch (error) { error.name }", "EvalError"),
    (["--jitless"], "typeof WebAssembly", "undefined"),
    (["--clock", "frozen"], "const now = Date.now(); let n = 0; while (n < 1e6) n++; Date.now() - now", "0"),
    (["--clock", "1s"], "Date.now() % 1000", "0"),
  ])
  func switches(_ options: [String], _ source: String, _ output: String) throws {
    let run = try ToolRun(options + ["eval", source])
    #expect(run.output == output + "\n")
    #expect(run.error == "")
  }

  @Test("--memory holds for buffers too") func memory() throws {
    let run = try eval("--memory", "32", "const all = []; for (;;) all.push(new Uint8Array(1 << 20).fill(1))")
    #expect(run.exitCode == 1)
    #expect(run.error.contains("out of memory: the script needed more than 32MB") || run.error.contains("RangeError"))
  }
}
