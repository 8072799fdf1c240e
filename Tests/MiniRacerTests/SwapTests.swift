import Foundation
import MiniRacer
import Testing

@Suite("Swap: the same executable with other binaries")
struct SwapTests {
  let folder: TemporaryFolder
  let probe: String

  init() throws {
    folder = try TemporaryFolder()
    probe = try Child.built("LoaderProbe")
  }

  private func run(_ program: String? = nil, library: String?) throws -> Child {
    try Child(program ?? probe, ["6 * 7"], environment: ["MINIRACER_LIBRARY": library])
  }

  @Test("nothing of the binary is linked into an executable")
  func nothingLinked() throws {
    let undefined = try Child("nm", ["--undefined-only", probe])
    #expect(undefined.exitCode == 0, "nm: \(undefined.output)")
    #expect(undefined.lines.contains { $0.contains("dlopen") }, "nm does not list what it should")
    #expect(!undefined.lines.contains { $0.contains(" U miniracer_") })
    let needed = try Child("readelf", ["--dynamic", "--wide", probe]).lines.filter { $0.contains("NEEDED") }
    #expect(needed.contains { $0.contains("libc.so") }, "readelf does not list what it should")
    #expect(!needed.contains { $0.contains("miniracer") || $0.contains("libnode") || $0.contains("libv8") })
  }

  @Test("the binary found without being told")
  func usualSearch() throws {
    let child = try run(library: nil)
    #expect(child.exitCode == 0, "\(child.output)")
    #expect(child.lines.first == "42")
  }

  @Test("MINIRACER_LIBRARY chooses another one")
  func environment() throws {
    let path = folder.path("another.so")
    try StandIn(answer: 41).build(path)
    #expect(try run(library: path).lines == ["41", path])
  }

  @Test("MINIRACER_LIBRARY that does not work is an error and no reason to look elsewhere")
  func unusableEnvironment() throws {
    let missing = folder.path("missing.so")
    let child = try run(library: missing)
    #expect(child.exitCode == 1)
    #expect(
      child.lines == ["libminiracer.so could not be loaded:", "  \(missing) (MINIRACER_LIBRARY): no such file"])
    let text = try folder.write(Array("text".utf8), to: "text.so")
    #expect(try run(library: text).lines.last == "  \(text) (MINIRACER_LIBRARY): not an ELF file")
  }

  @Test("MINIRACER_LIBRARY set to nothing counts as not set")
  func emptyEnvironment() throws {
    #expect(try run(library: "").lines.first == "42")
  }

  @Test("a relative MINIRACER_LIBRARY is a file of the current folder, not the system's")
  func relativeEnvironment() throws {
    let child = try run(library: "libminiracer.so")
    #expect(child.exitCode == 1)
    #expect(child.lines.last == "  libminiracer.so (MINIRACER_LIBRARY): no such file")
  }

  @Test("a binary beside the executable, or in ../lib, goes before the others", arguments: ["bin", "lib"])
  func besideTheExecutable(place: String) throws {
    let copy = folder.path("bin/probe")
    try FileManager.default.createDirectory(atPath: folder.path("bin"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: folder.path("lib"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: probe, toPath: copy)
    try StandIn(answer: 40).build(folder.path("\(place)/libminiracer.so"))
    let child = try run(copy, library: nil)
    #expect(child.lines.first == "40", "\(child.output)")
  }

  @Test("the binary of the checkout that holds the executable")
  func checkoutOfTheExecutable() throws {
    for name in [".build/debug", "dist/lib", "native/include"] {
      try FileManager.default.createDirectory(atPath: folder.path(name), withIntermediateDirectories: true)
    }
    _ = try folder.write([], to: "Package.swift")
    _ = try folder.write([], to: "native/include/miniracer.h")
    let copy = folder.path(".build/debug/probe")
    try FileManager.default.copyItem(atPath: probe, toPath: copy)
    try StandIn(answer: 39).build(folder.path("dist/lib/libminiracer.so"))
    #expect(try run(copy, library: nil).lines.first == "39")
  }

  @Test("replacing the file replaces the engine")
  func replacing() throws {
    let path = folder.path("libminiracer.so")
    try StandIn(answer: 1).build(path)
    #expect(try run(library: path).lines.first == "1")
    try FileManager.default.removeItem(atPath: path)
    try StandIn(abiVersion: 2, answer: 2).build(path)
    #expect(try run(library: path).lines.first == "2")
  }

  @Test("two binaries in one process")
  func twoBinaries() throws {
    let path = folder.path("second.so")
    try StandIn(answer: 5).build(path)
    let usual = try JSContext()
    let other = try JSContext(library: MiniRacerLibrary.load(at: path))
    #expect(try usual.evaluate("1 + 1") == 2)
    #expect(try other.evaluate("1 + 1") == 5)
    let error = try #require(throws: MiniRacerError.self) { try usual.global.set("x", other.global) }
    #expect(error.code == .invalidHandle)
  }

  @Test("the search can be looked at without loading anything")
  func search() throws {
    let attempts = MiniRacerLibrary.search()
    #expect(attempts.first?.reason == "MINIRACER_LIBRARY")
    #expect(attempts.filter { $0.outcome == .used }.count <= 1)
  }
}
