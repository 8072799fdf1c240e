/// A Swift class whose instances JavaScript sees as objects.
///
/// An instance is one object in JavaScript, `===` to itself, as long as scripts can reach it, and comes back as the same
/// instance. JavaScript keeps it alive. What it has, it says by ``jsMembers``, or by the functions that are asked for each
/// key, or by both:
///
/// ```swift
/// final class Counter: JSHostObject {
///   private let n = Mutex(0)
///   static let jsMembers: [JSMember<Counter>] = [
///     .property("count") { counter in counter.n.withLock { $0 } },
///     .method("add") { (counter, by: Int) in counter.n.withLock { $0 += by } },
///   ]
/// }
/// try context.global.set("counter", Counter())
/// try context.evaluate("counter.add(2); counter.count")  // 2
/// ```
///
/// It is a value like any other: `context.makeFunction("f") { (counter: Counter) in ... }` takes one as an argument. The
/// functions run on the thread that runs the JavaScript; what they throw is thrown there as a host function's error is.
public protocol JSHostObject: AnyObject, Sendable, ConvertibleToJSValue, ConstructibleFromJSValue {
  /// What `Object.prototype.toString` shows: by default the type's name.
  static var jsClassName: String { get }

  /// Properties and methods of all instances, which they inherit from one prototype. By default none. It is read once for
  /// each context, as the first instance comes to it.
  static var jsMembers: [JSMember<Self>] { get }

  /// `object[key]`; nil where there is no such property, and then the members are looked at. By default nil.
  func jsGet(_ key: JSPropertyKey, in context: JSContext) throws -> JSValue?

  /// `object[key] = value`; false where it is not for this function: then a member's setter is called, and without one the
  /// write is a TypeError. By default false.
  func jsSet(_ key: JSPropertyKey, _ value: JSValue, in context: JSContext) throws -> Bool

  /// `key in object`, members not counted. By default: whether ``jsGet(_:in:)`` gives a value.
  func jsHas(_ key: JSPropertyKey, in context: JSContext) throws -> Bool

  /// `delete object[key]`; false where it cannot be deleted. By default false.
  func jsDelete(_ key: JSPropertyKey, in context: JSContext) throws -> Bool

  /// The keys that loops and `Object.keys` show: names and indices. By default none.
  func jsKeys(in context: JSContext) throws -> [JSPropertyKey]
}

/// A Swift class whose instances JavaScript can call as functions.
public protocol JSCallableHostObject: JSHostObject {
  /// `object(...arguments)`
  func jsCall(_ call: JSCall) throws -> any ConvertibleToJSValue

  /// `new object(...arguments)`. By default a TypeError.
  func jsConstruct(_ call: JSCall) throws -> JSObject
}

/// A Swift class whose instances are lists in JavaScript: they have a `length`, indices and the methods of arrays.
public protocol JSHostList: JSHostObject {
  /// `list.length`
  var jsCount: Int { get }
  /// `list[index]`, of an index below the count.
  func jsElement(at index: Int, in context: JSContext) throws -> JSValue
  /// `list[index] = value`, of any index; false to refuse. By default false.
  func jsSetElement(at index: Int, _ value: JSValue, in context: JSContext) throws -> Bool
  /// `list.length = count`; false to refuse. By default false.
  func jsSetCount(_ count: Int) throws -> Bool
}

extension JSHostObject {
  public static var jsClassName: String { "\(Self.self)" }
  public static var jsMembers: [JSMember<Self>] { [] }
  public func jsGet(_ key: JSPropertyKey, in context: JSContext) throws -> JSValue? { nil }
  public func jsSet(_ key: JSPropertyKey, _ value: JSValue, in context: JSContext) throws -> Bool { false }
  public func jsHas(_ key: JSPropertyKey, in context: JSContext) throws -> Bool { try jsGet(key, in: context) != nil }
  public func jsDelete(_ key: JSPropertyKey, in context: JSContext) throws -> Bool { false }
  public func jsKeys(in context: JSContext) throws -> [JSPropertyKey] { [] }

  /// The object that JavaScript sees.
  public func jsValue(in context: JSContext) throws -> JSValue { try .object(context.object(for: self)) }

  /// From the object that JavaScript sees, this instance.
  public static func construct(from value: JSValue) throws -> Self {
    if let instance = value.object?.hostObject as? Self { return instance }
    throw JSConversionError(Self.self, from: value)
  }
}

extension JSCallableHostObject {
  public func jsConstruct(_ call: JSCall) throws -> JSObject {
    throw JSError(name: "TypeError", message: "\(call.functionName) is not a constructor")
  }
}

extension JSHostList {
  public func jsSetElement(at index: Int, _ value: JSValue, in context: JSContext) throws -> Bool { false }
  public func jsSetCount(_ count: Int) throws -> Bool { false }

  public func jsGet(_ key: JSPropertyKey, in context: JSContext) throws -> JSValue? {
    switch key {
    case .index(let index): return index < 0 || index >= jsCount ? nil : try jsElement(at: index, in: context)
    case .name("length"): return JSValue(jsCount)
    default: return nil
    }
  }

  public func jsSet(_ key: JSPropertyKey, _ value: JSValue, in context: JSContext) throws -> Bool {
    switch key {
    case .index(let index): return index < 0 ? false : try jsSetElement(at: index, value, in: context)
    case .name("length"): return try jsSetCount(Int.construct(from: value))
    default: return false
    }
  }

  public func jsKeys(in context: JSContext) throws -> [JSPropertyKey] { (0..<jsCount).map { .index($0) } }
}
