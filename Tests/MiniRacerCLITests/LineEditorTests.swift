import Testing

@testable import MiniRacerCLI

struct KeyDecoderTests {
  @Test(arguments: [
    ("a", [Key.character("a")]), ("é😀", [.character("é"), .character("😀")]), ("\r", [.enter]), ("\t", [.tab]),
    ("\u{7F}", [.backspace]), ("\u{3}", [.control("c")]),
    ("\u{1B}[A\u{1B}[B\u{1B}OC\u{1B}[D", [.up, .down, .right, .left]),
    ("\u{1B}[H\u{1B}[F\u{1B}[3~", [.home, .end, .delete]),
    ("\u{1B}b\u{1B}f\u{1B}[1;5C", [.wordLeft, .wordRight, .wordRight]),
    ("\u{1B}\r", [.newline]), ("\u{1B}[99;99Zx", [.character("x")]),
    ("\u{1B}[200~a\r\nb\u{1B}[201~c", [.paste("a\nb"), .character("c")]),
  ])
  func keys(_ bytes: String, _ keys: [Key]) {
    var decoder = KeyDecoder()
    #expect(decoder.feed(bytes.utf8) == keys)
    #expect(!decoder.isWaitingForMore)
    // The same, byte by byte: a slow line cuts anywhere.
    decoder = KeyDecoder()
    #expect(bytes.utf8.flatMap { decoder.feed([$0]) } == keys)
  }

  @Test func brokenText() {
    var decoder = KeyDecoder()
    #expect(decoder.feed([0xFF, 0x61]) == [.character("\u{FFFD}"), .character("a")])
    #expect(decoder.feed([0xE6, 0x97, 0x61]) == [.character("\u{FFFD}"), .character("a")])
  }

  @Test func loneEscape() {
    var decoder = KeyDecoder()
    #expect(decoder.feed([0x1B]) == [])
    #expect(decoder.isWaitingForMore)
    #expect(decoder.flush() == [])
    #expect(decoder.feed("a".utf8) == [.character("a")])
  }
}

struct EditorStateTests {
  private func typed(_ keys: [Key], text: String = "", history: [String] = []) -> EditorState {
    var state = EditorState(text: text, history: history)
    for key in keys { _ = state.handle(key) }
    return state
  }

  private func characters(_ text: String) -> [Key] { text.map(Key.character) }

  @Test(arguments: [
    ([Key.left, .character("X")], "ab cXd"), ([.home, .character("X")], "Xab cd"), ([.control("a"), .delete], "b cd"),
    ([.control("w")], "ab "), ([.control("u")], ""), ([.home, .control("k")], ""),
    ([.wordLeft, .control("k"), .control("y"), .control("y")], "ab cdcd"), ([.backspace, .backspace], "ab "),
    ([.control("t")], "ab dc"), ([.home, .wordRight, .character("X")], "abX cd"), ([.home, .control("d")], "b cd"),
    ([.paste("1\n2")], "ab cd1\n2"), ([.newline], "ab cd\n"),
  ])
  func editing(_ keys: [Key], _ result: String) { #expect(typed(keys, text: "ab cd").buffer.text == result) }

  @Test func wholeCharacters() {
    #expect(typed([.backspace], text: "a👨‍👩‍👧").buffer.text == "a")
    let state = typed([.character("e"), .character("\u{301}"), .backspace])
    #expect(state.buffer.text == "")
  }

  @Test func lines() {
    var state = typed([.up, .character("X")], text: "abc\nde")
    #expect(state.buffer.text == "abXc\nde")
    state = typed([.up, .up], text: "abc\nde", history: ["old"])
    #expect(state.buffer.text == "old")
    state = typed([.up, .down, .character("X")], text: "abc\nde")
    #expect(state.buffer.text == "abc\ndeX")
  }

  @Test func history() {
    var state = EditorState(history: ["one", "two"])
    for key in characters("dra") { _ = state.handle(key) }
    #expect(state.handle(.up) == .redraw && state.buffer.text == "two")
    #expect(state.handle(.up) == .redraw && state.buffer.text == "one")
    #expect(state.handle(.up) == .bell && state.buffer.text == "one")
    _ = state.handle(.down)
    #expect(state.handle(.down) == .redraw && state.buffer.text == "dra")
    #expect(state.handle(.down) == .bell)
    #expect(state.handle(.enter) == .submit("dra"))
  }

  @Test func leaving() {
    var state = EditorState()
    #expect(state.handle(.control("d")) == .endOfInput)
    #expect(state.handle(.control("c")) == .interrupt)
    #expect(state.handle(.control("l")) == .clearScreen)
    #expect(state.handle(.control("z")) == .none)
  }

  @Test func completion() {
    func completions(_ line: String) -> Completions {
      let names = ["alpha", "alphabet", "beta"].filter { $0.hasPrefix(line) }
      return Completions(replacedCount: line.count, candidates: names)
    }
    var state = EditorState(text: "al")
    #expect(state.handle(.tab, completions: completions) == .redraw && state.buffer.text == "alpha")
    #expect(state.handle(.tab, completions: completions) == .bell)
    #expect(state.handle(.tab, completions: completions) == .list(["alpha", "alphabet"]))
    state = EditorState(text: "b")
    #expect(state.handle(.tab, completions: completions) == .redraw && state.buffer.text == "beta")
    #expect(state.handle(.tab, completions: completions) == .none)
    state = EditorState(text: "x")
    #expect(state.handle(.tab, completions: completions) == .bell)
    state = EditorState(text: "if (a) {\n")
    #expect(state.handle(.tab, completions: completions) == .redraw && state.buffer.text == "if (a) {\n  ")
  }
}

struct EditorLayoutTests {
  private let prompt = Prompt("> ", continuation: "... ")

