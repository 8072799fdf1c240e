import Logging
import MiniRacer
import MiniRacerLogging
import Synchronization
import Testing

@Suite("What a context may have beyond ECMAScript")
struct WebTests {
  @Test("timers by default, and nothing more")
  func globals() throws {
    let names = "['setTimeout', 'URL', 'structuredClone'].map(n => typeof globalThis[n]).join()"
    #expect(try JSContext().evaluate(names) == "function,undefined,undefined")
    #expect(try JSContext(globals: []).evaluate(names) == "undefined,undefined,undefined")
    let web = try JSContext(globals: [.timers, .web])
    #expect(try web.evaluate(names) == "function,function,function")
    #expect(try web.evaluate("new URL('b?x=1', 'https://example.org/a/').href") == "https://example.org/a/b?x=1")
    #expect(try JSContext(virtualMachine: web.virtualMachine, globals: .web).evaluate("typeof URL") == "function")
  }

  @Test("console")
  func console() throws {
    let seen = Mutex<[JSConsole.Message]>([])
    let context = try JSContext(console: JSConsole { message in seen.withLock { $0.append(message) } })
    try context.evaluate(
      """
      console.log('%d of %s', 1, 'two', [3]); console.warn('w'); console.error({ a: 1 }); console.debug('d')
      console.group('g'); console.info('inside'); console.groupEnd(); console.assert(false, 'no')
      """)
    #expect(
      seen.withLock { $0 } == [
        .init(severity: .info, method: "log", text: "1 of two [ 3 ]"),
        .init(severity: .warning, method: "warn", text: "w"),
        .init(severity: .error, method: "error", text: "{ a: 1 }"), .init(severity: .debug, method: "debug", text: "d"),
        .init(severity: .info, method: "group", text: "g"), .init(severity: .info, method: "info", text: "  inside"),
        .init(severity: .error, method: "assert", text: "Assertion failed: no"),
      ])
    #expect(JSConsole.Severity.debug < .error)
    #expect(try JSContext().evaluate("console.log('nobody')") == .undefined)
  }

  /// Keeps what it is told.
  struct KeepingHandler: LogHandler {
    let kept: Kept
    final class Kept: Sendable { let lines = Mutex<[String]>([]) }
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {
      kept.lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata?["method"] ?? "")") }
    }
  }

  @Test("console to a Logger")
  func logger() throws {
    let kept = KeepingHandler.Kept()
    let context = try JSContext(console: .logger(Logger(label: "scripts") { _ in KeepingHandler(kept: kept) }))
    try context.evaluate("console.log('a', 1); console.warn('b'); console.error('c'); console.debug('d')")
    #expect(kept.lines.withLock { $0 } == ["info a 1 log", "warning b warn", "error c error", "debug d debug"])
  }

  /// (module
  ///   (import "host" "note" (func $note (param i32)))
  ///   (memory (export "memory") 1)
  ///   (func (export "add") (param i32 i32) (result i32)
  ///     local.get 0 local.get 1 i32.add call $note
  ///     i32.const 0 local.get 0 i32.store8
  ///     local.get 0 local.get 1 i32.add))
  static let module: [UInt8] = [
    0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00,
    0x01, 0x0B, 0x02, 0x60, 0x01, 0x7F, 0x00, 0x60, 0x02, 0x7F, 0x7F, 0x01, 0x7F,
    0x02, 0x0D, 0x01, 0x04, 0x68, 0x6F, 0x73, 0x74, 0x04, 0x6E, 0x6F, 0x74, 0x65, 0x00, 0x00,
    0x03, 0x02, 0x01, 0x01,
    0x05, 0x03, 0x01, 0x00, 0x01,
    0x07, 0x10, 0x02, 0x06, 0x6D, 0x65, 0x6D, 0x6F, 0x72, 0x79, 0x02, 0x00, 0x03, 0x61, 0x64, 0x64, 0x00, 0x01,
    0x0A, 0x17, 0x01, 0x15, 0x00, 0x20, 0x00, 0x20, 0x01, 0x6A, 0x10, 0x00, 0x41, 0x00, 0x20, 0x00, 0x3A, 0x00,
    0x00, 0x20, 0x00, 0x20, 0x01, 0x6A, 0x0B,
  ]

  @Test("WebAssembly with imports and memory")
  func webAssembly() async throws {
    let context = try JSContext()
    let noted = Mutex<[Int]>([])
    let note = try context.makeFunction("note") { (number: Int) in noted.withLock { $0.append(number) } }
    let instance = try context.instantiateWebAssembly(Self.module, imports: ["host": ["note": note]])
    #expect(try instance.exports.add(40, 2) == 42)
    #expect(noted.withLock { $0 } == [42])
    #expect(try instance.memory?.withUnsafeBytes { $0[0] } == 40)
    #expect(try instance.memory("nothing") == nil)
    let later = try await context.instantiateWebAssemblyAsync(Self.module, imports: ["host": ["note": note]])
    #expect(try later.exports.add(1, 2) == 3)
    #expect(try #require(throws: JSError.self) { try context.instantiateWebAssembly([1]) }.name == "CompileError")
    #expect(throws: JSError.self) { try context.instantiateWebAssembly(Self.module) }
    // No setter of the guest's comes by the imports, and the timeout is that of all of it.
    try context.evaluate(
      "Object.defineProperty(Object.prototype, 'host', { set(value) { this.taken = value }, configurable: true })")
    #expect(
      try context.instantiateWebAssembly(Self.module, imports: ["host": ["note": note]]).exports.add(3, 4) == 7)
    try context.evaluate(
      """
      WebAssembly = {
        get Module() { const end = Date.now() + 500; while (Date.now() < end); return Array },
        Instance: Array,
      }
      """)
    #expect(
      try #require(throws: MiniRacerError.self) {
        try context.instantiateWebAssembly(Self.module, timeout: .milliseconds(20))
      }.code == .timeout)
  }

  @Test("WebAssembly in the background: the task's cancellation and the limits are those of the guest's code in it")
  func webAssemblyLimits() async throws {
    let context = try JSContext()
    let empty: [UInt8] = [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]
    let spin = "get() { for (;;); }, configurable: true"
    for source in [
      "Object.defineProperty(globalThis, 'WebAssembly', { \(spin) })",
      "WebAssembly.instantiate = async () => ({ instance: Object.defineProperty({}, 'exports', { \(spin) }) })",
    ] {
      let context = try JSContext()
      try context.evaluate(source)
      let task = Task { try await context.instantiateWebAssemblyAsync(empty) }
      try await Task.sleep(for: .milliseconds(50))
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      for (timeout, cpuTime, code) in [
        (Duration.milliseconds(50), nil, .timeout), (nil, .milliseconds(50), .cpuTime),
      ] as [(Duration?, Duration?, MiniRacerError.Code)] {
        let error = await #expect(throws: MiniRacerError.self) {
          try await context.instantiateWebAssemblyAsync(empty, timeout: timeout, cpuTime: cpuTime)
        }
        #expect(error?.code == code)
      }
    }
    #expect(try await context.instantiateWebAssemblyAsync(empty, timeout: .seconds(20)).exports.keys() == [])
  }

  @Test("source maps: errors show where in the sources it was")
  func sourceMaps() throws {
    let context = try JSContext()
    // One line of out.js is the third line of in.ts.
    let map = #"{"version":3,"sources":["in.ts"],"names":[],"mappings":"AAEA"}"#
    let error = try #require(throws: JSError.self) {
      try context.evaluate("throw new Error('x')", fileName: "out.js", sourceMap: map)
    }
    #expect(error.fileName == "in.ts")
    #expect(error.line == 3)
    #expect(error.frames.first?.fileName == "in.ts")
  }
}
