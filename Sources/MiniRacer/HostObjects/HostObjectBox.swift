internal import CMiniRacer
internal import Synchronization

/// What JavaScript holds of a Swift object.
final class HostObjectBox: HostReference, @unchecked Sendable {
  let instance: any JSHostObject
  private let hostClass: HostClass
  private let table: HostObjectTable

  init(_ instance: any JSHostObject, of hostClass: HostClass, in context: JSContext) {
    self.instance = instance
    self.hostClass = hostClass
    self.table = context.virtualMachine.hostObjects
    super.init(in: context)
    table.add(self)
  }

  deinit { table.remove(self) }

  /// Called by the library, on any thread.
  static let callback: miniracer_callback = { userdata, call in
    guard let userdata, let call else { return 1 }
    return Unmanaged<HostObjectBox>.fromOpaque(userdata)._withUnsafeGuaranteedRef { $0.run(call) }
  }

  private func run(_ raw: UnsafeMutablePointer<miniracer_call>) -> Int32 {
    guard let context = context(raw.pointee.context) else { return 1 }
    let call = HostCall(name: type(of: instance).jsClassName, raw: raw, context: context)
    do {
      try answer(call)
      return 0
    } catch {
      call.fail(error)
      return 1
    }
  }

  private func answer(_ call: borrowing HostCall) throws {
    let context = call.context
    switch Int(call.raw.pointee.operation) {
    case MINIRACER_ACCESS_GET:
      guard let value = try instance.jsGet(JSPropertyKey(call.value(0)), in: context) else { return call.notMine() }
      try call.finish(value)
    case MINIRACER_ACCESS_SET:
      let (key, value) = (JSPropertyKey(call.value(0)), call.value(1))
      if try !instance.jsSet(key, value, in: context), try !hostClass.set(key, of: instance, value) { call.notMine() }
    case MINIRACER_ACCESS_HAS:
      guard try instance.jsHas(JSPropertyKey(call.value(0)), in: context) else { return call.notMine() }
      try call.finish(true)
    case MINIRACER_ACCESS_DELETE:
      try call.finish(.boolean(instance.jsDelete(JSPropertyKey(call.value(0)), in: context)))
    case MINIRACER_ACCESS_KEYS:
      try call.finish(.object(context.makeArray(instance.jsKeys(in: context).map(\.value))))
    case MINIRACER_ACCESS_APPLY:
      guard let callable = instance as? any JSCallableHostObject else { return call.notMine() }
      try call.finish(callable.jsCall(call.all()).jsValue(in: context))
    case MINIRACER_ACCESS_CONSTRUCT:
      guard let callable = instance as? any JSCallableHostObject else { return call.notMine() }
      try call.finish(.object(callable.jsConstruct(call.all())))
    default: call.notMine()
    }
  }
}

extension HostCall {
  /// There is no such property: the library looks further.
  func notMine() { raw.pointee.flags |= UInt32(MINIRACER_CALL_NOT_MINE) }
}

/// The boxes of a virtual machine by their instances, none of which it keeps alive.
final class HostObjectTable: Sendable {
  private let boxes = Mutex<[ObjectIdentifier: Unmanaged<HostObjectBox>]>([:])

  func add(_ box: HostObjectBox) {
    let entry = Unmanaged.passUnretained(box)
    let key = ObjectIdentifier(box.instance)
    boxes.withLock { $0[key] = entry }
  }

  /// Called as the box goes; another may have taken its place.
  func remove(_ box: HostObjectBox) {
    let entry = Unmanaged.passUnretained(box)
    let key = ObjectIdentifier(box.instance)
    boxes.withLock { boxes in
      if boxes[key]?.toOpaque() == entry.toOpaque() { boxes[key] = nil }
    }
  }

  /// The instance's box, unless it is going.
  func box(of instance: any JSHostObject) -> HostObjectBox? {
    let key = ObjectIdentifier(instance)
    return boxes.withLock { boxes in
      // The lock keeps the memory: remove() waits for it.
      guard let box = boxes[key], cminiracer_try_retain(box.toOpaque()) else { return nil }
      return box.takeRetainedValue()
    }
  }
}
