internal import CMiniRacer

/// A conversion of a live value that is under way on this thread, with all that it leads to.
///
/// It is the body of a run of its own, so that the engine ends all JavaScript in it, getters and Proxy traps, by one deadline,
/// one processor time and one token, however many elements there are and whatever a type of the host's reads by itself.
final class Conversion {
  /// For what is read in it: no defaults for each element, as the run around has its limits.
  let limits: RunLimits
  private let machine: JSVirtualMachine
  private var depth = 0
  private var bytes = 0
  private var holes = 0
  private var others = 0
  private let maximumBytes: Int

  private static let maximumDepth = 1000
  private static let maximumHoles = 1_000_000

  private static let onThisThread = ThreadLocal<Conversion>()

  fileprivate init(in machine: JSVirtualMachine) {
    self.machine = machine
    maximumBytes = machine.maximumConverted
    let defaults = machine.defaults
    limits = RunLimits(
      defaults.timeout == nil ? nil : .unlimited, defaults.cpuTime == nil ? nil : .unlimited)
  }

  /// The one that this thread is in, if it is of this virtual machine.
  static func current(in machine: JSVirtualMachine) -> Conversion? {
    guard let current = onThisThread.value, current.machine === machine else { return nil }
    return current
  }

  /// Counts an element that Swift is to hold. What the guest has once can come any number of times, and a hole of an Array
  /// costs the guest nothing.
  func count(_ value: JSValue) throws {
    bytes += MemoryLayout<JSValue>.stride
    switch value {
    case .undefined: holes += 1
    case .string(let string):
      others += 1
      bytes += string.byteCount
    case .bigInt(let number):
      others += 1
      bytes += number.words.count * 8
    default: others += 1
    }
    if bytes > maximumBytes {
      throw MiniRacerError(.tooLarge, "a value of more than \(maximumBytes) bytes: decode() can be given a limit")
    }
    if holes > Self.maximumHoles, holes > others {
      throw MiniRacerError(.tooLarge, "more than \(Self.maximumHoles) elements, most of them undefined: a sparse Array")
    }
  }

  fileprivate func nest<R>(_ body: (Conversion) throws -> R) throws -> R {
    guard depth < Self.maximumDepth else {
      throw MiniRacerError(.tooLarge, "more than \(Self.maximumDepth) levels of nesting")
    }
    depth += 1
    defer { depth -= 1 }
    return try body(self)
  }

  fileprivate func begin<R>(_ body: (Conversion) throws -> R) throws -> R {
    let outer = Self.onThisThread.value
    Self.onThisThread.value = self
    defer { Self.onThisThread.value = outer }
    return try nest(body)
  }
}

extension JSContext {
  /// Runs the body as a conversion, or as a part of the one that is under way.
  func converting<R>(_ limits: RunLimits = RunLimits(), _ body: (Conversion) throws -> R) throws -> R {
    let current = Conversion.current(in: virtualMachine)
    if let current, limits.isDefault { return try current.nest(body) }
    return try asOneRun(limits) {
      if let current { return try current.nest(body) }
      return try Conversion(in: virtualMachine).begin(body)
    }
  }
}

extension JSValue {
  /// The value in a type, under what is left of these limits.
  @inline(__always)
  func converted<T: ConstructibleFromJSValue>(to type: T.Type, _ allowance: Allowance) throws -> T {
    guard case .object = self else { return try T.construct(from: self) }
    return try convertedObject(to: type, allowance.rest)
  }

  @inline(never)
  private func convertedObject<T: ConstructibleFromJSValue>(to type: T.Type, _ limits: RunLimits) throws -> T {
    guard case .object(let object) = self, !(type is any ReadsNothing.Type), !(type is any JSHostObject.Type) else {
      return try T.construct(from: self)
    }
    return try object.context.converting(limits) { _ in try T.construct(from: self) }
  }
}

/// Takes a value as it is, without a look into an object.
protocol ReadsNothing {}
extension JSValue: ReadsNothing {}
extension JSObject: ReadsNothing {}

extension JSString {
  fileprivate var byteCount: Int {
    switch storage {
    case .wellFormed(let text): text.utf8.count
    case .illFormed(let units): units.count * 2
    }
  }
}
