/// Reads files of the hostile suite: `//! name: value` lines, then the script, per case.
enum HostileParser {
  struct Problem: Error, CustomStringConvertible, Equatable {
    let description: String
  }

  /// All cases of these files.
  static func cases(of files: [(group: String, text: String)]) throws(Problem) -> [HostileCase] {
    var cases: [HostileCase] = []
    var names: Set<String> = []
    for (group, text) in files {
      for found in try self.cases(of: text, group: group) {
        guard names.insert(found.name).inserted else {
          throw Problem(description: "\(group).js: the case '\(found.name)' exists already")
        }
        cases.append(found)
      }
    }
    return cases
  }

  private static func cases(of text: String, group: String) throws(Problem) -> [HostileCase] {
    var cases: [HostileCase] = []
    var directives: [String: String] = [:]
    var body = ""
    var isInBody = false
    func finish(_ line: Int) throws(Problem) {
      guard let name = directives["case"] else { return }
      let missing = ["expect", "why"].first { directives[$0] == nil }
      if let missing { throw problem(group, line, "the case '\(name)' has no '\(missing)'") }
      guard body.contains(where: { !$0.isWhitespace }) else { throw problem(group, line, "'\(name)' has no body") }
      cases.append(HostileCase(group: group, name: name, directives: directives, body: body))
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      guard line.hasPrefix("//!") else {
        if directives.isEmpty {
          guard line.isEmpty || line.hasPrefix("//") else {
            throw problem(group, index + 1, "text before the first case")
          }
        } else if !(index == lines.count - 1 && line.isEmpty) {
          isInBody = true
          body += line + "\n"
        }
        continue
      }
      let (name, value) = try directive(line, group, index + 1)
      if name == "case" {
        try finish(index + 1)
        (directives, body, isInBody) = ([:], "", false)
      } else if directives.isEmpty || isInBody {
        throw problem(group, index + 1, "'\(name)' outside of a case's head")
      }
      guard directives.updateValue(value, forKey: name) == nil else {
        throw problem(group, index + 1, "'\(name)' is there twice")
      }
    }
    try finish(lines.count)
    return cases
  }

  private static func directive(
    _ line: Substring, _ group: String, _ number: Int
  ) throws(Problem) -> (name: String, value: String) {
    let text = line.dropFirst(3)
    guard text.hasPrefix(" "), let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix(": ") else {
      throw problem(group, number, "no '//! name: value'")
    }
    let name = String(text[..<colon].dropFirst())
    let value = String(text[colon...].dropFirst(2))
    guard let isValid = forms[name] else { throw problem(group, number, "there is no directive '\(name)'") }
    guard isValid(value) else { throw problem(group, number, "'\(value)' is no value of '\(name)'") }
    return (name, value)
  }

  private static func problem(_ group: String, _ line: Int, _ text: String) -> Problem {
    Problem(description: "\(group).js:\(line): \(text)")
  }

  // MARK: - What values may be

  private static let switches: Set<Substring> = [
    "no_eval", "no_webassembly", "no_shared_memory", "explicit_microtasks", "background_loop", "timers", "console",
    "web", "single_threaded", "jitless", "no_signals",
  ]

  private static let forms: [String: @Sendable (String) -> Bool] = [
    "case": {
      !$0.isEmpty && $0.utf8.allSatisfy { $0 == 0x2D || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
    },
    "why": { !$0.isEmpty },
    "expect": { $0.split(separator: " or ", omittingEmptySubsequences: false).allSatisfy(isOutcome) },
    "after": { HostileCase.After(rawValue: $0) != nil },
    "action": { HostileCase.Action(rawValue: $0) != nil },
    "timeout": { isNone($0) || HostileCase.time($0) != nil },
    "cpu": { isNone($0) || HostileCase.time($0) != nil },
    "grace": { HostileCase.time($0) != nil },
    "memory": { isNone($0) || HostileCase.size($0) != nil },
    "heap": { isNone($0) || HostileCase.size($0) != nil },
    "stack": { isNone($0) || HostileCase.size($0) != nil },
    "handles": { HostileCase.number($0) != nil },
    "timers": { HostileCase.number($0) != nil },
    "modules": { HostileCase.number($0) != nil },
    "console": { HostileCase.size($0) != nil },
    "clock": { isNone($0) || $0 == "frozen" || HostileCase.time($0) != nil },
    "preset": { $0 == "trusted" || $0 == "untrusted" },
    "options": { $0.split(separator: " ", omittingEmptySubsequences: false).allSatisfy(switches.contains) },
  ]

  private static func isNone(_ value: String) -> Bool { value == "none" }

  private static func isOutcome(_ text: Substring) -> Bool {
    text == "ok" || text.hasPrefix("ok ") || text == "exception" || text.hasPrefix("exception ")
      || HostileOutcome.statusNames.values.contains(String(text))
  }
}
