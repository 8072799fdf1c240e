/// The text of an error: its stack, with the name of its class where the stack does not say it.
enum ErrorText {
  static func improved(_ object: InspectObject) -> String {
    var stack = object.base.description
    // `class ParseError extends Error` inherits the name "Error": the class tells more.
    if let name = object.constructorName, let shown = leadingErrorName(of: stack), shown != name {
      stack = (name.contains(shown) ? name : "\(name) [\(shown)]") + stack.dropFirst(shown.count)
    }
    return hasFrames(stack) ? stack : "[\(stack)]"
  }

  /// Without frames there are no lines that tell a message from what is around it: brackets do.
  private static func hasFrames(_ stack: String) -> Bool { stack.contains("\n    at ") }

  private static func leadingErrorName(of stack: String) -> Substring? {
    let name = stack.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    let rest = stack[name.endIndex...]
    return name.hasSuffix("Error") && (rest.isEmpty || rest.hasPrefix(":") || rest.hasPrefix("\n")) ? name : nil
  }
}
