import Glibc

/// Standard output and standard error, written at once: nothing is lost if the process ends, and the two keep their order.
enum Output {
  /// Written to the terminal before what is written next, once.
  nonisolated(unsafe) static var prelude: String?

  static func write(_ text: String) { writeWithPrelude(text, to: STDOUT_FILENO) }
  static func writeError(_ text: String) { writeWithPrelude(text, to: STDERR_FILENO) }

  private static func writeWithPrelude(_ text: String, to descriptor: Int32) {
    if let prelude {
      Self.prelude = nil
      write(prelude, to: STDOUT_FILENO)
    }
    write(text, to: descriptor)
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
          var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&ready, 1, -1)
        } else if errno == EPIPE {
          // Whoever read has seen enough. Normally SIGPIPE ends the process; a parent may have had it ignored.
          _exit(128 + SIGPIPE)
        } else if errno != EINTR {
          return
        }
      }
    }
  }
}
