/// Memory that a thread lends to JavaScript while a closure runs, and what this thread lends beside it.
///
/// Who closes a virtual machine or a context on the thread that lends, in that closure, takes the memory away from JavaScript
/// first: afterwards there is no way to, and a script that imports goes on for a few steps where a loader closed.
final class Lending {
  private static let onThisThread = ThreadLocal<Lending>()

  private let buffer: JSArrayBuffer
  private let outer: Lending?
  /// JavaScript has the memory no more.
  private(set) var isDetached = false

  init(_ buffer: JSArrayBuffer) {
    self.buffer = buffer
    outer = Self.onThisThread.value
  }

  func during<R>(_ body: (JSArrayBuffer) throws -> R) rethrows -> R {
    Self.onThisThread.value = self
    defer { Self.onThisThread.value = outer }
    return try body(buffer)
  }

  func detach() throws {
    try buffer.detach()
    isDetached = true
  }

  /// What this thread lends to a virtual machine that it is about to close, in whole or in part.
  static func detachAll(in machine: JSVirtualMachine) {
    var lending = onThisThread.value
    while let one = lending {
      if one.buffer.context.virtualMachine === machine { try? one.detach() }
      lending = one.outer
    }
  }
}
