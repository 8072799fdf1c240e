import Foundation
import Testing

/// The tool on a pseudo-terminal, with someone who types.
final class PseudoTerminal {
  private let process: ChildProcess
  private let master: Int32
  private var screen = ""

  /// - Parameter state: the folder that the tool takes for $XDG_STATE_HOME.
  init(_ arguments: [String], state: TemporaryFolder, environment: [String: String?] = [:]) throws {
    var (master, slave): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&master, &slave, nil, nil, &size) == 0, let path = ttyname(slave).map({ String(cString: $0) }) else {
      throw POSIXError(.ENOTTY)
    }
    for descriptor in [master, slave] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    self.master = master
    defer { close(slave) }
    let variables: [String: String?] = ["TERM": "xterm", "XDG_STATE_HOME": state.url.path]
    process = try ChildProcess(
      ToolRun.tool, arguments, environment: ToolRun.environment(variables.merging(environment) { $1 }),
      streams: Array(repeating: .terminal(path), count: 3))
  }

  func type(_ keys: String) {
    var keys = keys
    keys.withUTF8 { _ = write(master, $0.baseAddress, $0.count) }
  }

  /// Types once the editor is there to read: before that, the terminal itself would take some of the keys.
  func enter(_ keys: String) throws {
    try #require(wait(for: "\u{1B}[?2004h"))
    type(keys)
  }

  func interrupt() { process.signal(SIGINT) }

  /// Reads until the text was written, behind what was waited for before. False: it did not come.
  func wait(for text: String, seconds: Double = 60) -> Bool {
    let end = Date(timeIntervalSinceNow: seconds)
    while true {
      if let range = screen.range(of: text) {
        screen = String(screen[range.upperBound...])
        return true
      }
      var descriptor = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      guard Date() < end else { return false }
      guard poll(&descriptor, 1, 50) > 0 else { continue }
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = read(master, &bytes, bytes.count)
      if count <= 0 { return false }
      screen += String(decoding: bytes[..<count], as: UTF8.self)
    }
  }

  /// Waits for what is printed first behind an entry.
  func wait(forResult text: String) -> Bool { wait(for: "\u{1B}[?2004l\(text)\r\n") }

  func exitCode() -> Int32 { process.exitCode(within: 20) }

  deinit { close(master) }
}
