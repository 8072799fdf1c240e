internal import CMiniRacer

extension JSContext {
  /// Makes a promise that the host settles.
  ///
  /// ```swift
  /// let (promise, resolver) = try context.makePromise()
  /// try context.global.set("answer", promise)
  /// Thread.detachNewThread { try? resolver.resolve(42) }
  /// ```
  public func makePromise() throws -> (promise: JSPromise, resolver: JSPromise.Resolver) {
    let function = try need(functions.pointee.promise_new, "promise_new", functions)
    let promise: JSPromise = try made(creating { result, record in function(id, &result, &record) })
    return (promise, JSPromise.Resolver(promise))
  }
}

extension JSPromise {
  /// Settles a promise that ``JSContext/makePromise()`` made, once, from any thread. Each way waits while another thread is
  /// inside, and runs the promise's reactions where it is the outermost call; `post` does neither.
  public struct Resolver: Sendable {
    /// The promise.
    public let promise: JSPromise

    init(_ promise: JSPromise) { self.promise = promise }

    /// Resolves it: with a value, or with what becomes of a promise or thenable.
    ///
    /// - Throws: ``MiniRacerError`` with `wrongType` if it was settled before; what the conversion throws.
    public func resolve(
      _ value: some ConvertibleToJSValue, timeout: Duration? = nil, cpuTime: Duration? = nil,
      cancellation: CancellationToken? = nil
    ) throws {
      try settle(MINIRACER_PROMISE_FULFILLED, value, RunLimits(timeout, cpuTime, cancellation))
    }

    /// Resolves it with `undefined`.
    public func resolve() throws { try resolve(JSValue.undefined) }

    /// Rejects it with any value.
    ///
    /// - Throws: ``MiniRacerError`` with `wrongType` if it was settled before; what the conversion throws.
    public func reject(
      throwing reason: some ConvertibleToJSValue, timeout: Duration? = nil, cpuTime: Duration? = nil,
      cancellation: CancellationToken? = nil
    ) throws {
      try settle(MINIRACER_PROMISE_REJECTED, reason, RunLimits(timeout, cpuTime, cancellation))
    }

    /// Rejects it with a Swift error, which becomes in JavaScript what one thrown by a host function does, and comes out as
    /// itself again where Swift awaits the promise.
    ///
    /// - Throws: ``MiniRacerError`` with `wrongType` if it was settled before.
    public func reject(
      _ error: any Error, timeout: Duration? = nil, cpuTime: Duration? = nil, cancellation: CancellationToken? = nil
    ) throws {
      switch Thrown(error) {
      case .value(let thrown, _):
        try reject(throwing: thrown, timeout: timeout, cpuTime: cpuTime, cancellation: cancellation)
      case .new(let new):
        let context = promise.context
        let function = try need(
          context.functions.pointee.promise_reject_error, "promise_reject_error", context.functions)
        let (id, handle) = (context.id, promise.handle)
        try new.withRaws(in: context) { constructor, name, message, pointer, finalize in
          _ = try context.running(RunLimits(timeout, cpuTime, cancellation)) { run, _, record in
            function(id, handle, constructor, name, message, pointer, finalize, run, &record)
          }
        }
      }
    }

    /// Settles it as told, in a turn of the event loop, without waiting for anything. What cannot be converted rejects it.
    public func post(_ result: Result<some ConvertibleToJSValue & Sendable, any Error>) throws {
      try promise.context.virtualMachine.post { finish(result) }
    }

    /// Settles it. Where that fails it is because it was settled before, or everything is closing.
    func finish(_ result: Result<some ConvertibleToJSValue, any Error>) {
      do {
        try resolve(result.get())
      } catch let error as MiniRacerError where error.code.category == .lifecycle {
      } catch {
        try? reject(error)
      }
    }

    private func settle(
      _ state: Int, _ value: some ConvertibleToJSValue, _ limits: RunLimits
    ) throws {
      let context = promise.context
      let function = try need(context.functions.pointee.promise_settle, "promise_settle", context.functions)
      let (id, handle) = (context.id, promise.handle)
      try context.lowered(value) { value in
        _ = try context.running(limits) { run, _, record in
          function(id, handle, UInt32(state), &value, run, &record)
        }
      }
    }
  }
}
