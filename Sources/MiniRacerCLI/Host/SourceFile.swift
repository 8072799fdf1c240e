import Glibc
import MiniRacer

/// A file to run: what it is, and what modules call it.
struct SourceFile {
  enum Kind {
    case module, commonJS
    /// A script, or a module if it does not compile as one but has what only modules have.
    case either
  }

  let path: String
  let text: String

  /// - Parameter path: "-": standard input.
  init(_ path: String) throws {
    self.path = path
    text = try InputFile.read(path)
  }

  private var isStandardInput: Bool { path == "-" }

  /// The name that scripts have in errors.
  var name: String { isStandardInput ? "[stdin]" : path }

  var folder: String {
    guard !isStandardInput, let real = Self.realPath(path) else { return "." }
    let folder = real.prefix(upTo: real.lastIndex(of: "/")!)
    return folder.isEmpty ? "/" : String(folder)
  }

  /// The name that modules have in errors and in each other's imports.
  var url: String {
    isStandardInput ? Self.url(of: (Self.realPath(".") ?? "") + "/[stdin]") : Self.url(of: Self.realPath(path) ?? path)
  }

  /// As Node decides it, by the name, by the nearest package.json, else by the text.
  func kind(isModule: Bool, in context: JSContext) -> Kind {
    if isModule || path.hasSuffix(".mjs") { return .module }
    if path.hasSuffix(".cjs") { return .commonJS }
    guard path.hasSuffix(".js") else { return .either }
    switch packageType(in: context) {
    case "module": return .module
    case "commonjs": return .commonJS
    default: return .either
    }
  }

  private func packageType(in context: JSContext) -> String? {
    var folder = folder[...]
    while folder.last != "." {
      if let text = try? InputFile.read(folder + "/package.json") {
        return try? context.parseJSON(text).object?.get("type").string
      }
      guard let slash = folder.lastIndex(of: "/") else { break }
      folder = folder[..<slash]
    }
    return nil
  }

  /// Whether that is what keeps a text from being a script.
  static func isModuleSyntax(_ error: JSError) -> Bool {
    guard error.kind == .syntaxError else { return false }
    return [
      "Cannot use import statement outside a module", "Cannot use 'import.meta' outside a module",
      "Unexpected token 'export'", "await is only valid in async functions and the top level bodies of modules",
    ].contains(error.message)
  }

  static func url(of path: String) -> String {
    var url = "file://"
    for byte in path.utf8 {
      let character = Character(UnicodeScalar(byte))
      if byte < 0x80, character.isLetter || character.isNumber || "-_.!~*'()/".contains(character) {
        url.append(character)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        url += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return url
  }

  static func realPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
