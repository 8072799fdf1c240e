import Foundation

/// A process of ours. Not Foundation's `Process`, whose wait turns a run loop: tests run on a few shared threads.
final class ChildProcess {
  /// A file to open as one of the standard three, or a descriptor to hand on.
  enum Stream {
    case read(String)
    case write(String)
    case descriptor(Int32)
    /// A terminal, which becomes the process's own: Ctrl-C on it is the signal.
    case terminal(String)
  }

  private let id: pid_t
  private var status: Int32?

  init(
    _ program: String, _ arguments: [String], environment: [String: String], streams: [Stream]
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    for (number, stream) in zip(Int32(0)..., streams) {
      switch stream {
      case .read(let path): posix_spawn_file_actions_addopen(&actions, number, path, O_RDONLY, 0)
      case .write(let path):
        posix_spawn_file_actions_addopen(&actions, number, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, number)
      case .terminal(let path):
        posix_spawn_file_actions_addopen(&actions, number, path, O_RDWR, 0)
        flags |= 0x80  // POSIX_SPAWN_SETSID, a GNU extension
      }
    }
    // Signals as a shell would hand them on, whatever the test runner did to its own.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGPIPE)
    sigaddset(&signals, SIGINT)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var argv = ([program] + arguments).map { strdup($0) } + [nil]
    var envp = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in argv + envp { free(text) } }
    var id: pid_t = 0
    let failure = posix_spawn(&id, program, &actions, &attributes, &argv, &envp)
    guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EIO) }
    self.id = id
  }

  func signal(_ number: Int32) { if status == nil { kill(id, number) } }

  /// The exit code; of a process that a signal ended 128 and its number. One that does not end is killed.
  func exitCode(within seconds: Double = 60) -> Int32 {
    let end = Date(timeIntervalSinceNow: seconds)
    while status == nil {
      var found: Int32 = 0
      if waitpid(id, &found, WNOHANG) == id {
        status = found
      } else {
        if Date() > end { kill(id, SIGKILL) }
        usleep(2000)
      }
    }
    let signal = status! & 0x7F
    return signal == 0 ? status! >> 8 & 0xFF : 128 + signal
  }

  deinit {
    signal(SIGKILL)
    _ = exitCode()
  }
}
