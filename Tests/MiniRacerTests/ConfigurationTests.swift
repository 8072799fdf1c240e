import CMiniRacer
import Foundation
import MiniRacer
import Testing

@Suite("Configuration", .timeLimit(.minutes(2)))
struct ConfigurationTests {
  typealias Configuration = JSVirtualMachine.Configuration
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The isolate options that a configuration becomes, as a stand-in for a binary gets them.
  private func words(_ configuration: Configuration, abiVersion: UInt32 = 3) throws -> [String: UInt64] {
    let path = folder.path("libminiracer.so")
    try StandIn(abiVersion: abiVersion, reflectsOptions: true).build(path)
    let context = try JSContext(configuration, library: MiniRacerLibrary.load(at: path))
    var words: [String: UInt64] = [:]
    for (name, index) in Self.places {
      let number = try #require(try context.evaluate("\(index)").number)
      words[name] = number == 0x1p64 ? UInt64.max : UInt64(number)
    }
    return words
  }

  /// Where a field begins, in words of eight bytes and halves of them.
  private static let places: [String: Double] = {
    func place<Field>(_ field: KeyPath<miniracer_isolate_options, Field>) -> Double {
      Double(MemoryLayout<miniracer_isolate_options>.offset(of: field)!) / 8
        + (MemoryLayout<Field>.size == 4 ? 1000 : 0)
    }
    return [
      "flags": place(\.flags), "heap": place(\.heap_limit), "timeout": place(\.timeout), "stack": place(\.stack_limit),
      "cpu": place(\.cpu_time), "memory": place(\.memory_limit), "warning": place(\.memory_warning),
      "grace": place(\.grace), "clock": place(\.clock_resolution), "handles": place(\.maximum_handles),
      "timers": place(\.maximum_timers), "modules": place(\.maximum_modules), "promises": place(\.maximum_promises),
      "console": place(\.maximum_console),
    ]
  }()

