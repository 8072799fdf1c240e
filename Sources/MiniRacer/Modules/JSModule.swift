/// What a module is, as a loader gives it.
public enum JSModule: Sendable {
  /// The source text of an ES module.
  case source(String, sourceMap: String? = nil)
  /// The text of a JSON module, whose default export is the value.
  case json(String)
  /// A module of the host's: each is an export, `default` included.
  case exports([String: any ConvertibleToJSValue & Sendable])
}

extension JSModule: ConvertibleToJSValue {
  /// As the library takes it from a loader.
  public func jsValue(in context: JSContext) throws -> JSValue {
    switch self {
    case .source(let text, nil): return .string(text)
    case .source(let text, let sourceMap?):
      return try .object(context.makeObject(["source": text, "type": "module", "sourceMap": sourceMap]))
    case .json(let text): return try .object(context.makeObject(["source": text, "type": "json"]))
    case .exports(let values):
      let exports = try context.makeObject()
      for (name, value) in values { try exports.add(name, value) }
      return try .object(context.makeObject(["exports": exports]))
    }
  }
}