  private func layout(_ text: String, columns: Int = 10, left: Int = 0) -> EditorLayout {
    var buffer = EditBuffer(text)
    for _ in 0..<left { buffer.moveLeft() }
    return EditorLayout(buffer: buffer, prompt: prompt, columns: columns)
  }

  @Test func rows() {
    #expect(layout("ab").rows == ["> ab"])
    #expect(layout("ab\ncd").rows == ["> ab", "... cd"])
    #expect(layout("abcdefghij").rows == ["> abcdefgh", "ij"])
    #expect(layout("日本日本日").rows == ["> 日本日本", "日"])
    #expect(layout("a日本日本").rows == ["> a日本日", "本"])
    #expect(layout("a\tb\u{1}").rows == ["> a  b^A"])
  }

  @Test func cursor() {
    var place = layout("ab")
    #expect((place.cursorRow, place.cursorColumn) == (0, 4))
    place = layout("日本", left: 1)
    #expect((place.cursorRow, place.cursorColumn) == (0, 4))
    place = layout("ab\ncd", left: 3)
    #expect((place.cursorRow, place.cursorColumn) == (0, 4))
    // A full row: the cursor is on the next one.
    place = layout("abcdefgh")
    #expect((place.cursorRow, place.cursorColumn) == (1, 0))
    #expect(place.rows == ["> abcdefgh", ""])
    place = layout("abcdefghij", left: 2)
    #expect((place.cursorRow, place.cursorColumn) == (1, 0))
  }

  @Test func tallerThanTheScreen() {
    var place = layout((1...50).map { "\($0)" }.joined(separator: "\n"))
    place.fit(height: 5)
    #expect(place.rows == ["... 46", "... 47", "... 48", "... 49", "... 50"])
    #expect(place.cursorRow == 4)
  }

  @Test func columns() {
    #expect(LineEditor.columns(of: ["a", "bcd", "e"], width: 11) == "a    bcd\r\ne\r\n")
  }
}

struct HistoryTests {
  @Test(arguments: ["a", "a\nb", #"\n"#, "\\\n\\\\n", ""])
  func escaping(_ entry: String) {
    let line = History.escaped(entry)
    #expect(!line.contains("\n"))
    #expect(History.unescaped(line) == entry)
  }

  @Test func file() throws {
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "deep/er/history").path
    var history = History(path: path, limit: 3)
    for entry in ["1", "2\n3", "2\n3", "  ", "4", "5"] { history.append(entry) }
    #expect(history.entries == ["2\n3", "4", "5"])
    #expect(History(path: path, limit: 3).entries == ["2\n3", "4", "5"])
    #expect(History(path: path).entries == ["1", "2\n3", "4", "5"])
    // What cannot be written is only forgotten.
    var lost = History(path: "/proc/none/history")
    lost.append("x")
    #expect(lost.entries == ["x"])
  }

  @Test func place() {
    #expect(History.standardPath { ["XDG_STATE_HOME": "/s"][$0] } == "/s/miniracer/history")
    #expect(History.standardPath { ["HOME": "/h"][$0] } == "/h/.local/state/miniracer/history")
    #expect(History.standardPath { ["HOME": "/h", "XDG_STATE_HOME": "relative"][$0] }?.hasPrefix("/h/") == true)
    #expect(History.standardPath { _ in nil } == nil)
  }
}
