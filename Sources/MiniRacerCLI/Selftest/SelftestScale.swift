import ArgumentParser
import Glibc

/// How many times as long as usual the cases may take.
enum SelftestScale {
  static var current: Double {
    get throws { try value(of: getenv("MINIRACER_SELFTEST_SCALE").map { String(cString: $0) }) }
  }

  /// - Parameter text: nil or empty: as long as usual.
  static func value(of text: String?) throws -> Double {
    guard let text, !text.isEmpty else { return 1 }
    // More would go beyond what times are counted in.
    guard let scale = Double(text), scale > 0, scale <= 10000 else {
      throw ValidationError("MINIRACER_SELFTEST_SCALE is a number above 0 and at most 10000, and not '\(text)'")
    }
    return scale
  }
}
