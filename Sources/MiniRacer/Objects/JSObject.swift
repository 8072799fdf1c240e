internal import CMiniRacer
internal import Synchronization

/// A JavaScript object, which stays in the engine: reads and writes go through to it.
///
/// It keeps the object alive, and its context. Any thread may use it. Properties are read with `try object.name`,
/// `try object["name"]` or ``get(_:timeout:cpuTime:cancellation:)`` and written with
/// ``set(_:_:timeout:cpuTime:cancellation:)``. There are no assignments (`object.name = 1`): Swift's setters cannot throw,
/// and a refused write must not be lost.
///
/// Two are equal if they are the same JavaScript object.
@dynamicMemberLookup
public class JSObject: @unchecked Sendable, Hashable, CustomStringConvertible {
  /// The context that it came from, in which its getters and methods run when called from here.
  public final let context: JSContext
  /// What kind of object it is.
  public final let kind: Kind
  final let handle: miniracer_handle
  private nonisolated(unsafe) var ownsHandle: Bool
  private let cachedHash = Atomic<UInt64>(0)

  init(_ raw: miniracer_value, in context: JSContext, ownsHandle: Bool = true) {
    self.context = context
    self.kind = Kind(rawValue: raw.subtype)
    self.handle = raw.as.handle
    self.ownsHandle = ownsHandle
  }

  deinit {
    if ownsHandle { context.functions.release(handle: handle, tag: MINIRACER_OBJECT) }
  }

  /// The handle, which is the caller's to release from now on. For an object that nobody else knows.
  final func giveHandleAway() -> miniracer_handle {
    ownsHandle = false
    return handle
  }

  @inline(__always)
  final var raw: miniracer_value {
    miniracer_value(
      tag: UInt8(MINIRACER_OBJECT), subtype: kind.rawValue, flags: 0, length: 0, as: .init(handle: handle))
  }

  // MARK: Properties

