internal import CMiniRacer

/// How whole values cross at once: by ``JSValue/decode(_:options:timeout:cpuTime:cancellation:)``,
/// ``JSContext/encode(_:options:)`` and ``JSTree``.
public struct JSCodingOptions: Sendable, Hashable {
  /// What becomes of what has no plain form: functions, symbols, promises, WeakMaps and their like.
  public enum Unconvertible: Sendable, Hashable {
    /// It is an error that names the path to it.
    case refuse
    /// It is left out: in objects as if it were not there, in arrays `undefined`.
    case drop
    /// It stays what it is: a ``JSValue`` in the target, ``JSTree/live(_:)`` in a tree.
    case keep
  }

  /// What becomes of what has no plain form. ``Unconvertible/refuse`` by default.
  public var unconvertible: Unconvertible
  /// Levels of nesting beyond which it is an error; nil: 1000. It is one, too, where the thread's stack is too small for
  /// them: one takes about a kilobyte, without optimization three.
  public var maximumDepth: Int?
  /// Values at which it is an error; nil: no limit. What is shared counts once on the way, and in the target, a tree as
  /// well, each time; there a million and ten times what came is the most without a limit of your own.
  public var maximumCount: Int?
  /// Bytes of the encoded form at which it is an error; nil: 1 GiB, and for what comes out of a virtual machine its
  /// ``JSVirtualMachine/Configuration/memoryLimit`` where that is less. In the target, binary data and the holes of arrays are
  /// counted each time, and may be as much as that, or as is said here where that is more.
  public var maximumBytes: Int?

  /// Options; all of them may be left out.
  public init(
    unconvertible: Unconvertible = .refuse, maximumDepth: Int? = nil, maximumCount: Int? = nil,
    maximumBytes: Int? = nil
  ) {
    self.unconvertible = unconvertible
    self.maximumDepth = maximumDepth
    self.maximumCount = maximumCount
    self.maximumBytes = maximumBytes
  }

  var raw: miniracer_graph_options {
    get throws {
      var raw = miniracer_graph_options()
      raw.struct_size = UInt32(MemoryLayout<miniracer_graph_options>.size)
      switch unconvertible {
      case .refuse: break
      case .drop: raw.flags = UInt32(MINIRACER_GRAPH_DROP)
      case .keep: raw.flags = UInt32(MINIRACER_GRAPH_HANDLE)
      }
      guard maximumDepth ?? 1 > 0, maximumCount ?? 1 > 0, maximumBytes ?? 1 > 0 else {
        throw MiniRacerError(.invalidArgument, "a limit of coding options is not above zero")
      }
      raw.max_depth = UInt32(clamping: maximumDepth ?? 0)
      raw.max_nodes = UInt64(maximumCount ?? 0)
      raw.max_bytes = UInt64(maximumBytes ?? 0)
      return raw
    }
  }
}
