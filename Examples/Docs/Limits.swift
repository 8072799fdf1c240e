// The Swift of docs/limits.md, word for word; a test compares the two.
import MiniRacer

extension Pages {
  static func limits() async throws {
    let library = try MiniRacerLibrary.load()
    try library.start(EngineOptions(isJITless: true))  // before anything else in the process

    var configuration = JSVirtualMachine.Configuration.untrusted
    configuration.memoryLimit = 64 << 20
    configuration.timeout = .milliseconds(200)
    configuration.grace = .milliseconds(50)
    let context = try JSContext(configuration)
    print(try context.evaluate("[typeof WebAssembly, typeof SharedArrayBuffer].join()"))  // undefined,undefined

    do {
      try context.evaluate("for (;;) {}", cpuTime: .milliseconds(20))
    } catch let error as MiniRacerError {
      print(error.code, error.code.category)  // processor time limit
    }
    print(try context.evaluate("6 * 7", timeout: .unlimited, cpuTime: .unlimited))  // 42

    let guarded = try JSContext(configuration) { event in
      switch event {
      case .memoryWarning(let memory): print("\(memory >> 20) MB in use")
      case .unresponsive(let overdue): print("a run should have ended \(overdue) ago")
      case .died: print("dead")  // dead
      }
    }
    do {
      try guarded.evaluate("Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)")
    } catch let error as MiniRacerError where error.code == .engineDead {
      print("the next script gets a new context")  // the next script gets a new context
    }

    let statistics = try context.virtualMachine.heapStatistics
    print(statistics.memory < statistics.memoryLimit)  // true
    print(try library.processStatistics.deathCount)  // 1
  }
}
