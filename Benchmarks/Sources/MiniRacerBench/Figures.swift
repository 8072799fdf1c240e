/// Who does the work of a case.
enum Host: String, CaseIterable, Codable {
  case rawV8 = "raw V8"
  case cABI = "C ABI"
  case swift = "Swift"
  case python = "Python"
  case miniRacerPyPI = "mini-racer"
  case javaScriptCore = "JavaScriptCore"
}

/// What is measured, by the name that the programs print. Nanoseconds, or KiB where the name ends so.
struct Case: Hashable, Sendable {
  let name: String

  static let call = Case(name: "call")
  static let callHeld = Case(name: "call, isolate held")
  static let callWithTimeout = Case(name: "call with a timeout")
  static let evaluate = Case(name: "evaluate")
  static let evaluateHeld = Case(name: "evaluate, isolate held")
  static let callback = Case(name: "callback")
  static let property = Case(name: "get a property")
  static let object = Case(name: "call for an object")
  static let newContext = Case(name: "new context")
  static let contextWithConsole = Case(name: "new context with console")
  static let contextWithWeb = Case(name: "new context with web globals")
  static let secondContext = Case(name: "new context, second in an isolate")
  static let firstConsole = Case(name: "new context with console, first in an isolate")
  static let firstWeb = Case(name: "new context with web globals, first in an isolate")
  static let newIsolate = Case(name: "new isolate and context")
  static let inspect = Case(name: "inspect")
  static let firstInspect = Case(name: "inspect, first in an isolate")
  static let recordsOut = Case(name: "10,000 records out")
  static let recordsOutByJSON = Case(name: "10,000 records out, JSON")
  static let recordsOutAsTree = Case(name: "10,000 records out, as a tree")
  static let recordsIn = Case(name: "10,000 records in")
  static let recordsInByJSON = Case(name: "10,000 records in, JSON")
  static let unpickle = Case(name: "10,000 records, Unpickler.load")
  static let unpickleInPython = Case(name: "10,000 records, the same in Python code")
  static let jsonLoads = Case(name: "10,000 records, json.loads")
  static let pickle = Case(name: "10,000 records, pickle.dumps")
  static let jsonDumps = Case(name: "10,000 records, json.dumps")
  static let memory = Case(name: "memory of an isolate and context, KiB")
  static let inspectMemory = Case(name: "memory of the first inspect, KiB")
  static let bareStart = Case(name: "fresh process that does nothing")
  static let firstResult = Case(name: "fresh process to first result")
  static let importToResult = Case(name: "from import to first result")
  static let open = Case(name: "fresh process that opens the library")
  static let openPlain = Case(name: "the same, libnode as Debian built it")
  static let contextGrowth = Case(name: "growth over 100,000 contexts, KiB")
  static let callGrowth = Case(name: "growth over 1,000,000 calls with objects, KiB")

  /// The order of the table.
  static let known = [
    call, callHeld, callWithTimeout, evaluate, evaluateHeld, callback, property, object,
    newContext, contextWithConsole, contextWithWeb, secondContext, firstConsole, firstWeb, newIsolate, memory,
    inspect, firstInspect, inspectMemory,
    recordsOut, recordsOutByJSON, recordsOutAsTree, recordsIn, recordsInByJSON,
    unpickle, unpickleInPython, jsonLoads, pickle, jsonDumps,
    bareStart, firstResult, importToResult, open, openPlain, contextGrowth, callGrowth,
  ]

  var isMemory: Bool { name.hasSuffix("KiB") }

  /// The name as the table shows it.
  var title: String {
    switch self {
    case .call: "f(1, 2)"
    case .callHeld: "f(1, 2), isolate held"
    case .callWithTimeout: "f(1, 2) with a timeout"
    case .evaluate: "1+1 evaluated"
    case .evaluateHeld: "1+1 evaluated, isolate held"
    case .callback: "JS calls the host"
    case .object: "call for an object"
    case .memory: "memory of isolate and context"
    case .contextGrowth: "growth, 100,000 contexts"
    case .callGrowth: "growth, 1,000,000 objects"
    default: name
    }
  }
}

/// Everything measured so far.
struct Figures {
  private var rounds: [Case: [Host: [Double]]] = [:]

  mutating func add(_ figure: Double, _ what: Case, _ host: Host) {
    rounds[what, default: [:]][host, default: []].append(figure)
  }

  /// Takes the lines "case<tab>figure" that the programs print.
  mutating func add(lines: String, _ host: Host) throws {
    for line in lines.split(separator: "\n") {
      let fields = line.split(separator: "\t")
      guard fields.count == 2, let figure = Double(fields[1]) else {
        throw Failure("\(host.rawValue): this is no figure: \(line)")
      }
      add(figure, Case(name: String(fields[0])), host)
    }
  }

  func all(_ what: Case, _ host: Host) -> [Double] { rounds[what]?[host] ?? [] }

  /// The least of all rounds: what else a machine does can only add to a time.
  func best(_ what: Case, _ host: Host) -> Double? { all(what, host).min() }

  func median(_ what: Case, _ host: Host) -> Double? {
    let sorted = all(what, host).sorted()
    guard !sorted.isEmpty else { return nil }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// How many times as long as raw V8.
  func ratio(_ what: Case, _ host: Host) -> Double? {
    guard let figure = best(what, host), let raw = best(what, .rawV8), raw > 0 else { return nil }
    return figure / raw
  }

  var cases: [Case] {
    Case.known.filter { rounds[$0] != nil }
      + rounds.keys.filter { !Case.known.contains($0) }.sorted { $0.name < $1.name }
  }

  var hosts: [Host] { Host.allCases.filter { host in rounds.values.contains { $0[host] != nil } } }
}
