import Glibc
import MiniRacer
import Synchronization
import Testing

/// Which closures of a loader answer at once, on the thread that runs the JavaScript, and which ones as tasks.
@Suite("Module closures", .timeLimit(.minutes(1)))
struct ModuleClosuresTests {
  /// One whose event loop turns only when it is told to, so that what is not done at once stays undone.
  private func makeContext() throws -> JSContext { try JSContext(.init(eventLoop: .host)) }

  /// Whether an import is settled when the call that began it comes back.
  private func isAtOnce(_ set: (JSContext) throws -> Void) throws -> Bool {
    let context = try makeContext()
    try set(context)
    let promise = try context.evaluate("import('a.js')", as: JSPromise.self)
    // Nothing waits here: that would block a thread of those that tasks run on.
    guard case .fulfilled(let value) = try promise.state else { return false }
    #expect(try value.object?.get("default") == 1)
    return true
  }

  private static let module = JSModule.source("export default 1")
  @Sendable private static func load(_ request: JSModuleRequest) throws -> JSModule? { module }
  @Sendable private static func loadLater(_ request: JSModuleRequest) async throws -> JSModule? { module }

  @Test("spellings that answer at once")
  func atOnce() throws {
    #expect(try isAtOnce { try $0.setModuleLoader { request in .source("export default 1") } })
    #expect(try isAtOnce { try $0.setModuleLoader { _ in Self.module } })
    #expect(try isAtOnce { try $0.setModuleLoader { $0.url == "a.js" ? .source("export default 1") : nil } })
    #expect(try isAtOnce { try $0.setModuleLoader(load: { _ in Self.module }) })
    #expect(try isAtOnce { try $0.setModuleLoader(load: Self.load) })
    #expect(
      try isAtOnce {
        try $0.setModuleLoader { request in
          let text = "export default 1"
          return .source(text)
        }
      })
    #expect(try isAtOnce { try $0.setModuleLoader(JSModuleLoader(modules: ["a.js": Self.module])) })
    #expect(try isAtOnce { try $0.setModuleLoader(JSModuleLoader().loading { _ in Self.module }) { _, _ in } })
    #expect(
      try isAtOnce { try $0.setModuleLoader(JSModuleLoader().resolving { $0.specifier }.loading(Self.load)) })
  }

  @Test("the same in an async function")
  func atOnceInAsync() async throws {
    let context = try makeContext()
    try context.setModuleLoader { request in .source("export default 1") }
    let promise = try context.evaluate("import('a.js')", as: JSPromise.self)
    #expect(try !promise.state.isPending)
    await Task.yield()
  }

  @Test("spellings that answer later")
  func later() throws {
    #expect(try !isAtOnce { try $0.setModuleLoader { request async in .source("export default 1") } })
    #expect(try !isAtOnce { try $0.setModuleLoader { _ async throws -> JSModule? in Self.module } })
    #expect(try !isAtOnce { try $0.setModuleLoader { try await Self.loadLater($0) } })
    #expect(try !isAtOnce { try $0.setModuleLoader(load: { try await Self.loadLater($0) }) })
    #expect(try !isAtOnce { try $0.setModuleLoader(load: Self.loadLater) })
    #expect(
      try !isAtOnce {
        try $0.setModuleLoader { request in
          await Task.yield()
          return .source("export default 1")
        }
      })
    #expect(try !isAtOnce { try $0.setModuleLoader(JSModuleLoader().loading(Self.loadLater)) })
    #expect(
      try !isAtOnce {
        try $0.setModuleLoader(JSModuleLoader().resolving { request async in request.specifier }.loading(Self.load))
      })
  }

  /// Whether a closure is called by the thread that turns the event loop, while it does.
  private func isCalledHere(_ set: (JSContext, @escaping @Sendable () -> Void) throws -> Void) async throws -> Bool {
    let turning = Atomic<pthread_t>(0)
    let isHere = Atomic(false)
    let context = try makeContext()
    try set(context) {
      if turning.load(ordering: .acquiring) == pthread_self() { isHere.store(true, ordering: .relaxed) }
    }
    func turn<R>(_ body: () throws -> R) rethrows -> R {
      turning.store(pthread_self(), ordering: .releasing)
      defer { turning.store(0, ordering: .releasing) }
      return try body()
    }
    let promise = try turn { try context.beginImport("a.js") }
    while try promise.state.isPending {
      try await Task.sleep(for: .milliseconds(1))
      _ = try turn { try context.virtualMachine.runPending() }
    }
    return isHere.load(ordering: .relaxed)
  }

  @Test("each closure is either for itself")
  func mixed() async throws {
    #expect(
      try await isCalledHere { context, note in
        try context.setModuleLoader(
          JSModuleLoader()
            .resolving { request in
              note()
              return request.specifier
            }
            .loading { _ async in Self.module })
      })
    #expect(
      try await isCalledHere { context, note in
        try context.setModuleLoader(
          JSModuleLoader()
            .resolving { request async in request.specifier }
            .loading { _ in
              note()
              return Self.module
            })
      })
  }

  @Test("import.meta.resolve needs a resolving that answers at once, and no more")
  func resolve() throws {
    let context = try makeContext()
    let loader = JSModuleLoader().loading { _ async in Self.module }
    try context.setModuleLoader(loader.resolving { "https://example.org/\($0.specifier)" })
    let source = "export default import.meta.resolve('a')"
    #expect(try context.evaluateModule(source, name: "one.js").get("default") == "https://example.org/a")
    try context.setModuleLoader(loader.resolving { request async in request.specifier })
    let error = try #require(throws: JSError.self) { try context.evaluateModule(source, name: "two.js") }
    #expect(error.name == "TypeError")
  }
}
