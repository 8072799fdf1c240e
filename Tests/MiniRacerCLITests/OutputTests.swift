import Testing

@testable import MiniRacerCLI

struct OutputTests {
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
