import Foundation

/// A program run to its end.
struct Child {
  let output: String
  let exitCode: Int32

  /// Runs a program, found by PATH if it has no slash, with the environment of this process changed as told: nil removes.
  ///
  /// - Parameter folder: where it runs; nil: where this process does.
  init(
    _ program: String, _ arguments: [String] = [], environment changes: [String: String?] = [:], folder: URL? = nil
  ) throws {
    let process = Process()
    process.currentDirectoryURL = folder
    process.executableURL = URL(fileURLWithPath: program.contains("/") ? program : "/usr/bin/env")
    process.arguments = (program.contains("/") ? [] : [program]) + arguments
    var environment = ProcessInfo.processInfo.environment
    for (name, value) in changes { environment[name] = value }
    process.environment = environment
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try Self.start(process)
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    output = String(decoding: data, as: UTF8.self)
    exitCode = process.terminationStatus
  }

  /// A program that was just copied may still be open for writing in a child that another test forks at that moment.
  private static func start(_ process: Process) throws {
    for _ in 0..<100 {
      do { return try process.run() } catch let error as CocoaError {
        guard (error.underlying as? NSError)?.code == Int(ETXTBSY) else { throw error }
        usleep(10_000)
      }
    }
    try process.run()
  }

  var lines: [String] { output.split(separator: "\n").map(String.init) }

  /// An executable that is built beside the tests.
  static func built(_ name: String) throws -> String {
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    var folder = tests.deletingLastPathComponent()
    // The runner is either the tests' own executable or one of the toolchain that loads them.
    if !FileManager.default.isExecutableFile(atPath: folder.appending(path: name).path) {
      folder =
        Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
        .first { FileManager.default.isExecutableFile(atPath: $0.appending(path: name).path) } ?? folder
    }
    return folder.appending(path: name).path
  }
}

/// A folder that is removed when the test is over.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "miniracer-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  func write(_ bytes: [UInt8], to name: String) throws -> String {
    try Data(bytes).write(to: url.appending(path: name))
    return path(name)
  }
}

/// The checkout that the tests were compiled from.
let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()
