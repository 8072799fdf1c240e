internal import CMiniRacer

/// Tells when its thread's stack runs short, so that what follows a value into its depth can throw, and not crash.
struct StackGuard {
  /// What stays for the calls between two looks, a type's own `encode(to:)` or `init(from:)` among them.
  private static let reserve: UInt = 64 << 10
  /// The most that is used of a stack, some of which have no end; and of one that is not the thread's own, of which only so
  /// much is known.
  private static let most: UInt = 64 << 20
  private static let mostOfOthers: UInt = 128 << 10
  /// What may be used before the system is asked, which takes its time.
  private static let unasked: UInt = 16 << 10

  private let start = UInt(cminiracer_frame_address())
  private var limit: UInt
  private var isAsked = false

  init() { limit = start - Self.unasked }

  /// Whether to go no deeper.
  @inline(__always)
  mutating func isShort() -> Bool { UInt(cminiracer_frame_address()) < limit && isReallyShort() }

  @inline(never)
  private mutating func isReallyShort() -> Bool {
    if !isAsked {
      isAsked = true
      let end = UInt(cminiracer_stack_end())
      let isOwn = end != 0 && end < start
      limit = isOwn ? max(end + Self.reserve, start > Self.most ? start - Self.most : 0) : start - Self.mostOfOthers
    }
    return UInt(cminiracer_frame_address()) < limit
  }
}
