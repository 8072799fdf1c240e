import Foundation
import MiniRacer

/// Real JavaScript libraries, of Debian's packages.
enum JSLibrary: String {
  case babel, handlebars, highlight, katex, lodash, marked, typescript

  private var path: String {
    switch self {
    case .babel: return "usr/share/nodejs/@babel/standalone/babel.js"
    case .typescript: return "usr/share/nodejs/typescript/lib/typescript.js"
    case .highlight: return "usr/share/javascript/highlight.js/highlight.js"
    default: return "usr/share/javascript/\(rawValue)/\(rawValue).js"
    }
  }

  /// Where they are unpacked: MINIRACER_TEST_JS, or build/js of the checkout.
  private static var root: URL {
    ProcessInfo.processInfo.environment["MINIRACER_TEST_JS"].map { URL(fileURLWithPath: $0) }
      ?? checkout.appending(path: "build/js")
  }

  /// What a library expects of its surroundings beyond ECMAScript.
  private var surroundings: String {
    switch self {
    case .babel:
      return """
        globalThis.process = { env: {}, argv: [], platform: 'linux' };
        globalThis.tty = { isatty: () => false };
        globalThis.os = { release: () => '' };
        """
    case .highlight: return "globalThis.self = globalThis"
    default: return ""
    }
  }

  /// Runs the library's script in a context.
  func load(into context: JSContext) throws {
    let file = Self.root.appending(path: path)
    guard let source = try? String(contentsOf: file, encoding: .utf8) else { throw Missing(path: file.path) }
    try context.evaluate(surroundings)
    try context.evaluate(source, fileName: file.lastPathComponent, timeout: .seconds(120))
  }

  struct Missing: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path) is not there; ./build.sh test gets it" }
  }
}
