internal import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Something that happens once, and that threads wait for. The wait is nearly always over before it begins.
final class Signal: Sendable {
  private let flag = Atomic<Bool>(false)

  var isSet: Bool { flag.load(ordering: .acquiring) }

  func set() { flag.store(true, ordering: .releasing) }

  func wait() {
    var turns = 0
    while !isSet {
      turns += 1
      if turns < 100 { sched_yield() } else { pause(.milliseconds(1)) }
    }
  }
}
