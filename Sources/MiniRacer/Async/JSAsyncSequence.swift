internal import Synchronization

/// The values of a JavaScript async iterable, as a Swift AsyncSequence: of an async generator, a stream, or any iterable.
///
/// ```swift
/// for try await value in try context.evaluate("ticks()", as: JSObject.self).asyncValues() { ... }
/// ```
///
/// Each step runs on the loop's thread, and cancelling the task ends it. Leaving the loop early ends a generator, as in
/// JavaScript: `return()` is called later, on the loop's thread, under the same limits and for a second at most.
public struct JSAsyncSequence: AsyncSequence, Sendable {
  /// A value, as it comes.
  public typealias Element = JSValue

  private let object: JSObject
  private let limits: RunLimits

  fileprivate init(_ object: JSObject, _ limits: RunLimits) {
    self.object = object
    self.limits = limits
  }

  /// Begins at the first value.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(object, limits) }

  /// Takes one value after the other.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private let steps: Steps

    fileprivate init(_ object: JSObject, _ limits: RunLimits) { steps = Steps(object, limits) }

    /// The next value; nil at the end.
    ///
    /// - Throws: what the iterator throws; `CancellationError`; ``JSConversionError`` if the object is no iterable.
    public mutating func next() async throws -> JSValue? { try await steps.next() }
  }

  // A class, so that leaving the loop is noticed.
  fileprivate final class Steps: Sendable {
    private enum State {
      case new
      case running(JSObject)
      case done
    }

    private let object: JSObject
    private let limits: RunLimits
    private let state = Mutex(State.new)

    init(_ object: JSObject, _ limits: RunLimits) {
      self.object = object
      self.limits = limits
    }

    deinit {
      guard case .running(let iterator) = state.withLock({ $0 }) else { return }
      // What it throws is of no interest to a loop that is left.
      try? iterator.context.virtualMachine.post { [limits] in
        try? iterator.endIteration(limits) { result in
          if let promise = result.object as? JSPromise { try promise.watch { _ in } }
        }
      }
    }

    func next() async throws -> JSValue? {
      do {
        guard let iterator = try await begin() else { return nil }
        let machine = iterator.context.virtualMachine
        let (promise, rest) = try await machine.perform { [limits] cancellation in
          let allowance = Allowance(limits.with(cancellation), in: machine)
          return (try iterator.callMethod("next", passing: Arguments(), allowance.rest), allowance.rest)
        }
        let result = try await promise.settled
        let value = try await machine.perform { cancellation in
          try result.iteratorValue(Allowance(rest.with(cancellation), in: machine))
        }
        if let value { return try await value.settled }
        state.withLock { $0 = .done }
        return nil
      } catch {
        // An iterator that throws is over; one whose wait was cancelled is not.
        if !(error is CancellationError) { state.withLock { $0 = .done } }
        throw error
      }
    }

    private func begin() async throws -> JSObject? {
      switch state.withLock({ $0 }) {
      case .done: return nil
      case .running(let iterator): return iterator
      case .new: break
      }
      let object = self.object
      let iterator = try await object.context.virtualMachine.perform { [limits] cancellation in
        let context = object.context
        let allowance = Allowance(limits.with(cancellation), in: context.virtualMachine)
        for name in ["asyncIterator", "iterator"] {
          let method = try object.get(context.wellKnownSymbol(name), allowance.rest)
          if method.isNullish { continue }
          guard let function = method.function else { break }
          if let iterator = try function.invoke(.object(object), Arguments(), allowance.rest).object {
            return iterator
          }
        }
        throw JSConversionError(expected: "an async iterable", received: JSValue.object(object).summary)
      }
      state.withLock { $0 = .running(iterator) }
      return iterator
    }
  }
}

extension JSObject {
  /// The values of an async iterable, by its `Symbol.asyncIterator` or else its `Symbol.iterator`. The limits are for what
  /// runs in each step, and not for the wait.
  public final func asyncValues(timeout: Duration? = nil, cpuTime: Duration? = nil) -> JSAsyncSequence {
    JSAsyncSequence(self, RunLimits(timeout, cpuTime))
  }
}

// MARK: - The other way round

extension JSContext {
  /// An async iterable for JavaScript, `for await (const x of it)`, with the values of a Swift sequence.
  ///
  /// The sequence is iterated once, in a task of Swift's, as far as scripts ask. What it throws, the iteration throws.
  /// Leaving JavaScript's loop early cancels the task.
  ///
  /// - Parameter name: what error messages call it.
  public func makeAsyncIterable<S: AsyncSequence & Sendable>(_ sequence: S) throws -> JSObject
  where S.Element: ConvertibleToJSValue & Sendable {
    let source = AsyncSource(sequence)
    let iterator = try makeObject()
    try iterator.set(
      "next",
      makeFunction(
        "next",
        arguments: { [source] (call: JSCall) throws -> JSValue in
          let (promise, resolver) = try call.context.makePromise()
          source.ask(resolver)
          return .object(promise)
        }))
    try iterator.set(
      "return",
      makeFunction(
        "return",
        arguments: { [source] (call: JSCall) throws -> JSValue in
          source.end()
          let (promise, resolver) = try call.context.makePromise()
          try resolver.resolve(AsyncSource.result(call[0], isDone: true, in: call.context))
          return .object(promise)
        }))
    try iterator.define(
      wellKnownSymbol("asyncIterator"),
      JSProperty(
        value: .object(makeFunction("[Symbol.asyncIterator]", arguments: { (call: JSCall) in call.this })),
        isWritable: true, isConfigurable: true))
    return iterator
  }
}

/// A Swift sequence that JavaScript asks for one value after the other.
private final class AsyncSource: Sendable {
  private let requests: AsyncStream<JSPromise.Resolver>
  private let ask: AsyncStream<JSPromise.Resolver>.Continuation
  private let task: Task<Void, Never>

  init<S: AsyncSequence & Sendable>(_ sequence: S) where S.Element: ConvertibleToJSValue & Sendable {
    let (requests, ask) = AsyncStream.makeStream(of: JSPromise.Resolver.self)
    self.requests = requests
    self.ask = ask
    task = Task {
      var iterator = sequence.makeAsyncIterator()
      var isOver = false
      for await resolver in requests {
        do {
          if !isOver, let value = try await iterator.next() {
            try resolver.post(.success(Step(value: value)))
          } else {
            isOver = true
            try resolver.post(.success(Step<JSValue>(value: nil)))
          }
        } catch {
          isOver = true
          try? resolver.post(Result<JSValue, any Error>.failure(error))
        }
      }
    }
  }

  deinit { end() }

  func ask(_ resolver: JSPromise.Resolver) {
    if case .enqueued = ask.yield(resolver) { return }
    try? resolver.post(.success(Step<JSValue>(value: nil)))
  }

  func end() {
    ask.finish()
    task.cancel()
  }

  /// `{ value, done }`
  static func result(_ value: JSValue, isDone: Bool, in context: JSContext) throws -> JSObject {
    try context.makeObject(["value": value, "done": isDone])
  }

  private struct Step<Value: ConvertibleToJSValue & Sendable>: ConvertibleToJSValue, Sendable {
    let value: Value?

    func jsValue(in context: JSContext) throws -> JSValue {
      try .object(
        AsyncSource.result(value?.jsValue(in: context) ?? .undefined, isDone: value == nil, in: context))
    }
  }
}
