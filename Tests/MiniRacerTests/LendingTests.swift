import Foundation
import MiniRacer
import Synchronization
import Testing

extension Data: JSLendable { public typealias JSElement = UInt8 }

@Suite("Lending: Swift's memory in JavaScript")
struct LendingTests {
  let context: JSContext

  init() throws { context = try JSContext(globals: .web) }

  /// Doubles the elements, and keeps the array.
  private var double: JSFunction {
    get throws {
      try context.evaluate("array => { kept = array; array.set(array.map(x => x + x)) }", as: JSFunction.self)
    }
  }

  private let collect = "for (let i = 0; i < 100; i++) new ArrayBuffer(1 << 20); 'collected'"

  @Test("arrays, lent for a while, and back whatever JavaScript did with them")
  func whileItLasts() throws {
    func check<Elements: JSLendable & Equatable>(
      _ elements: Elements, _ doubled: Elements, _ name: String
    ) throws {
      var elements = elements
      let copy = elements
      try context.withLent(&elements) { array in
        #expect(try array.className == name)
        try double(array)
      }
      #expect(elements == doubled)
      #expect(copy != doubled)
      #expect(try context.evaluate("kept.length + kept.buffer.byteLength") == 0)
    }
    try check([1, 2.5], [2, 5], "Float64Array")
    try check([1, -2.5] as [Float], [2, -5], "Float32Array")
    try check([1, -2] as [Int32], [2, -4], "Int32Array")
    try check([1, 2, 100] as [UInt8], [2, 4, 200], "Uint8Array")
    try check([1, -2] as [Int64], [2, -4], "BigInt64Array")
    try check(ContiguousArray<UInt16>([1, 2]), [2, 4], "Uint16Array")
    // Out of line, and so by way of a copy.
    try check(([1, 2, 3] as [UInt8])[1...], [4, 6], "Uint8Array")
    // In the value itself, in memory, and out of line in memory.
    try check(Data([1, 2]), Data([2, 4]), "Uint8Array")
    try check(Data(repeating: 4, count: 1000), Data(repeating: 8, count: 1000), "Uint8Array")
    try check(Data(repeating: 4, count: 1000)[3...], Data(repeating: 8, count: 997), "Uint8Array")
  }

  @Test("nothing is lent, an error comes out, and the context may close")
  func edges() throws {
    var none: [Double] = []
    #expect(try context.withLent(&none) { try $0.count } == 0)
    var bytes: [UInt8] = [1, 2]
    struct Failure: Error {}
    #expect(throws: Failure.self) { try context.withLent(&bytes) { _ in throw Failure() } }
    #expect(throws: MiniRacerError.self) { try context.withLent(&bytes) { _ in context.close() } }
    #expect(bytes == [1, 2])
  }

  @Test("it is the same memory, not a copy")
  func noCopy() throws {
    var numbers: [Int32] = Array(repeating: 7, count: 100)
    let address = numbers.withUnsafeBytes { $0.baseAddress }
    let lent = try context.withLent(&numbers) { array in try array.withUnsafeBytes { $0.baseAddress } }
    #expect(lent == address)
    let given = try context.makeTypedArray(lending: consume numbers)
    #expect(try given.withUnsafeBytes { $0.baseAddress } == address)
  }

  @Test("elements given away, and back once nobody has them")
  func owned() throws {
    func check<Elements: JSLendable & Equatable>(_ elements: Elements, _ doubled: Elements) throws {
      let back = Mutex<[Elements]>([])
      let array = try context.makeTypedArray(lending: elements) { elements in back.withLock { $0.append(elements) } }
      try double(array)
      #expect(back.withLock { $0 } == [])
      try array.get("buffer", as: JSArrayBuffer.self).detach()
      #expect(back.withLock { $0 } == [doubled])
      #expect(elements != doubled)
    }
    try check([1.5], [3])
    try check((0..<1000).map(Float.init), (0..<1000).map { Float(2 * $0) })
    try check(([1, 2, 3] as [UInt8])[1...], [4, 6])
    try check(Data([1]), Data([2]))
    try check(Data(repeating: 4, count: 1000), Data(repeating: 8, count: 1000))
    try check(Data(repeating: 4, count: 1000)[3...], Data(repeating: 8, count: 997))
  }

