internal import CMiniRacer

// Maps and Sets, by the engine and not by their methods: no JavaScript runs, whatever scripts have made of the prototypes.
// All of it waits while another thread is inside, and throws MiniRacerError.

/// A JavaScript Map, live. Keys are any values, compared as in JavaScript: `NaN` is itself, `0` is `-0`.
///
/// ```swift
/// let ages = try context.makeMap(["Ada": 36])
/// try ages[key: "Ada"]  // 36
/// for (name, age) in try ages.entries { ... }
/// ```
public final class JSMap: JSObject, @unchecked Sendable {
  /// The number of entries.
  public var count: Int {
    get throws { try collectionSize() }
  }

  /// The key's value; `undefined` where there is none.
  public subscript(key key: some ConvertibleToJSValue) -> JSValue {
    get throws { try value(forKey: key) }
  }

  /// The key's value; `undefined` where there is none.
  public func value(forKey key: some ConvertibleToJSValue) throws -> JSValue {
    let function = try need(context.functions.pointee.collection_get, "collection_get", context.functions)
    let (id, handle) = (context.id, self.handle)
    return try context.lowered(key) { key in
      try context.creating { result, record in function(id, handle, &key, &result, &record) }
    }
  }

  /// Sets the key's value. A new key comes last.
  public func setValue(_ value: some ConvertibleToJSValue, forKey key: some ConvertibleToJSValue) throws {
    try collectionSet(key, value.jsValue(in: context))
  }

  /// Whether there is such a key.
  public func contains(key: some ConvertibleToJSValue) throws -> Bool { try collectionHas(key) }

  /// Removes a key with its value; false where there was none.
  @discardableResult
  public func removeValue(forKey key: some ConvertibleToJSValue) throws -> Bool { try collectionDelete(key) }

  /// Removes everything.
  public func removeAll() throws { try collectionClear() }

  /// All entries as they are now, in their order.
  public var entries: [(key: JSValue, value: JSValue)] {
    get throws {
      let list = try collectionEntries()
      return stride(from: 0, to: list.count - 1, by: 2).map { (list[$0], list[$0 + 1]) }
    }
  }
}

/// A JavaScript Set, live. Its values are compared as in JavaScript: `NaN` is itself, `0` is `-0`.
public final class JSSet: JSObject, @unchecked Sendable {
  /// The number of values.
  public var count: Int {
    get throws { try collectionSize() }
  }

  /// Whether the value is in it.
  public func contains(_ value: some ConvertibleToJSValue) throws -> Bool { try collectionHas(value) }

  /// Adds a value. A new one comes last.
  public func insert(_ value: some ConvertibleToJSValue) throws { try collectionSet(value, nil) }

  /// Removes a value; false where it was not there.
  @discardableResult
  public func remove(_ value: some ConvertibleToJSValue) throws -> Bool { try collectionDelete(value) }

  /// Removes everything.
  public func removeAll() throws { try collectionClear() }

  /// All values as they are now, in their order.
  public var elements: [JSValue] {
    get throws { try collectionEntries() }
  }
}

extension JSContext {
  /// `new Map()` with these entries.
  public func makeMap(
    _ entries: KeyValuePairs<JSValue, any ConvertibleToJSValue> = [:]
  ) throws -> JSMap {
    let function = try need(functions.pointee.map_new, "map_new", functions)
    let map: JSMap = try made(creating { result, record in function(id, &result, &record) })
    for (key, value) in entries { try map.setValue(value.jsValue(in: self), forKey: key) }
    return map
  }

  /// `new Set()` with these values.
  public func makeSet(_ values: [any ConvertibleToJSValue] = []) throws -> JSSet {
    let function = try need(functions.pointee.set_new, "set_new", functions)
    let set: JSSet = try made(creating { result, record in function(id, &result, &record) })
    for value in values { try set.insert(value.jsValue(in: self)) }
    return set
  }

  /// Calls the body with a value as the ABI takes it, kept alive meanwhile.
  func lowered<R>(_ value: some ConvertibleToJSValue, _ body: (inout miniracer_value) throws -> R) throws -> R {
    let value = try value.jsValue(in: self)
    defer { withExtendedLifetime(value) {} }
    return try withRaw(value) { raw in
      var raw = raw
      return try body(&raw)
    }
  }

  /// A call that gives no value and cannot run JavaScript.
  func doing(_ body: (inout ErrorRecord) -> Int32) throws {
    var record: ErrorRecord = nil
    let status = body(&record)
    guard status == 0 else { throw failure(status, record) }
  }
}

extension JSObject {
  fileprivate final func collectionSize() throws -> Int {
    let function = try need(context.functions.pointee.collection_get_size, "collection_get_size", context.functions)
    var size: UInt32 = 0
    try context.doing { record in function(context.id, handle, &size, &record) }
    return Int(size)
  }

  fileprivate final func collectionSet(_ key: some ConvertibleToJSValue, _ value: JSValue?) throws {
    let function = try need(context.functions.pointee.collection_set, "collection_set", context.functions)
    let (id, handle) = (context.id, self.handle)
    try context.lowered(key) { key in
      guard let value else { return try context.doing { record in function(id, handle, &key, nil, &record) } }
      try context.lowered(value) { value in
        try context.doing { record in function(id, handle, &key, &value, &record) }
      }
    }
  }

  fileprivate final func collectionHas(_ key: some ConvertibleToJSValue) throws -> Bool {
    let function = try need(context.functions.pointee.collection_has, "collection_has", context.functions)
    let (id, handle) = (context.id, self.handle)
    var present: Int32 = 0
    try context.lowered(key) { key in
      try context.doing { record in function(id, handle, &key, &present, &record) }
    }
    return present != 0
  }

  fileprivate final func collectionDelete(_ key: some ConvertibleToJSValue) throws -> Bool {
    let function = try need(context.functions.pointee.collection_delete, "collection_delete", context.functions)
    let (id, handle) = (context.id, self.handle)
    var present: Int32 = 0
    try context.lowered(key) { key in
      try context.doing { record in function(id, handle, &key, &present, &record) }
    }
    return present != 0
  }

  fileprivate final func collectionClear() throws {
    let function = try need(context.functions.pointee.collection_clear, "collection_clear", context.functions)
    try context.doing { record in function(context.id, handle, &record) }
  }

  fileprivate final func collectionEntries() throws -> [JSValue] {
    let function = try need(context.functions.pointee.collection_entries, "collection_entries", context.functions)
    let free = try need(context.functions.pointee.values_free, "values_free", context.functions)
    var list: UnsafeMutablePointer<miniracer_value>?
    var count: UInt32 = 0
    try context.doing { record in function(context.id, handle, &list, &count, &record) }
    defer { free(list, count) }
    return (0..<Int(count)).map { context.take(&list![$0]) }
  }
}
