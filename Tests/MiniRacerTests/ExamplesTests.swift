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
