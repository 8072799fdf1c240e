import Glibc

/// Reading a whole file, or standard input.
enum InputFile {
  struct Failure: Error, CustomStringConvertible {
    var path: String
    var code: Int32
    var description: String { "cannot read \(path): \(String(cString: strerror(code)))" }
  }

  /// - Parameter path: "-": standard input.
  static func read(_ path: String) throws(Failure) -> String {
    let isStandardInput = path == "-"
    let descriptor = isStandardInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(path: path, code: errno) }
    defer { if !isStandardInput { close(descriptor) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw Failure(path: isStandardInput ? "standard input" : path, code: errno)
      }
      bytes += chunk[..<count]
    }
    // A byte order mark is not part of the text.
    return String(decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...], as: UTF8.self)
  }
}
