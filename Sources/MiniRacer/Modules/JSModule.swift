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
    let object = try context.makeObject()
    switch self {
    case .source(let text, let sourceMap):
      if sourceMap == nil { return .string(text) }
      try object.set("source", text)
      try object.set("type", "module")
      try object.set("sourceMap", sourceMap)
    case .json(let text):
      try object.set("source", text)
      try object.set("type", "json")
    case .exports(let values):
      let exports = try context.makeObject()
      // Defined and not set: a name may be any, "__proto__" too.
      for (name, value) in values {
        try exports.define(
          name,
          JSProperty(value: value.jsValue(in: context), isWritable: true, isEnumerable: true, isConfigurable: true))
      }
      try object.set("exports", exports)
    }
    return .object(object)
  }
}

/// An import that a loader is asked about.
public struct JSImport: Sendable {
  /// What the import says: "./other.js".
  public let specifier: String
  /// The URL of the importing module or script; nil where there is none.
  public let referrer: String?
  /// The attributes: `with { type: 'json' }`.
  public let attributes: [String: String]
}
