import Foundation
import MiniRacer
import Testing

@Suite("The table of functions agrees with the header, the binary and its callers")
struct TableTests {
  private func text(_ path: String) throws -> String {
    try String(contentsOf: checkout.appending(path: path), encoding: .utf8)
  }

  private func listed() throws -> [String] {
    try text("Sources/CMiniRacer/functions.h").matches(of: /X\((\w+), \d+, [01]\)/).map { String($0.1) }
  }

  @Test("each function of the header is in the list, and no other")
  func header() throws {
    let declared = try text("native/include/miniracer.h").matches(of: /MINIRACER_API [^;(]*?\bminiracer_(\w+)\(/)
    #expect(declared.count > 40)
    #expect(try Set(declared.map { String($0.1) }) == Set(listed()))
    #expect(try Set(listed()).count == listed().count)
  }

  @Test("the binary exports each of them")
  func binary() throws {
    let exports = try Child("nm", ["--dynamic", "--defined-only", MiniRacerLibrary.load().path])
    let names = Set(exports.lines.compactMap { $0.split(separator: " ").last.map { String($0.prefix { $0 != "@" }) } })
    for name in try listed() { #expect(names.contains("miniracer_\(name)")) }
  }

  @Test("a call names the function that it looks up")
  func callers() throws {
    let folder = checkout.appending(path: "Sources/MiniRacer").resolvingSymlinksInPath()
    var count = 0
    for case let file as URL in try #require(
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    where file.pathExtension == "swift" {
      let source = try String(contentsOf: file, encoding: .utf8)
      for use in source.matches(of: /need\(\s*[\w.]*pointee\.(\w+), "(\w+)"/) {
        #expect(use.1 == use.2, "in \(file.lastPathComponent)")
        count += 1
      }
    }
    #expect(count > 20)
  }
}
