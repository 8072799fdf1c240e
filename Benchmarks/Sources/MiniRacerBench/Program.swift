import Foundation

/// A program to run, with the environment of this one and some more.
struct Program {
  var path: String
  var arguments: [String] = []
  var environment: [String: String] = [:]

  /// Runs it to its end. Its standard error goes to ours.
  ///
  /// Not by way of Foundation's Process, whose notice of the end comes through a run loop, too late for a measurement.
  ///
  /// - Returns: what it wrote to standard output, and the time from before its start until it was gone.
  func run() throws -> (output: String, seconds: Double) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Failure("pipe: \(String(cString: strerror(errno)))") }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    posix_spawn_file_actions_addclose(&actions, ends[1])

    let all = ProcessInfo.processInfo.environment.merging(environment) { _, ours in ours }
    var argv = ([path] + arguments).map { strdup($0) } + [nil]
    var envp = all.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in argv + envp { free(text) } }

    var id: pid_t = 0
    let start = ContinuousClock.now
    let error = posix_spawnp(&id, path, &actions, nil, &argv, &envp)
    close(ends[1])
    defer { close(ends[0]) }
    guard error == 0 else { throw Failure("\(path): \(String(cString: strerror(error)))") }
    let output = Self.readAll(ends[0])
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 {
      guard errno == EINTR else { throw Failure("waitpid: \(String(cString: strerror(errno)))") }
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    guard status == 0 else {
      let signal = status & 0x7F
      let how = signal == 0 ? "exit code \((status >> 8) & 0xFF)" : "signal \(signal)"
      throw Failure("\(([path] + arguments).joined(separator: " ")) failed: \(how)")
    }
    return (output, seconds)
  }

  private static func readAll(_ file: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count > 0 {
        bytes += buffer[..<count]
      } else if count == 0 || errno != EINTR {
        return String(decoding: bytes, as: UTF8.self)
      }
    }
  }
}
