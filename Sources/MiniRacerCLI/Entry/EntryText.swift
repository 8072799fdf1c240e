/// The text of an entry, rewritten so that the engine takes it as often as it is given, and with `await` where only modules
/// have it.
///
/// A script's `let`, `const` and `class` can be declared once in a context, and hide what is in a module or function. So they
/// become `var`, which can be declared again; of `const` it is lost that nothing may be assigned to it.
struct EntryText {
  let source: String
  let tokens: [Token]
  let hasAwait: Bool
  /// It cannot be whole: a bracket is open, or an operator has nothing behind it.
  let isUnfinished: Bool

  init(_ source: String) {
    self.source = source
    let tokenizer = Tokenizer(source)
    tokens = tokenizer.tokens
    hasAwait = tokenizer.hasAwait
    let last = tokens.last.map { $0.kind == .punctuator && ![")", "]", "}", ";", "++", "--"].contains($0.text) }
    isUnfinished = tokenizer.isOpen || (tokenizer.isWellFormed && last ?? false)
  }

  // MARK: - Declarations

  private struct Declaration {
    enum Kind { case variables, `class`, function }
    let kind: Kind
    /// The keyword's place in the tokens.
    let index: Int
    let names: [String]
  }

  /// Those that are in no block.
  private var declarations: [Declaration] {
    tokens.indices.compactMap { index in
      let token = tokens[index]
      guard token.depth == 0, token.kind == .word, index + 1 < tokens.count else { return nil }
      let next = tokens[index + 1]
      switch token.text {
      case "var", "const", "let":
        guard next.kind == .word && next.text != "let" && next.text != "in" || ["{", "["].contains(next.text),
          token.text != "let" || isStatementStart(index)
        else { return nil }
        return Declaration(kind: .variables, index: index, names: boundNames(from: index + 1))
      case "class":
        guard isStatementStart(index), next.kind == .word, next.text != "extends" else { return nil }
        return Declaration(kind: .class, index: index, names: [next.text])
      case "function":
        let isAsync = index > 0 && tokens[index - 1].text == "async"
        guard isStatementStart(isAsync ? index - 1 : index) else { return nil }
        let name = next.text == "*" && index + 2 < tokens.count ? tokens[index + 2] : next
        return name.kind == .word ? Declaration(kind: .function, index: index, names: [name.text]) : nil
      default: return nil
      }
    }
  }

  private func isStatementStart(_ index: Int) -> Bool {
    guard index > 0 else { return true }
    let last = tokens[index - 1]
    if last.text == ";" || last.text == "}" { return true }
    return tokens[index].followsNewline && (last.kind != .punctuator || last.text == ")" || last.text == "]")
  }

  /// The names in `a = 1, {b, c: [d]} = e`. May give some that follow in other statements, which does no harm.
  private func boundNames(from start: Int) -> [String] {
    var names: [String] = []
    var index = start
    while index < tokens.count {
      index = addNames(ofPatternAt: index, to: &names)
      while index < tokens.count, !(tokens[index].depth == 0 && [",", ";"].contains(tokens[index].text)) { index += 1 }
      guard index < tokens.count, tokens[index].text == "," else { break }
      index += 1
    }
    return names
  }

  /// Gives the place behind the pattern.
  private func addNames(ofPatternAt start: Int, to names: inout [String]) -> Int {
    let first = tokens[start]
    if first.kind == .word {
      names.append(first.text)
      return start + 1
    }
    guard first.text == "{" || first.text == "[" else { return start + 1 }
    var index = start + 1
    while index < tokens.count, tokens[index].depth > first.depth {
      if tokens[index].text == "," || tokens[index].text == "..." {
        index += 1
        continue
      }
      if first.text == "{" {
        // The key, up to a colon, which is no name.
        var behind = index + 1
        if tokens[index].text == "[" {
          while behind < tokens.count, tokens[behind].depth > first.depth + 1 { behind += 1 }
          behind += 1
        }
        if behind < tokens.count, tokens[behind].text == ":" { index = behind + 1 }
        guard index < tokens.count else { break }
      }
      index = addNames(ofPatternAt: index, to: &names)
      // A default value.
      while index < tokens.count, tokens[index].depth > first.depth,
        !(tokens[index].depth == first.depth + 1 && tokens[index].text == ",")
      { index += 1 }
    }
    return index + 1
  }

