internal import CMiniRacer

extension JSObject {
  /// What kind of object it is, as the engine sees it; no script can pretend. More may be added: treat one that you do not
  /// know as ``plain``.
  public struct Kind: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The subtype, as in miniracer.h.
    public let rawValue: UInt8

    /// The kind with this number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    private init(_ subtype: Int) { rawValue = UInt8(subtype) }

    /// Any object that is of no other kind, instances of classes included.
    public static let plain = Kind(MINIRACER_OBJECT_PLAIN)
    /// An Array.
    public static let array = Kind(MINIRACER_OBJECT_ARRAY)
    /// A function or class.
    public static let function = Kind(MINIRACER_OBJECT_FUNCTION)
    /// An Error or one of its subclasses.
    public static let error = Kind(MINIRACER_OBJECT_ERROR)
    /// A Date.
    public static let date = Kind(MINIRACER_OBJECT_DATE)
    /// A RegExp.
    public static let regExp = Kind(MINIRACER_OBJECT_REGEXP)
    /// A Promise.
    public static let promise = Kind(MINIRACER_OBJECT_PROMISE)
    /// A Map.
    public static let map = Kind(MINIRACER_OBJECT_MAP)
    /// A Set.
    public static let set = Kind(MINIRACER_OBJECT_SET)
    /// A WeakMap.
    public static let weakMap = Kind(MINIRACER_OBJECT_WEAK_MAP)
    /// A WeakSet.
    public static let weakSet = Kind(MINIRACER_OBJECT_WEAK_SET)
    /// A WeakRef.
    public static let weakRef = Kind(MINIRACER_OBJECT_WEAK_REF)
    /// An ArrayBuffer.
    public static let arrayBuffer = Kind(MINIRACER_OBJECT_ARRAY_BUFFER)
    /// A SharedArrayBuffer.
    public static let sharedArrayBuffer = Kind(MINIRACER_OBJECT_SHARED_ARRAY_BUFFER)
    /// A typed array: Uint8Array and its like.
    public static let typedArray = Kind(MINIRACER_OBJECT_TYPED_ARRAY)
    /// A DataView.
    public static let dataView = Kind(MINIRACER_OBJECT_DATA_VIEW)
    /// A Proxy, whatever it stands for.
    public static let proxy = Kind(MINIRACER_OBJECT_PROXY)
    /// What a generator function returns.
    public static let generator = Kind(MINIRACER_OBJECT_GENERATOR)
    /// A primitive in an object: `new Number(1)`.
    public static let boxed = Kind(MINIRACER_OBJECT_BOXED)
    /// The `arguments` of a function.
    public static let arguments = Kind(MINIRACER_OBJECT_ARGUMENTS)
    /// What `import * as` gives.
    public static let moduleNamespace = Kind(MINIRACER_OBJECT_MODULE_NAMESPACE)
    /// An object of WebAssembly.
    public static let webAssembly = Kind(MINIRACER_OBJECT_WASM)
    /// An object of the host's, see ``JSHostObject``.
    public static let host = Kind(MINIRACER_OBJECT_HOST)
    /// An iterator that the engine made: `[].values()`, `new Map().keys()`.
    public static let iterator = Kind(MINIRACER_OBJECT_ITERATOR)

    private static let names = [
      "Object", "Array", "Function", "Error", "Date", "RegExp", "Promise", "Map", "Set", "WeakMap", "WeakSet",
      "WeakRef", "ArrayBuffer", "SharedArrayBuffer", "TypedArray", "DataView", "Proxy", "Generator", "Boxed",
      "Arguments", "Module", "WebAssembly", "HostObject", "Iterator",
    ]

    /// The kind's name: "Object", "Array".
    public var description: String {
      Int(rawValue) < Self.names.count ? Self.names[Int(rawValue)] : "Object"
    }
  }
}

/// Which keys ``JSObject/keys(_:timeout:cpuTime:cancellation:)`` gives beside an object's own enumerable ones.
public struct JSKeyOptions: OptionSet, Sendable, Hashable {
  /// The bits, as in miniracer.h.
  public let rawValue: UInt32

  /// The options with these bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Non-enumerable ones as well.
  public static let hidden = JSKeyOptions(rawValue: UInt32(MINIRACER_KEYS_HIDDEN))
  /// Symbols as well.
  public static let symbols = JSKeyOptions(rawValue: UInt32(MINIRACER_KEYS_SYMBOLS))
  /// Those of the prototypes as well.
  public static let inherited = JSKeyOptions(rawValue: UInt32(MINIRACER_KEYS_INHERITED))
}
