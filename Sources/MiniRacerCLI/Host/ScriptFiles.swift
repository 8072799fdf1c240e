import MiniRacer

/// `read(path)` and `load(path)`, as other JavaScript shells have them: a script that a person runs may read that person's
/// files. `load` runs a script in the global scope and gives its completion value.
enum ScriptFiles {
  static func add(to context: JSContext) throws {
    try context.setFunction("read") { (path: String) in try InputFile.read(path) }
    try context.setFunction(
      "load", length: 1,
      arguments: { (call: JSCall) throws -> JSValue in
        guard let path = call[0].string else { throw MissingPath() }
        do {
          return try call.context.evaluate(InputFile.read(path), fileName: path)
        } catch let error as JSError where error.kind == .syntaxError {
          // There is no frame in a stack that could tell where.
          throw JSError(name: "SyntaxError", message: "\(path):\(error.line):\(error.column): \(error.message)")
        }
      })
  }

  private struct MissingPath: Error, CustomStringConvertible {
    var description: String { "load: a path is needed" }
  }
}
