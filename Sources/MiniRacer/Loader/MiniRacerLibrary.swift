internal import CMiniRacer
internal import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The binary that holds the engine, opened and checked.
///
/// Contexts and virtual machines find it by themselves, by ``load()``. Use this type to choose another binary, to start the
/// engine with flags, or to ask what is there. A binary stays open until the process ends.
public final class MiniRacerLibrary: Sendable {
  /// The file that was opened.
  public let path: String
  /// Facts about the binary.
  public let info: Info
  /// The places that were tried until this binary was found.
  public let attempts: [SearchAttempt]

  nonisolated(unsafe) let functions: Functions

  private init(path: String, info: Info, attempts: [SearchAttempt], functions: Functions) {
    self.path = path
    self.info = info
    self.attempts = attempts
    self.functions = functions
  }

  private struct Opened {
    var standard: MiniRacerLibrary?
    var byPath: [String: MiniRacerLibrary] = [:]
  }

  private static let opened = Mutex(Opened())

  /// The binary found by the usual search, the same one each time.
  ///
  /// The order: `MINIRACER_LIBRARY` (if set, nothing else is tried), beside the executable and in `../lib` from there,
  /// `dist/lib` of the checkout, the system's loader. Any thread.
  ///
  /// - Throws: ``LibraryError``, which lists every place and why it failed.
  public static func load() throws(LibraryError) -> MiniRacerLibrary {
    let result: Result<MiniRacerLibrary, LibraryError> = opened.withLock { opened in
      if let library = opened.standard { return .success(library) }
      let result = first(of: LibrarySearch().candidates, in: &opened)
      if case .success(let library) = result { opened.standard = library }
      return result
    }
    return try result.get()
  }

  /// The binary in this file and no other. The same object for the same file each time, also when the file was replaced
  /// meanwhile: a process keeps what it has opened. Any thread.
  ///
  /// - Throws: ``LibraryError``.
  public static func load(at path: String) throws(LibraryError) -> MiniRacerLibrary {
    let candidate = LibrarySearch.Candidate(place: path, reason: "an explicit path", isFinal: true)
    return try opened.withLock { opened in first(of: [candidate], in: &opened) }.get()
  }

  /// What ``load()`` would try, without opening anything: the outcome `used` marks the first place that looks right.
  public static func search() -> [SearchAttempt] {
    var found = false
    return LibrarySearch().candidates.map { candidate in
      guard let place = candidate.place else { return candidate.attempt(.absent(candidate.absence)) }
      if found { return candidate.attempt(.notTried) }
      if candidate.isBareName { return candidate.attempt(.notTried) }
      do throws(LoadFailure) {
        try BinaryFile.check(place)
        found = true
        return candidate.attempt(.used)
      } catch {
        return candidate.attempt(error.outcome)
      }
    }
  }

  private static func first(
    of candidates: [LibrarySearch.Candidate], in opened: inout Opened
  ) -> Result<MiniRacerLibrary, LibraryError> {
    var attempts: [SearchAttempt] = []
    var code: LibraryError.Code?
    for candidate in candidates {
      guard let place = candidate.place else {
        attempts.append(candidate.attempt(.absent(candidate.absence)))
        continue
      }
      let path = candidate.isBareName ? place : (LibrarySearch.resolved(place) ?? place)
      if let library = opened.byPath[path] { return .success(library) }
      do throws(LoadFailure) {
        let (real, functions, info) = try open(path, isBareName: candidate.isBareName)
        attempts.append(candidate.attempt(.used))
        let library = MiniRacerLibrary(path: real, info: info, attempts: attempts, functions: functions)
        opened.byPath[path] = library
        return .success(library)
      } catch {
        attempts.append(candidate.attempt(error.outcome))
        if error.code != .notFound, code == nil { code = error.code }
      }
    }
    return .failure(LibraryError(code: code ?? .notFound, attempts: attempts))
  }

  private static func open(_ path: String, isBareName: Bool) throws(LoadFailure) -> (String, Functions, Info) {
    if !isBareName { try BinaryFile.check(path) }
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      let message = dlerror().map { String(cString: $0) } ?? "dlopen failed"
      throw LoadFailure(code: isBareName ? .notFound : .cannotOpen, message: message)
    }
    // From here on the binary stays open, also when it turns out to be of no use: closing one that has run its start-up
    // code is what cannot be done safely.
    let functions = Functions(FunctionList.fill(from: handle))
    try Handshake.check(functions)
    let info = try readInfo(functions)
    return (isBareName ? file(of: handle) ?? path : path, functions, info)
  }

  /// The file that the system's loader found.
  private static func file(of handle: UnsafeMutableRawPointer) -> String? {
    var facts = cminiracer_address()
    guard let symbol = dlsym(handle, "miniracer_abi_version"), cminiracer_dladdr(symbol, &facts) != 0 else {
      return nil
    }
    return facts.file.map { String(cString: $0) }
  }
}

extension LibrarySearch.Candidate {
  /// The system's loader looks for names without a slash; ours are always meant as files.
  fileprivate var isBareName: Bool { place == LibrarySearch.fileName && reason == "the system's loader" }

  fileprivate func attempt(_ outcome: SearchAttempt.Outcome) -> SearchAttempt {
    SearchAttempt(place: place ?? "", reason: reason, outcome: outcome)
  }
}

extension LoadFailure {
  fileprivate var outcome: SearchAttempt.Outcome {
    code == .notFound ? .absent(message) : .unusable(message)
  }
}
