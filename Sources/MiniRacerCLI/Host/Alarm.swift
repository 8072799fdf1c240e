import Glibc

/// Something that a thread sleeps by, and that any thread wakes it with: what wakes it is never lost.
final class Alarm: Sendable {
  private let readEnd: Int32
  private let writeEnd: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    _ = pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  func ring() {
    var byte: UInt8 = 0
    _ = write(writeEnd, &byte, 1)  // a full pipe rings as well
  }

  /// Sleeps until it rings, the time is up, or the descriptor has something to read. True: it has.
  @discardableResult
  func wait(_ time: Duration?, for descriptor: Int32 = -1) -> Bool {
    var descriptors = [
      pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0), pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
    ]
    var milliseconds: Int32 = -1
    if let time {
      let (seconds, attoseconds) = max(time, .zero).components
      let rest = attoseconds == 0 ? 0 : attoseconds / 1_000_000_000_000_000 + 1
      milliseconds = Int32(min(seconds, 1_000_000) * 1000 + rest)
    }
    poll(&descriptors, 2, milliseconds)
    var bytes = [UInt8](repeating: 0, count: 256)
    while read(readEnd, &bytes, bytes.count) > 0 {}
    return descriptors[1].revents != 0
  }
}
