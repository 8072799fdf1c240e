import ArgumentParser
import Glibc

/// The options of the commands that run scripts.
struct ScriptOptions: ParsableArguments {
  @Flag(name: .customLong("module"), help: "Take the source text for an ES module.")
  var isModule = false

  @Option(help: ArgumentHelp("The folder that modules are read from, and nothing outside of it.", valueName: "folder"))
  var root: String?

  @Option(
    help: ArgumentHelp(
      "A folder of packages as node_modules has them; may be repeated. Those of MINIRACER_PACKAGES, separated by ':', "
        + "come last.", valueName: "folder"))
  var packages: [String] = []

  @Flag(
    inversion: .prefixedNo,
    help: "Have the web's globals: URL, TextEncoder, structuredClone, AbortController, crypto and their like.")
  var web = true

  var packageFolders: [String] {
    let more = getenv("MINIRACER_PACKAGES").map { String(cString: $0) } ?? ""
    return packages + more.split(separator: ":").map(String.init)
  }
}
