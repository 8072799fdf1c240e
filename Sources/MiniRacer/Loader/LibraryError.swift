/// A place where the loader looked for the binary, and what came of it.
public struct SearchAttempt: Sendable, Hashable, CustomStringConvertible {
  /// What came of looking in one place.
  public enum Outcome: Sendable, Hashable {
    /// The binary there was opened and is in use; from ``MiniRacerLibrary/search()``: it would be.
    case used
    /// There is no such file, or the place does not apply; the text says which.
    case absent(String)
    /// There is something, but it cannot be used; the text says why.
    case unusable(String)
    /// An earlier place had what was needed.
    case notTried
  }

  /// The file's path, or the bare name that the system's loader was asked for; empty where there is none to name.
  public let place: String
  /// Why this place is on the list: "MINIRACER_LIBRARY", "beside the executable".
  public let reason: String
  /// What came of it.
  public let outcome: Outcome

  /// One line: the reason, the place and the outcome.
  public var description: String {
    let subject = place.isEmpty ? reason : "\(place) (\(reason))"
    switch outcome {
    case .used: return "\(subject): used"
    case .absent(let why), .unusable(let why): return "\(subject): \(why)"
    case .notTried: return "\(subject): not tried"
    }
  }
}

/// The binary could not be found, opened or trusted.
public struct LibraryError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of failure it was. More may be added.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    /// The code's name, as in the static members.
    public let description: String

    /// No place had a binary at all.
    public static let notFound = Code(description: "notFound")
    /// The file is no shared library for this kind of machine.
    public static let wrongFormat = Code(description: "wrongFormat")
    /// The system's loader refused the file.
    public static let cannotOpen = Code(description: "cannotOpen")
    /// The file lacks functions without which it is of no use.
    public static let missingSymbols = Code(description: "missingSymbols")
    /// The ABI number is older than this host can use, or no ABI number at all.
    public static let unsuitableABI = Code(description: "unsuitableABI")
    /// A struct that both sides share has another size in the binary.
    public static let layoutMismatch = Code(description: "layoutMismatch")
  }

  /// The kind of failure; of several places that failed, that of the first one that had a file.
  public let code: Code
  /// Every place that was tried, in order.
  public let attempts: [SearchAttempt]

  /// All places that were tried and why each of them failed, and what to do about it.
  public var description: String {
    var text = "libminiracer.so could not be loaded:"
    for attempt in attempts { text += "\n  \(attempt)" }
    if code == .notFound, attempts.count > 1 {
      text += "\nBuild it with ./build.sh, or name it in MINIRACER_LIBRARY."
    }
    return text
  }
}

/// Why one file cannot be used.
struct LoadFailure: Error, Hashable {
  let code: LibraryError.Code
  let message: String
}
