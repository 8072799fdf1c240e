import Foundation
import Testing

/// What Examples/README.md says of the tool.
@Suite(.enabled(if: ToolRun.hasLibrary))
struct ExamplesTests {
  @Test func markdown() throws {
    let library = checkout.appending(path: "build/js/marked.js").path
    try #require(
      FileManager.default.fileExists(atPath: library), "\(library) is not there; ./build.sh test gets it")
    let folder = try TemporaryFolder()
    let file = try folder.write("# Title\n\nSome *emphasis* & `code`.\n\n- 日本\n", to: "page.md")
    let run = try ToolRun(["run", "Examples/markdown.js", file], folder: checkout.path)
    #expect(
      run.output == """
        <h1 id="title">Title</h1>
        <p>Some <em>emphasis</em> &amp; <code>code</code>.</p>
        <ul>
        <li>日本</li>
        </ul>


        """)
    #expect(run.error == "")
    #expect(run.exitCode == 0)
  }
}
