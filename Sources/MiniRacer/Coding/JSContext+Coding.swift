internal import CMiniRacer

extension JSValue {
  /// The value as a Swift value of a `Decodable` type, in one crossing.
  ///
  /// ```swift
  /// struct Person: Codable { let name: String; let born: Date? }
  /// let people = try context.evaluate("people()").decode([Person].self)
  /// ```
  ///
  /// Numbers are never rounded, and nothing is parsed: a String is no Int. A BigInt is an integer where it is in range. Maps
  /// decode as dictionaries, Sets and typed arrays as arrays, a Uint8Array as `[UInt8]` or Foundation's `Data`, a Date as
  /// Foundation's `Date` or, in milliseconds, as a `Double`. `undefined` and `null` are nil. Getters and Proxy traps run,
  /// under the limits; `toJSON` does not.
  ///
  /// - Throws: `DecodingError` with the path to what does not fit, circles included; ``MiniRacerError`` with `wrongType` for
  ///   functions and whatever else has no plain form, and the path to it, unless the options say otherwise; `tooLarge`
  ///   beyond a limit.
  public func decode<T: Decodable>(
    _ type: T.Type = T.self, options: JSCodingOptions = JSCodingOptions(), timeout: Duration? = nil,
    cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> T {
    switch self {
    case .object(let object):
      let reader = try object.context.read(self, options, RunLimits(timeout, cpuTime, cancellation))
      return try reader.decodeRoot(type)
    default: return try PrimitiveDecoder(value: self).decode(type)
    }
  }
}

extension JSObject {
  /// The object as a Swift value of a `Decodable` type, see ``JSValue/decode(_:options:timeout:cpuTime:cancellation:)``.
  public final func decode<T: Decodable>(
    _ type: T.Type = T.self, options: JSCodingOptions = JSCodingOptions(), timeout: Duration? = nil,
    cpuTime: Duration? = nil,
    cancellation: CancellationToken? = nil
  ) throws -> T {
    try JSValue.object(self).decode(
      type, options: options, timeout: timeout, cpuTime: cpuTime, cancellation: cancellation)
  }
}

extension JSContext {
  /// An `Encodable` Swift value in JavaScript, made in one crossing. Runs no JavaScript.
  ///
  /// Structures and dictionaries become plain objects, `[UInt8]` and Foundation's `Data` a Uint8Array, Foundation's `Date` a
  /// Date, integers beyond 2^53 - 1 BigInts. A property that is nil is left out, as `Codable` has it.
  ///
  /// - Throws: `EncodingError`, also with the path into what is nested too deeply, as a circle of objects is; what the
  ///   value's `encode(to:)` throws; ``MiniRacerError`` with `tooLarge` beyond a limit.
  public func encode(_ value: some Encodable, options: JSCodingOptions = JSCodingOptions()) throws -> JSValue {
    try write(options) { try $0.encodeRoot(value) }
  }

  /// Reads a value with all that is in it.
  func read(
    _ value: JSValue, _ options: JSCodingOptions, _ limits: RunLimits
  ) throws -> GraphReader {
    let encode = try need(functions.pointee.graph_encode, "graph_encode", functions)
    let free = try need(functions.pointee.graph_free, "graph_free", functions)
    var raw = try options.raw
    if options.maximumBytes == nil { raw.max_bytes = UInt64(virtualMachine.maximumConverted) }
    var graph: UnsafeMutablePointer<miniracer_graph>?
    try lowered(value) { value in
      _ = try running(limits) { run, _, record in
        encode(id, &value, &raw, run, &graph, &record)
      }
    }
    return try GraphReader(graph!, in: self, options, free: free)
  }

  /// Makes a value of what the body writes.
  func write(_ options: JSCodingOptions, _ body: (GraphWriter) throws -> Void) throws -> JSValue {
    let decode = try need(functions.pointee.graph_decode, "graph_decode", functions)
    var raw = try options.raw
    let writer = GraphWriter(maximumDepth: options.maximumDepth)
    writer.put(Opcode.proto, 4)
    try body(writer)
    writer.put(Opcode.stop)
    try writer.finish()
    return try writer.withHandles(in: self) { handles, count in
      try creating { result, record in
        decode(id, writer.start, UInt64(writer.count), handles, count, &raw, nil, &result, &record)
      }
    }
  }
}
