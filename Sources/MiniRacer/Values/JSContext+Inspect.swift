internal import CMiniRacer

extension JSContext {
  /// The value as text for people, as `console.log` shows it, cycles and long lists cut short. Calls no getter and no method
  /// of the guest's.
  ///
  /// - Parameters:
  ///   - depth: levels of objects shown within the value; nil: all, as far as there is stack for them.
  ///   - width: of a line, in columns, as far as text can be broken.
  ///   - colors: each kind of value in its colour, by ANSI escape sequences.
  public func inspect(
    _ value: some ConvertibleToJSValue, depth: Int? = 2, width: Int = 80, colors: Bool = false,
    timeout: Duration? = nil, cpuTime: Duration? = nil, cancellation: CancellationToken? = nil
  ) throws -> String {
    let function = try need(functions.pointee.value_inspect, "value_inspect", functions)
    var options = miniracer_inspect_options()
    options.struct_size = UInt32(MemoryLayout<miniracer_inspect_options>.size)
    options.flags = colors ? UInt32(MINIRACER_INSPECT_COLORS) : 0
    options.levels = UInt32.max
    if let depth {
      guard let depth = UInt32(exactly: depth), depth < .max - 1 else {
        throw MiniRacerError(.invalidArgument, "depth is \(depth)")
      }
      options.levels = depth + 1
    }
    guard let width = UInt32(exactly: width), width > 0 else {
      throw MiniRacerError(.invalidArgument, "width is \(width)")
    }
    options.width = width
    return try lowered(value) { value in
      try running(RunLimits(timeout, cpuTime, cancellation)) { run, result, record in
        function(id, &value, &options, run, &result, &record)
      }
    }.description
  }
}

extension JSObject {
  /// The object as text for people, as ``JSContext/inspect(_:depth:width:colors:timeout:cpuTime:cancellation:)`` shows it.
  public final func inspect(depth: Int? = 2) throws -> String { try context.inspect(self, depth: depth) }
}

extension JSObject: CustomDebugStringConvertible {
  /// What is in the object, for debuggers and `debugPrint`; where that cannot be told, as ``description``.
  public final var debugDescription: String { (try? inspect()) ?? description }
}
