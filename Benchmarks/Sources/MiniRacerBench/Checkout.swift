import Foundation

/// Where things are in the checkout that this program was built from.
enum Checkout {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized.path

  static func path(_ relative: String) -> String { "\(root)/\(relative)" }

  static func native(_ program: String) -> String { path("build/native/release/\(program)") }

  /// The library of `dist/`, unless the environment names another.
  static var library: String {
    ProcessInfo.processInfo.environment["MINIRACER_LIBRARY"] ?? path("dist/lib/libminiracer.so")
  }

  /// The interpreter that the tests use, where there is one.
  static var python: String {
    let own = path("build/venv/bin/python")
    return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
  }

  /// What `./build.sh bench --peers` installs.
  static let peerPython = path("build/venv-bench/bin/python")
  static let peerLibraries = path("build/javascriptcore")
}
