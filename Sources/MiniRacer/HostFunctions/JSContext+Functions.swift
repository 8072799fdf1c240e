internal import CMiniRacer

extension JSContext {
  /// Makes a JavaScript function of a closure with typed parameters:
  ///
  /// ```swift
  /// let add = try context.makeFunction("add") { (a: Int, b: Int) in a + b }
  /// ```
  ///
  /// It runs on the thread that runs the JavaScript and may call back into the context. An argument that is not of the
  /// parameter's type is a TypeError in JavaScript: "add: argument 2: expected Int, got String". Missing ones are
  /// `undefined`, which an Optional takes as nil; further ones are ignored.
  ///
  /// What the closure throws is an exception in JavaScript: a ``JSError`` as itself; any other error as an Error with its
  /// type as name and its description as message, and if no script catches it, it comes out of the call into JavaScript as
  /// the Swift error that it was.
  ///
  /// JavaScript holds the closure until it can no longer reach the function. A closure that holds a context, or objects of
  /// it, keeps it from closing by itself.
  public func makeFunction<each A: ConstructibleFromJSValue, R: ConvertibleToJSValue>(
    _ name: String, _ body: @escaping @Sendable (repeat each A) throws -> R
  ) throws -> JSFunction {
    try makeFunction(name, length: countOfTypes(repeat (each A).self), flags: 0) { call in
      var index = 0
      let result = try body(repeat try call.argument(&index, as: (each A).self))
      try call.finish(result.jsValue(in: call.context))
    }
  }

  /// The same for a closure that returns nothing, which is `undefined`.
  public func makeFunction<each A: ConstructibleFromJSValue>(
    _ name: String, _ body: @escaping @Sendable (repeat each A) throws -> Void
  ) throws -> JSFunction {
    try makeFunction(name, length: countOfTypes(repeat (each A).self), flags: 0) { call in
      var index = 0
      try body(repeat try call.argument(&index, as: (each A).self))
    }
  }

  /// Makes a JavaScript function of a closure that takes any number of arguments, with `this`.
  ///
  /// - Parameter isConstructor: may be called with `new`; otherwise that is a TypeError.
  public func makeFunction<R: ConvertibleToJSValue>(
    _ name: String, length: Int = 0, isConstructor: Bool = false,
    arguments body: @escaping @Sendable (JSCall) throws -> R
  ) throws -> JSFunction {
    try makeFunction(name, length: length, flags: Self.flags(isConstructor)) { call in
      let result = try body(call.all())
      try call.finish(result.jsValue(in: call.context))
    }
  }

  /// The same for a closure that returns nothing, which is `undefined`; with `new`, the new object.
  public func makeFunction(
    _ name: String, length: Int = 0, isConstructor: Bool = false,
    arguments body: @escaping @Sendable (JSCall) throws -> Void
  ) throws -> JSFunction {
    try makeFunction(name, length: length, flags: Self.flags(isConstructor)) { call in try body(call.all()) }
  }

  /// Makes a function and stores it in the global object.
  @discardableResult
  public func setFunction<each A: ConstructibleFromJSValue, R: ConvertibleToJSValue>(
    _ name: String, _ body: @escaping @Sendable (repeat each A) throws -> R
  ) throws -> JSFunction {
    try stored(makeFunction(name, body), name)
  }

  /// Makes a function and stores it in the global object.
  @discardableResult
  public func setFunction<each A: ConstructibleFromJSValue>(
    _ name: String, _ body: @escaping @Sendable (repeat each A) throws -> Void
  ) throws -> JSFunction {
    try stored(makeFunction(name, body), name)
  }

  /// Makes a function and stores it in the global object.
  @discardableResult
  public func setFunction<R: ConvertibleToJSValue>(
    _ name: String, length: Int = 0, isConstructor: Bool = false,
    arguments body: @escaping @Sendable (JSCall) throws -> R
  ) throws -> JSFunction {
    try stored(makeFunction(name, length: length, isConstructor: isConstructor, arguments: body), name)
  }

  /// Makes a function and stores it in the global object.
  @discardableResult
  public func setFunction(
    _ name: String, length: Int = 0, isConstructor: Bool = false,
    arguments body: @escaping @Sendable (JSCall) throws -> Void
  ) throws -> JSFunction {
    try stored(makeFunction(name, length: length, isConstructor: isConstructor, arguments: body), name)
  }

  func stored(_ function: JSFunction, _ name: String) throws -> JSFunction {
    try global.set(name, function)
    return function
  }

  static func flags(_ isConstructor: Bool) -> Int {
    MINIRACER_FUNCTION_RECEIVER | (isConstructor ? MINIRACER_FUNCTION_CONSTRUCTOR : 0)
  }

  func makeFunction(
    _ name: String, length: Int, flags: Int, _ body: @escaping HostFunction.Body
  ) throws -> JSFunction {
    let function = try need(functions.pointee.function_new, "function_new", functions)
    guard let length = Int32(exactly: length), length >= 0 else {
      throw MiniRacerError(.invalidArgument, "length is \(length)")
    }
    let value = try withRaw(name) { rawName in
      var options = miniracer_function_options()
      options.struct_size = UInt32(MemoryLayout<miniracer_function_options>.size)
      options.flags = UInt32(flags)
      options.length = length
      options.name = rawName
      options.callback = HostFunction.callback
      // The library finalizes it whatever happens, also if this call fails.
      options.userdata = Unmanaged.passRetained(HostFunction(name, in: self, body)).toOpaque()
      options.finalize = HostFunction.finalize
      return try creating { result, record in function(id, &options, &result, &record) }
    }
    return try made(value)
  }
}
