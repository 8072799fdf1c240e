import Glibc

/// A case in a process of its own.
struct HostileRun {
  let report: HostileChild.Report

  /// Runs this very program with these arguments, kills it when the time is up, and reads its report.
  init(_ name: String, arguments: [String], within time: Duration) {
    var report = HostileChild.Report(name: name)
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      report.failures = ["no pipe: \(String(cString: strerror(errno)))"]
      self.report = report
      return
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let started = Self.spawn(arguments, output: ends[1])
    close(ends[1])
    defer { close(ends[0]) }
    switch started {
    case .failure(let problem): report.failures = [problem.text]
    case .success(let child):
      let (text, isKilled) = Self.read(ends[0], until: ContinuousClock.now + time, from: child)
      let status = Self.status(of: child)
      let line = text.split(separator: "\n").last.map(String.init) ?? ""
      if isKilled {
        report.outcome = "killed"
        report.failures = ["did not end"]
      } else if let told = HostileChild.Report(line: line), status == 0 {
        report = told
      } else {
        let signal = status & 0x7F
        report.outcome = signal == 0 ? "exit \(status >> 8 & 0xFF)" : "signal \(signal)"
        report.failures = [signal == 0 ? line : String(cString: strsignal(signal))]
      }
    }
    self.report = report
  }

  private struct Problem: Error { let text: String }

  private static func spawn(_ arguments: [String], output: Int32) -> Result<pid_t, Problem> {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
    var argv = (["miniracer"] + arguments).map { strdup($0) } + [nil]
    defer { for text in argv { free(text) } }
    var child: pid_t = 0
    let failure = posix_spawn(&child, "/proc/self/exe", &actions, nil, &argv, environ)
    return failure == 0 ? .success(child) : .failure(Problem(text: "no process: \(String(cString: strerror(failure)))"))
  }

  /// What it writes until it ends; one that does not is killed.
  private static func read(
    _ descriptor: Int32, until deadline: ContinuousClock.Instant, from child: pid_t
  ) -> (String, isKilled: Bool) {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 12)
    while true {
      let rest = ContinuousClock.now.duration(to: deadline)
      guard rest > .zero else {
        kill(child, SIGKILL)
        return (String(decoding: bytes, as: UTF8.self), true)
      }
      var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, Int32(rest / .milliseconds(1)) + 1) > 0 else { continue }
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 || count < 0 && errno != EINTR { return (String(decoding: bytes, as: UTF8.self), false) }
      if count > 0 { bytes += chunk[..<count] }
    }
  }

  private static func status(of child: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status
  }
}

enum Sleep {
  static func during(_ time: Duration) {
    guard time > .zero else { return }
    let (seconds, attoseconds) = time.components
    var request = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    nanosleep(&request, nil)
  }
}
