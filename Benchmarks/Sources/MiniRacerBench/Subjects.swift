import Foundation
import MiniRacer

/// Everything that is measured, each run once a round.
struct Subjects {
  let library: String
  let python: String
  private let swift: SwiftCases
  private let graphs: GraphCases
  /// This program.
  let own: String

  init(library: MiniRacerLibrary, python: String) throws {
    for program in ["bench_raw_v8", "bench_raw_graphs", "bench_abi", "bench_graphs", "bench_open"] {
      let path = Checkout.native(program)
      guard access(path, X_OK) == 0 else { throw Failure("\(path) is missing; ./build.sh bench makes it") }
    }
    self.library = library.path
    // What `python3` names may be a script that looks for the interpreter first.
    let ask = Program(path: python, arguments: ["-c", "import sys; print(sys.executable)"])
    self.python = try ask.run().output.trimmingCharacters(in: .whitespacesAndNewlines)
    swift = try SwiftCases(library)
    graphs = try GraphCases(library)
    own = ProcessInfo.processInfo.arguments[0]
  }

  func round(_ figures: inout Figures, peers: [Peer]) throws {
    defer { progress("", end: "\n") }
    progress(" raw V8,")
    for program in ["bench_raw_v8", "bench_raw_graphs"] {
      try figures.add(lines: Program(path: Checkout.native(program)).run().output, .rawV8)
    }
    progress(" C ABI,")
    for program in ["bench_abi", "bench_graphs"] { try figures.add(lines: host(program).run().output, .cABI) }
    progress(" Swift,")
    try swift.run { figures.add($1, $0, .swift) }
    try graphs.run { figures.add($1, $0, .swift) }
    progress(" Python,")
    try figures.add(lines: ourPython([Checkout.path("Benchmarks/python_host.py")]).run().output, .python)
    for peer in peers {
      progress(" \(peer.host.rawValue),")
      try figures.add(lines: peer.program.run().output, peer.host)
    }
    progress(" fresh processes")
    try starts(&figures, peers: peers)
  }

  /// Resident memory over many operations; minutes long.
  func growth(_ figures: inout Figures) throws {
    defer { progress("", end: "\n") }
    progress("growth: 100,000 contexts, 1,000,000 calls")
    let lines = try host("bench_abi", ["growth"]).run().output.split(separator: "\n").filter { $0.hasPrefix("growth") }
    try figures.add(lines: lines.joined(separator: "\n"), .cABI)
  }

  /// What a user waits for who starts a program for one result, seen from outside.
  private func starts(_ figures: inout Figures, peers: [Peer]) throws {
    func time(_ program: Program, _ what: Case, _ host: Host) throws {
      for _ in 0..<5 { figures.add(try program.run().seconds * 1e9, what, host) }
    }
    func open(_ library: String...) -> Program { Program(path: Checkout.native("bench_open"), arguments: library) }
    try time(open(), .bareStart, .cABI)
    try time(open(library), .open, .cABI)
    try time(open(Checkout.native("libminiracer.so")), .openPlain, .cABI)
    try time(ourPython(["-c", "pass"]), .bareStart, .python)
    try time(ourPython(["-c", "from miniracer import MiniRacer; MiniRacer().eval('1')"]), .firstResult, .python)
    for _ in 0..<5 {
      try figures.add(lines: ourPython([Checkout.path("Benchmarks/python_start.py")]).run().output, .python)
    }
    for task in FreshProcess.allCases {
      let program = Program(path: own, arguments: ["--library", library, "--fresh-process", task.rawValue])
      try time(program, task == .nothing ? .bareStart : .firstResult, .swift)
    }
    for peer in peers {
      for (what, program) in peer.starts { try time(program, what, peer.host) }
    }
  }

  /// The one library for every host: loaded first, it is the one that the program was linked with.
  private func host(_ program: String, _ arguments: [String] = []) -> Program {
    Program(path: Checkout.native(program), arguments: arguments, environment: ["LD_PRELOAD": library])
  }

  private func ourPython(_ arguments: [String]) -> Program {
    Program(
      path: python, arguments: arguments,
      environment: [
        "PYTHONPATH": Checkout.path("python"), "MINIRACER_LIBRARY": library,
        // Compiled once and kept, as an installed package is, whatever the environment says of that.
        "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": Checkout.path("build/pycache"),
      ])
  }
}

/// What this program does instead when it is started by itself, to be timed from outside.
enum FreshProcess: String, CaseIterable {
  case nothing
  case result

  func run(_ library: String) throws {
    if self == .result { try JSContext(library: MiniRacerLibrary.load(at: library)).evaluate("1") }
  }
}
