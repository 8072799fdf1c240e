// The Swift of docs/functions.md, word for word; a test compares the two.
import MiniRacer

struct NotFound: JSTracedError {
  let key: String
  var jsTrace: JSError?
}

extension Pages {
  static func functions() async throws {
    let context = try JSContext()
    let add = try context.evaluate("(a, b) => a + b", as: JSFunction.self)
    print(try add(1, 2))  // 3
    print(try add("a", "b", timeout: .milliseconds(50)))  // ab
    print(try context.global.Math.max(1, 7, 3))  // 7

    let point = try context.evaluate("(class Point { constructor(x) { this.x = x } })", as: JSFunction.self).new(3)
    print(try point.x)  // 3
    let twice = try context.evaluate("(function () { return this.x * 2 })", as: JSFunction.self)
    print(try twice.call(this: .object(point)))  // 6

    try context.setFunction("total") { (prices: [Double], tax: Double?) in prices.reduce(0, +) * (1 + (tax ?? 0)) }
    print(try context.evaluate("total([1, 2]) + total([1, 2], 0.5)"))  // 7.5
    let wrong = "try { total('1') } catch (error) { error.message }"
    print(try context.evaluate(wrong))  // total: argument 1: expected Array<Double>, got String

    try context.setFunction("count", arguments: { call in call.arguments.count })
    print(try context.evaluate("count('a', 'b', 'c')"))  // 3
    try context.setFunction("greet", arguments: { call in "Hello, \(try call.this.name)!" })
    print(try context.evaluate("({ name: 'Ada', greet }).greet()"))  // Hello, Ada!

    let squares = try context.evaluate("(function* () { for (const x of [1, 2, 3]) yield x * x })()", as: JSObject.self)
    print(try squares.iterate().map { try $0.get() })  // [1, 4, 9]

    try context.setFunction("find") { (key: String) throws -> String in throw NotFound(key: key) }
    print(try context.evaluate("try { find('x') } catch (error) { error.name }"))  // NotFound
    do {
      try context.evaluate("find('x')", fileName: "find.js")
    } catch let error as NotFound {
      print(error.key)  // x
      print(error.jsTrace!.frames[0])  // at find.js:1:1
    }

    do {
      try context.evaluate("let n = 1\nn.toUpperCase()", fileName: "n.js")
    } catch let error as JSError {
      print("\(error.fileName!):\(error.line): \(error.message)")  // n.js:2: n.toUpperCase is not a function
    }
  }
}
