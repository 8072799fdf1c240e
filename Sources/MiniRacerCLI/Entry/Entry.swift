import MiniRacer

/// What a person types to be evaluated: a script that may await, and whose braces are an object where they can be one.
struct Entry {
  let source: String
  let name: String
  /// May declare again what was declared before.
  let redeclares: Bool

  init(_ source: String, name: String, redeclares: Bool = false) {
    self.source = source
    self.name = name
    self.redeclares = redeclares
  }

  /// It does not compile, but may once there is more of it.
  struct Unfinished: Error {
    let error: JSError
  }

  /// - Parameter reporting: is told what nobody catches while the entry awaits; nil: that is thrown.
  func evaluate(_ host: ScriptHost, _ session: Session, reporting: ((any Error) -> Void)? = nil) throws -> JSValue {
    let trimmed = source.drop { $0.isWhitespace }
    if trimmed.hasPrefix("{"), source.last(where: { !$0.isWhitespace }) != ";" {
      do {
        return try host.evaluate("(\(source)\n)", fileName: name, in: session)
      } catch let error as JSError where error.kind == .syntaxError {
        // Then it is a block.
      }
    }
    let text = EntryText(source)
    do {
      return try host.evaluate(redeclares ? text.script : source, fileName: name, in: session)
    } catch let error as JSError where error.kind == .syntaxError {
      guard text.hasAwait else { throw IncompleteInput.isUnfinished(source, error) ? Unfinished(error: error) : error }
      guard !IncompleteInput.isUnfinished(source, error) else { throw Unfinished(error: error) }
      guard let function = try asyncFunction(text, host, session) else {
        throw text.isUnfinished ? Unfinished(error: error) : error
      }
      if !text.declaredNames.isEmpty {
        _ = try host.evaluate("var \(text.declaredNames.joined(separator: ", "));", fileName: name, in: session)
      }
      // It starts when somebody listens, so that what it throws is told once.
      let (start, starter) = try host.context.makePromise()
      let promise = try function.call(
        arguments: [start], timeout: session.timeout, cpuTime: session.cpuTime, cancellation: session.cancellation)
      guard let promise = promise.object as? JSPromise else { return .undefined }
      let list = try session.value(of: promise, reporting: reporting) {
        try starter.resolve(
          JSValue.undefined, timeout: session.timeout, cpuTime: session.cpuTime, cancellation: session.cancellation)
      }
      return try (list.object as? JSArray)?.get(0) ?? .undefined
    }
  }

  /// The entry as a function that gives its last expression's value, if there is one; nil: it does not compile.
  private func asyncFunction(_ text: EntryText, _ host: ScriptHost, _ session: Session) throws -> JSFunction? {
    // Compiling it runs nothing.
    func compiled(_ place: Int?) throws -> JSFunction? {
      do {
        return try host.evaluate(text.asyncFunction(valueFrom: place), fileName: name, in: session).function
      } catch let error as JSError where error.kind == .syntaxError {
        return nil
      }
    }
    guard let plain = try compiled(nil) else { return nil }
    for place in text.valuePlaces {
      if let function = try compiled(place) { return function }
    }
    return plain
  }
}
