import Foundation
import MiniRacer
import Testing

@Suite("Loader: what it says of binaries that cannot be used")
struct LoaderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func standIn(_ standIn: StandIn) throws -> String {
    let path = folder.path("libminiracer.so")
    try standIn.build(path)
    return path
  }

  private func failure(loading path: String) throws -> LibraryError {
    try #require(throws: LibraryError.self) { try MiniRacerLibrary.load(at: path) }
  }

  @Test("a stand-in that serves the contract's minimum loads and evaluates")
  func minimum() throws {
    let path = try standIn(StandIn(answer: 7))
    let library = try MiniRacerLibrary.load(at: path)
    #expect(library.info.engineName == "stand-in")
    #expect(library.attempts.map(\.description) == ["\(path) (an explicit path): used"])
    #expect(try JSContext(library: library).evaluate("any text") == 7)
  }

  @Test("the same file gives the same library")
  func sameFile() throws {
    let path = try standIn(StandIn())
    let link = folder.path("link.so")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    #expect(try MiniRacerLibrary.load(at: path) === MiniRacerLibrary.load(at: link))
  }

  @Test func fileMissing() throws {
    let path = folder.path("nothing.so")
    let error = try failure(loading: path)
    #expect(error.code == .notFound)
    #expect(
      error.description == "libminiracer.so could not be loaded:\n  \(path) (an explicit path): no such file")
  }

  @Test func folderInsteadOfFile() throws {
    let error = try failure(loading: folder.url.path)
    #expect(error.code == .cannotOpen)
    #expect(error.description.hasSuffix("a folder; name the file in it"))
  }

  @Test func notELF() throws {
    let error = try failure(loading: folder.write(Array("#!/bin/sh\n".utf8), to: "script.so"))
    #expect(error.code == .wrongFormat)
    #expect(error.description.hasSuffix("script.so (an explicit path): not an ELF file"))
  }

  @Test func emptyAndTruncatedFiles() throws {
    #expect(try failure(loading: folder.write([], to: "empty.so")).description.hasSuffix("not an ELF file"))
    let truncated = try folder.write([0x7F, 0x45, 0x4C, 0x46, 2, 1], to: "truncated.so")
    #expect(try failure(loading: truncated).description.hasSuffix("a truncated ELF file (6 bytes)"))
  }

  @Test("another machine's binary is named as such", arguments: [(183, "aarch64"), (40, "arm"), (9999, "9999")])
  func wrongArchitecture(machine: UInt16, name: String) throws {
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: standIn(StandIn()))))
    #if arch(arm64)
    let (machine, name) = machine == 183 ? (62, "x86_64") : (machine, name)
    let own = "aarch64"
    #else
    let own = "x86_64"
    #endif
    bytes[18] = UInt8(truncatingIfNeeded: machine)
    bytes[19] = UInt8(machine >> 8)
    let error = try failure(loading: folder.write(bytes, to: "other.so"))
    #expect(error.code == .wrongFormat)
    #expect(error.description.contains(name))
    #expect(error.description.hasSuffix(", this process is \(own)"))
  }

  @Test func executableInsteadOfLibrary() throws {
    let file = folder.path("program.c")
    try "int main(void) { return 0; }".write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try Child("cc", ["-no-pie", "-o", folder.path("program"), file]).exitCode == 0)
    let error = try failure(loading: folder.path("program"))
    #expect(error.description.hasSuffix("an ELF file, but not a shared library"))
  }

  @Test("a library of its own that needs one that is not there: the system's loader's words")
  func dependencyMissing() throws {
    let (dependency, path) = (folder.path("libgone.so"), folder.path("libminiracer.so"))
    try StandIn().build(dependency)
    let file = folder.path("needs.c")
    try "int miniracer_abi_version(void); int f(void) { return miniracer_abi_version(); }"
      .write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try Child("cc", ["-shared", "-fPIC", "-o", path, file, dependency]).exitCode == 0)
    try FileManager.default.removeItem(atPath: dependency)
    let error = try failure(loading: path)
    #expect(error.code == .cannotOpen)
    #expect(error.description.contains("libgone.so"))
  }

  @Test("functions without which nothing works")
  func requiredSymbolsMissing() throws {
    let error = try failure(loading: standIn(StandIn(without: ["context_evaluate", "init"])))
    #expect(error.code == .missingSymbols)
    #expect(error.description.hasSuffix(": lacks miniracer_init, miniracer_context_evaluate"))
  }

  @Test("any other library")
  func otherLibrary() throws {
    let file = folder.path("other.c")
    try "int f(void) { return 1; }".write(toFile: file, atomically: true, encoding: .utf8)
    let path = folder.path("libother.so")
    #expect(try Child("cc", ["-shared", "-fPIC", "-o", path, file]).exitCode == 0)
    let text = try failure(loading: path).description
    #expect(
      text.hasSuffix(
        "lacks miniracer_abi_version, miniracer_struct_size, miniracer_library_get_info and 9 other functions"))
  }

  @Test("an older binary loads, and only the call of what it lacks fails")
  func olderBinary() throws {
    let context = try JSContext(library: MiniRacerLibrary.load(at: standIn(StandIn())))
    #expect(try context.evaluate("1") == 42)
    let error = try #require(throws: MiniRacerError.self) { try context.global.get("x") }
    #expect(error.code == .notSupported)
    #expect(error.message.hasPrefix("miniracer_object_get is not supported by this binary (ABI 1"))
    #expect(try context.evaluate("1") == 42)
  }

  @Test("an error record is freed also where an error of the host's own is thrown")
  func records() throws {
    let library = try MiniRacerLibrary.load(at: standIn(StandIn(abiVersion: 3, countsErrors: true)))
    let context = try JSContext(library: library)
    struct Full: Error {}
    #expect(throws: Full.self) { try context.virtualMachine.takeHeapSnapshot { _ in throw Full() } }
    try context.virtualMachine.takeHeapSnapshot { _ in }
    #expect(try context.evaluate("errors") == 0)
  }

  @Test("a newer contract serves this host")
  func newerABI() throws {
    let library = try MiniRacerLibrary.load(at: standIn(StandIn(abiVersion: 99)))
    #expect(library.info.abiVersion == 99)
    #expect(try JSContext(library: library).evaluate("1") == 42)
  }

  @Test("numbers that are no contract's", arguments: [0, 0x10000, UInt32.max])
  func unsuitableABI(version: UInt32) throws {
    let error = try failure(loading: standIn(StandIn(abiVersion: version)))
    #expect(error.code == .unsuitableABI)
    #expect(
      error.description.hasSuffix(
        version == 0
          ? "its ABI is 0, this host needs 1 or newer"
          : "its ABI number \(version) is too large to be one (at most 65535)"))
  }

  @Test("a frozen struct of another size, and a growing one that is too small")
  func layoutMismatch() throws {
    let frozen = try failure(loading: standIn(StandIn(valueSize: "24")))
    #expect(frozen.code == .layoutMismatch)
    #expect(frozen.description.hasSuffix("miniracer_value has 24 bytes there and 16 here"))
  }

  @Test("a growing struct may have grown, and may not have shrunk")
  func growingLayout() throws {
    let shrunk = try failure(loading: standIn(StandIn(errorSize: "sizeof(miniracer_error) - 8")))
    #expect(shrunk.code == .layoutMismatch)
    #expect(shrunk.description.contains("miniracer_error has"))
    let grown = folder.path("grown.so")
    try StandIn(errorSize: "sizeof(miniracer_error) + 8").build(grown)
    #expect(try JSContext(library: MiniRacerLibrary.load(at: grown)).evaluate("1") == 42)
  }

  @Test("objects of one binary do not get into another")
  func foreignObjects() throws {
    let here = try JSContext(library: MiniRacerLibrary.load(at: standIn(StandIn())))
    let path = folder.path("second.so")
    try StandIn().build(path)
    let there = try JSContext(library: MiniRacerLibrary.load(at: path))
    #expect(here.global != there.global)
  }
}
