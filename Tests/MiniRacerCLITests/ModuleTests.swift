import Foundation
import Testing

@testable import MiniRacerCLI

@Suite(.enabled(if: ToolRun.hasLibrary))
struct ModuleTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.write("export default 40; export const two = 2;", to: "numbers.mjs")
    _ = try folder.write("exports.add = (a, b) => a + b; exports.main = require.main === module", to: "add.cjs")
  }

  private func run(_ source: String, as name: String, _ options: [String] = []) throws -> ToolRun {
    let file = try folder.write(source, to: name)
    return try ToolRun(["run"] + options + [file, "argument"])
  }

  @Test(arguments: ["main.mjs", "main.js"])
  func program(_ name: String) throws {
    let run = try run(
      """
      import forty, { two } from './numbers.mjs';
      import { add } from './add.cjs';
      await new Promise(resolve => setTimeout(resolve, 1));
      print(add(forty, two), scriptArgs, import.meta.url.endsWith('/\(name)'), typeof this);
      """, as: name)
    #expect(run.error == "")
    #expect(run.output == "42 [ 'argument' ] true undefined\n")
    #expect(run.exitCode == 0)
  }

  @Test func packageType() throws {
    let source = "print(typeof this, typeof module, typeof require)"
    #expect(try run(source, as: "a.js").output == "object undefined function\n")
    #expect(try run(source, as: "a.js", ["--module"]).output == "undefined undefined function\n")
    #expect(try run(source, as: "a.mjs").output == "undefined undefined function\n")
    #expect(try run(source, as: "a.cjs").output == "object object function\n")
    _ = try folder.write(#"{ "type": "module" }"#, to: "package.json")
    #expect(try run(source, as: "a.js").output == "undefined undefined function\n")
    _ = try folder.write(#"{ "type": "commonjs" }"#, to: "package.json")
    #expect(try run(source, as: "a.js").output == "object object function\n")
  }

  @Test func requireInScripts() throws {
    #expect(try run("print(require('./add.cjs').add(1, 2))", as: "main.js").output == "3\n")
    #expect(try run("import('./numbers.mjs').then(m => print(m.two))", as: "main.js").output == "2\n")
  }

  @Test func errors() throws {
    var run = try run("import './numbers.mjs';\nlet a = 1 +* 2;", as: "main.mjs")
    #expect(run.error.contains("main.mjs:2:12\nlet a = 1 +* 2;\n           ^\nSyntaxError: Unexpected token '*'\n"))
    #expect(run.exitCode == 1)
    run = try self.run("await 0;\n  null.x", as: "main.mjs")
    #expect(run.error.contains("main.mjs:2:8\n  null.x\n       ^\n"))
    #expect(run.error.contains("TypeError: Cannot read properties of null (reading 'x')\n    at file://"))
    #expect(run.exitCode == 1)
    run = try self.run("import './none.mjs'", as: "main.mjs")
    #expect(run.error.contains("./none.mjs"))
    #expect(run.exitCode == 1)
    run = try self.run("await new Promise(() => {})", as: "main.mjs")
    #expect(run.error == "miniracer: the script waits for a promise that nothing will settle\n")
    #expect(run.exitCode == 1)
  }

  /// Nothing is read outside of the root.
  @Test func root() throws {
    try FileManager.default.createDirectory(at: folder.url.appending(path: "in"), withIntermediateDirectories: true)
    let source = "import forty from '../numbers.mjs'; print(forty)"
    #expect(try run(source, as: "in/main.mjs").exitCode == 1)
    #expect(try run(source, as: "in/main.mjs", ["--root", folder.url.path]).output == "40\n")
  }

  @Test func evaluation() throws {
    func eval(_ arguments: String...) throws -> ToolRun { try ToolRun(["eval"] + arguments, folder: folder.url.path) }
    #expect(try eval("--module", "import x from './numbers.mjs'; export default x").output == "40\n")
    #expect(try eval("--module", "import { two } from './numbers.mjs'; print(two)").output == "2\n")
    #expect(try eval("(await import('./numbers.mjs')).two").output == "2\n")
    #expect(try eval("require('./add.cjs').add(1, 1)").output == "2\n")
    #expect(try eval("--json", "--module", "export default { a: 1 }").output == "{\"a\":1}\n")
  }

  @Test func packages() throws {
    let packages = folder.url.appending(path: "shelf/thing")
    try FileManager.default.createDirectory(at: packages, withIntermediateDirectories: true)
    _ = try folder.write("exports.name = 'thing'", to: "shelf/thing/index.js")
    let source = "import { name } from 'thing'; print(name)"
    #expect(try run(source, as: "main.mjs").exitCode == 1)
    #expect(try run(source, as: "main.mjs", ["--packages", "/none"]).error.contains("no folder: /none"))
    let shelf = folder.path("shelf")
    #expect(try run(source, as: "main.mjs", ["--packages", folder.url.path, "--packages", shelf]).output == "thing\n")
    let file = try folder.write(source, to: "main.mjs")
    #expect(
      try ToolRun(["run", file], environment: ["MINIRACER_PACKAGES": "\(folder.url.path):\(shelf)"]).output == "thing\n"
    )
  }

  /// Debian's packages of Node's, as they are.
  @Test func realPackages() throws {
    let packages = checkout.appending(path: "build/js/usr/share/nodejs").path
    try #require(
      FileManager.default.fileExists(atPath: packages + "/d3-array"),
      "\(packages) is not there; ./build.sh test gets it")
    let program = checkout.appending(path: "Tests/packages/report.mjs").path
    let run = try ToolRun(["run", "--packages", packages, program])
    #expect(run.error == "")
    #expect(
      run.output == """
        two 1.9.1
        one 1.10.0
        one 2.0.0
        true InternMap(2) [Map] { 'one' => 15, 'two' => 30 }
        [ 12, 30 ] true 01.01.1970
        527dda32-a0de-5105-a042-cb475b5f7d11 true
        true true

        """)
    #expect(run.exitCode == 0)
  }
}
