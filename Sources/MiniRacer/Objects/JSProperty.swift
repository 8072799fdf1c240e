internal import CMiniRacer

/// A property descriptor, as `Object.defineProperty` takes it and `Object.getOwnPropertyDescriptor` gives it.
public struct JSProperty: Sendable, Hashable {
  /// What the property is.
  public enum Content: Sendable, Hashable {
    /// A value, which may be assigned or not.
    case value(JSValue, isWritable: Bool)
    /// A getter, a setter or both.
    case accessor(getter: JSFunction?, setter: JSFunction?)
  }

  /// The value or the accessors.
  public var content: Content
  /// Whether `for ... in` and `Object.keys` show it.
  public var isEnumerable: Bool
  /// Whether it may be deleted and defined anew.
  public var isConfigurable: Bool

  /// A property with a value; by default one that scripts cannot change and loops do not show, as in JavaScript.
  public init(
    value: JSValue, isWritable: Bool = false, isEnumerable: Bool = false, isConfigurable: Bool = false
  ) {
    content = .value(value, isWritable: isWritable)
    self.isEnumerable = isEnumerable
    self.isConfigurable = isConfigurable
  }

  /// A property with a getter, a setter or both.
  public init(
    getter: JSFunction?, setter: JSFunction? = nil, isEnumerable: Bool = false, isConfigurable: Bool = false
  ) {
    content = .accessor(getter: getter, setter: setter)
    self.isEnumerable = isEnumerable
    self.isConfigurable = isConfigurable
  }

  /// The value; nil for accessors.
  public var value: JSValue? {
    if case .value(let value, _) = content { return value }
    return nil
  }

  /// The getter, if there is one.
  public var getter: JSFunction? {
    if case .accessor(let getter, _) = content { return getter }
    return nil
  }

  /// The setter, if there is one.
  public var setter: JSFunction? {
    if case .accessor(_, let setter) = content { return setter }
    return nil
  }

  fileprivate init(_ raw: inout miniracer_property, in context: JSContext) {
    let flags = Int(raw.flags)
    let (value, getter, setter) = (
      context.take(&raw.value), context.take(&raw.getter), context.take(&raw.setter)
    )
    content =
      flags & MINIRACER_PROPERTY_ACCESSOR != 0
      ? .accessor(getter: getter.function, setter: setter.function)
      : .value(value, isWritable: flags & MINIRACER_PROPERTY_WRITABLE != 0)
    isEnumerable = flags & MINIRACER_PROPERTY_ENUMERABLE != 0
    isConfigurable = flags & MINIRACER_PROPERTY_CONFIGURABLE != 0
  }

  fileprivate func withRaw<R>(in context: JSContext, _ body: (inout miniracer_property) throws -> R) throws -> R {
    var raw = miniracer_property()
    raw.struct_size = UInt32(MemoryLayout<miniracer_property>.size)
    raw.flags = UInt32(
      (isEnumerable ? MINIRACER_PROPERTY_ENUMERABLE : 0) | (isConfigurable ? MINIRACER_PROPERTY_CONFIGURABLE : 0))
    switch content {
    case .value(let value, let isWritable):
      if isWritable { raw.flags |= UInt32(MINIRACER_PROPERTY_WRITABLE) }
      return try context.lowered(value) { value in
        raw.value = value
        return try body(&raw)
      }
    case .accessor(let getter, let setter):
      raw.flags |= UInt32(MINIRACER_PROPERTY_ACCESSOR)
      return try context.lowered(getter.map { .object($0) } ?? JSValue.undefined) { getter in
        try context.lowered(setter.map { .object($0) } ?? JSValue.undefined) { setter in
          (raw.getter, raw.setter) = (getter, setter)
          return try body(&raw)
        }
      }
    }
  }
}

extension JSObject {
  /// `Object.defineProperty(object, key, property)`. Proxy traps run, under the limits.
  ///
  /// - Throws: ``JSError`` (a TypeError) if the object refuses; ``MiniRacerError``.
  public final func define(
    _ key: some JSPropertyKeyConvertible, _ property: JSProperty, timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws {
    let function = try need(context.functions.pointee.object_define, "object_define", context.functions)
    let (id, handle) = (context.id, self.handle)
    try property.withRaw(in: context) { property in
      _ = try context.running(key, RunLimits(timeout, cpuTime, cancellation)) { key, run, _, record in
        function(id, handle, &key, &property, run, &record)
      }
    }
  }

  /// `Object.getOwnPropertyDescriptor(object, key)`; nil where there is no such property of its own. Calls no getter; Proxy
  /// traps run, under the limits.
  public final func ownProperty(
    _ key: some JSPropertyKeyConvertible, timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> JSProperty? {
    let function = try need(
      context.functions.pointee.object_get_own_property, "object_get_own_property", context.functions)
    let (id, handle) = (context.id, self.handle)
    var raw = miniracer_property()
    raw.struct_size = UInt32(MemoryLayout<miniracer_property>.size)
    var present: Int32 = 0
    _ = try context.running(key, RunLimits(timeout, cpuTime, cancellation)) { key, run, _, record in
      function(id, handle, &key, run, &raw, &present, &record)
    }
    return present == 0 ? nil : JSProperty(&raw, in: context)
  }

  /// The prototype; nil where it is `null`. Of a Proxy its target's: no trap runs.
  public final var prototype: JSObject? {
    get throws {
      let function = try need(
        context.functions.pointee.object_get_prototype, "object_get_prototype", context.functions)
      return try context.creating { result, record in function(context.id, handle, &result, &record) }.object
    }
  }

  /// `Object.setPrototypeOf(object, prototype)`, nil being `null`. Proxy traps run, under the limits.
  ///
  /// - Throws: ``JSError`` (a TypeError) if the object refuses, or the chain would be a circle.
  public final func setPrototype(
    _ prototype: JSObject?, timeout: Duration? = nil, cpuTime: Duration? = nil, cancellation: CancellationToken? = nil
  ) throws {
    let function = try need(
      context.functions.pointee.object_set_prototype, "object_set_prototype", context.functions)
    let (id, handle) = (context.id, self.handle)
    try context.lowered(prototype.map { .object($0) } ?? JSValue.null) { prototype in
      _ = try context.running(RunLimits(timeout, cpuTime, cancellation)) { run, _, record in
        function(id, handle, &prototype, run, &record)
      }
    }
  }

  /// `object instanceof constructor`. `Symbol.hasInstance` runs, under the limits.
  public final func isInstance(
    of constructor: JSFunction, timeout: Duration? = nil, cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> Bool {
    let function = try need(context.functions.pointee.value_instance_of, "value_instance_of", context.functions)
    let (id, other) = (context.id, constructor.handle)
    var (raw, result) = (self.raw, Int32(0))
    _ = try context.running(RunLimits(timeout, cpuTime, cancellation)) { run, _, record in
      function(id, &raw, other, run, &result, &record)
    }
    withExtendedLifetime(constructor) {}
    return result != 0
  }
}
