import MiniRacer

/// `read(path)` and `load(path)`, as other JavaScript shells have them: a script that a person runs may read that person's
/// files. `load` runs a script in the global scope and gives its completion value.
enum ScriptFiles {
  static func add(to context: JSContext) throws {
    try context.setFunction("read") { (path: String) in try InputFile.read(path) }
    try context.setFunction("load", length: 1, arguments: { (call: JSCall) throws -> JSValue in
      guard let path = call[0].string else { throw MissingPath() }
      return try call.context.evaluate(InputFile.read(path.description), fileName: path.description)
    })
  }

  private struct MissingPath: Error, CustomStringConvertible {
    var description: String { "load: a path is needed" }
  }
}
