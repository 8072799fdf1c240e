import MiniRacer

/// Looks at values in a context without running guest code, for printing and for completion.
///
/// Make it before any guest code runs: its JavaScript half takes the built-ins that it needs at that moment.
final class Inspector: Sendable {
  struct Limits: Sendable {
    var depth = 2
    var items = 100
    var stringLength = 10_000
    var properties = 1_000
    /// In all: values looked at, and characters of text.
    var nodes = 20_000
    var text = 1_000_000
    var time = Duration.seconds(3)
  }

  private let context: JSContext
  private let describe: JSFunction
  private let complete: JSFunction
  private let addConsole: JSFunction

  init(context: JSContext) throws {
    self.context = context
    let kindOf = try context.makeFunction("kindOf") { (value: JSValue) -> Int in
      Int(value.object?.kind.rawValue ?? 0)
    }
    let setUp = try context.evaluate(ProbeSource.text, fileName: ProbeSource.fileName)
    guard let probe = try setUp.function?(kindOf).object,
      let describe = try probe.get("describe").function,
      let complete = try probe.get("complete").function,
      let addConsole = try probe.get("addConsole").function
    else { throw ProbeReader.Malformed() }
    self.describe = describe
    self.complete = complete
    self.addConsole = addConsole
  }

  /// Gives the guest a `console`, and `print`. The function gets a channel's name and what is to be written there.
  func addConsole(writer: JSFunction) throws { try addConsole(writer) }

  /// - Parameter settles: may run microtasks in order to learn what promises have come to. Not within a script, where that
  ///   would run the guest's own reactions too early.
  func nodes(
    for values: [JSValue], limits: Limits = Limits(), settles: Bool = false, cancellation: CancellationToken? = nil
  ) throws -> [InspectNode] {
    let objects = values.filter { $0.object != nil }
    var described: [InspectNode] = []
    if !objects.isEmpty {
      do {
        described = try describe(objects, limits, settles: settles, cancellation)
      } catch let error as MiniRacerError where error.code == .timeout {
        described = objects.map { _ in .note("too much to inspect in time") }
      }
    }
    var next = described.makeIterator()
    return values.map { InspectNode(primitive: $0) ?? next.next()! }
  }

  private func describe(
    _ objects: [JSValue], _ limits: Limits, settles: Bool, _ cancellation: CancellationToken?
  ) throws -> [InspectNode] {
    var text = try describe(objects, limits, isSettled: settles, cancellation)
    if settles, text.hasPrefix("+") {
      try context.virtualMachine.runMicrotasks(timeout: limits.time)
      text = try describe(objects, limits, isSettled: settles, cancellation)
    }
    var reader = ProbeReader(text)
    _ = try reader.readByte()
    let nodes = try reader.readValues()
    guard nodes.count == objects.count else { throw ProbeReader.Malformed() }
    return nodes
  }

  private func describe(
    _ objects: [JSValue], _ limits: Limits, isSettled: Bool, _ cancellation: CancellationToken?
  ) throws -> String {
    let numbers = [
      limits.depth, limits.items, limits.stringLength, limits.properties, limits.nodes, limits.text,
    ]
    let result = try describe.call(
      arguments: [.boolean(isSettled)] + numbers.map { JSValue($0) } + objects, timeout: limits.time,
      cancellation: cancellation)
    return result.string ?? ""
  }

  /// The names of properties that begin with a prefix, on the value that `path` leads to from `root`; no getter runs.
  func propertyNames(startingWith prefix: String, of root: JSValue, path: [String] = []) throws -> [String] {
    let arguments = [JSValue.string(prefix), root] + path.map { JSValue.string($0) }
    let text = try complete.call(arguments: arguments, timeout: .milliseconds(500)).string ?? ""
    var reader = ProbeReader(text)
    return try reader.readTexts().map(\.description)
  }
}

extension InspectNode {
  /// `nil` for objects.
  init?(primitive value: JSValue) {
    switch value {
    case .undefined: self = .undefined
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .number(let value): self = .number(NumberText.of(value))
    case .bigInt(let value): self = .bigInt("\(value)")
    case .string(let value): self = .string(value, hidden: 0)
    case .symbol(let symbol): self = .symbol(JSString("\(symbol)"))
    case .object: return nil
    }
  }
}
