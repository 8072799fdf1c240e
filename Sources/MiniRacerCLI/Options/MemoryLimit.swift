import ArgumentParser

/// A memory limit as people write it: `64` or `64MB`, `512KB`, `1.5GB`. Units are powers of 1024.
struct MemoryLimit: ExpressibleByArgument, Equatable, Sendable {
  let bytes: Int
  /// As it was written, with its unit.
  let text: String

  init?(argument: String) {
    guard let (number, unit) = Quantity.split(argument), number > 0 else { return nil }
    let factor: Double
    switch unit {
    case "b": factor = 1
    case "k", "kb", "kib": factor = 1024
    case "", "m", "mb", "mib": factor = 1024 * 1024
    case "g", "gb", "gib": factor = 1024 * 1024 * 1024
    default: return nil
    }
    let bytes = (number * factor).rounded(.up)
    guard bytes < 0x1p53 else { return nil }
    self.bytes = Int(bytes)
    text = unit.isEmpty ? argument + "MB" : argument
  }
}
