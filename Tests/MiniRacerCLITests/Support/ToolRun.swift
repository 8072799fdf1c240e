import Foundation

/// The built tool, run to its end.
struct ToolRun {
  let output: String
  let error: String
  let exitCode: Int32

  /// - Parameters:
  ///   - input: what it reads; nil: nothing.
  ///   - interruptAfter: sends SIGINT after so many seconds.
  init(
    _ arguments: [String], input: String? = nil, environment changes: [String: String?] = [:],
    interruptAfter: Double? = nil
  ) throws {
    try self.init(
      program: Self.tool, arguments, input: input, environment: changes, interruptAfter: interruptAfter)
  }

  /// The same for any program, as a path.
  init(
    program: String, _ arguments: [String], input: String? = nil, environment changes: [String: String?] = [:],
    interruptAfter: Double? = nil
  ) throws {
    let folder = try TemporaryFolder()
    let inputFile = try input.map { try folder.write($0, to: "input") } ?? "/dev/null"
    let child = try ChildProcess(
      program, arguments, environment: Self.environment(changes),
      streams: [.read(inputFile), .write(folder.path("output")), .write(folder.path("error"))])
    if let interruptAfter {
      Thread.sleep(forTimeInterval: interruptAfter)
      child.signal(SIGINT)
    }
    exitCode = child.exitCode()
    output = String(decoding: try Data(contentsOf: folder.url.appending(path: "output")), as: UTF8.self)
    error = String(decoding: try Data(contentsOf: folder.url.appending(path: "error")), as: UTF8.self)
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
