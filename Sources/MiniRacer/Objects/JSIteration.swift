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
    let timeout: Duration?
    let cancellation: CancellationToken?
    var isDone = false

    init(_ iterator: JSObject, _ next: JSFunction, _ timeout: Duration?, _ cancellation: CancellationToken?) {
      self.iterator = iterator
      self.next = next
      self.timeout = timeout
      self.cancellation = cancellation
    }

    deinit {
      // What it throws is of no interest to a loop that is left.
      if !isDone, let end = try? iterator.get("return").function { _ = try? end.call(this: .object(iterator)) }
    }
  }

  private let steps: Steps

  fileprivate init(_ object: JSObject, _ timeout: Duration?, _ cancellation: CancellationToken?) throws {
    let method = try object.get(
      object.context.wellKnownSymbol("iterator"), timeout: timeout, cancellation: cancellation)
    guard let method = method.function,
      let iterator = try method.call(this: .object(object), timeout: timeout, cancellation: cancellation).object,
      let next = try iterator.get("next", timeout: timeout, cancellation: cancellation).function
    else { throw JSConversionError(expected: "an iterable", received: JSValue.object(object).summary) }
    steps = Steps(iterator, next, timeout, cancellation)
  }

  /// The next value, or why there is none; nil at the end and after an error.
  public mutating func next() -> Result<JSValue, any Error>? {
    guard !steps.isDone else { return nil }
    do {
      let result = try steps.next.call(
        this: .object(steps.iterator), timeout: steps.timeout, cancellation: steps.cancellation)
      guard let result = result.object else {
        throw JSConversionError(expected: "an iterator's result", received: result.summary)
      }
      if try result.get("done", timeout: steps.timeout, cancellation: steps.cancellation).isTruthy {
        steps.isDone = true
        return nil
      }
      return .success(try result.get("value", timeout: steps.timeout, cancellation: steps.cancellation))
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
  public final func iterate(timeout: Duration? = nil, cancellation: CancellationToken? = nil) throws -> JSIteration {
    try JSIteration(self, timeout, cancellation)
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
