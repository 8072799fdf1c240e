import Foundation
import MiniRacer

/// What the figures were measured on, without which they say little.
struct Machine: Encodable, CustomStringConvertible {
  let processor: String
  let cores = ProcessInfo.processInfo.activeProcessorCount
  /// Programs that wanted to run in the last minute, before the start.
  let load: Double
  let system = ProcessInfo.processInfo.operatingSystemVersionString
  let engine: String
  let buildID: String
  let library: String

  init(_ library: MiniRacerLibrary) {
    let models = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n")
    processor =
      models?.first { $0.hasPrefix("model name") }?.split(separator: ":").last
      .map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
    var average = 0.0
    getloadavg(&average, 1)
    load = average
    engine = "\(library.info.engineName) \(library.info.engineVersion)"
    buildID = library.info.buildID
    self.library = library.path
  }

  var description: String {
    """
    \(processor), \(cores) cores, load \(String(format: "%.1f", load)); \(system)
    \(engine), build \(buildID), \(library)
    """
  }
}
