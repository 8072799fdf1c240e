#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Looks at a file before the system's loader does, whose words for a wrong file are hard to understand.
enum BinaryFile {
  /// Throws if the file cannot be a shared library for this process.
  static func check(_ path: String) throws(LoadFailure) {
    let header = try firstBytes(of: path)
    #if os(Linux)
    guard header.count >= 4, header[0...3].elementsEqual([0x7F, 0x45, 0x4C, 0x46]) else {
      throw LoadFailure(code: .wrongFormat, message: "not an ELF file")
    }
    guard header.count >= 20 else {
      throw LoadFailure(code: .wrongFormat, message: "a truncated ELF file (\(header.count) bytes)")
    }
    let little = header[5] == 1
    func half(_ offset: Int) -> UInt16 {
      let (low, high) = little ? (offset, offset + 1) : (offset + 1, offset)
      return UInt16(header[low]) | UInt16(header[high]) << 8
    }
    let machine = Machine(class: header[4], little: little, number: half(18))
    guard machine == .ofThisProcess else {
      throw LoadFailure(
        code: .wrongFormat, message: "built for \(machine), this process is \(Machine.ofThisProcess)")
    }
    guard half(16) == 3 else {  // ET_DYN
      throw LoadFailure(code: .wrongFormat, message: "an ELF file, but not a shared library")
    }
    #endif
  }

  /// Whether anything is there under this path.
  static func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  private static func firstBytes(of path: String) throws(LoadFailure) -> [UInt8] {
    var facts = stat()
    guard stat(path, &facts) == 0 else {
      throw LoadFailure(code: errno == ENOENT ? .notFound : .cannotOpen, message: systemMessage(errno))
    }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw LoadFailure(
        code: .cannotOpen,
        message: facts.st_mode & S_IFMT == S_IFDIR ? "a folder; name the file in it" : "not a regular file")
    }
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw LoadFailure(code: .cannotOpen, message: systemMessage(errno)) }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
    guard count >= 0 else { throw LoadFailure(code: .cannotOpen, message: systemMessage(errno)) }
    return Array(bytes.prefix(count))
  }

  static func systemMessage(_ number: Int32) -> String {
    if number == ENOENT { return "no such file" }
    if number == EACCES { return "permission denied" }
    return String(cString: strerror(number))
  }
}

/// A kind of machine, as an ELF header names it.
private struct Machine: Equatable, CustomStringConvertible {
  let `class`: UInt8
  let little: Bool
  let number: UInt16

  #if arch(x86_64)
  static let ofThisProcess = Machine(class: 2, little: true, number: 62)
  #elseif arch(arm64)
  static let ofThisProcess = Machine(class: 2, little: true, number: 183)
  #elseif arch(i386)
  static let ofThisProcess = Machine(class: 1, little: true, number: 3)
  #elseif arch(arm)
  static let ofThisProcess = Machine(class: 1, little: true, number: 40)
  #elseif arch(riscv64)
  static let ofThisProcess = Machine(class: 2, little: true, number: 243)
  #elseif arch(powerpc64le)
  static let ofThisProcess = Machine(class: 2, little: true, number: 21)
  #elseif arch(s390x)
  static let ofThisProcess = Machine(class: 2, little: false, number: 22)
  #endif

  var description: String {
    switch (number, `class`) {
    case (62, 2): return "x86_64"
    case (62, _): return "x86_64 with 32-bit pointers"
    case (183, _): return "aarch64"
    case (3, _): return "i386"
    case (40, _): return "arm"
    case (243, 2): return "riscv64"
    case (243, _): return "riscv32"
    case (21, _): return little ? "ppc64le" : "ppc64"
    case (22, _): return "s390x"
    default: return "a machine with ELF number \(number)"
    }
  }
}
