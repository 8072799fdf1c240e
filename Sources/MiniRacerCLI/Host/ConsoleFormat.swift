import MiniRacer

/// What `console.log` makes of its arguments: text as it is, everything else as inspect shows it, and the placeholders of
/// the WHATWG Console Standard (`%s %d %i %f %j %o %O %c %%`) where the first argument is text.
struct ConsoleFormat {
  let style: Style
  /// Looks at objects, to a depth.
  let inspect: ([JSValue], Int) throws -> [InspectNode]
  let stringifyJSON: (JSValue) throws -> String?

  private static let depth = 2

  func text(of arguments: [JSValue]) throws -> String {
    guard case .string(let first)? = arguments.first, arguments.count > 1,
      first.utf16.contains(UInt16(UInt8(ascii: "%")))
    else { return try joined(arguments) }
    var rest = arguments.dropFirst()
    let head = try substituted(first.description, &rest)
    return rest.isEmpty ? head : head + " " + (try joined(Array(rest)))
  }

  private func joined(_ values: [JSValue]) throws -> String {
    let nodes = try inspect(values, Self.depth)
    return zip(values, nodes).map { value, node in
      if case .string(let text) = value { text.description } else { InspectFormatter.format(node, style: style) }
    }.joined(separator: " ")
  }

  private func substituted(_ format: String, _ arguments: inout ArraySlice<JSValue>) throws -> String {
    var result = ""
    var isPlaceholder = false
    for character in format {
      if !isPlaceholder {
        if character == "%" { isPlaceholder = true } else { result.append(character) }
        continue
      }
      isPlaceholder = false
      if character == "%" {
        result += "%"
      } else if "sdifjoOc".contains(character), let argument = arguments.popFirst() {
        result += try shown(argument, as: character)
      } else {
        result += "%\(character)"
      }
    }
    return isPlaceholder ? result + "%" : result
  }

  private func shown(_ value: JSValue, as placeholder: Character) throws -> String {
    switch placeholder {
    case "c": return ""
    case "j": return try stringifyJSON(value) ?? "undefined"
    case "d": return number(value, { $0 })
    case "i": return number(value, { $0.rounded(.towardZero) })
    case "f": return number(value, { $0 })
    case "s":
      if case .string(let text) = value { return text.description }
      return InspectFormatter.format(try inspect([value], 0)[0])
    default: return InspectFormatter.format(try inspect([value], placeholder == "o" ? 4 : Self.depth)[0], style: style)
    }
  }

  private func number(_ value: JSValue, _ body: (Double) -> Double) -> String {
    switch value {
    case .number(let number): NumberText.of(body(number))
    case .bigInt(let number): "\(number)n"
    case .boolean(let value): value ? "1" : "0"
    case .null: "0"
    case .string(let text): NumberText.of(body(Double(text.description) ?? .nan))
    case .undefined, .symbol, .object: "NaN"
    }
  }
}
