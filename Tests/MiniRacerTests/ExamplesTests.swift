import Foundation
import Testing

@Suite("Examples", .timeLimit(.minutes(2)))
struct ExamplesTests {
  /// Runs an example's program as Examples/README.md says, from the checkout's top folder.
  private func run(_ program: String, _ arguments: String..., library: String? = nil) throws -> Child {
    if let library {
      let path = checkout.appending(path: "build/js/\(library).js").path
      guard FileManager.default.fileExists(atPath: path) else { throw JSLibrary.Missing(path: path) }
    }
    return try Child(Child.built(program), arguments, folder: checkout)
  }

  @Test("Template: Handlebars with a helper written in Swift")
  func template() throws {
    let child = try run("TemplateExample", library: "handlebars")
    #expect(
      child.output == """
        Dear Ada,
        - Tea: 3.50 EUR
        - Cake &amp; &lt;cream&gt;: 12.05 EUR

        """)
    #expect(child.exitCode == 0)
  }

  @Test("Formula: TeX to MathML")
  func formula() throws {
    let child = try run("FormulaExample", #"e^{i\pi} + 1 = 0"#, library: "katex")
    #expect(
      child.output == #"""
        <span class="katex"><math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><msup><mi>e</mi><mrow>\#
        <mi>i</mi><mi>π</mi></mrow></msup><mo>+</mo><mn>1</mn><mo>=</mo><mn>0</mn></mrow><annotation \#
        encoding="application/x-tex">e^{i\pi} + 1 = 0</annotation></semantics></math></span>

        """#)
    #expect(child.exitCode == 0)

    let broken = try run("FormulaExample", #"\frac{1"#, library: "katex")
    #expect(broken.output.hasPrefix("ParseError: KaTeX parse error: "))
    #expect(broken.exitCode == 0)
  }

  @Test("Page: a page with data of async closures")
  func page() throws {
    let child = try run("PageExample")
    #expect(
      child.output == """
        <h1>Orders of Ada &#38; Co.</h1>
        <ul>
          <li>Tea: 3.50 EUR</li>
          <li>&#60;Cake&#62;: 12.05 EUR</li>
        </ul>
        <p>2 orders, 15.55 EUR</p>

        """)
    #expect(child.exitCode == 0)
  }

  @Test("Rules: one fails, the others count")
  func rules() throws {
    let child = try run("RulesExample")
    #expect(
      child.lines == [
        "gift.js: timeout",
        "points.js:1:9: Cannot destructure property 'points' of 'customer(...).card' as it is undefined.",
        "shipping.js: no such city: Leeds", "tax.js:1:28: Unexpected token ')'", #"["discount": 10.0]"#,
      ])
    #expect(child.exitCode == 0)
  }

  @Test("Plot: the same chart as in the documentation")
  func plot() throws {
    let folder = try TemporaryFolder()
    let child = try run("PlotExample", folder.path("plot.svg"), library: "marked")
    #expect(child.output.isEmpty)
    #expect(child.exitCode == 0)
    let svg = try String(contentsOfFile: folder.path("plot.svg"), encoding: .utf8)
    #expect(try svg == String(contentsOf: checkout.appending(path: "docs/images/plot.svg"), encoding: .utf8))
  }

  @Test(
    "docs: the Swift code of a page is Examples/Docs, and prints what its comments say",
    arguments: [
      ("values", "Values"), ("functions", "Functions"), ("async", "Async"), ("modules", "Modules"),
      ("buffers", "Buffers"),
      ("host-objects", "HostObjects"), ("limits", "Limits"),
    ])
  func page(name: String, file: String) throws {
    let page = try String(contentsOf: checkout.appending(path: "docs/\(name).md"), encoding: .utf8)
    let program = try String(contentsOf: checkout.appending(path: "Examples/Docs/\(file).swift"), encoding: .utf8)
    let blocks = page.components(separatedBy: "```swift\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    let lines = blocks.flatMap { $0.components(separatedBy: "\n").dropLast() }
    let indented = { (line: Substring) in line.isEmpty ? "" : "    " + line }
    for block in blocks {
      let inside = block.split(separator: "\n", omittingEmptySubsequences: false).map(indented).joined(separator: "\n")
      #expect(program.contains(block) || program.contains(inside), "\(block)")
    }
    let said = lines.compactMap { line in
      line.contains("print(") ? line.components(separatedBy: ")  // ").dropFirst().last : nil
    }
    let child = try run("DocsExample", name, library: "marked")
    #expect(!said.isEmpty)
    #expect(child.lines == said)
    #expect(child.exitCode == 0)
  }

  @Test("README.md: the Swift code is Examples/Readme, and prints what its comments say")
  func readme() throws {
    let page = try String(contentsOf: checkout.appending(path: "README.md"), encoding: .utf8)
    let parts = page.components(separatedBy: "```swift\n")
    try #require(parts.count == 2, "one block of Swift")
    let code = try #require(parts[1].components(separatedBy: "```").first)
    let file = try String(contentsOf: checkout.appending(path: "Examples/Readme/main.swift"), encoding: .utf8)
    #expect(file.drop { $0 != "\n" }.dropFirst() == code)

    let child = try run("ReadmeExample")
    #expect(child.lines == ["HELLO, SWIFT!", "stopped"])
    #expect(child.exitCode == 0)
    #expect(code.contains("print(try shout(\"Swift\"))  // HELLO, SWIFT!\n"))
  }
}
