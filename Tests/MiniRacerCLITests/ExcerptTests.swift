import Testing

@testable import MiniRacerCLI

/// The source line with carets under the place.
struct ExcerptTests {
  @Test(arguments: [
    ("foo.bar()", 5, 8, "foo.bar()", "    ^^^"),
    ("foo", 1, 0, "foo", "^"),
    ("\tx.y", 4, 5, "    x.y", "      ^"),
    ("a = '日本'; b.c", 13, 14, "a = '日本'; b.c", "              ^"),
    ("'😀'; b", 7, 8, "'😀'; b", "      ^"),
    ("if (x", 6, 6, "if (x", "     ^"),
    ("", 1, 1, "", "^"),
    ("abc", 2, 100, "abc", " ^^"),
    ("a\u{1B}b", 3, 4, "a b", "  ^"),
  ])
  func place(_ line: String, _ column: Int, _ end: Int, _ shown: String, _ carets: String) throws {
    let excerpt = try #require(SourceExcerpt(line: line, column: column, endColumn: end))
    #expect(excerpt.line == shown)
    #expect(excerpt.carets == carets)
  }

  @Test func unknownPlace() { #expect(SourceExcerpt(line: "a", column: 0, endColumn: 0) == nil) }

  /// A minified bundle is one line of a megabyte.
  @Test func longLine() throws {
    let line = String(repeating: "a+", count: 500_000) + "HERE" + String(repeating: "+b", count: 500)
    let excerpt = try #require(SourceExcerpt(line: line, column: 1_000_001, endColumn: 1_000_005))
    #expect(excerpt.line.count <= 104)
    let start = try #require(excerpt.line.range(of: "HERE")).lowerBound
    #expect(excerpt.carets == String(repeating: " ", count: excerpt.line[..<start].count) + "^^^^")
  }
}

extension String {
  fileprivate func range(of text: String) -> Range<Index>? { self.ranges(of: text).first }
}
