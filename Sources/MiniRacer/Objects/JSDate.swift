internal import CMiniRacer

/// A JavaScript Date, live.
public final class JSDate: JSObject, @unchecked Sendable {
  /// The time in milliseconds since 1970-01-01 00:00 UTC, NaN for an invalid date.
  public var millisecondsSince1970: Double {
    get throws { try dateTime }
  }
}
