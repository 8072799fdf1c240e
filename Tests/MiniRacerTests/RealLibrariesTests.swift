import MiniRacer
import Testing

@Suite("Real libraries do their real jobs", .timeLimit(.minutes(5)))
struct RealLibrariesTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  @Test("marked: Markdown to HTML")
  func marked() throws {
    try JSLibrary.marked.load(into: context)
    let markdown = """
      # Title

      Some *emphasis*, `code` and a [link](https://example.org "here").

      - one
      - two

      | a | b |
      |---|--:|
      | 1 | 2 |
      """
    let html = try context.global.marked.parse(markdown)
    #expect(
      html.string == """
        <h1 id="title">Title</h1>
        <p>Some <em>emphasis</em>, <code>code</code> and a <a href="https://example.org" title="here">link</a>.</p>
        <ul>
        <li>one</li>
        <li>two</li>
        </ul>
        <table>
        <thead>
        <tr>
        <th>a</th>
        <th align="right">b</th>
        </tr>
        </thead>
        <tbody><tr>
        <td>1</td>
        <td align="right">2</td>
        </tr>
        </tbody></table>

        """)
  }

  @Test("handlebars: a template with a helper written in Swift")
  func handlebars() throws {
    try JSLibrary.handlebars.load(into: context)
    let handlebars = try context.global.get("Handlebars", as: JSObject.self)
    try handlebars.registerHelper(
      "price", context.makeFunction("price") { (cents: Int) in "\(cents / 100).\(cents % 100) €" })
    let source = "{{title}}:{{#each items}} {{name}} {{price cents}}{{#unless @last}},{{/unless}}{{/each}}"
    let template = try JSFunction.construct(from: handlebars.compile(source))
    let items: [[String: JSValue]] = [["name": "Tea", "cents": 350], ["name": "<Cake>", "cents": 499]]
    let text = try template(context.makeObject(["title": "Menu", "items": items]))
    #expect(text.string == "Menu: Tea 3.50 €, &lt;Cake&gt; 4.99 €")

    let wrong = try #require(throws: JSError.self) {
      try template(context.makeObject(["items": [["cents": "free"]]]))
    }
    #expect(wrong.message == "price: argument 1: expected Int, got String")
  }

  @Test("katex: a formula to MathML")
  func katex() throws {
    try JSLibrary.katex.load(into: context)
    let options = try context.makeObject(["output": "mathml"])
    let text = try context.global.katex.renderToString(#"\frac{1}{x^2}"#, options)
    #expect(
      text.string == #"""
        <span class="katex"><math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><mfrac><mn>1</mn><msup><mi>x</mi><mn>2</mn></msup></mfrac></mrow><annotation encoding="application/x-tex">\frac{1}{x^2}</annotation></semantics></math></span>
        """#)
    let wrong = try #require(throws: JSError.self) { try context.global.katex.renderToString(#"\frac{1"#) }
    #expect(wrong.name == "ParseError" || wrong.message.hasPrefix("KaTeX parse error"))
    let thrown = try #require(wrong.thrown)
    #expect(try thrown.position == 7)
  }

  @Test("typescript: to JavaScript, with diagnostics")
  func typescript() throws {
    try JSLibrary.typescript.load(into: context)
    let ts = try context.global.get("ts", as: JSObject.self)
    let source = """
      interface Point { x: number; y: number }
      const norm = ({ x, y }: Point): number => Math.hypot(x, y);
      enum Color { Red, Green = 5 }
      export class Shape<T> { constructor(private readonly at: T) {} }
      """
    let options = try context.makeObject([
      "reportDiagnostics": true, "compilerOptions": ["target": "es2020", "module": "esnext", "newLine": "lf"],
    ])
    let output = try ts.transpileModule(source, options)
    #expect(
      try output.outputText.string == """
        const norm = ({ x, y }) => Math.hypot(x, y);
        var Color;
        (function (Color) {
            Color[Color["Red"] = 0] = "Red";
            Color[Color["Green"] = 5] = "Green";
        })(Color || (Color = {}));
        export class Shape {
            constructor(at) {
                this.at = at;
            }
        }

        """)
    #expect(try output.diagnostics.length == 0)

    let wrong = try ts.transpileModule("let x: = 1;", options)
    let diagnostics = try [JSObject].construct(from: wrong.diagnostics)
    let diagnostic = try #require(diagnostics.first)
    #expect(try diagnostic.messageText == "Type expected.")
    #expect(try diagnostic.code == 1110)
    #expect(try diagnostic.start == 7)
  }

  @Test("lodash: nested data")
  func lodash() throws {
    try JSLibrary.lodash.load(into: context)
    let lodash = try context.global.get("_", as: JSFunction.self)
    #expect(try [[Int]].construct(from: lodash.chunk([1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]])
    let people: [[String: String]] = [
      ["name": "Ada", "city": "London"], ["name": "Carl", "city": "Bonn"], ["name": "Bea", "city": "London"],
    ]
    let groups = try [String: [[String: String]]].construct(from: lodash.groupBy(people, "city"))
    #expect(groups == ["London": [people[0], people[2]], "Bonn": [people[1]]])
    #expect(try lodash.camelCase("--foo-bar baz") == "fooBarBaz")
    let isEven = try context.makeFunction("isEven") { (number: Int) in number % 2 == 0 }
    #expect(try [Int].construct(from: lodash.filter([1, 2, 3, 4], isEven)) == [2, 4])
    #expect(try lodash.isEqual(["a": [1, 2]], ["a": [1, 2]]) == true)
  }

  @Test("highlight.js: source text to HTML")
  func highlight() throws {
    try JSLibrary.highlight.load(into: context)
    let result = try context.global.hljs.highlight("javascript", "const x = 'a' + 1; // note")
    #expect(
      try result.value.string == """
        <span class="hljs-keyword">const</span> x = <span class="hljs-string">'a'</span> + <span \
        class="hljs-number">1</span>; <span class="hljs-comment">// note</span>
        """)
    #expect(try result.language == "javascript")
  }

  @Test("babel: new syntax to old")
  func babel() throws {
    try JSLibrary.babel.load(into: context)
    let options = try context.makeObject(["presets": ["env"], "sourceType": "script"])
    let result = try context.global.Babel.transform("const add = (a, b = 1) => a ?? b;", options)
    #expect(
      try result.code.string == """
        var add = function add(a) {
          var b = arguments.length > 1 && arguments[1] !== undefined ? arguments[1] : 1;
          return a !== null && a !== void 0 ? a : b;
        };
        """)
    let wrong = try #require(throws: JSError.self) { try context.global.Babel.transform("let = = 1", options) }
    #expect(wrong.name == "SyntaxError")
    let thrown = try #require(wrong.thrown)
    #expect(try thrown.loc.line == 1)
  }
}
