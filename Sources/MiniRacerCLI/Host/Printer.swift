import MiniRacer

/// `print(...)`: what `console.log` makes of its arguments, on standard output.
///
/// It is the `console.log` of a context that has nothing else to do, so that the text needs neither to be made in another way
/// nor to be told from the text of the scripts' own console.
struct Printer {
  private let context: JSContext

  init(in machine: JSVirtualMachine, colors: Bool) throws {
    context = try JSContext(
      virtualMachine: machine, globals: [], console: JSConsole(colors: colors) { Output.write($0.text + "\n") })
  }

  /// Before guest code runs in the context.
  func add(to other: JSContext) throws {
    let print = try context.global.get("console", as: JSObject.self).get("log", as: JSFunction.self)
    try print.setPrototype(other.global.get("Function", as: JSObject.self).get("prototype").object)
    try print.define("name", JSProperty(value: "print", isConfigurable: true))
    try other.global.define("print", JSProperty(value: .object(print), isWritable: true, isConfigurable: true))
  }
}
