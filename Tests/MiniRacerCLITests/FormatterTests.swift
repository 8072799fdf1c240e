import MiniRacer
import Testing

@testable import MiniRacerCLI

/// Inspect's Swift half, without an engine.
struct FormatterTests {
  @Test(arguments: [
    (1.0, "1"), (-0.0, "-0"), (0.1, "0.1"), (123.456, "123.456"), (1e20, "100000000000000000000"), (1e21, "1e+21"),
    (1.5e21, "1.5e+21"), (1e-6, "0.000001"), (1e-7, "1e-7"), (1.25e-9, "1.25e-9"), (.leastNonzeroMagnitude, "5e-324"),
    (.infinity, "Infinity"), (-.infinity, "-Infinity"), (.nan, "NaN"),
    (1.7976931348623157e308, "1.7976931348623157e+308"),
    (-2.5, "-2.5"), (4_294_967_295, "4294967295"),
  ])
  func number(_ value: Double, _ text: String) { #expect(NumberText.of(value) == text) }

  @Test(arguments: [
    ("a", "'a'"), ("it's", #""it's""#), (#"it's "x""#, #"`it's "x"`"#), (#"' " `"#, #"'\' " `'"#),
    (#"' " ${"#, #"'\' " ${'"#), ("\n\t\\", #"'\n\t\\'"#), ("\u{1B}\0\u{7F}", #"'\x1B\x00\x7F'"#), ("日本 😀", "'日本 😀'"),
  ])
  func quoted(_ text: JSString, _ literal: String) { #expect(Quoting.quoted(text) == literal) }

  @Test func loneSurrogates() {
    #expect(Quoting.quoted(JSString(utf16: [0x61, 0xD83D])) == #"'a\ud83d'"#)
    #expect(Quoting.quoted(JSString(utf16: [0xDE00, 0xD83D, 0xDE00])) == #"'\ude00😀'"#)
  }

  @Test func reading() throws {
    var reader = ProbeReader(#"od1;"#)
    #expect(throws: ProbeReader.Malformed.self) { try reader.readValues() }
    reader = ProbeReader(#"s"a\n\ud83d\"é"0;d-0;utfn"#)
    let values = try reader.readValues()
    #expect(values.count == 6)
    guard case .string(let text, hidden: 0) = values[0] else {
      Issue.record("\(values[0])")
      return
    }
    #expect(text.utf16 == [0x61, 0x0A, 0xD83D, 0x22, 0xE9])
  }

  /// What a broken or hostile engine might send must not crash the tool.
  @Test func readingGarbage() {
    let whole = #"o1;0;"Object"""0;""0.0;K"a"0s"text"0;K"b"0o2;1;~""2;""0d1;h3;p"#
    for length in 0...whole.count {
      var reader = ProbeReader(String(whole.prefix(length)))
      _ = try? reader.readValues()
    }
  }

  @Test func colours() {
    let object = InspectObject(
      kind: .plain, constructorName: "Object",
      properties: [
        .init(key: .name("a"), value: .number("1")), .init(key: .name("b-c"), value: .string("x", hidden: 0)),
        .init(key: .symbol("Symbol(s)"), value: .accessor(.getter)),
      ])
    #expect(
      InspectFormatter.format(.object(object), style: .colored)
        == "{ a: \u{1B}[33m1\u{1B}[39m, \u{1B}[32m'b-c'\u{1B}[39m: \u{1B}[32m'x'\u{1B}[39m, "
        + "[\u{1B}[32mSymbol(s)\u{1B}[39m]: \u{1B}[36m[Getter]\u{1B}[39m }")
  }

  /// Colours take no columns: the line breaks stay where they are.
  @Test func coloursDoNotMoveLines() {
    let items = (0..<40).map { InspectObject.Item.value(.number("\($0)")) }
    let list = InspectNode.object(InspectObject(kind: .array, constructorName: "Array", size: 40, items: items))
    let colored = InspectFormatter.format(list, style: .colored)
    let plain = colored.replacing("\u{1B}[33m", with: "").replacing("\u{1B}[39m", with: "")
    #expect(plain == InspectFormatter.format(list))
    #expect(plain.split(separator: "\n").count == 6)
  }

  @Test(arguments: [
    ("abc", 3), ("", 0), ("日本", 4), ("é", 1), ("e\u{301}", 1), ("😀", 2), ("👨‍👩‍👧", 2), ("❤️", 2), ("ｶ", 1), ("\u{200B}", 0),
    ("🇩🇪", 2),
  ])
  func width(_ text: String, _ columns: Int) { #expect(DisplayWidth.of(text) == columns) }

  @Test func json() {
    let value = JSONText.members([
      ("text", "a\"\\\n\u{1}é"), ("none", nil), ("null", .null), ("list", .array([1, true])),
    ])
    #expect(value.text == #"{"text":"a\"\\\n\u0001é","null":null,"list":[1,true]}"#)
  }
}