  @Test("what is given away comes back with the virtual machine at the latest, or at once where it cannot be given")
  func ownedEnd() throws {
    let back = Mutex<[Int32]>([])
    do {
      let context = try JSContext()
      let array = try context.makeTypedArray(lending: [1, 2] as [Int32]) { elements in back.withLock { $0 = elements } }
      try context.global.set("kept", array)
      try context.evaluate("kept[0] = 40")
      #expect(back.withLock { $0 } == [])
      context.close()
    }
    #expect(back.withLock { $0 } == [40, 2])
    context.close()
    #expect(throws: MiniRacerError.self) {
      try context.makeTypedArray(lending: [3] as [Int32]) { elements in back.withLock { $0 = elements } }
    }
    #expect(back.withLock { $0 } == [3])
  }

  @Test("memory given until it is let go of")
  func giving() throws {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 8)
    memory.initializeMemory(as: UInt8.self, repeating: 7)
    let isReleased = Mutex(false)
    nonisolated(unsafe) let given = memory
    let buffer = try context.makeArrayBuffer(lending: memory) {
      given.deallocate()
      isReleased.withLock { $0 = true }
    }
    #expect(try buffer.withUnsafeBytes { Array($0) } == [7, 7, 7, 7])
    #expect(!isReleased.withLock { $0 })
    try buffer.detach()
    #expect(isReleased.withLock { $0 })
    #expect(try buffer.byteLength == 0)
  }

  @Test("a view of Swift's keeps lent memory, whatever JavaScript does meanwhile")
  func viewOfLent() throws {
    let isReleased = Mutex(false)
    let array = try context.makeTypedArray(lending: [1, 2, 3] as [Int32]) { _ in isReleased.withLock { $0 = true } }
    try context.global.set("array", array)
    try array.withUnsafeMutableElements(of: Int32.self) { elements in
      try array.get("buffer", as: JSArrayBuffer.self).detach()
      #expect(try array.count == 0)
      try context.evaluate("delete globalThis.array; \(collect)")
      try context.virtualMachine.collectGarbage()
      context.close()
      #expect(!isReleased.withLock { $0 })
      elements[0] = 4
      #expect(Array(elements) == [4, 2, 3])
    }
    #expect(isReleased.withLock { $0 })
  }

  @Test("lent memory cannot be transferred away")
  func transferOfLent() throws {
    var numbers = [1.0, 2]
    try context.withLent(&numbers) { array in
      try context.global.set("array", array)
      let error = try #require(throws: JSError.self) {
        try context.evaluate("structuredClone(array, { transfer: [array.buffer] })")
      }
      #expect(!error.message.isEmpty)
      #expect(try context.evaluate("array[1] = 5; array.length") == 2)
    }
    #expect(numbers == [1, 5])
  }

  @Test(
    "a view of Swift's keeps JavaScript's memory through a detach, a transfer and a growth",
    arguments: [
      ("new Uint8Array([1, 2, 3])", "structuredClone(made.buffer, { transfer: [made.buffer] }); made.length", 0),
      ("new Uint8Array([1, 2, 3])", "made.buffer.transfer?.(); made.length && undefined", 0),
      (
        "new WebAssembly.Memory({ initial: 1 })",
        "for (let i = 0; i < 20; i++) made.grow(10); made.buffer.byteLength / 65536", 201
      ),
    ] as [(String, String, Int)])
  func viewOfOwn(source: String, change: String, result: Int) throws {
    let made = try context.evaluate("var made = \(source); made", as: JSObject.self)
    try made.withUnsafeMutableBytes { bytes in
      bytes[0] = 42
      let changed = try context.evaluate(change)
      #expect(changed == .number(Double(result)) || changed == .undefined)
      try context.evaluate("made = undefined; \(collect)")
      try context.virtualMachine.collectGarbage()
      #expect(bytes[0] == 42)
      for index in bytes.indices { bytes[index] = 7 }
      #expect(bytes.allSatisfy { $0 == 7 })
    }
  }

  @Test("memory that JavaScript may shrink is not shown")
  func resizable() throws {
    let buffer = try context.evaluate("new ArrayBuffer(8, { maxByteLength: 16 })", as: JSArrayBuffer.self)
    guard try buffer.resizable.boolean == true else { return }  // An older engine: as any other.
    #expect(try #require(throws: MiniRacerError.self) { try buffer.withUnsafeBytes { _ in } }.code == .notSupported)
  }
}
