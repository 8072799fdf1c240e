import MiniRacer

/// Prints what the probe saw as Node's `util.inspect` does, to the same line breaks (its `compact: 3`, `breakLength: 80`).
struct InspectFormatter {
  private let style: Style
  private let breakLength: Int
  private let compact = 3
  private var indentation = 0
  /// The depth of the object formatted last: short ones are put on one line only near the leaves.
  private var currentDepth = 0
  /// Objects that contain themselves, numbered in the order in which that shows.
  private var references: [Int: Int] = [:]

  init(style: Style = .plain, breakLength: Int = 80) {
    self.style = style
    self.breakLength = breakLength
  }

  static func format(_ node: InspectNode, style: Style = .plain, breakLength: Int = 80) -> String {
    var formatter = InspectFormatter(style: style, breakLength: breakLength)
    return formatter.format(node, depth: 0).text
  }

  // MARK: - Values

  private mutating func format(_ node: InspectNode, depth: Int, isTyped: Bool = false) -> Fragment {
    switch node {
    case .undefined: return styled("undefined", .undefined)
    case .null: return styled("null", .null)
    case .boolean(let value): return styled(value ? "true" : "false", .boolean)
    case .number(let text): return styled(text, .number)
    case .bigInt(let text): return styled(text + "n", .bigInt)
    case .string(let text, let hidden): return string(text, hidden: hidden, isTop: depth == 0)
    case .symbol(let text): return styled(Quoting.controlsEscaped(text), .symbol)
    case .accessor(let accessor): return styled(accessor.rawValue, .special)
    case .empty(let count): return styled("<\(count) empty item\(count == 1 ? "" : "s")>", .undefined)
    case .uninitialized: return styled("<uninitialized>", .special)
    case .note(let text): return styled("<\(text)>", .special)
    case .circular(let id):
      let number = references[id] ?? references.count + 1
      references[id] = number
      return styled("[Circular *\(number)]", .special)
    case .object(let object): return format(object, depth: depth)
    }
  }

  private func styled(_ text: String, _ role: Style.Role) -> Fragment {
    Fragment(text: style(text, role), plain: text)
  }

  /// Long text is broken after its own line breaks, one literal per line.
  private func string(_ text: JSString, hidden: Int, isTop: Bool) -> Fragment {
    let newline = UInt16(UInt8(ascii: "\n"))
    let units = text.utf16
    var fragment: Fragment
    if !isTop, units.count > 16, units.count > breakLength - indentation - 4, units.contains(newline) {
      var lines: [Fragment] = []
      var start = 0
      for (index, unit) in units.enumerated() where unit == newline || index == units.count - 1 {
        lines.append(styled(Quoting.quoted(JSString(utf16: units[start...index])), .string))
        start = index + 1
      }
      fragment = Fragment.joined(lines, by: " +\n" + String(repeating: " ", count: indentation + 2))
    } else {
      fragment = styled(Quoting.quoted(text), .string)
    }
    if hidden > 0 { fragment += "... \(hidden) more character\(hidden == 1 ? "" : "s")" }
    return fragment
  }

  // MARK: - Objects

  private mutating func format(_ object: InspectObject, depth: Int) -> Fragment {
    if object.kind == .proxy {
      return styled(object.constructorName == "Function" ? "[Proxy (function)]" : "[Proxy]", .special)
    }
    if object.isBeyondDepth { return styled("[\(ObjectPrefix(object).name)]", .special) }
    var shape = ObjectShape(object, style: style)
    let hasItems = object.kind != .boxed && (!object.items.isEmpty || object.hiddenItems > 0)
    guard hasItems || !object.properties.isEmpty || object.hiddenProperties > 0 || shape.hasOwnEntries else {
      return indented(shape.whenEmpty, isError: object.kind == .error)
    }
    if object.kind == .error { shape.base = indented(shape.base, isError: true) }
    currentDepth = depth + 1
    var output = entries(of: object, shape: shape, depth: depth + 1)
    // An error's cause, which is not enumerable, comes last.
    for property in object.properties.filter(\.isEnumerable) + object.properties.filter({ !$0.isEnumerable }) {
      output.append(format(property, depth: depth + 1, isInList: shape.isList))
    }
    if object.hiddenProperties > 0 { output.append(more(object.hiddenProperties, "property", "properties")) }
    if let number = references[object.id] {
      let reference = styled("<ref *\(number)>", .special)
      shape.base = shape.base.isEmpty ? reference : reference + " " + shape.base
    }
    let numbers = shape.isList && object.items.allSatisfy(\.isNumeric) && object.properties.isEmpty
    return reduce(
      output, shape: shape, depth: depth + 1, alignsRight: numbers, endsWithMore: shape.isList && object.hiddenItems > 0
    )
  }

  /// What an object without contents is printed as; an error's stack keeps to the indentation around it.
  private func indented(_ fragment: Fragment, isError: Bool) -> Fragment {
    guard isError, indentation > 0, fragment.isMultiline else { return fragment }
    return fragment.replacingNewlines(by: "\n" + String(repeating: " ", count: indentation))
  }

