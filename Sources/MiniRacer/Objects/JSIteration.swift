/// The values of a JavaScript iterable, one at a time: of a generator, a Map, whatever has `Symbol.iterator`.
///
/// ```swift
/// for value in try context.evaluate("(function* () { yield 1; yield 2 })()", as: JSObject.self).iterate() {
///   print(try value.get())
/// }
/// ```
///
/// Each step runs JavaScript, which may throw, and Swift's loops cannot: so the elements are results, and an error is the
/// last of them. Leaving the loop early ends a generator, as in JavaScript (`return()` is called).
public struct JSIteration: Sequence, IteratorProtocol {
  // A class, so that leaving the loop is noticed.
  private final class Steps {
    let iterator: JSObject
    let next: JSFunction
    let limits: RunLimits
    var isDone = false

    init(_ iterator: JSObject, _ next: JSFunction, _ limits: RunLimits) {
      self.iterator = iterator
      self.next = next
      self.limits = limits
    }

    deinit {
      // What it throws is of no interest to a loop that is left.
      if !isDone, let end = try? iterator.get("return").function { _ = try? end.call(this: .object(iterator)) }
    }
  }

  private let steps: Steps

  fileprivate init(_ object: JSObject, _ limits: RunLimits) throws {
    let method = try object.get(object.context.wellKnownSymbol("iterator"), limits)
    guard let method = method.function,
      let iterator = try method.invoke(.object(object), Arguments(), limits).object,
      let next = try iterator.get("next", limits).function
    else { throw JSConversionError(expected: "an iterable", received: JSValue.object(object).summary) }
    steps = Steps(iterator, next, limits)
  }

  /// The next value, or why there is none; nil at the end and after an error.
  public mutating func next() -> Result<JSValue, any Error>? {
    guard !steps.isDone else { return nil }
    do {
      let result = try steps.next.invoke(.object(steps.iterator), Arguments(), steps.limits)
      guard let result = result.object else {
        throw JSConversionError(expected: "an iterator's result", received: result.summary)
      }
      if try result.get("done", steps.limits).isTruthy {
        steps.isDone = true
        return nil
      }
      return .success(try result.get("value", steps.limits))
    } catch {
      steps.isDone = true
      return .failure(error)
    }
  }
}

extension JSObject {
  /// The values of an iterable, by its `Symbol.iterator`, each step under these limits.
  ///
  /// - Throws: ``JSConversionError`` if it is none; what making the iterator throws.
  public final func iterate(timeout: Duration? = nil, cpuTime: Duration? = nil, cancellation: CancellationToken? = nil)
    throws -> JSIteration
  {
    try JSIteration(self, RunLimits(timeout, cpuTime, cancellation))
  }
}

extension JSValue {
  /// What `Boolean(value)` gives.
  public var isTruthy: Bool {
    switch self {
    case .undefined, .null: false
    case .boolean(let value): value
    case .number(let value): !(value == 0 || value.isNaN)
    case .bigInt(let value): !value.words.isEmpty
    case .string(let value): value != ""
    case .symbol, .object: true
    }
  }
}
