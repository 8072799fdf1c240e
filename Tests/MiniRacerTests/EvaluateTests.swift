import MiniRacer
import Testing

@Suite("Evaluate")
struct EvaluateTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  @Test("a script gives the value of its last statement")
  func completionValue() throws {
    #expect(try context.evaluate("40 + 2") == 42)
    #expect(try context.evaluate("const name = 'World'; `Hello, ${name}!`") == "Hello, World!")
    #expect(try context.evaluate("") == .undefined)
    #expect(try context.evaluate("if (false) 1") == .undefined)
  }

  @Test("typed results")
  func typedResults() throws {
    #expect(try context.evaluate("6 * 7", as: Int.self) == 42)
    #expect(try context.evaluate("[1, 2, 3].map(x => x / 2)", as: [Double].self) == [0.5, 1, 1.5])
    #expect(try context.evaluate("({ a: 1, b: 2 })", as: [String: Int].self) == ["a": 1, "b": 2])
    #expect(try context.evaluate("null", as: Int?.self) == nil)
    let error = try #require(throws: JSConversionError.self) { try context.evaluate("'7'", as: Int.self) }
    #expect(error.description == "expected Int, got String")
  }

  @Test("globals stay from one script to the next")
  func globals() throws {
    try context.evaluate("let count = 1; var other = 2; function f() { return ++count; }")
    #expect(try context.evaluate("f() + other") == 4)
    #expect(try context.evaluate("count", as: Int.self) == 2)
  }

  @Test("contexts do not share globals")
  func separateGlobals() throws {
    try context.evaluate("globalThis.mine = 1")
    let sibling = try JSContext(virtualMachine: context.virtualMachine)
    #expect(try sibling.evaluate("typeof mine") == "undefined")
    #expect(try JSContext().evaluate("typeof mine") == "undefined")
  }

  @Test("promise reactions run before evaluate returns")
  func microtasks() throws {
    try context.evaluate("var done = false; Promise.resolve().then(() => { done = true }); done")
    #expect(try context.evaluate("done") == true)
  }

  @Test("explicit microtasks wait until they are run")
  func explicitMicrotasks() throws {
    let context = try JSContext(.init(explicitMicrotasks: true))
    try context.evaluate("var done = false; Promise.resolve().then(() => { done = true })")
    #expect(try context.evaluate("done") == false)
    try context.virtualMachine.runMicrotasks()
    #expect(try context.evaluate("done") == true)
  }

  @Test("source text in any script", arguments: ["'ä'", "'日本語'", "'👩‍👩‍👧'", "'\\0'", "'\u{FEFF}'"])
  func unicode(source: String) throws {
    let text = String(source.dropFirst().dropLast())
    #expect(try context.evaluate(source).string == (text == "\\0" ? "\0" : text))
  }

  @Test("the file name and the position of the text are those in errors")
  func position() throws {
    let error = try #require(throws: JSError.self) {
      try context.evaluate("  boom()", fileName: "page.html", line: 10, column: 5)
    }
    #expect(error.fileName == "page.html")
    #expect(error.line == 10)
    #expect(error.column == 7)
    #expect(error.frames.first?.fileName == "page.html")
  }

  @Test("positions that cannot be", arguments: [(0, 1), (1, 0), (-1, 1), (Int.max, 1)])
  func impossiblePosition(line: Int, column: Int) throws {
    let error = try #require(throws: MiniRacerError.self) {
      try context.evaluate("1", line: line, column: column)
    }
    #expect(error.code == .invalidArgument)
  }

  @Test("JSON in and out, whatever a script makes of JSON")
  func json() throws {
    try context.evaluate("JSON = { parse: () => 1, stringify: () => '1' }")
    let value = try context.parseJSON(#"{"list": [1, 2.5, null], "text": "ä\u0000"}"#)
    #expect(try context.stringifyJSON(value) == #"{"list":[1,2.5,null],"text":"ä\u0000"}"#)
    #expect(try context.stringifyJSON([1, 2], indent: 2) == "[\n  1,\n  2\n]")
    #expect(try context.stringifyJSON(JSValue.undefined) == nil)
    #expect(throws: JSError.self) { try context.parseJSON("{") }
    #expect(throws: MiniRacerError.self) { try context.stringifyJSON(1, indent: 11) }
  }

  @Test("String(value)")
  func string() throws {
    #expect(try context.string(of: context.evaluate("[1, [2, 3]]")) == "1,2,3")
    #expect(try context.string(of: context.evaluate("({ toString() { return 'mine' } })")) == "mine")
    #expect(try context.string(of: 0.1 + 0.2) == "0.30000000000000004")
    #expect(try context.string(of: context.evaluate("Symbol('s')")) == "Symbol(s)")
  }

  @Test("what the binary says of itself")
  func info() throws {
    let info = context.virtualMachine.library.info
    #expect(info.abiVersion >= 1)
    #expect(info.engineName == "V8")
    #expect(info.engineVersion.split(separator: ".").count >= 3)
    #expect(!info.buildID.isEmpty)
    #expect(info.maximumStringLength > 1 << 28)
    #expect(try context.evaluate("typeof Intl") == (info.features.contains(.intl) ? "object" : "undefined"))
    #expect(
      try context.evaluate("typeof WebAssembly") == (info.features.contains(.webAssembly) ? "object" : "undefined"))
  }
}
