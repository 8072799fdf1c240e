internal import CMiniRacer

// The common frame of all calls that give a value or an error.

typealias ErrorRecord = UnsafeMutablePointer<miniracer_error>?

extension JSContext {
  /// A call that can run JavaScript.
  ///
  /// The body is to capture numbers only: each object that a closure here holds costs a retain and a release.
  @inline(__always)
  func running(
    _ limits: RunLimits,
    _ body: (UnsafePointer<miniracer_run_options>?, inout miniracer_value, inout ErrorRecord) -> Int32
  ) throws -> JSValue {
    var result = miniracer_value()
    var record: ErrorRecord = nil
    let status = try limits.apply(to: virtualMachine) { run in
      body(run, &result, &record)
    }
    guard status == 0 else { throw failure(status, record) }
    return take(&result)
  }

  /// A call that can run JavaScript and takes a property's key.
  @inline(__always)
  func running(
    _ key: some JSPropertyKeyConvertible, _ limits: RunLimits,
    _ body: (inout miniracer_value, UnsafePointer<miniracer_run_options>?, inout miniracer_value, inout ErrorRecord)
      -> Int32
  ) throws -> JSValue {
    var result = miniracer_value()
    var record: ErrorRecord = nil
    var status: Int32 = 0
    if case .name(let name) = key.jsPropertyKey, case .wellFormed(var text) = name.storage, limits.isDefault {
      status = try text.withUTF8 { text in
        var key = try miniracer_value(utf8: text)
        return body(&key, nil, &result, &record)
      }
    } else {
      status = try withRaw(key) { key in
        var key = key
        return try limits.apply(to: virtualMachine) { run in
          body(&key, run, &result, &record)
        }
      }
    }
    guard status == 0 else { throw failure(status, record) }
    return take(&result)
  }

  /// A call that gives a value and cannot run JavaScript.
  func creating(_ body: (inout miniracer_value, inout ErrorRecord) -> Int32) throws -> JSValue {
    var result = miniracer_value()
    var record: ErrorRecord = nil
    let status = body(&result, &record)
    guard status == 0 else { throw failure(status, record) }
    return take(&result)
  }
}
