/// The fastest time of one operation, in nanoseconds, as `Measure` of native/bench/cases.h does it: the operation is
/// told how often to repeat itself, and is run with growing counts until a batch takes 20 ms, then in 15 such batches.
func measure(_ operation: (Int) throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  var count = 1
  var seconds = 0.0
  while true {
    seconds = try clock.measure { try operation(count) } / .seconds(1)
    if seconds > 0.02 { break }
    count = seconds < 0.001 ? count * 8 : Int(Double(count) * 0.025 / seconds) + 1
  }
  var best = Double.infinity
  for _ in 0..<15 {
    best = min(best, try clock.measure { try operation(count) } / .seconds(1) / Double(count))
  }
  return best * 1e9
}
