import Foundation

/// JavaScriptCore's C API, opened when this program runs, and the cases through it.
///
/// Each call takes JavaScriptCore's own lock. It knows no holding of it over several calls, and no limits in its C API.
final class JavaScriptCore {
  private typealias Value = OpaquePointer
  private typealias Callback =
    @convention(c) (
      OpaquePointer?, Value?, Value?, Int, UnsafePointer<Value?>?, UnsafeMutablePointer<Value?>?
    ) -> Value?

  /// The functions by their C signatures; a context group, a context, a value, an object and a string are all pointers.
  private struct Functions: Sendable {
    let groupCreate: @convention(c) () -> OpaquePointer?
    let groupRelease: @convention(c) (OpaquePointer?) -> Void
    let contextCreate: @convention(c) (OpaquePointer?, OpaquePointer?) -> OpaquePointer?
    let contextRelease: @convention(c) (OpaquePointer?) -> Void
    let getGlobal: @convention(c) (OpaquePointer?) -> Value?
    let stringCreate: @convention(c) (UnsafePointer<CChar>) -> OpaquePointer?
    let stringRelease: @convention(c) (OpaquePointer?) -> Void
    let evaluate:
      @convention(c) (OpaquePointer?, OpaquePointer?, Value?, OpaquePointer?, Int32, UnsafeMutablePointer<Value?>?) ->
        Value?
    let call:
      @convention(c) (OpaquePointer?, Value?, Value?, Int, UnsafePointer<Value?>?, UnsafeMutablePointer<Value?>?) ->
        Value?
    let makeFunction: @convention(c) (OpaquePointer?, OpaquePointer?, Callback) -> Value?
    let makeNumber: @convention(c) (OpaquePointer?, Double) -> Value?
    let toNumber: @convention(c) (OpaquePointer?, Value?, UnsafeMutablePointer<Value?>?) -> Double
    let getProperty: @convention(c) (OpaquePointer?, Value?, OpaquePointer?, UnsafeMutablePointer<Value?>?) -> Value?
    let setProperty:
      @convention(c) (OpaquePointer?, Value?, OpaquePointer?, Value?, UInt32, UnsafeMutablePointer<Value?>?) -> Void
    let protect: @convention(c) (OpaquePointer?, Value?) -> Void
    let unprotect: @convention(c) (OpaquePointer?, Value?) -> Void

    init(_ path: String) throws {
      guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else { throw Failure(String(cString: dlerror())) }
      func function<F>(_ name: String) throws -> F {
        guard let address = dlsym(library, name) else { throw Failure("\(path) has no \(name)") }
        return unsafeBitCast(address, to: F.self)
      }
      groupCreate = try function("JSContextGroupCreate")
      groupRelease = try function("JSContextGroupRelease")
      contextCreate = try function("JSGlobalContextCreateInGroup")
      contextRelease = try function("JSGlobalContextRelease")
      getGlobal = try function("JSContextGetGlobalObject")
      stringCreate = try function("JSStringCreateWithUTF8CString")
      stringRelease = try function("JSStringRelease")
      evaluate = try function("JSEvaluateScript")
      call = try function("JSObjectCallAsFunction")
      makeFunction = try function("JSObjectMakeFunctionWithCallback")
      makeNumber = try function("JSValueMakeNumber")
      toNumber = try function("JSValueToNumber")
      getProperty = try function("JSObjectGetProperty")
      setProperty = try function("JSObjectSetProperty")
      protect = try function("JSValueProtect")
      unprotect = try function("JSValueUnprotect")
    }
  }

  /// The callback is a C function, which captures nothing.
  nonisolated(unsafe) private static var shared: Functions?

  private let c: Functions
  private let context, add, make, loop, object: OpaquePointer?
  private let group: OpaquePointer?

  /// The library in a folder that Debian's packages were unpacked into.
  static func find(below folder: String) -> String? {
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return files.filter { $0.contains("/libjavascriptcoregtk-") && $0.hasSuffix(".so.0") }.min().map {
      "\(folder)/\($0)"
    }
  }

  /// What a program does that is started as `--java-script-core TASK`.
  static func run(_ task: String, _ path: String) throws {
    guard task != "nothing" else { return }
    let engine = try JavaScriptCore(path)
    if task == "cases" { try engine.run() }
  }

  private init(_ path: String) throws {
    c = try Functions(path)
    Self.shared = c
    group = c.groupCreate()
    context = c.contextCreate(group, nil)
    let (c, context) = (c, context)
    func keep(_ source: String) throws -> Value? {
      let text = c.stringCreate(source)
      defer { c.stringRelease(text) }
      guard let value = c.evaluate(context, text, nil, nil, 1, nil) else { throw Failure("JavaScriptCore: \(source)") }
      c.protect(context, value)
      return value
    }
    let name = c.stringCreate("host")
    defer { c.stringRelease(name) }
    let host = c.makeFunction(context, name) { context, _, _, _, arguments, _ in
      let c = JavaScriptCore.shared!
      return c.makeNumber(context, c.toNumber(context, arguments![0], nil) + 1)
    }
    c.setProperty(context, c.getGlobal(context), name, host, 0, nil)
    add = try keep("(function (a, b) { return a + b; })")
    make = try keep("(function () { return {}; })")
    loop = try keep("(function (n) { let x = 0; for (let i = 0; i < n; i++) x = host(x); return x; })")
    object = try keep("({a: 1})")
  }

  private func run() throws {
    func show(_ what: Case, _ figure: Double) {
      print("\(what.name)\t\(figure)")
    }
    show(.call, try measure(call))
    show(.evaluate, try measure(evaluate))
    show(.callback, try measure(callback))
    show(.property, measure(getProperty))
    show(.object, measure(callForObject))
    show(.newContext, measure { count in for _ in 0..<count { c.contextRelease(c.contextCreate(group, nil)) } })
    show(.newIsolate, measure { count in for _ in 0..<count { newGroup() } })
  }

  private func call(_ count: Int) throws {
    for _ in 0..<count {
      let arguments = (c.makeNumber(context, 1), c.makeNumber(context, 2))
      let result = withUnsafeBytes(of: arguments) {
        c.call(context, add, nil, 2, $0.baseAddress?.assumingMemoryBound(to: Value?.self), nil)
      }
      guard c.toNumber(context, result, nil) == 3 else { throw Failure("JavaScriptCore: f(1, 2) is not 3") }
    }
  }

  private func evaluate(_ count: Int) throws {
    for _ in 0..<count {
      let text = c.stringCreate("1+1")
      guard c.toNumber(context, c.evaluate(context, text, nil, nil, 1, nil), nil) == 2 else {
        throw Failure("JavaScriptCore: 1+1 is not 2")
      }
      c.stringRelease(text)
    }
  }

  private func callback(_ count: Int) throws {
    var n = c.makeNumber(context, Double(count))
    guard c.toNumber(context, c.call(context, loop, nil, 1, &n, nil), nil) == Double(count) else {
      throw Failure("JavaScriptCore: the callback was not called \(count) times")
    }
  }

  private func getProperty(_ count: Int) {
    for _ in 0..<count {
      let name = c.stringCreate("a")
      _ = c.toNumber(context, c.getProperty(context, object, name, nil), nil)
      c.stringRelease(name)
    }
  }

  private func callForObject(_ count: Int) {
    for _ in 0..<count {
      let result = c.call(context, make, nil, 0, nil, nil)
      c.protect(context, result)
      c.unprotect(context, result)
    }
  }

  private func newGroup() {
    let group = c.groupCreate()
    c.contextRelease(c.contextCreate(group, nil))
    c.groupRelease(group)
  }
}
