import MiniRacer

/// One case of the hostile suite, as Tests/hostile/README.md defines it: a script, the limits it runs under, and what may
/// become of it.
struct HostileCase: Sendable {
  let group: String
  let name: String
  /// The directives as they were written, checked.
  let directives: [String: String]
  let body: String

  /// Marks what the isolate is to be afterwards.
  enum After: String { case usable, dead, either, full }

  /// What is done with the value of the script.
  enum Action: String {
    case evaluate, call, construct, get, set, has, delete, keys, json, graph, inspect, keep, promise, turn, module
    case toString = "to_string"
  }

  var fullName: String { "\(group)/\(name)" }
  var why: String { directives["why"]! }
  var expected: [String] { directives["expect"]!.split(separator: " or ").map(String.init) }
  var after: After { directives["after"].flatMap(After.init) ?? .usable }
  var action: Action { directives["action"].flatMap(Action.init) ?? .evaluate }
  var options: Set<String> { Set(directives["options", default: ""].split(separator: " ").map(String.init)) }

  // MARK: Limits

  var configuration: JSVirtualMachine.Configuration {
    var configuration = JSVirtualMachine.Configuration.untrusted
    if directives["preset"] != "untrusted" {
      configuration = .trusted
      (configuration.timeout, configuration.memoryLimit) = (.seconds(1), 128 << 20)
    }
    func set<Value>(
      _ name: String, _ field: WritableKeyPath<JSVirtualMachine.Configuration, Value?>, _ read: (String) -> Value?
    ) {
      // "none" is none, and so is a number of 0.
      if let text = directives[name] { configuration[keyPath: field] = read(text) }
    }
    let count: (String) -> Int? = { Int($0).flatMap { $0 == 0 ? nil : $0 } }
    let size: (String) -> Int? = { Self.size($0).flatMap { $0 == 0 ? nil : $0 } }
    set("timeout", \.timeout, Self.time)
    set("cpu", \.cpuTime, Self.time)
    set("grace", \.grace, Self.time)
    set("memory", \.memoryLimit, size)
    set("heap", \.heapLimit, size)
    set("stack", \.stackLimit, size)
    set("handles", \.caps.handles, count)
    set("timers", \.caps.timers, count)
    set("modules", \.caps.modules, count)
    set("console", \.caps.consoleBytes, size)
    switch directives["clock"] {
    case nil: break
    case "frozen": configuration.clock = .frozen
    case let text?: configuration.clock = Self.time(text).map { .rounded(to: $0) } ?? .exact
    }
    let options = options
    configuration.explicitMicrotasks = options.contains("explicit_microtasks")
    configuration.eventLoop = options.contains("background_loop") ? .background : .host
    if options.contains("no_eval") { configuration.allowsEval = false }
    if options.contains("no_webassembly") { configuration.allowsWebAssembly = false }
    if options.contains("no_shared_memory") { configuration.allowsSharedMemory = false }
    return configuration
  }

  var engineOptions: EngineOptions {
    let options = options
    return EngineOptions(
      isSingleThreaded: options.contains("single_threaded"), isJITless: options.contains("jitless"),
      usesSignals: !options.contains("no_signals"))
  }

  /// The longest that a call may take.
  func longestCall(_ configuration: JSVirtualMachine.Configuration) -> Duration {
    (configuration.timeout ?? configuration.cpuTime ?? .seconds(1)) + grace(configuration) + .seconds(1)
  }

  /// The time after which its process is killed.
  var longestRun: Duration {
    let configuration = configuration
    return (configuration.timeout ?? .seconds(1)) + grace(configuration) + .seconds(20)
  }

  private func grace(_ configuration: JSVirtualMachine.Configuration) -> Duration {
    configuration.grace ?? .milliseconds(250)
  }

  // MARK: Values of directives

  /// "200ms", "1s".
  static func time(_ text: String) -> Duration? {
    if text.hasSuffix("ms") { return number(text.dropLast(2)).map { .milliseconds($0) } }
    return text.hasSuffix("s") ? number(text.dropLast()).map { .seconds($0) } : nil
  }

  /// "128MB" in bytes.
  static func size(_ text: String) -> Int? {
    for (unit, shift) in [("KB", 10), ("MB", 20), ("GB", 30), ("B", 0)] where text.hasSuffix(unit) {
      return number(text.dropLast(unit.count)).map { $0 << shift }
    }
    return nil
  }

  static func number(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, text.count < 10, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    return Int(text)
  }
}
