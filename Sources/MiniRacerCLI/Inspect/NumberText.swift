/// A number as JavaScript writes it (ECMA-262 Number::toString), but for -0, which is told from 0.
enum NumberText {
  static func of(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number == 0 { return number.sign == .minus ? "-0" : "0" }
    let sign = number < 0 ? "-" : ""
    if number.isInfinite { return sign + "Infinity" }
    // Swift finds the same shortest digits; where the point goes differs.
    let (digits, exponent) = decimal(number.magnitude)
    return sign + placed(digits, exponent)
  }

  /// The digits d1d2..., and n with the value 0.d1d2... * 10^n.
  private static func decimal(_ number: Double) -> (String, Int) {
    let parts = number.description.split(separator: "e")
    var exponent = parts.count > 1 ? Int(parts[1])! : 0
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    exponent += mantissa[0].count
    let all = mantissa[0] + (mantissa.count > 1 ? mantissa[1] : "")
    let leading = all.prefix { $0 == "0" }.count
    var digits = all.dropFirst(leading)
    exponent -= leading
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    return (String(digits), exponent)
  }

  private static func placed(_ digits: String, _ exponent: Int) -> String {
    let count = digits.count
    switch exponent {
    case 1...21 where count <= exponent: return digits + String(repeating: "0", count: exponent - count)
    case 1...21: return digits.prefix(exponent) + "." + digits.dropFirst(exponent)
    case -5...0: return "0." + String(repeating: "0", count: -exponent) + digits
    default:
      let power = exponent - 1
      let mantissa = count == 1 ? digits : digits.prefix(1) + "." + digits.dropFirst()
      return mantissa + "e" + (power < 0 ? "-" : "+") + "\(abs(power))"
    }
  }
}
