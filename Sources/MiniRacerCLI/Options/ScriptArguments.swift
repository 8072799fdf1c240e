/// What stands behind the file of `miniracer run` belongs to the script, options included. ArgumentParser takes options
/// wherever they stand, so the place where ours end is marked for it by a "--".
enum ScriptArguments {
  /// The options that are followed by a value. A test holds them to the help.
  static let optionsWithValue: Set = [
    "--library", "--timeout", "--cpu-time", "--memory", "--clock", "--v8-flags", "--color", "--root", "--packages",
  ]

  static func separated(_ arguments: [String]) -> [String] {
    guard let command = firstWord(in: arguments, from: 0), arguments[command] == "run",
      let file = firstWord(in: arguments, from: command + 1)
    else { return arguments }
    return arguments[..<file] + ["--"] + arguments[file...]
  }

  /// `nil` as well where a "--" comes first: then it is all said.
  private static func firstWord(in arguments: [String], from start: Int) -> Int? {
    var index = start
    while index < arguments.count {
      let argument = arguments[index]
      if argument == "--" { return nil }
      if !argument.hasPrefix("-") || argument == "-" { return index }
      index += optionsWithValue.contains(argument) ? 2 : 1
    }
    return nil
  }
}
