import MiniRacer

/// Does what a case says, each call of it timed.
struct HostileAction {
  let context: JSContext
  let watch: Stopwatch

  func run(_ hostile: HostileCase) -> HostileOutcome {
    do {
      let value = try watch.time { try context.evaluate(hostile.body, fileName: "\(hostile.name).js") }
      return HostileOutcome(try result(of: hostile, on: value))
    } catch {
      describe(error)
      return HostileOutcome(error)
    }
  }

  private func result(of hostile: HostileCase, on value: JSValue) throws -> JSValue {
    switch hostile.action {
    case .evaluate: return value
    case .call: return try watch.time { try function(value).call() }
    case .construct: return try watch.time { .object(try function(value).new(arguments: [])) }
    case .get: return try watch.time { try object(value).get("x") }
    case .set:
      try watch.time { try object(value).set("x", 1) }
      return .undefined
    case .has: return try watch.time { .boolean(try object(value).has("x")) }
    case .delete: return try watch.time { .boolean(try object(value).delete("x")) }
    case .keys: return try watch.time { JSValue(try object(value).keys().count) }
    case .toString: return try watch.time { .string(try context.string(of: value)) }
    case .json: return try watch.time { try context.stringifyJSON(value).map { .string($0) } ?? .undefined }
    case .graph:
      do {
        _ = try watch.time { try value.tree(JSCodingOptions(unconvertible: .keep)) }
      } catch is JSConversionError {
        // The whole of it came over, and went in a circle, which a tree of Swift's cannot.
      }
      return .undefined
    case .inspect:
      _ = try watch.time { try context.inspect(value, depth: nil) }
      return .undefined
    case .keep: return try keep(value)
    case .promise: return try watch.time { try promise(value).wait() }
    case .turn: return try turn(hostile)
    case .module: return try module(value)
    }
  }

  private func keep(_ value: JSValue) throws -> JSValue {
    let function = try function(value)
    var kept: [JSValue] = []
    for _ in 0..<1_000_000 { kept.append(try watch.time { try function.call() }) }
    withExtendedLifetime(kept) {}
    return .undefined
  }

  private func turn(_ hostile: HostileCase) throws -> JSValue {
    if hostile.options.contains("background_loop") {
      Sleep.during(.seconds(1))
      return .undefined
    }
    for _ in 0..<20 {
      guard let next = try watch.time({ try context.virtualMachine.runPending() }) else { break }
      Sleep.during(min(next, .milliseconds(50)))
    }
    return .undefined
  }

  private func module(_ value: JSValue) throws -> JSValue {
    let load = try function(value)
    // A closure of Swift's either answers at once or takes its time.
    if try watch.time({ try load("main") }).object is JSPromise {
      try context.setModuleLoader { request in
        guard let promise = try load(request.url).object as? JSPromise else { return nil }
        return try await promise.value.moduleSource
      }
    } else {
      try context.setModuleLoader { try load($0.url).moduleSource }
    }
    _ = try watch.time { try context.importModule("main") }
    return .undefined
  }

  // MARK: What the value is to be

  private func object(_ value: JSValue) throws -> JSObject {
    guard let object = value.object else { throw MiniRacerError(.wrongType, "no object but \(value)") }
    return object
  }

  private func function(_ value: JSValue) throws -> JSFunction {
    guard let function = value.function else { throw MiniRacerError(.wrongType, "no function but \(value)") }
    return function
  }

  private func promise(_ value: JSValue) throws -> JSPromise {
    guard let promise = value.object as? JSPromise else { throw MiniRacerError(.wrongType, "no promise but \(value)") }
    return promise
  }

  /// Asks an error for all it says, which is to run nothing of the guest's.
  private func describe(_ error: any Error) {
    watch.time {
      var next = error as? JSError
      while let error = next {
        _ = (error.description, error.message, error.stack, error.frames, error.sourceLine, error.thrown?.description)
        next = error.cause
      }
    }
  }
}

extension JSValue {
  /// The module that it is the text of, or whose text it has as `source`.
  fileprivate var moduleSource: JSModule? {
    get throws { try (object?.get("source") ?? self).string.map { .source($0) } }
  }
}