  @Test("what each becomes for the binary")
  func options() throws {
    let all = Configuration(
      heapLimit: 5 << 20, timeout: .seconds(2), stackLimit: 6, explicitMicrotasks: true, cpuTime: .milliseconds(3),
      memoryLimit: 7 << 20, memoryWarning: 8, grace: .microseconds(9), clock: .rounded(to: .milliseconds(10)),
      allowsEval: false, allowsWebAssembly: false, allowsSharedMemory: false,
      caps: .init(handles: 11, timers: 12, modules: 13, promises: 14, consoleBytes: 15))
    #expect(
      try words(all) == [
        "flags": 1 | 4 | 8 | 16, "heap": 5 << 20, "timeout": 2_000_000_000, "stack": 6, "cpu": 3_000_000,
        "memory": 7 << 20, "warning": 8, "grace": 9000, "clock": 10_000_000, "handles": 11, "timers": 12,
        "modules": 13, "promises": 14, "console": 15,
      ])
  }

  @Test("nothing asked for is all zero, but for the event loop")
  func defaults() throws {
    #expect(try words(.trusted).filter { $0.value != 0 } == ["flags": UInt64(MINIRACER_ISOLATE_BACKGROUND_LOOP)])
    #expect(Configuration() == .trusted)
  }

  @Test("what never comes, and a clock that stands still")
  func extremes() throws {
    let words = try words(.init(timeout: .unlimited, cpuTime: .unlimited, grace: .unlimited, clock: .frozen))
    #expect(words["timeout"] == 0)
    #expect(words["cpu"] == 0)
    #expect(words["grace"] == .max)
    #expect(words["clock"] == .max)
  }

  @Test("the presets are the binary's")
  func presets() throws {
    typealias Preset = @convention(c) (UInt32, UnsafeMutablePointer<miniracer_isolate_options>) -> Int32
    let handle = try #require(dlopen(MiniRacerLibrary.load().path, RTLD_NOW))
    let preset = unsafeBitCast(dlsym(handle, "miniracer_isolate_options_preset"), to: Preset.self)
    var raw = miniracer_isolate_options()
    raw.struct_size = UInt32(MemoryLayout<miniracer_isolate_options>.size)
    #expect(preset(UInt32(MINIRACER_PRESET_UNTRUSTED), &raw) == 0)
    var untrusted = Configuration.untrusted
    untrusted.eventLoop = .host
    #expect(
      try words(untrusted) == [
        "flags": UInt64(raw.flags), "heap": raw.heap_limit, "timeout": raw.timeout, "stack": raw.stack_limit,
        "cpu": raw.cpu_time, "memory": raw.memory_limit, "warning": raw.memory_warning, "grace": raw.grace,
        "clock": raw.clock_resolution, "handles": UInt64(raw.maximum_handles), "timers": UInt64(raw.maximum_timers),
        "modules": UInt64(raw.maximum_modules), "promises": UInt64(raw.maximum_promises),
        "console": raw.maximum_console,
      ])
  }

  @Test("a preset is changed before it is used")
  func changed() throws {
    var configuration = Configuration.untrusted
    configuration.timeout = .seconds(5)
    configuration.memoryLimit = nil
    configuration.allowsEval = true
    let words = try words(configuration)
    #expect(words["timeout"] == 5_000_000_000)
    #expect(words["memory"] == 0)
    #expect(words["flags"] == UInt64(2 | 8 | 16))
    #expect(words["timers"] == 1000)
  }

  @Test("what cannot be configured")
  func badConfiguration() throws {
    for configuration in [
      Configuration(heapLimit: -1), Configuration(heapLimit: 0),
      Configuration(stackLimit: -5),
      Configuration(memoryLimit: 0), Configuration(memoryLimit: 1), Configuration(memoryWarning: -1),
      Configuration(clock: .rounded(to: .zero)), Configuration(caps: .init(handles: 0)),
      Configuration(caps: .init(timers: -1)), Configuration(caps: .init(modules: 1 << 32)),
      Configuration(caps: .init(consoleBytes: 0)),
    ] {
      #expect(try #require(throws: MiniRacerError.self) { try JSContext(configuration) }.code == .invalidArgument)
    }
  }

  @Test(
    "an older binary is refused by the name of what it cannot do",
    arguments: [
      (Configuration(cpuTime: .seconds(1)), "cpuTime"), (Configuration(memoryLimit: 8 << 20), "memoryLimit"),
      (Configuration(memoryWarning: 8 << 20), "memoryWarning"), (Configuration(grace: .seconds(1)), "grace"),
      (Configuration(clock: .frozen), "clock"), (Configuration(allowsEval: false), "allowsEval: false"),
      (Configuration(allowsWebAssembly: false), "allowsWebAssembly: false"),
      (Configuration(allowsSharedMemory: false), "allowsSharedMemory: false"),
      (Configuration(caps: .init(timers: 1)), "caps"), (.untrusted, "cpuTime"),
    ])
  func older(configuration: Configuration, name: String) throws {
    let error = try #require(throws: MiniRacerError.self) { try words(configuration, abiVersion: 2) }
    #expect(error == MiniRacerError(.notSupported, "\(name) is not supported by this binary (ABI 2, needs 3)"))
  }

  @Test("what an older binary can do it does, and a run's processor time it cannot")
  func olderRuns() throws {
    let path = folder.path("libminiracer.so")
    try StandIn(abiVersion: 2).build(path)
    let library = try MiniRacerLibrary.load(at: path)
    let context = try JSContext(.init(heapLimit: 64 << 20, timeout: .seconds(1)), library: library)
    #expect(try context.evaluate("1", timeout: .seconds(1)) == 42)
    let run = try #require(throws: MiniRacerError.self) { try context.evaluate("1", cpuTime: .seconds(1)) }
    #expect(run == MiniRacerError(.notSupported, "cpuTime is not supported by this binary (ABI 2, needs 3)"))
    let handler = try #require(throws: MiniRacerError.self) { try JSContext(library: library, eventHandler: { _ in }) }
    #expect(handler.code == .notSupported)
  }
}
