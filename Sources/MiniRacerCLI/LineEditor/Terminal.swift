import Glibc

/// The terminal at standard input and output.
struct Terminal {
  private let original: termios

  /// `nil` where there is none.
  init?() {
    var settings = termios()
    guard isatty(STDOUT_FILENO) != 0, tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
    original = settings
  }

  /// Whether it understands escape sequences.
  static var isCapable: Bool {
    guard let name = getenv("TERM").map({ String(cString: $0) }) else { return false }
    return !name.isEmpty && name != "dumb"
  }

  /// Every key arrives at once, unchanged and unseen, Ctrl-C included.
  ///
  /// - Parameter signals: but Ctrl-C is the signal, and what is written is as it is otherwise: for scripts that run meanwhile.
  func enterRawMode(signals: Bool = false) {
    var raw = original
    raw.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INPCK | ISTRIP | IXON)
    raw.c_oflag &= ~tcflag_t(OPOST)
    raw.c_cflag |= tcflag_t(CS8)
    raw.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN | ISIG)
    if signals {
      raw.c_oflag = original.c_oflag
      raw.c_lflag |= tcflag_t(ISIG)
    }
    withUnsafeMutableBytes(of: &raw.c_cc) { bytes in
      bytes[Int(VMIN)] = 1
      bytes[Int(VTIME)] = 0
    }
    _ = tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
  }

  func leaveRawMode() {
    var settings = original
    _ = tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
  }

  var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
    return (Int(size.ws_col), max(Int(size.ws_row), 1))
  }

  /// The bytes there are; empty at the end of input. Waits for at most so many milliseconds, -1: for ever.
  func read(timeout: Int32 = -1) -> [UInt8]? {
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    while true {
      let ready = poll(&descriptor, 1, timeout)
      if ready == 0 { return nil }
      if ready > 0 { break }
      if errno != EINTR { return [] }
    }
    var bytes = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(STDIN_FILENO, &bytes, bytes.count)
      if count >= 0 { return Array(bytes[..<count]) }
      if errno != EINTR { return [] }
    }
  }
}
