import MiniRacer
import Synchronization
import Testing

@Suite("Buffers: the same memory in JavaScript and Swift")
struct BuffersTests {
  let context: JSContext

  init() throws { context = try JSContext() }

  @Test("JavaScript's bytes, read and written in place")
  func inPlace() throws {
    let array = try context.evaluate("var bytes = new Uint8Array([1, 2, 3]); bytes", as: JSTypedArray.self)
    #expect(try array.count == 3)
    #expect(try array.elementType == .uint8)
    #expect(try array.withUnsafeBytes { Array($0) } == [1, 2, 3])
    try array.withUnsafeMutableBytes { $0[0] = 42 }
    #expect(try context.evaluate("bytes[0]") == 42)
    #expect(try array.withBytes { $0.unsafeLoad(fromByteOffset: 0, as: UInt8.self) } == 42)
    #expect(try context.evaluate("new DataView(bytes.buffer, 1)", as: JSDataView.self).byteLength == 2)
    #expect(try context.evaluate("bytes.buffer", as: JSArrayBuffer.self).byteLength == 3)
  }

  @Test("elements of their type")
  func elements() throws {
    let samples = try context.makeTypedArray([0.5, -2] as [Float])
    #expect(try samples.elementType == .float32)
    try context.global.set("samples", samples)
    #expect(try context.evaluate("samples instanceof Float32Array && samples[1]") == -2)
    #expect(try samples.withElements(of: Float.self) { $0[0] } == 0.5)
    try samples.withMutableElements(of: Float.self) { $0[0] = 8 }
    try samples.withUnsafeMutableElements(of: Float.self) { $0[1] *= 2 }
    #expect(try samples.elements() == [8, -4] as [Float])
    #expect(try samples.withUnsafeElements(of: Float.self) { $0.count } == 2)
    let error = try #require(throws: JSConversionError.self) { try samples.elements(as: Int32.self) }
    #expect(error.description == "expected elements of Int32, got elements of Float32")
  }

  @Test("each type of elements")
  func types() throws {
    func check<T: JSTypedArrayElement & Equatable>(_ element: T, _ name: String) throws {
      let array = try [element].jsTypedArray(in: context)
      #expect(try array.className == name)
      #expect(try array.elements() == [element])
    }
    try check(Int8.min, "Int8Array")
    try check(UInt8.max, "Uint8Array")
    try check(Int16.min, "Int16Array")
    try check(UInt16.max, "Uint16Array")
    try check(Int32.min, "Int32Array")
    try check(UInt32.max, "Uint32Array")
    try check(Int64.min, "BigInt64Array")
    try check(UInt64.max, "BigUint64Array")
    try check(Float(1), "Float32Array")
    try check(1.0, "Float64Array")
  }

  @Test("copies, new buffers and views")
  func making() throws {
    let copy = try context.makeArrayBuffer(copying: [1, 2, 3, 4])
    #expect(try copy.withUnsafeBytes { Array($0) } == [1, 2, 3, 4])
    #expect(try context.makeArrayBuffer(copying: stride(from: UInt8(0), to: 9, by: 3)).byteLength == 3)
    #expect(try context.makeArrayBuffer(copying: []).byteLength == 0)
    #expect(try context.makeArrayBuffer(byteLength: 8).withUnsafeBytes { Array($0) } == Array(repeating: 0, count: 8))
    #expect(try context.makeArrayBuffer(byteLength: 8, isShared: true).isShared)
    let view = try context.makeTypedArray(over: copy, of: .uint16, byteOffset: 2, count: 1)
    #expect(try view.elements() == [0x0403] as [UInt16])
    #expect(try context.makeDataView(over: copy, byteOffset: 1, byteLength: 2).byteLength == 2)
    for (offset, count) in [(1, 1), (0, 3), (-2, 1)] {
      let error = try #require(throws: MiniRacerError.self) {
        try context.makeTypedArray(over: copy, of: .uint16, byteOffset: offset, count: count)
      }
      #expect(error.code == .invalidArgument)
    }
    #expect(throws: MiniRacerError.self) { try context.makeArrayBuffer(byteLength: -1) }
  }

  @Test("what is no memory, and what cannot be detached")
  func misuse() throws {
    let object = try context.makeObject()
    #expect(try #require(throws: MiniRacerError.self) { try object.withUnsafeBytes { _ in } }.code == .wrongType)
    let shared = try context.makeArrayBuffer(byteLength: 1, isShared: true)
    #expect(try #require(throws: MiniRacerError.self) { try shared.detach() }.code == .wrongType)
    context.close()
    #expect(try #require(throws: MiniRacerError.self) { try shared.byteLength }.code == .closed)
  }
}
