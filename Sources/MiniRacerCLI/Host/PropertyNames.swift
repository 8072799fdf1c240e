import MiniRacer

/// The names of properties, for completion. Runs no guest code: calls no getter and stops at Proxies.
struct PropertyNames {
  /// Where the methods of primitive values are, by `typeof`.
  private let prototypes: [String: JSObject]
  private static let time = Duration.milliseconds(500)

  /// Before guest code runs in the context.
  init(of context: JSContext) throws {
    var prototypes: [String: JSObject] = [:]
    for (type, name) in [
      ("string", "String"), ("number", "Number"), ("boolean", "Boolean"), ("bigint", "BigInt"), ("symbol", "Symbol"),
    ] {
      prototypes[type] = try context.global.get(name, as: JSObject.self).get("prototype").object
    }
    self.prototypes = prototypes
  }

  /// Those that begin with a prefix, on the value that `path` leads to from `root`, those of prototypes included.
  func startingWith(_ prefix: String, of root: JSValue, path: [String] = []) throws -> [String] {
    var value = root
    for name in path {
      guard let next = try property(name, of: value) else { return [] }
      value = next
    }
    var names: [String] = []
    for object in try chain(of: value) {
      for case .name(let key) in try object.keys(.hidden, timeout: Self.time) {
        if let name = key.string, name.hasPrefix(prefix) { names.append(name) }
      }
    }
    return names
  }

  private func property(_ name: String, of value: JSValue) throws -> JSValue? {
    for object in try chain(of: value) {
      if let property = try object.ownProperty(name, timeout: Self.time) { return property.value }
    }
    return nil
  }

  /// The object and its prototypes.
  private func chain(of value: JSValue) throws -> [JSObject] {
    var chain: [JSObject] = []
    var object = value.object
    switch value {
    case .string: object = prototypes["string"]
    case .number: object = prototypes["number"]
    case .boolean: object = prototypes["boolean"]
    case .bigInt: object = prototypes["bigint"]
    case .symbol: object = prototypes["symbol"]
    default: break
    }
    while let next = object, next.kind != .proxy, chain.count < 100 {
      chain.append(next)
      object = try next.prototype
    }
    return chain
  }
}
