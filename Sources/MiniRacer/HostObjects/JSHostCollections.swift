internal import Synchronization

/// A dictionary of Swift's that JavaScript sees as an object: reads and writes from both sides are of the same one.
///
/// Values of another type are refused, with a TypeError. No limit of the virtual machine's counts what scripts put into it:
/// one that is given to those of others needs a maximum. Any thread may use it.
public final class JSHostDictionary<Value: ConvertibleToJSValue & ConstructibleFromJSValue & Sendable>: JSHostObject {
  private let storage: Mutex<[String: Value]>
  private let maximumCount: Int

  /// One with these values.
  ///
  /// - Parameter maximumCount: a script that adds a value beyond so many gets a RangeError; nil: no maximum. Of large strings
  ///   and the like it bounds the number only. Swift may add as many as it likes.
  public init(_ values: [String: Value] = [:], maximumCount: Int? = nil) {
    storage = Mutex(values)
    self.maximumCount = maximumCount ?? .max
  }

  /// What is in it.
  public var values: [String: Value] {
    get { storage.withLock { $0 } }
    set { storage.withLock { $0 = newValue } }
  }

  /// A value; nil where there is none.
  public subscript(name: String) -> Value? {
    get { storage.withLock { $0[name] } }
    set { storage.withLock { $0[name] = newValue } }
  }

  /// "Object"
  public static var jsClassName: String { "Object" }

  /// The value, if there is one.
  public func jsGet(_ key: JSPropertyKey, in context: JSContext) throws -> JSValue? {
    guard let name = key.ownName else { return nil }
    return try self[name]?.jsValue(in: context)
  }

  /// Sets the value.
  public func jsSet(_ key: JSPropertyKey, _ value: JSValue, in context: JSContext) throws -> Bool {
    guard let name = key.ownName else { return false }
    let value = try hostValue(Value.self, value)
    return try storage.withLock { values in
      if values.count >= maximumCount, values[name] == nil { throw tooMany(maximumCount) }
      values[name] = value
      return true
    }
  }

  /// Whether there is such a value.
  public func jsHas(_ key: JSPropertyKey, in context: JSContext) -> Bool {
    key.ownName.map { self[$0] != nil } ?? false
  }

  /// Removes the value, which always works.
  public func jsDelete(_ key: JSPropertyKey, in context: JSContext) -> Bool {
    guard let name = key.ownName else { return true }
    self[name] = nil
    return true
  }

  /// All names, sorted.
  public func jsKeys(in context: JSContext) -> [JSPropertyKey] { values.keys.sorted().map { .name(JSString($0)) } }
}

/// An array of Swift's that JavaScript sees as a list with the methods of arrays: reads and writes from both sides are of the
/// same one.
///
/// Values of another type are refused, with a TypeError, and so are writes that would leave a gap. No limit of the virtual
/// machine's counts what scripts put into it: one that is given to those of others needs a maximum. Any thread may use it.
public final class JSHostArray<Element: ConvertibleToJSValue & ConstructibleFromJSValue & Sendable>: JSHostList {
  private let storage: Mutex<[Element]>
  private let maximumCount: Int

  /// One with these elements.
  ///
  /// - Parameter maximumCount: a script that appends an element beyond so many gets a RangeError; nil: no maximum. Of large
  ///   strings and the like it bounds the number only. Swift may append as many as it likes.
  public init(_ elements: [Element] = [], maximumCount: Int? = nil) {
    storage = Mutex(elements)
    self.maximumCount = maximumCount ?? .max
  }

  /// What is in it.
  public var elements: [Element] {
    get { storage.withLock { $0 } }
    set { storage.withLock { $0 = newValue } }
  }

  /// "Array"
  public static var jsClassName: String { "Array" }

  /// The number of elements.
  public var jsCount: Int { storage.withLock { $0.count } }

  /// An element.
  public func jsElement(at index: Int, in context: JSContext) throws -> JSValue {
    let element = storage.withLock { $0.indices.contains(index) ? $0[index] : nil }
    return try element?.jsValue(in: context) ?? .undefined
  }

  /// Changes an element, or appends one.
  public func jsSetElement(at index: Int, _ value: JSValue, in context: JSContext) throws -> Bool {
    let value = try hostValue(Element.self, value)
    return try storage.withLock { elements in
      if index < elements.count {
        elements[index] = value
      } else if index == elements.count {
        if index >= maximumCount { throw tooMany(maximumCount) }
        elements.append(value)
      } else {
        return false
      }
      return true
    }
  }

  /// Shortens it.
  public func jsSetCount(_ count: Int) -> Bool {
    storage.withLock { elements in
      guard count >= 0, count <= elements.count else { return false }
      elements.removeLast(elements.count - count)
      return true
    }
  }

  /// The last element may be deleted, as the methods of arrays do before they shorten it; others would leave a gap.
  public func jsDelete(_ key: JSPropertyKey, in context: JSContext) -> Bool {
    if case .index(let index) = key { return index >= jsCount - 1 }
    return true
  }
}

private func tooMany(_ maximum: Int) -> JSError {
  JSError(name: "RangeError", message: "no more than \(maximum) values can be in it")
}

private func hostValue<T: ConstructibleFromJSValue>(_ type: T.Type, _ value: JSValue) throws -> T {
  do {
    return try T.construct(from: value)
  } catch let error as JSConversionError {
    throw JSError(name: "TypeError", message: "\(error)")
  }
}

extension JSPropertyKey {
  /// The key as a name of a dictionary; nil for symbols.
  fileprivate var ownName: String? {
    switch self {
    case .name(let name): name.string
    case .index(let index): "\(index)"
    case .symbol: nil
    }
  }
}