  private mutating func entries(of object: InspectObject, shape: ObjectShape, depth: Int) -> [Fragment] {
    var output: [Fragment] = []
    switch object.kind {
    case .arrayBuffer, .sharedArrayBuffer:
      return bufferEntries(of: object)
    case .dataView:
      let values = [InspectNode.number("\(object.size)")] + object.items.values
      return nested(2) { formatter in
        zip(["byteLength", "byteOffset", "buffer"], values).map { name, item in
          Fragment("\(name): ") + formatter.format(item, depth: depth)
        }
      }
    case .promise:
      switch object.base.description {
      case "pending": return [styled("<pending>", .special)]
      case "unknown": return [styled("<state unknown>", .special)]
      case "rejected":
        return nested(2) { formatter in
          formatter.format(item: object.items.first, depth: depth).map {
            formatter.styled("<rejected>", .special) + " " + $0
          }
        }
      default: return nested(2) { formatter in formatter.format(item: object.items.first, depth: depth) }
      }
    case .weakMap, .weakSet:
      return [styled("<items unknown>", .special)]
    case .boxed:
      return []
    default:
      break
    }
    output += nested(2) { formatter in
      object.items.flatMap { formatter.format(item: $0, depth: depth) }
    }
    if object.hiddenItems > 0 { output.append(more(object.hiddenItems, "item", "items")) }
    return output
  }

  private mutating func format(item: InspectObject.Item?, depth: Int) -> [Fragment] {
    switch item {
    case .value(let node)?: [format(node, depth: depth)]
    case .pair(let key, let value)?: [format(key, depth: depth) + " => " + format(value, depth: depth)]
    case nil: []
    }
  }

  private mutating func bufferEntries(of object: InspectObject) -> [Fragment] {
    if object.isDetached { return [Fragment("(detached)"), Fragment("byteLength: ") + styled("0", .number)] }
    var bytes = object.items.values.map { node in
      guard case .number(let text) = node, let byte = UInt8(text) else { return "??" }
      return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined(separator: " ")
    if object.hiddenItems > 0 { bytes += " ... \(object.hiddenItems) more byte\(object.hiddenItems == 1 ? "" : "s")" }
    return [
      Fragment("[Uint8Contents]: <\(bytes)>"), Fragment("byteLength: ") + styled("\(object.size)", .number),
    ]
  }

  private mutating func format(_ property: InspectObject.Property, depth: Int, isInList: Bool) -> Fragment {
    var key: Fragment
    switch property.key {
    case .symbol(let text):
      key = Fragment("[") + styled(Quoting.controlsEscaped(text), .symbol) + "]"
    case .name(let text):
      let literal = Quoting.key(text)
      let isBare = !literal.utf8.first.map { [UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`")].contains($0) }!
      if property.isEnumerable {
        key = isBare ? Fragment(literal) : styled(literal, .string)
      } else {
        key = Fragment("[\(text.description)]")
      }
    }
    let value = nested(2) { formatter in formatter.format(property.value, depth: depth) }
    return key + ": " + value
  }

  private func more(_ count: Int, _ one: String, _ many: String) -> Fragment {
    Fragment("... \(count) more \(count == 1 ? one : many)")
  }

  private mutating func nested<R>(_ columns: Int, _ body: (inout Self) -> R) -> R {
    indentation += columns
    defer { indentation -= columns }
    return body(&self)
  }

  // MARK: - Lines

  private func reduce(
    _ entries: [Fragment], shape: ObjectShape, depth: Int, alignsRight: Bool, endsWithMore: Bool
  ) -> Fragment {
    var output = entries
    if shape.isList, entries.count > 6 {
      output =
        EntryGrid(
          entries: entries, breakLength: breakLength, indentation: indentation, maximumColumns: compact * 4,
          alignsRight: alignsRight, endsWithMore: endsWithMore
        ).lines
    }
    let prefix = shape.base.isEmpty ? Fragment(shape.open) : shape.base + " " + shape.open
    if currentDepth - depth < compact, entries.count == output.count {
      let start = output.count + indentation + shape.open.count + shape.base.width + 10
      let length = output.reduce(output.count + start) { $0 + $1.width }
      if length <= breakLength, !shape.base.isMultiline, !output.contains(where: \.isMultiline) {
        return prefix + " " + Fragment.joined(output, by: ", ") + " " + shape.close
      }
    }
    let line = "\n" + String(repeating: " ", count: indentation)
    return prefix + (line + "  ") + Fragment.joined(output, by: ",\(line)  ") + (line + shape.close)
  }
}

extension InspectObject.Item {
  fileprivate var isNumeric: Bool {
    switch self {
    case .value(.number), .value(.bigInt): true
    default: false
    }
  }
}

extension [InspectObject.Item] {
  fileprivate var values: [InspectNode] {
    compactMap { if case .value(let node) = $0 { node } else { nil } }
  }
}
