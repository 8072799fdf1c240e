import Glibc
import MiniRacer

/// Reads an entry, evaluates it, prints its value, and again.
final class Repl {
  private var host: ScriptHost
  private let options: HostOptions
  private let isInteractive: Bool
  private var history: History
  private var declared = DeclaredNames()
  private var entryNumber = 0
  /// The entries as they were typed, by the names that they have in errors.
  private var sources: [String: String] = [:]
  /// When more is to be done for what entries left behind; nil: nothing is left.
  private var due: ContinuousClock.Instant?

  private static let prompt = Prompt("> ", continuation: "... ")

  init(host: ScriptHost, options: HostOptions) {
    self.host = host
    self.options = options
    isInteractive = isatty(STDIN_FILENO) != 0
    history = History(path: isInteractive ? History.standardPath() : nil)
  }

  func run() throws {
    var input = makeInput()
    if isInteractive {
      let info = host.library.info
      Output.write("miniracer \(Version.tool), \(info.engineName) \(info.engineVersion). Type .help for help.\n")
    }
    var unfinished: String?
    while true {
      switch input.next(unfinished: unfinished, history: history.entries) {
      case .endOfInput:
        if let unfinished { evaluate(unfinished, mayContinue: false) }
        if !isInteractive { host.session { finish($0) } }
        return
      case .interrupted:
        // The editor has already moved on to a new line.
        unfinished = nil
      case .line(let text):
        if let command = ReplCommandLine(text, isContinuing: unfinished != nil) {
          unfinished = nil
          history.append(text)
          guard try perform(command) else { return }
        } else if text.allSatisfy(\.isWhitespace) {
          unfinished = nil
        } else if evaluate(text, mayContinue: true) {
          unfinished = nil
          history.append(text)
        } else {
          unfinished = text
        }
      }
    }
  }

  private func makeInput() -> any ReplInput {
    guard isInteractive else { return PlainInput() }
    guard Terminal.isCapable, let terminal = Terminal() else { return PromptedInput(prompt: Self.prompt) }
    var editor = LineEditor(terminal: terminal, prompt: Self.prompt) { [unowned self] line in
      Completer(host: host, declared: declared.names).completions(for: line)
    }
    editor.background = LineEditor.Background(
      alarm: host.alarm,
      next: { [unowned self] in due.map { max(ContinuousClock.now.duration(to: $0), .zero) } },
      turn: { [unowned self] in turn(around: $0) })
    return editor
  }

  /// What is due, also while someone types. False: Ctrl-C came and ended nothing.
  @discardableResult
  private func turn(around: (() -> Void) -> Void = { $0() }) -> Bool {
    host.session { session in
      var hasEnded = false
      around {
        while true {
          do {
            due = try session.turn().map { ContinuousClock.now + $0 }
            return
          } catch {
            report(error)
            guard error is MiniRacerError else { continue }
            hasEnded = true
            due = nil
            return
          }
        }
      }
      return hasEnded || !session.cancellation.isCancelled
    }
  }

  /// The same until nothing is left.
  private func finish(_ session: Session) {
    while true {
      do {
        return try session.finish()
      } catch {
        report(error)
        if error is MiniRacerError { return }
      }
    }
  }

  /// False: the entry goes on.
  @discardableResult
  private func evaluate(_ source: String, mayContinue: Bool) -> Bool {
    let name = "REPL\(entryNumber + 1)"
    sources[name] = source
    do {
      try host.session { session in
        let entry = Entry(source, name: name, redeclares: true)
        let value = try entry.evaluate(host, session) { [unowned self] in report($0) }
        entryNumber += 1
        declared.add(from: source)
        try show(value, session)
        try host.context.global.set("_", value)
      }
    } catch let unfinished as Entry.Unfinished {
      if mayContinue { return false }
      report(unfinished.error)
    } catch {
      report(error)
    }
    // What it left to do at once, and what nobody caught of it.
    turn()
    return true
  }

  private func show(_ value: JSValue, _ session: Session) throws {
    let text =
      options.json
      ? try host.json(value, in: session) : try host.inspected(value, style: options.style(for: STDOUT_FILENO))
    Output.write(text + "\n")
  }

  private func report(_ error: any Error) {
    var failure = host.failure(error)
    // As it was typed, and not as it was rewritten.
    if let file = failure.fileName, let lines = sources[file]?.split(separator: "\n", omittingEmptySubsequences: false),
      lines.indices.contains(failure.line - 1)
    {
      failure.restore(sourceLine: String(lines[failure.line - 1]))
    }
    if options.json {
      Output.writeError(FailureReport.json(failure).text + "\n")
    } else {
      Output.writeError(FailureReport.text(failure, style: options.style(for: STDERR_FILENO)))
    }
  }

  /// False: leave.
  private func perform(_ command: ReplCommandLine) throws -> Bool {
    switch command {
    case .exit: return false
    case .help: Output.write(ReplCommandLine.helpText)
    case .break: break
    case .clear:
      host = try host.fresh()
      sources = [:]
      declared = DeclaredNames()
      Output.write("A new context: all names are gone.\n")
    case .load(let path):
      do {
        evaluate(try InputFile.read(path), mayContinue: false)
      } catch {
        report(error)
      }
    case .unknown(let name): Output.writeError("There is no \(name) here; .help lists what there is.\n")
    }
    return true
  }
}
