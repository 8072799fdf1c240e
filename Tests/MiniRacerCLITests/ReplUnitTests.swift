import Testing

@testable import MiniRacerCLI

/// The REPL's parts, without an engine.
struct ReplUnitTests {
  @Test(arguments: [
    ("foo", [], "foo"), ("x = foo.ba", ["foo"], "ba"), ("a.b.", ["a", "b"], ""), ("f(a?.b", ["a"], "b"),
    ("this.x", ["this"], "x"), ("$.a", ["$"], "a"), ("[...foo", nil, nil),
  ])
  func chain(_ line: String, _ path: [String]?, _ prefix: String?) {
    let chain = Completer.Chain(endOf: line)
    #expect(chain?.path == path)
    #expect(chain?.prefix == prefix)
  }

  @Test(arguments: ["", "1.", "1.5", "f().x", "'text'.le", "[1].", "/x/.", "`a`.b", "a..b", ".", "x = "])
  func noChain(_ line: String) { #expect(Completer.Chain(endOf: line) == nil) }

  @Test func declaredNames() {
    var names = DeclaredNames()
    names.add(from: "let a = 1; const {b} = x; class C extends D {}; let let1; for (const i of []) {}")
    #expect(names.names == ["a", "b", "C", "let1", "i"])
  }

  @Test(arguments: [
    (".help", ReplCommandLine.help), (".exit", .exit), (" .clear ", .clear), (".load a b.js", .load("a b.js")),
    (".load", .unknown(".load")), (".nope", .unknown(".nope")),
  ])
  func command(_ line: String, _ command: ReplCommandLine) {
    #expect(ReplCommandLine(line, isContinuing: false) == command)
  }

  @Test(arguments: [
    ("let a = 1; const b = 2", "var a = 1; var   b = 2"),
    ("class A {}\nclass B extends A { let() {} }", "var A = class A {};\nvar B = class B extends A { let() {} };"),
    ("for (let i of x) { let y }", nil), ("x = class A {}", nil), ("let let = 1", nil), ("let\n", nil), ("", nil),
    ("x = {\nclass: 1, const: 2 }", nil), ("`${'let a'}`; let b", "`${'let a'}`; var b"),
    ("/'let a/; let b // let c", "/'let a/; var b // let c"), ("a / 1; let b = 2 / 3", "a / 1; var b = 2 / 3"),
    ("f()\nlet [a] = b", "f()\nvar [a] = b"), ("/* let */ 'let a'", nil), ("let `a${`b${c}`}`", nil),
  ])
  func redeclarable(_ source: String, _ script: String?) { #expect(EntryText(source).script == script ?? source) }

  @Test func declaredInPatterns() {
    let text = EntryText(
      "const { a, b: [c, ...d], [e]: f = g(h, i), ...j } = k, l = 1; function m() {}; async function n() {}\nclass O {}"
    )
    #expect(text.declaredNames == ["a", "c", "d", "f", "j", "l", "m", "n", "O"])
    #expect(EntryText("let a, b = (x, y), [c = 1, [d]] = e").declaredNames == ["a", "b", "c", "d"])
  }

  @Test(arguments: [
    "`", "`${", "'", "/", "/*", "\\", ")", "}]", "let", "let {", "const [a, {", "class", "`${`", "\u{1F600}",
  ])
  func anyText(_ source: String) {
    let text = EntryText(source)
    _ = (text.script, text.declaredNames, text.valuePlaces.map { text.asyncFunction(valueFrom: $0) })
  }

  @Test func notACommand() {
    #expect(ReplCommandLine(".5", isContinuing: false) == nil)
    #expect(ReplCommandLine("...x", isContinuing: false) == nil)
    #expect(ReplCommandLine("a", isContinuing: false) == nil)
    #expect(ReplCommandLine("f(\n.clear", isContinuing: true) == nil)
    #expect(ReplCommandLine("f(\n.break", isContinuing: true) == .break)
  }
}

/// Which entries wait for more.
@Suite(.enabled(if: ToolRun.hasLibrary))
struct ContinuationTests {
  @Test(arguments: [
    "{", "foo(1,", "foo(1", "1 +", "if (0)", "`abc", "/* abc", "[1,", "({a:1", "function f(){", "var x = ", "0 ? 1",
    "a.",
    "`a${", "`a${1", "'abc\\", "class A {", "try {}", "() => {", "x =>", "foo(\n`", "/* a\nb",
  ])
  func unfinished(_ source: String) throws {
    let run = try ToolRun(["repl"], input: source + "\n.break\n'next'\n")
    #expect(run.output == "'next'\n")
    #expect(run.error == "")
  }

  @Test(arguments: [")", "a b", "foo(a b", "'abc", "@", "var 1", "f(1))", "{ } }", "/abc", "let let = 1", "[1 2"])
  func wrong(_ source: String) throws {
    let run = try ToolRun(["repl"], input: source + "\n'next'\n")
    #expect(run.output == "'next'\n")
    #expect(run.error.contains("SyntaxError"))
  }
}
