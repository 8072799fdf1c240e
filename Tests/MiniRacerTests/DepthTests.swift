import Foundation
import MiniRacer
import Synchronization
import Testing

@Suite("Depth: what is nested without end is an error", .timeLimit(.minutes(1)))
struct DepthTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  /// Runs the body on a thread with so much stack.
  private func onStack<R: Sendable>(_ bytes: Int, _ body: @escaping @Sendable () throws -> R) throws -> R {
    let result = Mutex<Result<R, any Error>?>(nil)
    let isDone = DispatchSemaphore(value: 0)
    let thread = Thread {
      let done = Result { try body() }
      result.withLock { $0 = done }
      isDone.signal()
    }
    thread.stackSize = bytes
    thread.start()
    isDone.wait()
    return try result.withLock { try $0!.get() }
  }

  private func refusal(_ body: () throws -> JSValue) throws -> EncodingError.Context {
    let error = try #require(throws: EncodingError.self) { _ = try body() }
    guard case .invalidValue(_, let context) = error else { throw error }
    return context
  }

  final class Person: Codable, @unchecked Sendable {
    var name = "Ada"
    var friends: [Person]? = []
    var next: Person?
  }

  private static func chain(_ levels: Int) -> Person {
    let first = Person()
    var last = first
    for _ in 1..<levels {
      last.next = Person()
      last = last.next!
    }
    last.friends = nil
    return first
  }

  @Test("a circle of objects")
  func circle() throws {
    let (ada, alan) = (Person(), Person())
    ada.friends = [Person(), alan]
    alan.friends = [ada]
    defer { alan.friends = [] }
    let refused = try refusal { try context.encode(ada) }
    #expect(refused.codingPath.count == 1000)
    #expect(
      refused.codingPath.prefix(5).map { $0.intValue.map(String.init) ?? $0.stringValue }
        == ["friends", "1", "friends", "0", "friends"])
    #expect(
      refused.debugDescription
        == "more than 1000 levels: undo the circle, if it is one, or raise JSCodingOptions.maximumDepth")
    #expect(try context.encode(Person()).object?.name == "Ada")
  }

  @Test("a circle through the containers and encoders that a type makes itself")
  func ownContainers() throws {
    final class Link: Encodable {
      var next: Link?
      var kind = 0
      enum Key: CodingKey { case link, next }
      func encode(to encoder: any Encoder) throws {
        guard let next else { return }
        var container = encoder.container(keyedBy: Key.self)
        switch kind {
        case 0:
          var nested = container.nestedContainer(keyedBy: Key.self, forKey: .link)
          try nested.encode(next, forKey: .next)
        case 1:
          var nested = container.nestedUnkeyedContainer(forKey: .link)
          try nested.encode(next)
        case 2:
          try container.encode(kind, forKey: .link)
          try next.encode(to: container.superEncoder(forKey: .next))
        default:
          var single = encoder.singleValueContainer()
          try single.encode(next)
        }
      }
    }
    let paths = ["link/next/link/next", "link/0/link/0", "next/next/next/next"]
    for kind in 0..<3 {
      let link = Link()
      (link.next, link.kind) = (link, kind)
      defer { link.next = nil }
      let refused = try refusal { try context.encode(link) }
      let path = refused.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
      #expect(path.prefix(4).joined(separator: "/") == paths[kind])
      #expect((999...1001).contains(path.count))
    }
    struct Same: Encodable {
      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self)
      }
    }
    let refused = try onStack(1 << 20) { [context] in try self.refusal { try context.encode(Same()) } }
    #expect(refused.debugDescription.contains("too many for the stack of this thread"))
  }

  @Test("the depth is the options'")
  func option() throws {
    let options = JSCodingOptions(maximumDepth: 3)
    #expect(try context.encode(Self.chain(3), options: options).object != nil)
    #expect(try context.encode([[[1]]], options: options).object != nil)
    let refused = try refusal { try context.encode(Self.chain(5), options: options) }
    #expect(refused.codingPath.map(\.stringValue) == ["next", "next", "friends"])
    #expect(try refusal { try context.encode([[[[1]]]], options: options) }.codingPath.map(\.intValue) == [0, 0, 0])
  }

  @Test("a type that goes on after a refusal gets nowhere")
  func caught() throws {
    final class Stubborn: Encodable {
      func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        for _ in 0..<3 { try? list.encode(self) }
      }
    }
    #expect(try refusal { try context.encode(Stubborn(), options: .init(maximumDepth: 100)) }.codingPath.count == 100)
    struct StubbornWithTrees: Encodable {
      func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        try? list.encode(DepthTests.tree(100))
        try? list.encode(1)
      }
    }
    #expect(
      try refusal { try context.encode(StubbornWithTrees(), options: .init(maximumDepth: 100)) }.codingPath.count == 100
    )
  }

  private static func tree(_ levels: Int) -> JSTree {
    (1..<levels).reduce(.array([])) { tree, level in level % 2 == 0 ? .array([1, tree]) : ["a": tree] }
  }

  @Test("a deep tree")
  func trees() throws {
    #expect(try Self.tree(1000).jsValue(in: context).object != nil)
    let refused = try refusal { try Self.tree(1001).jsValue(in: context) }
    #expect(refused.codingPath.count == 1000)
    #expect(refused.codingPath.prefix(3).map(\.stringValue) == ["Index 1", "a", "Index 1"])
    struct Holder: Encodable { let trees: [JSTree] }
    let path = try refusal { try context.encode(Holder(trees: [nil, ["b": [2]]]), options: .init(maximumDepth: 3)) }
      .codingPath
    #expect(path.map(\.stringValue) == ["trees", "Index 1", "b"])
  }

  @Test("a thread's stack is enough, or it is an error", arguments: [256 << 10, 512 << 10, 8 << 20])
  func stacks(bytes: Int) throws {
    let context = context
    let options = JSCodingOptions(maximumDepth: 1_000_000)
    // Not the thread's to take down: that goes as deep.
    let tree = Self.tree(bytes / 250)
    let chain = try context.evaluate(
      "n => { let x = { name: '' }; for (let i = 1; i < n; i++) x = { name: '', next: x }; return x }",
      as: JSFunction.self)
    let made = try [20, 400, 1000, 5000].map { try chain($0) }
    try onStack(bytes) {
      let refused = try self.refusal { try context.encode(Self.circle(), options: options) }
      #expect(refused.debugDescription.contains("too many for the stack of this thread"))
      #expect(refused.codingPath.count > 50)
      let deep = try self.refusal { try context.encode(tree, options: options) }
      #expect(deep.debugDescription.contains("too many for the stack of this thread"))
      #expect(deep.codingPath.count > 50)
      for chain in made {
        do {
          _ = try chain.tree(options)
          _ = try chain.decode(Person.self, options: options)
        } catch DecodingError.dataCorrupted(let context) {
          #expect(context.debugDescription.contains("too many for the stack of this thread"))
          #expect(context.codingPath.count > 20)
        } catch let error as MiniRacerError {
          // The engine's own walk is the first that has no stack.
          #expect(error.code == .tooLarge)
        }
      }
      #expect(try made[0].decode(Person.self).next?.name == "")
    }
  }

  /// Leaked, as its end would not be.
  private static func circle() -> Person {
    let person = Person()
    person.next = person
    return person
  }

  @Test("calls from JavaScript to Swift to JavaScript, a thousand deep on a thread as it comes")
  func calls() throws {
    let context = context
    try context.setFunction("down") { (next: JSFunction, depth: Int) in try next(depth - 1) }
    let next = try context.evaluate(
      "function next(depth) { return depth && down(next, depth) + 1 }; next", as: JSFunction.self)
    #expect(try onStack(8 << 20) { try next(1000) } == 1000)
    // And without end it is an error, and no crash.
    let error = try onStack(8 << 20) { try #require(throws: JSError.self) { try next(1e9) } }
    #expect(error.name == "RangeError")
    #expect(try next(10) == 10)
  }
}
