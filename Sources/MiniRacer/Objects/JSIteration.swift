/// The values of a JavaScript iterable, one at a time: of a generator, a Map, whatever has `Symbol.iterator`.
///
/// ```swift
/// for value in try context.evaluate("(function* () { yield 1; yield 2 })()", as: JSObject.self).iterate() {
///   print(try value.get())
/// }
/// ```
///
/// Each step runs JavaScript, which may throw, and Swift's loops cannot: so the elements are results, and an error is the
/// last of them. Leaving the loop early ends a generator, as in JavaScript: `return()` is called, under the same limits and
/// for a second at most.
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
      if !isDone { try? iterator.endIteration(limits) { _ in } }
    }
  }

  private let steps: Steps

  fileprivate init(_ object: JSObject, _ limits: RunLimits) throws {
    let allowance = Allowance(limits, in: object.context.virtualMachine)
    let method = try object.get(object.context.wellKnownSymbol("iterator"), allowance.rest)
    guard let method = method.function,
      let iterator = try method.invoke(.object(object), Arguments(), allowance.rest).object,
      let next = try iterator.get("next", allowance.rest).function
    else { throw JSConversionError(expected: "an iterable", received: JSValue.object(object).summary) }
    steps = Steps(iterator, next, limits)
  }

  /// The next value, or why there is none; nil at the end and after an error.
  public mutating func next() -> Result<JSValue, any Error>? {
    guard !steps.isDone else { return nil }
    do {
      let allowance = Allowance(steps.limits, in: steps.iterator.context.virtualMachine)
      let result = try steps.next.invoke(.object(steps.iterator), Arguments(), allowance.rest)
      if let value = try result.iteratorValue(allowance) { return .success(value) }
      steps.isDone = true
      return nil
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

extension JSObject {
  /// `iterator.return()` for a loop that is left early. Whoever leaves it is no longer there to bound it, so that it has a
  /// second, or less where that was the loop's limit.
  final func endIteration(_ limits: RunLimits, _ body: (JSValue) throws -> Void) throws {
    let bound = min(limits.timeout ?? context.virtualMachine.defaults.timeout ?? .unlimited, .seconds(1))
    try context.asOneRun(RunLimits(bound, limits.cpuTime)) {
      guard let end = try get("return").function else { return }
      try body(end.call(this: .object(self)))
    }
  }
}

extension JSValue {
  /// The value in an iterator's result; nil at the end.
  func iteratorValue(_ allowance: Allowance) throws -> JSValue? {
    guard let result = object else {
      throw JSConversionError(expected: "an iterator's result", received: summary)
    }
    if try result.get("done", allowance.rest).isTruthy { return nil }
    return try result.get("value", allowance.rest)
  }

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