  /// `object[key]`; `undefined` where there is no such property. Getters and Proxy traps run, under the limits.
  ///
  /// - Throws: what they throw; ``MiniRacerError``.
  public final func get(
    _ key: some JSPropertyKeyConvertible, timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> JSValue {
    try get(key, RunLimits(timeout, cpuTime, cancellation))
  }

  @inline(__always)
  final func get(_ key: some JSPropertyKeyConvertible, _ limits: RunLimits) throws -> JSValue {
    let function = try need(context.functions.pointee.object_get, "object_get", context.functions)
    let (id, handle) = (context.id, self.handle)
    return try context.running(key, limits) { key, run, result, record in
      function(id, handle, &key, run, &result, &record)
    }
  }

  /// `object[key]` as a Swift value.
  ///
  /// The limits are those of the conversion too.
  ///
  /// - Throws: as the other `get`, and ``JSConversionError``.
  public final func get<T: ConstructibleFromJSValue>(
    _ key: some JSPropertyKeyConvertible, as type: T.Type, timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> T {
    let limits = RunLimits(timeout, cpuTime, cancellation)
    let allowance = Allowance(limits, in: context.virtualMachine, for: type)
    return try get(key, limits).converted(to: type, allowance)
  }

  /// `object[key] = value` as in strict code. Setters and Proxy traps run, under the limits.
  ///
  /// - Throws: ``JSError`` (a TypeError) if the object refuses; what setters throw; ``MiniRacerError``.
  public final func set(
    _ key: some JSPropertyKeyConvertible, _ value: some ConvertibleToJSValue, timeout: Duration? = nil,
    cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws {
    let function = try need(context.functions.pointee.object_set, "object_set", context.functions)
    let value = try value.jsValue(in: context)
    let (id, handle) = (context.id, self.handle)
    try context.withRaw(value) { value in
      var value = value
      _ = try context.running(key, RunLimits(timeout, cpuTime, cancellation)) { key, run, _, record in
        function(id, handle, &key, &value, run, &record)
      }
    }
    withExtendedLifetime(value) {}
  }

  /// `key in object`. Proxy traps run, under the limits.
  public final func has(
    _ key: some JSPropertyKeyConvertible, timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> Bool {
    let function = try need(context.functions.pointee.object_has, "object_has", context.functions)
    var present: Int32 = 0
    let (id, handle) = (context.id, self.handle)
    _ = try context.running(key, RunLimits(timeout, cpuTime, cancellation)) { key, run, _, record in
      function(id, handle, &key, run, &present, &record)
    }
    return present != 0
  }

  /// `delete object[key]` as in sloppy code: false where the property cannot be deleted. Proxy traps run, under the limits.
  @discardableResult
  public final func delete(
    _ key: some JSPropertyKeyConvertible, timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> Bool {
    let function = try need(context.functions.pointee.object_delete, "object_delete", context.functions)
    var deleted: Int32 = 0
    let (id, handle) = (context.id, self.handle)
    _ = try context.running(key, RunLimits(timeout, cpuTime, cancellation)) { key, run, _, record in
      function(id, handle, &key, run, &deleted, &record)
    }
    return deleted != 0
  }

  /// The keys, in JavaScript's order: by default the object's own enumerable ones, as `Object.keys` gives them. Proxy traps
  /// run, under the limits.
  public final func keys(
    _ options: JSKeyOptions = [], timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> [JSPropertyKey] {
    try keys(options, RunLimits(timeout, cpuTime, cancellation))
  }

  final func keys(_ options: JSKeyOptions, _ limits: RunLimits) throws -> [JSPropertyKey] {
    let function = try need(context.functions.pointee.object_keys, "object_keys", context.functions)
    let free = try need(context.functions.pointee.values_free, "values_free", context.functions)
    var list: UnsafeMutablePointer<miniracer_value>?
    var count: UInt32 = 0
    let (id, handle) = (context.id, self.handle)
    _ = try context.running(limits) { run, _, record in
      function(id, handle, options.rawValue, run, &list, &count, &record)
    }
    defer { free(list, count) }
    return (0..<Int(count)).map { JSPropertyKey(context.take(&list![$0])) }
  }

  /// `object[key]`, read only. Getters and Proxy traps run.
  public final subscript(key: some JSPropertyKeyConvertible) -> JSValue {
    get throws { try get(key) }
  }

  /// A property: `try point.x`. Getters and Proxy traps run.
  public final subscript(dynamicMember name: String) -> JSValue {
    get throws { try get(name) }
  }

  /// A method, to be called at once: `try list.push(1)`. `this` is the object.
  @_disfavoredOverload
  public final subscript(dynamicMember name: String) -> JSMethod {
    JSMethod(object: self, name: name)
  }

  // MARK: Methods

  /// `object[key](...arguments)`, with `this` being the object.
  ///
  /// - Throws: what it throws; ``MiniRacerError`` with `wrongType` if there is no such method.
  @inlinable
  @discardableResult
  public final func callMethod<each A: ConvertibleToJSValue>(
    _ key: some JSPropertyKeyConvertible, _ arguments: repeat each A
  ) throws -> JSValue {
    var values = Arguments()
    repeat values.append(try (each arguments).jsValue(in: context))
    return try callMethod(key.jsPropertyKey, passing: values)
  }

  /// The same with a list of arguments, and limits.
  @discardableResult
  public final func callMethod(
    _ key: some JSPropertyKeyConvertible, arguments: [any ConvertibleToJSValue], timeout: Duration? = nil,
    cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> JSValue {
    try callMethod(
      key.jsPropertyKey, passing: Arguments(arguments, in: context), RunLimits(timeout, cpuTime, cancellation))
  }

  @usableFromInline
  final func callMethod(
    _ key: JSPropertyKey, passing values: borrowing Arguments, _ limits: RunLimits = RunLimits()
  ) throws -> JSValue {
    let function = try need(context.functions.pointee.object_call, "object_call", context.functions)
    let (context, id, handle) = (self.context, context.id, self.handle)
    return try values.withRaws(in: context) { arguments, count in
      try context.running(key, limits) { key, run, result, record in
        function(id, handle, &key, arguments, count, run, &result, &record)
      }
    }
  }

  // MARK: Identity

  /// The name of the object's class, as far as it can be told without running JavaScript: "Object", "Map", "Point".
  public final var className: String {
    get throws {
      let function = try need(
        context.functions.pointee.object_get_class_name, "object_get_class_name", context.functions)
      return try context.creating { result, record in function(context.id, handle, &result, &record) }.description
    }
  }

  /// Whether both are the same JavaScript object. Once the virtual machine is closed this can no longer be told, and only
  /// the same Swift object is equal to itself.
  public static func == (a: JSObject, b: JSObject) -> Bool {
    a === b || a.context.isSame(a.raw, b.raw, b.context)
  }

  /// The same for the same JavaScript object; kept, so that a set or dictionary still works when the context is closed.
  public final func hash(into hasher: inout Hasher) {
    var hash = cachedHash.load(ordering: .relaxed)
    if hash == 0 {
      var number: Int32 = 0
      var record: UnsafeMutablePointer<miniracer_error>?
      let status = context.functions.pointee.object_get_hash?(context.id, handle, &number, &record) ?? -1
      context.functions.pointee.error_free(record)
      // With a bit beyond the number's 32, so that 0 means "not asked yet".
      hash = 1 << 32 | (status == 0 ? UInt64(UInt32(bitPattern: number)) : 0)
      cachedHash.store(hash, ordering: .relaxed)
    }
    hasher.combine(hash)
  }

  /// "[object Map]", with the class's name. Runs no JavaScript.
  public var description: String { "[object \((try? className) ?? kind.description)]" }
}

extension JSContext {
  /// `a === b`; false where it cannot be told.
  func isSame(_ a: miniracer_value, _ b: miniracer_value, _ other: JSContext) -> Bool {
    guard virtualMachine === other.virtualMachine else { return false }
    var (a, b) = (a, b)
    var equal: Int32 = 0
    var record: UnsafeMutablePointer<miniracer_error>?
    let status = functions.pointee.value_equals?(id, &a, &b, &equal, &record) ?? -1
    functions.pointee.error_free(record)
    return status == 0 && equal != 0
  }
}
