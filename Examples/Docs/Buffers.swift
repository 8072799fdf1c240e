// The Swift of docs/buffers.md, word for word; a test compares the two.
import MiniRacer

extension Pages {
  static func buffers() async throws {
    let context = try JSContext()
    let samples = try context.evaluate("globalThis.samples = new Float64Array([1, 2, 3])", as: JSTypedArray.self)
    try samples.withMutableElements(of: Double.self) { $0[0] = 10 }
    print(try context.evaluate("samples[0]"))  // 10
    print(try samples.elements() as [Double])  // [10.0, 2.0, 3.0]

    var numbers: [Double] = [3, 1, 2]
    let sort = try context.evaluate("array => { kept = array.sort() }", as: JSFunction.self)
    _ = try context.withLent(&numbers) { try sort($0) }
    print(numbers)  // [1.0, 2.0, 3.0]
    print(try context.evaluate("kept.length"))  // 0

    let frame = try context.makeTypedArray(lending: [0.25, 0.75]) { numbers in
      print("back:", numbers)  // back: [1.0, 1.0]
    }
    _ = try context.evaluate("frame => frame.fill(1)", as: JSFunction.self)(frame)
    try frame.get("buffer", as: JSArrayBuffer.self).detach()

    try context.global.set("floats", context.makeTypedArray([0.5, -0.5] as [Float]))
    print(try context.evaluate("floats.constructor.name"))  // Float32Array
    print(try context.encode([1, 2] as [UInt8]).object!.className)  // Uint8Array
  }
}
