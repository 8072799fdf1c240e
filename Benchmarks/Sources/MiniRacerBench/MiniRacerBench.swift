import ArgumentParser
import Foundation
import MiniRacer

@main
struct MiniRacerBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "miniracer-bench",
    abstract: "Measures libminiracer from C, Swift and Python beside raw V8, in one run.",
    discussion: """
      All programs take turns, round after round. Of a case's times the fastest counts, since noise only adds; the \
      median tells how noisy it was. Shows a table and then the project's own targets.
      """)

  @Option(help: "How many rounds.")
  var rounds = 5

  @Flag(help: "One round only.")
  var quick = false

  @Flag(help: "Also the growth of memory over 100,000 contexts and 1,000,000 objects (some minutes).")
  var growth = false

  @Flag(help: "Also mini-racer from PyPI and JavaScriptCore, which ./build.sh bench --peers downloads.")
  var peers = false

  @Option(help: ArgumentHelp("Write all figures to a file.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("The Python interpreter; else build/venv/bin/python, else python3.", valueName: "program"))
  var python: String?

  @Option(help: ArgumentHelp("The library; else $MINIRACER_LIBRARY, else that of dist/.", valueName: "file"))
  var library: String?

  @Option(help: .private)
  var freshProcess: FreshProcess?

  @Option(help: .private)
  var javaScriptCore: String?

  func validate() throws {
    if rounds < 1 { throw ValidationError("There is nothing to measure in \(rounds) rounds.") }
  }

  func run() throws {
    let path = library ?? Checkout.library
    if let freshProcess { return try freshProcess.run(path) }
    if let javaScriptCore { return try JavaScriptCore.run(javaScriptCore, path) }

    let library = try MiniRacerLibrary.load(at: path)
    let machine = Machine(library)
    print("\(machine)\n")
    let subjects = try Subjects(library: library, python: python ?? Checkout.python)
    let others = peers ? Peer.installed(own: subjects.own) : []
    if peers, others.isEmpty { throw Failure("no peer is installed; ./build.sh bench --peers does it") }

    if let json { try Report.check(json) }

    var figures = Figures()
    let count = quick ? 1 : rounds
    for round in 1...count {
      progress("round \(round) of \(count):")
      try subjects.round(&figures, peers: others)
    }
    if growth { try subjects.growth(&figures) }

    print("\(Table(figures: figures))\n\n\(GraphTable(figures: figures))\n\n\(Target.list(figures))")
    if let json { try Report(figures, machine, rounds: count).write(to: json) }
  }
}

extension FreshProcess: ExpressibleByArgument {}

/// A word on how far it is. Figures alone go to standard output.
func progress(_ word: String, end: String = "") {
  FileHandle.standardError.write(Data((word + end).utf8))
}
