internal import CMiniRacer

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where the binary may be, in the order in which the places are tried.
///
/// 1. `MINIRACER_LIBRARY`. If it is set, nothing else is tried: a name that does not work is an error, since falling back
///    to another binary would hide it. Set to nothing counts as not set, as `MINIRACER_LIBRARY= program` means in a shell.
///    Ignored in set-user-ID programs.
/// 2. Beside the executable, and in `../lib` from there.
/// 3. `dist/lib` of the checkout that the executable lies in; in debug builds also of the one it was compiled from. (Not in
///    release builds: a path of the build machine has no business in a program that is handed on.)
/// 4. The system's loader, by the bare name.
struct LibrarySearch {
  struct Candidate: Hashable {
    /// A path, or the bare name for the system's loader; nil where the place does not apply.
    var place: String?
    var reason: String
    /// Why the place does not apply.
    var absence = ""
    /// Nothing after this one may be tried.
    var isFinal = false
  }

  static let fileName = "libminiracer.so"
  static let variable = "MINIRACER_LIBRARY"

  var environment: (String) -> String? = Self.secureEnvironment
  var executable: String? = Self.executablePath()
  var exists: (String) -> Bool = BinaryFile.exists

  var candidates: [Candidate] {
    var list: [Candidate] = []
    switch environment(Self.variable) {
    case .some(let path) where !path.isEmpty:
      return [Candidate(place: path, reason: Self.variable, isFinal: true)]
    case .some: list.append(Candidate(reason: Self.variable, absence: "set to nothing, which counts as not set"))
    case .none: list.append(Candidate(reason: Self.variable, absence: "not set"))
    }
    if let folder = executable.map(Self.folder(of:)) {
      list.append(Candidate(place: Self.join(folder, Self.fileName), reason: "beside the executable"))
      let library = Self.join(Self.folder(of: folder), "lib/\(Self.fileName)")
      list.append(Candidate(place: library, reason: "lib beside the executable's folder"))
      if let checkout = checkout(above: folder) {
        let place = Self.join(checkout, "dist/lib/\(Self.fileName)")
        list.append(Candidate(place: place, reason: "the checkout that holds the executable"))
      } else {
        list.append(
          Candidate(reason: "the checkout that holds the executable", absence: "no checkout above \(folder)"))
      }
    } else {
      list.append(Candidate(reason: "beside the executable", absence: "the executable's path is not known"))
    }
    #if DEBUG
    let built = Self.join(Self.sourceCheckout(), "dist/lib/\(Self.fileName)")
    if !list.contains(where: { $0.place == built }) {
      list.append(Candidate(place: built, reason: "the checkout that this was compiled from"))
    }
    #endif
    list.append(Candidate(place: Self.fileName, reason: "the system's loader"))
    return list
  }

  /// The nearest folder upwards that is a checkout of this project.
  private func checkout(above folder: String) -> String? {
    var folder = folder
    while true {
      if exists(Self.join(folder, "native/include/miniracer.h")), exists(Self.join(folder, "Package.swift")) {
        return folder
      }
      let parent = Self.folder(of: folder)
      if parent == folder { return nil }
      folder = parent
    }
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func join(_ folder: String, _ name: String) -> String {
    folder == "/" ? "/\(name)" : "\(folder)/\(name)"
  }

  private static func sourceCheckout(_ file: String = #filePath) -> String {
    (0..<4).reduce(file) { path, _ in folder(of: path) }
  }

  private static func secureEnvironment(_ name: String) -> String? {
    #if os(Linux)
    if cminiracer_is_privileged() != 0 { return nil }
    #endif
    return getenv(name).map { String(cString: $0) }
  }

  private static func executablePath() -> String? {
    #if os(Linux)
    if let path = resolved("/proc/self/exe") { return path }
    // No /proc: the kernel also passes the name that it was asked to run.
    return cminiracer_program_name().flatMap { resolved(String(cString: $0)) }
    #else
    return CommandLine.arguments.first.flatMap(resolved)
    #endif
  }

  /// The path with all links followed; nil if there is no such file.
  static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
