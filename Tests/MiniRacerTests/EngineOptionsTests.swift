import MiniRacer
import Testing

@Suite("Engine options")
struct EngineOptionsTests {
  @Test("V8's flags cannot change once it runs, and its own words are kept")
  func engineFlags() throws {
    let library = try MiniRacerLibrary.load()
    try library.start()
    let late = try #require(throws: MiniRacerError.self) { try library.start(EngineOptions(v8Flags: ["--jitless"])) }
    #expect(late.code == .tooLate)
    let unknown = try #require(throws: MiniRacerError.self) {
      try library.start(EngineOptions(v8Flags: ["--no-such-flag-at-all"]))
    }
    #expect([.unknownFlag, .tooLate].contains(unknown.code))
  }

  @Test(
    "no compiler and no signal, where the engine starts with them",
    arguments: [
      ["jitless"], ["no-signals"], ["jitless", "no-signals"],
    ])
  func atStart(options: [String]) throws {
    let child = try Child(Child.built("LoaderProbe"), ["typeof WebAssembly"] + options)
    #expect(child.lines.first == (options.contains("jitless") ? "undefined" : "object"))
    #expect(child.exitCode == 0)
  }

  @Test("an older binary is asked for neither")
  func older() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("libminiracer.so")
    try StandIn(abiVersion: 2).build(path)
    let library = try MiniRacerLibrary.load(at: path)
    let jitless = try #require(throws: MiniRacerError.self) { try library.start(EngineOptions(isJITless: true)) }
    #expect(jitless == MiniRacerError(.notSupported, "isJITless is not supported by this binary (ABI 2, needs 3)"))
    let signals = try #require(throws: MiniRacerError.self) { try library.start(EngineOptions(usesSignals: false)) }
    #expect(signals.code == .notSupported)
    #expect(throws: MiniRacerError.self) { try library.processStatistics }
  }
}
