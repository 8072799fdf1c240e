import Foundation

/// Another way to run JavaScript, for comparison, where `./build.sh bench --peers` has installed it.
struct Peer {
  let host: Host
  let program: Program
  let starts: [(Case, Program)]

  static func installed(own: String) -> [Peer] {
    var peers: [Peer] = []
    if FileManager.default.isExecutableFile(atPath: Checkout.peerPython) {
      func python(_ arguments: String...) -> Program { Program(path: Checkout.peerPython, arguments: arguments) }
      peers.append(
        Peer(
          host: .miniRacerPyPI, program: python(Checkout.path("Benchmarks/mini_racer_host.py")),
          starts: [
            (.bareStart, python("-c", "pass")),
            (.firstResult, python("-c", "from py_mini_racer import MiniRacer; MiniRacer().eval('1')")),
          ]))
    }
    if let library = JavaScriptCore.find(below: Checkout.peerLibraries) {
      func engine(_ task: String) -> Program {
        Program(
          path: own, arguments: ["--java-script-core", task, "--library", library],
          // Its dependencies lie beside it.
          environment: ["LD_LIBRARY_PATH": URL(filePath: library).deletingLastPathComponent().path])
      }
      peers.append(
        Peer(
          host: .javaScriptCore, program: engine("cases"),
          starts: [(.bareStart, engine("nothing")), (.firstResult, engine("result"))]))
    }
    return peers
  }
}
