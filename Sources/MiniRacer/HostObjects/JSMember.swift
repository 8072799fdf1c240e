internal import CMiniRacer

/// A property or method that all instances of a ``JSHostObject`` have.
public struct JSMember<Instance: JSHostObject>: Sendable {
  enum Content: Sendable {
    case property(
      get: @Sendable (Instance, borrowing HostCall) throws -> Void,
      set: (@Sendable (Instance, JSValue) throws -> Void)?)
    case method(length: Int, @Sendable (Instance, borrowing HostCall) throws -> Void)
  }

  let name: String
  let content: Content

  /// A property that scripts can read.
  public static func property<T: ConvertibleToJSValue>(
    _ name: String, get: @escaping @Sendable (Instance) throws -> T
  ) -> JSMember {
    JSMember(
      name: name,
      content: .property(
        get: { instance, call in try call.finish(get(instance).jsValue(in: call.context)) }, set: nil))
  }

  /// A property that scripts can read and write. A value of another type is a TypeError.
  public static func property<T: ConvertibleToJSValue & ConstructibleFromJSValue>(
    _ name: String, get: @escaping @Sendable (Instance) throws -> T,
    set: @escaping @Sendable (Instance, T) throws -> Void
  ) -> JSMember {
    JSMember(
      name: name,
      content: .property(
        get: { instance, call in try call.finish(get(instance).jsValue(in: call.context)) },
        set: { instance, value in
          do {
            try set(instance, T.construct(from: value))
          } catch let error as JSConversionError {
            throw JSError(name: "TypeError", message: "\(name): \(error)")
          }
        }))
  }

  /// A method with typed parameters, as ``JSContext/makeFunction(_:_:)`` takes them, after the instance.
  public static func method<each A: ConstructibleFromJSValue, R: ConvertibleToJSValue>(
    _ name: String, _ body: @escaping @Sendable (Instance, repeat each A) throws -> R
  ) -> JSMember {
    JSMember(
      name: name,
      content: .method(length: countOfTypes(repeat (each A).self)) { instance, call in
        var index = 0
        let result = try body(instance, repeat try call.argument(&index, as: (each A).self))
        try call.finish(result.jsValue(in: call.context))
      })
  }

  /// The same for a closure that returns nothing, which is `undefined`.
  public static func method<each A: ConstructibleFromJSValue>(
    _ name: String, _ body: @escaping @Sendable (Instance, repeat each A) throws -> Void
  ) -> JSMember {
    JSMember(
      name: name,
      content: .method(length: countOfTypes(repeat (each A).self)) { instance, call in
        var index = 0
        try body(instance, repeat try call.argument(&index, as: (each A).self))
      })
  }

  /// Defines the member in the prototype.
  func define(in prototype: JSObject) throws {
    let context = prototype.context
    switch content {
    case .property(let get, let set):
      let getter = try context.makeReceiver(name, length: 0, get)
      let setter = try set.map { set in
        try context.makeReceiver(name, length: 1) { instance, call in try set(instance, call.value(0)) }
      }
      try prototype.define(
        name, JSProperty(getter: getter, setter: setter, isEnumerable: true, isConfigurable: true))
    case .method(let length, let body):
      let method = try context.makeReceiver(name, length: length, body)
      try prototype.define(name, JSProperty(value: .object(method), isWritable: true, isConfigurable: true))
    }
  }
}

func countOfTypes<each A>(_ types: repeat (each A).Type) -> Int {
  var count = 0
  for _ in repeat each types { count += 1 }
  return count
}

extension JSContext {
  /// A function whose `this` is an instance.
  fileprivate func makeReceiver<Instance: JSHostObject>(
    _ name: String, length: Int, _ body: @escaping @Sendable (Instance, borrowing HostCall) throws -> Void
  ) throws -> JSFunction {
    try makeFunction(name, length: length, flags: MINIRACER_FUNCTION_RECEIVER) { call in
      let this = call.context.take(&call.raw.pointee.this_value)
      guard let instance = this.object?.hostObject as? Instance else {
        throw JSError(name: "TypeError", message: "\(name): `this` is no \(Instance.jsClassName)")
      }
      try body(instance, call)
    }
  }
}
