import MiniRacer

/// The cases from Swift, in this process.
final class SwiftCases {
  private let library: MiniRacerLibrary
  private let machine: JSVirtualMachine
  private let context: JSContext
  private let add, loop, make: JSFunction
  private let object: JSObject

  init(_ library: MiniRacerLibrary) throws {
    self.library = library
    machine = try JSVirtualMachine(library: library)
    context = try JSContext(virtualMachine: machine)
    try context.setFunction("host") { (x: Int) in x + 1 }
    add = try context.evaluate("(function (a, b) { return a + b; })", as: JSFunction.self)
    make = try context.evaluate("(function () { return {}; })", as: JSFunction.self)
    loop = try context.evaluate(
      "(function (n) { let x = 0; for (let i = 0; i < n; i++) x = host(x); return x; })", as: JSFunction.self)
    object = try context.evaluate("({a: 1})", as: JSObject.self)
    guard try loop(100).number == 100 else { throw Failure("Swift: the callback was not called 100 times") }
  }

  func run(_ report: (Case, Double) -> Void) throws {
    try report(.call, measure(call))
    try report(.callHeld, measure { count in try machine.withLock { try call(count) } })
    try report(.callWithTimeout, measure(callWithTimeout))
    try report(.evaluate, measure(evaluate))
    try report(.evaluateHeld, measure { count in try machine.withLock { try evaluate(count) } })
    try report(.callback, measure { count in try loop(count) })
    try report(.property, measure { count in for _ in 0..<count { _ = try object.get("a") } })
    try report(.object, measure { count in for _ in 0..<count { try make() } })
    try report(.newContext, measure { count in for _ in 0..<count { _ = try JSContext(virtualMachine: machine) } })
    try report(.newIsolate, measure { count in for _ in 0..<count { _ = try JSContext(library: library) } })
  }

  private func call(_ count: Int) throws {
    for _ in 0..<count {
      guard try add(1, 2) == .number(3) else { throw Failure("Swift: f(1, 2) is not 3") }
    }
  }

  private func callWithTimeout(_ count: Int) throws {
    for _ in 0..<count { try add(1, 2, timeout: .seconds(1)) }
  }

  private func evaluate(_ count: Int) throws {
    for _ in 0..<count {
      guard try context.evaluate("1+1") == .number(2) else { throw Failure("Swift: 1+1 is not 2") }
    }
  }
}
