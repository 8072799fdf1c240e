import MiniRacer

/// The name in front of an object's braces: class, size, tag.
struct ObjectPrefix {
  /// "Foo", "Foo(2)", "Foo(2) [Map]", "Object: null prototype", ...
  let name: String

  init(_ object: InspectObject, fallback: String? = nil, size: Int? = nil) {
    let fallback = fallback ?? Self.builtInName(of: object)
    let sizeText = size.map { "(\($0))" } ?? ""
    guard let constructorName = object.constructorName else {
      let tag = object.tag.isEmpty || object.tag == fallback ? "" : " [\(Self.clean(object.tag))]"
      name = "\(fallback)\(sizeText): null prototype" + tag
      self.isNullPrototype = true
      return
    }
    isNullPrototype = false
    // A typed array's tag comes from a getter, which the probe leaves alone; its kind is the same text.
    let tag = object.kind == .typedArray ? object.base.description : object.tag
    let tagText = tag.isEmpty || tag == constructorName ? "" : " [\(Self.clean(tag))]"
    name = Self.clean(constructorName) + sizeText + tagText
  }

  let isNullPrototype: Bool

  /// What stands before the opening brace.
  var lead: String { isNullPrototype ? "[\(name)] " : name + " " }

  static func builtInName(of object: InspectObject) -> String {
    switch object.kind {
    case .array: "Array"
    case .map: "Map"
    case .set: "Set"
    case .weakMap: "WeakMap"
    case .weakSet: "WeakSet"
    case .weakRef: "WeakRef"
    case .promise: "Promise"
    case .arrayBuffer: "ArrayBuffer"
    case .sharedArrayBuffer: "SharedArrayBuffer"
    case .dataView: "DataView"
    case .typedArray: object.base.description
    case .error: "Error"
    case .date: "Date"
    case .regExp: "RegExp"
    case .function: "Function"
    default: "Object"
    }
  }

  private static func clean(_ text: String) -> String { Quoting.controlsEscaped(JSString(text)) }
}

/// How an object of a kind is put: what comes first, which braces, and what is left when there is nothing in it.
struct ObjectShape {
  var base = Fragment("")
  var open = "{"
  let close: String
  /// Laid out in columns when long.
  var isList = false
  /// Has something between its braces even without items and properties.
  var hasOwnEntries = false
  let whenEmpty: Fragment

  init(_ object: InspectObject, style: Style) {
    var close = "}"
    var empty: Fragment?
    switch object.kind {
    case .array:
      let isUsual = object.constructorName == "Array" && object.tag.isEmpty
      open = (isUsual ? "" : ObjectPrefix(object, size: object.size).lead) + "["
      (close, isList) = ("]", true)
    case .typedArray:
      open = ObjectPrefix(object, size: object.size).lead + "["
      (close, isList) = ("]", true)
    case .arguments:
      (open, close, isList) = ("[Arguments] [", "]", true)
    case .map, .set:
      open = ObjectPrefix(object, size: object.size).lead + "{"
    case .function:
      base = Self.function(object, style: style)
      empty = base
    case .regExp:
      base = Self.named(object, style(object.base.description, .regExp), plain: object.base.description)
      empty = base
    case .date:
      base = Self.named(object, style(object.base.description, .date), plain: object.base.description)
      empty = base
    case .error:
      base = Fragment(ErrorText.improved(object))
      empty = base
    case .boxed:
      base = Self.boxed(object, style: style)
      empty = base
    case .moduleNamespace:
      open = "[Module: null prototype] {"
    case .arrayBuffer, .sharedArrayBuffer, .promise, .weakMap, .weakSet, .weakRef, .dataView:
      open = ObjectPrefix(object).lead + "{"
      hasOwnEntries = object.kind != .weakRef
    default:
      let prefix = ObjectPrefix(object)
      open = prefix.name == "Object" ? "{" : prefix.lead + "{"
    }
    self.close = close
    whenEmpty = empty ?? Fragment(open + close)
  }

  /// A subclass of a built-in, or one without a prototype, says so before its text.
  private static func named(_ object: InspectObject, _ text: String, plain: String) -> Fragment {
    let prefix = ObjectPrefix(object)
    guard prefix.name != ObjectPrefix.builtInName(of: object) else { return Fragment(text: text, plain: plain) }
    return Fragment(prefix.lead) + Fragment(text: text, plain: plain)
  }

  private static func function(_ object: InspectObject, style: Style) -> Fragment {
    let base = Quoting.controlsEscaped(object.base)
    var text: String
    if base.hasPrefix("=") {
      let name = base.dropFirst()
      let types = ["AsyncFunction", "GeneratorFunction", "AsyncGeneratorFunction"]
      let type = object.constructorName.map { types.contains($0) ? $0 : "Function" } ?? "Function (null prototype)"
      text = "[\(type)" + (name.isEmpty ? " (anonymous)]" : ": \(name)]")
      if let constructorName = object.constructorName, constructorName != type { text += " \(constructorName)" }
    } else {
      text = "[\(base)]"
    }
    if !object.tag.isEmpty, object.tag != object.constructorName { text += " [\(object.tag)]" }
    return Fragment(text: style(text, .special), plain: text)
  }

  private static func boxed(_ object: InspectObject, style: Style) -> Fragment {
    let type = object.base.description
    var text = "[\(type)"
    if let constructorName = object.constructorName {
      if constructorName != type { text += " (\(constructorName))" }
    } else {
      text += " (null prototype)"
    }
    let primitive =
      if case .value(let node)? = object.items.first { InspectFormatter.format(node) } else { "" }
    text += ": \(primitive)]"
    let roles: [String: Style.Role] = [
      "Number": .number, "String": .string, "Boolean": .boolean, "BigInt": .bigInt, "Symbol": .symbol,
    ]
    return Fragment(text: style(text, roles[type] ?? .special), plain: text)
  }
}