  // MARK: - As a script

  /// Runs at once. Line breaks and, but for classes, columns stay where they are.
  var script: String {
    var edits: [Edit] = []
    for declaration in declarations {
      let keyword = tokens[declaration.index]
      switch declaration.kind {
      case .variables:
        edits.append(Edit(keyword.range, "var".padding(to: keyword.text.count)))
      case .class: edits += assignment(of: declaration, "var ")
      case .function: break
      }
    }
    return edited(edits)
  }

  /// `class A {}` as `A = class A {};`
  private func assignment(of declaration: Declaration, _ lead: String) -> [Edit] {
    let start = tokens[declaration.index].range.lowerBound
    let body = tokens[declaration.index...].firstIndex { $0.depth == 0 && $0.text == "{" }
    let end = body.flatMap { body in tokens[body...].first { $0.depth == 0 && $0.text == "}" } }
    guard let end else { return [] }
    return [
      Edit(start..<start, "\(lead)\(declaration.names[0]) = "), Edit(end.range.upperBound..<end.range.upperBound, ";"),
    ]
  }

  // MARK: - As an async function

  /// The names that the entry declares, which must be variables of the context before ``asyncFunction(valueFrom:)`` runs.
  var declaredNames: [String] { declarations.flatMap(\.names) }

  static let functionStart = "(async ($start) => { await $start; let $value; "
  static let functionEnd = "\n; return [$value]; })"

  /// Where a last expression may begin, which then gives the value; the earliest that compiles is the one.
  var valuePlaces: [Int] {
    let declared = Set(declarations.flatMap { [$0.index, $0.kind == .function ? $0.index - 1 : $0.index] })
    let behindStatements = tokens.indices.filter { index in
      guard index > 0, !declared.contains(index) else { return index == 0 && !declared.contains(0) }
      let last = tokens[index - 1]
      return tokens[index].depth == 0 && tokens[index].text != "}"
        && (tokens[index].followsNewline || (last.depth == 0 && [";", "}", ")", "else", "do"].contains(last.text)))
    }
    // A long program is hardly run for its value.
    return behindStatements.count > 200 ? [] : behindStatements
  }

  /// A function that awaits, first of all its argument, and gives a list with the value.
  func asyncFunction(valueFrom place: Int?) -> String {
    var edits: [Edit] = []
    var functions = ""
    for declaration in declarations {
      let keyword = tokens[declaration.index]
      switch declaration.kind {
      // What follows is an assignment then, also where it begins with a bracket.
      case .variables: edits.append(Edit(keyword.range, "void 0, "))
      case .class: edits += assignment(of: declaration, "void 0, ")
      case .function: functions += "globalThis.\(declaration.names[0]) = \(declaration.names[0]); "
      }
    }
    if let place {
      let start = tokens[place].range.lowerBound
      let end = tokens.last { $0.text != ";" }?.range.upperBound ?? start
      guard end > start else { return Self.functionStart + functions + edited(edits) + Self.functionEnd }
      edits.append(Edit(start..<start, " $value = ("))
      edits.append(Edit(end..<end, "\n)"))
    }
    return Self.functionStart + functions + edited(edits) + Self.functionEnd
  }

  // MARK: - Editing

  private struct Edit {
    let range: Range<Int>
    let text: String

    init(_ range: Range<Int>, _ text: String) {
      self.range = range
      self.text = text
    }
  }

  private func edited(_ edits: [Edit]) -> String {
    let bytes = Array(source.utf8)
    var result = ""
    var position = 0
    // Of two at the same place the later one wraps what the earlier one puts there.
    let sorted = edits.enumerated().sorted { a, b in
      (a.element.range.lowerBound, -a.offset) < (b.element.range.lowerBound, -b.offset)
    }
    for (_, edit) in sorted {
      result += String(decoding: bytes[position..<edit.range.lowerBound], as: UTF8.self) + edit.text
      position = edit.range.upperBound
    }
    return result + String(decoding: bytes[position...], as: UTF8.self)
  }
}

extension String {
  fileprivate func padding(to length: Int) -> String { self + String(repeating: " ", count: max(length - count, 0)) }
}
