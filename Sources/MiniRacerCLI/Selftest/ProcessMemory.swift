import Glibc

/// What the kernel tells of this process's memory, in bytes.
enum ProcessMemory {
  /// What is resident now.
  static var resident: Int { field("VmRSS:") }
  /// The most that was since the start, or since ``resetPeak()``.
  static var peak: Int { field("VmHWM:") }

  static func resetPeak() {
    let file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = write(file, "5", 1)
    close(file)
  }

  private static func field(_ name: String) -> Int {
    guard let text = try? InputFile.read("/proc/self/status") else { return 0 }
    let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
    return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first).flatMap { Int($0) }.map { $0 << 10 } ?? 0
  }
}
