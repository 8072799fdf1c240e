/// An import that is to be resolved.
public struct JSImport: Sendable {
  /// What the import says: "./other.js".
  public let specifier: String
  /// The URL of the importing module or script; nil where there is none.
  public let referrer: String?
  /// The attributes: `with { type: 'json' }`.
  public let attributes: [String: String]
}

/// A module that is to be loaded.
public struct JSModuleRequest: Sendable {
  /// What the import of it was resolved to.
  public let url: String
  /// The attributes of that import: `["type": "css"]`.
  public let attributes: [String: String]
}

extension JSImport {
  /// As the library asks: `(specifier, referrer, attributes)`.
  init(_ call: JSCall) throws {
    try self.init(specifier: call.argument(0), referrer: call.argument(1), attributes: call.attributes(2))
  }
}

extension JSModuleRequest {
  /// As the library asks: `(url, attributes)`.
  init(_ call: JSCall) throws { try self.init(url: call.argument(0), attributes: call.attributes(1)) }
}

extension JSCall {
  fileprivate func attributes(_ index: Int) throws -> [String: String] {
    try self[index].isNullish ? [:] : self[index].decode([String: String].self)
  }
}
