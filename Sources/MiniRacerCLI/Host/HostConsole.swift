import MiniRacer
import Synchronization

/// `console` and `print`, which the engine does not have: `log`, `info`, `debug` and `dir` write to standard output, `warn`
/// and `error` to standard error.
final class HostConsole: Sendable {
  private let inspector: Inspector
  private let styles: (output: Style, error: Style)
  private let groupDepth = Mutex(0)

  init(inspector: Inspector, context: JSContext, outputStyle: Style, errorStyle: Style) throws {
    self.inspector = inspector
    styles = (outputStyle, errorStyle)
    let writer = try context.makeFunction("write", arguments: { [self] call in try write(call) })
    try inspector.addConsole(writer: writer)
  }

  private func write(_ call: JSCall) throws {
    let arguments = Array(call.arguments.dropFirst())
    switch call[0].string {
    case "error": try line(arguments, in: call.context, isError: true)
    case "assert":
      if Self.isTruthy(arguments.first ?? .undefined) { return }
      var rest = Array(arguments.dropFirst())
      if case .string(let text)? = rest.first {
        rest[0] = .string("Assertion failed: \(text)")
      } else {
        rest.insert(.string(rest.isEmpty ? "Assertion failed" : "Assertion failed:"), at: 0)
      }
      try line(rest, in: call.context, isError: true)
    case "group":
      if !arguments.isEmpty { try line(arguments, in: call.context) }
      groupDepth.withLock { $0 += 1 }
    case "groupEnd": groupDepth.withLock { $0 = max($0 - 1, 0) }
    default: try line(arguments, in: call.context)
    }
  }

  private func line(_ values: [JSValue], in context: JSContext, isError: Bool = false) throws {
    let format = ConsoleFormat(
      style: isError ? styles.error : styles.output,
      inspect: { [inspector] values, depth in
        var limits = Inspector.Limits()
        limits.depth = depth
        return try inspector.nodes(for: values, limits: limits)
      },
      stringifyJSON: { try context.stringifyJSON($0) })
    var text = try format.text(of: values) + "\n"
    let depth = groupDepth.withLock { $0 }
    if depth > 0 {
      let indentation = String(repeating: "  ", count: min(depth, 40))
      text = text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
        .map { indentation + $0 + "\n" }.joined()
    }
    if isError { Output.writeError(text) } else { Output.write(text) }
  }

  private static func isTruthy(_ value: JSValue) -> Bool {
    switch value {
    case .undefined, .null: false
    case .boolean(let value): value
    case .number(let value): value != 0 && !value.isNaN
    case .string(let value): value != ""
    case .bigInt(let value): "\(value)" != "0"
    case .symbol, .object: true
    }
  }
}
