import Foundation
import Testing

/// `read` and `load`, which `miniracer run` gives to scripts.
@Suite(.enabled(if: ToolRun.hasLibrary))
struct ScriptFilesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Runs a script whose scriptArgs are these files of the folder.
  private func run(_ source: String, _ files: String...) throws -> ToolRun {
    try ToolRun(["run", "-"] + files.map(folder.path), input: source)
  }

  @Test func readGivesTheText() throws {
    _ = try folder.write("\u{FEFF}日本\n😀", to: "text.txt")
    let run = try run("print(JSON.stringify(read(scriptArgs[0])))", "text.txt")
    #expect(run.output == #""日本\n😀""# + "\n")
    #expect(run.error == "")
    #expect(run.exitCode == 0)
  }

  @Test func loadGivesTheCompletionValue() throws {
    _ = try folder.write("var shared = 20; const local = 1; shared * 2 + 2", to: "library.js")
    let run = try run("print(load(scriptArgs[0]), shared, local, this.local)", "library.js")
    #expect(run.output == "42 20 1 undefined\n")
    #expect(run.error == "")
    #expect(run.exitCode == 0)
  }

  @Test func loadedScriptsLoad() throws {
    _ = try folder.write("load(scriptArgs[1]) + 1", to: "outer.js")
    _ = try folder.write("40 + 1", to: "inner.js")
    #expect(try run("print(load(scriptArgs[0]))", "outer.js", "inner.js").output == "42\n")
  }

  @Test(arguments: ["read", "load"])
  func missingFile(_ function: String) throws {
    var run = try run("\(function)(scriptArgs[0])", "none.js")
    #expect(run.error.contains("cannot read \(folder.path("none.js")): No such file or directory"))
    #expect(run.output == "")
    #expect(run.exitCode == 1)
    run = try self.run("try { \(function)(scriptArgs[0]) } catch (e) { print(e.message) }", "none.js")
    #expect(run.output == "cannot read \(folder.path("none.js")): No such file or directory\n")
    #expect(run.exitCode == 0)
  }

  @Test(arguments: ["read()", "read(1)", "load()", "load({})"])
  func noPath(_ call: String) throws {
    let run = try run(call)
    #expect(run.error.contains(String(call.prefix(4)) + ": "))
    #expect(run.exitCode == 1)
  }

  @Test func errorInALoadedFile() throws {
    let file = try folder.write("function f() {\n  null.x;\n}\nf();\n", to: "broken.js")
    let run = try run("\n\nload(scriptArgs[0])", "broken.js")
    #expect(
      run.error == """
        [stdin]:3:1
        load(scriptArgs[0])
        ^
        TypeError: Cannot read properties of null (reading 'x')
            at f (\(file):2:8)
            at \(file):4:1
            at [stdin]:3:1

        """)
    #expect(run.output == "")
    #expect(run.exitCode == 1)
  }

  @Test func syntaxErrorInALoadedFile() throws {
    let file = try folder.write("let a = 1;\nlet b = a +* 2;\n", to: "broken.js")
    let run = try run("load(scriptArgs[0])", "broken.js")
    #expect(run.error.contains("\nSyntaxError: \(file):2:12: Unexpected token '*'\n    at [stdin]:1:1\n"))
    #expect(run.exitCode == 1)
  }

  @Test func deadlineOfALoadedFile() throws {
    _ = try folder.write("for (;;);", to: "endless.js")
    let run = try ToolRun(["run", "--timeout", "300ms", "-", folder.path("endless.js")], input: "load(scriptArgs[0])")
    #expect(run.error == "miniracer: timeout: the script ran longer than 300ms and was ended\n")
    #expect(run.exitCode == 1)
  }
}
