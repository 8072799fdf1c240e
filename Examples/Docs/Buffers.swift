// The Swift of docs/buffers.md, word for word; a test compares the two.
import MiniRacer

extension Pages {
  static func buffers() async throws {
    let context = try JSContext()
    let samples = try context.evaluate("globalThis.samples = new Float64Array([1, 2, 3])", as: JSTypedArray.self)
    try samples.withMutableElements(of: Double.self) { $0[0] = 10 }
    print(try context.evaluate("samples[0]"))  // 10
    print(try samples.elements() as [Double])  // [10.0, 2.0, 3.0]

    var bytes: [UInt8] = [3, 1, 2]
    let sort = try context.evaluate("buffer => { kept = new Uint8Array(buffer).sort() }", as: JSFunction.self)
    _ = try context.withLent(&bytes) { try sort($0) }
    print(bytes)  // [1, 2, 3]
    print(try context.evaluate("kept.length"))  // 0

    try context.global.set("floats", context.makeTypedArray([0.5, -0.5] as [Float]))
    print(try context.evaluate("floats.constructor.name"))  // Float32Array
    print(try context.encode([1, 2] as [UInt8]).object!.className)  // Uint8Array
  }
}
