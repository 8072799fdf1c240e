import Foundation

/// The built tool, run to its end.
struct ToolRun {
  let output: String
  let error: String
  let exitCode: Int32

  /// - Parameters:
  ///   - input: what it reads; nil: nothing.
  ///   - folder: where it runs; nil: where the tests do.
  ///   - interruptAfter: sends SIGINT after so many seconds.
  init(
    _ arguments: [String], input: String? = nil, environment changes: [String: String?] = [:], folder: String? = nil,
    interruptAfter: Double? = nil
  ) throws {
    try self.init(
      program: Self.tool, arguments, input: input, environment: changes, folder: folder, interruptAfter: interruptAfter)
  }

  /// The same for any program, as a path.
  init(
    program: String, _ arguments: [String], input: String? = nil, environment changes: [String: String?] = [:],
    folder: String? = nil, interruptAfter: Double? = nil
  ) throws {
    let files = try TemporaryFolder()
    let inputFile = try input.map { try files.write($0, to: "input") } ?? "/dev/null"
    // Spawning in another folder is no POSIX; env changes it and then becomes the program.
    let command = folder.map { ["/usr/bin/env", "-C", $0, program] } ?? [program]
    let child = try ChildProcess(
      command[0], command.dropFirst() + arguments, environment: Self.environment(changes),
      streams: [.read(inputFile), .write(files.path("output")), .write(files.path("error"))])
    if let interruptAfter {
      Thread.sleep(forTimeInterval: interruptAfter)
      child.signal(SIGINT)
    }
    exitCode = child.exitCode()
    output = String(decoding: try Data(contentsOf: files.url.appending(path: "output")), as: UTF8.self)
    error = String(decoding: try Data(contentsOf: files.url.appending(path: "error")), as: UTF8.self)
  }

  /// The executable beside the tests.
  static let tool: String = {
    let name = "miniracer"
    let runner = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    // The runner is either the tests' own executable or one of the toolchain that loads them.
    let folders = [runner] + Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
    return folders.map { $0.appending(path: name).path }
      .first { FileManager.default.isExecutableFile(atPath: $0) } ?? runner.appending(path: name).path
  }()

  /// Whether there is a binary to run scripts with. Without one, only what needs none is tested.
  static let hasLibrary = (try? ToolRun(["doctor"]).exitCode) == 0

  static func environment(_ changes: [String: String?] = [:]) -> [String: String] {
    var environment = ProcessInfo.processInfo.environment
    environment["NO_COLOR"] = nil
    for (name, value) in changes { environment[name] = value }
    return environment
  }
}

/// The checkout that the tests were compiled from.
let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// `miniracer eval` with these arguments.
func eval(_ arguments: String...) throws -> ToolRun { try ToolRun(["eval"] + arguments) }

/// A folder that is removed when the test is over.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "miniracer-cli-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  /// The path of a new file with this text.
  func write(_ text: String, to name: String) throws -> String {
    let file = url.appending(path: name)
    try Data(text.utf8).write(to: file)
    return file.path
  }
}
