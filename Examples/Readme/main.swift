// What README.md shows, word for word; a test compares the two.
import MiniRacer

let context = try JSContext(.init(heapLimit: 64 << 20, timeout: .seconds(1)))
try context.setFunction("greet") { (name: String) in "Hello, \(name)!" }
try context.evaluate("function shout(text) { return greet(text).toUpperCase(); }")
let shout = try context.global.get("shout").function!
print(try shout("Swift"))  // HELLO, SWIFT!
do {
  try context.evaluate("for (;;) {}", timeout: .milliseconds(50))
} catch let error as MiniRacerError where error.code == .timeout {
  print("stopped")  // and the context works on
}
