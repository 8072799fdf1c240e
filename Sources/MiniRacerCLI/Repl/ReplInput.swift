import Glibc

/// Where entries come from.
protocol ReplInput {
  /// The next line, or all of an entry that was edited as one. `unfinished`: what is already there of the entry.
  mutating func next(unfinished: String?, history: [String]) -> LineEditor.Result
}

/// A pipe or a file: lines, without prompts.
struct PlainInput: ReplInput {
  mutating func next(unfinished: String?, history: [String]) -> LineEditor.Result {
    guard let line = readLine() else { return .endOfInput }
    return .line(unfinished.map { $0 + "\n" + line } ?? line)
  }
}

/// A terminal that cannot do what the editor needs: lines, with prompts.
struct PromptedInput: ReplInput {
  let prompt: Prompt
  private var plain = PlainInput()

  init(prompt: Prompt) { self.prompt = prompt }

  mutating func next(unfinished: String?, history: [String]) -> LineEditor.Result {
    Output.write(unfinished == nil ? prompt.first : prompt.next)
    return plain.next(unfinished: unfinished, history: history)
  }
}

extension LineEditor: ReplInput {
  mutating func next(unfinished: String?, history: [String]) -> Result {
    read(history: history, resuming: unfinished)
  }
}
