internal import CMiniRacer

extension MiniRacerLibrary {
  /// Facts about the binary, as it tells them itself.
  public struct Info: Sendable, Hashable {
    /// The number of the contract that the binary serves.
    public let abiVersion: Int
    /// The binary's own version: "0.1.0".
    public let libraryVersion: String
    /// "V8".
    public let engineName: String
    /// The engine's version: "10.2.154.26-node.36".
    public let engineVersion: String
    /// Names the inputs of the build, in hexadecimal digits.
    public let buildID: String
    /// What the engine can do.
    public let features: Features
    /// The longest string, in UTF-16 code units.
    public let maximumStringLength: UInt64
    /// How many handles one virtual machine may have at a time.
    public let maximumHandles: UInt64
  }

  /// What an engine can do, or how it was built.
  public struct Features: OptionSet, Sendable, Hashable, CustomStringConvertible {
    /// The bits as the binary gives them; some may be newer than this host.
    public let rawValue: UInt64

    /// The features with these bits.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The `Intl` object and what belongs to it (ECMA-402).
    public static let intl = Features(rawValue: UInt64(MINIRACER_FEATURE_INTL))
    /// WebAssembly.
    public static let webAssembly = Features(rawValue: UInt64(MINIRACER_FEATURE_WEBASSEMBLY))
    /// SharedArrayBuffer and Atomics.
    public static let sharedMemory = Features(rawValue: UInt64(MINIRACER_FEATURE_SHARED_MEMORY))
    /// Built with assertions.
    public static let debugBuild = Features(rawValue: UInt64(MINIRACER_FEATURE_DEBUG_BUILD))
    /// Built with a sanitizer.
    public static let sanitizerBuild = Features(rawValue: UInt64(MINIRACER_FEATURE_SANITIZER_BUILD))

    private static let names: [(Features, String)] = [
      (.intl, "Intl"), (.webAssembly, "WebAssembly"), (.sharedMemory, "shared memory"), (.debugBuild, "debug build"),
      (.sanitizerBuild, "sanitizer build"),
    ]

    /// The features' names, and the bits that have none yet.
    public var description: String {
      var parts = Self.names.filter { contains($0.0) }.map(\.1)
      let known = Self.names.reduce(UInt64(0)) { $0 | $1.0.rawValue }
      if rawValue & ~known != 0 { parts.append("0x\(String(rawValue & ~known, radix: 16))") }
      return parts.joined(separator: ", ")
    }
  }

  static func readInfo(_ functions: Functions) throws(LoadFailure) -> Info {
    var info = miniracer_library_info()
    info.struct_size = UInt32(MemoryLayout<miniracer_library_info>.size)
    let status = functions.pointee.library_get_info(&info)
    guard status == 0 else {
      throw LoadFailure(code: .cannotOpen, message: "miniracer_library_get_info failed with status \(status)")
    }
    func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
    return Info(
      abiVersion: Int(functions.pointee.abi_version()),
      libraryVersion: text(info.library_version),
      engineName: text(info.engine_name),
      engineVersion: text(info.engine_version),
      buildID: text(info.build_id),
      features: Features(rawValue: info.features),
      maximumStringLength: info.maximum_string_length,
      maximumHandles: info.maximum_handles)
  }
}
