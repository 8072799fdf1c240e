internal import CMiniRacer

extension JSContext {
  /// The object that JavaScript sees of an instance: the same one each time while it is alive, in all contexts of the
  /// virtual machine. Waits while another thread is inside.
  public func object(for instance: some JSHostObject) throws -> JSObject {
    try virtualMachine.withLock {
      if let object = try existingObject(for: instance) { return object }
      return try makeObject(for: instance)
    }
  }

  private func existingObject(for instance: some JSHostObject) throws -> JSObject? {
    guard let box = virtualMachine.hostObjects.box(of: instance) else { return nil }
    let find = try need(functions.pointee.host_object_find, "host_object_find", functions)
    let pointer = Unmanaged.passUnretained(box).toOpaque()
    defer { withExtendedLifetime(box) {} }
    return try creating { result, record in find(id, pointer, &result, &record) }.object
  }

  private func makeObject<Instance: JSHostObject>(for instance: Instance) throws -> JSObject {
    let function = try need(functions.pointee.host_object_new, "host_object_new", functions)
    let hostClass = try hostClass(of: Instance.self)
    return try withRaw(Instance.jsClassName) { className in
      var options = miniracer_host_object_options()
      options.struct_size = UInt32(MemoryLayout<miniracer_host_object_options>.size)
      if instance is any JSCallableHostObject { options.flags |= UInt32(MINIRACER_HOST_OBJECT_CALLABLE) }
      if instance is any JSHostList { options.flags |= UInt32(MINIRACER_HOST_OBJECT_LIST) }
      options.class_name = className
      if hostClass.prototype != 0 {
        options.prototype = miniracer_value(MINIRACER_OBJECT, .init(handle: hostClass.prototype))
      }
      options.callback = HostObjectBox.callback
      // The library finalizes it whatever happens, also if this call fails.
      options.userdata = Unmanaged.passRetained(HostObjectBox(instance, of: hostClass, in: self)).toOpaque()
      options.finalize = HostReference.finalize
      return try made(creating { result, record in function(id, &options, &result, &record) })
    }
  }

  /// A class with the prototype that has its members, made once.
  private func hostClass<Instance: JSHostObject>(of type: Instance.Type) throws -> HostClass {
    let key = ObjectIdentifier(type)
    if let known = hostClasses.withLock({ $0[key] }) { return known }
    let members = Instance.jsMembers
    // The context owns the handle, and not the object, which would own the context.
    let prototype = try members.isEmpty ? 0 : makePrototype(members).giveHandleAway()
    let made = HostClass(members, prototype: prototype)
    hostClasses.withLock { $0[key] = made }
    return made
  }

  private func makePrototype<Instance: JSHostObject>(_ members: [JSMember<Instance>]) throws -> JSObject {
    let prototype = try makeObject()
    if Instance.self is any JSHostList.Type || Instance.self is any JSCallableHostObject.Type {
      let literal = Instance.self is any JSHostList.Type ? JSObject?.some(try makeArray()) : try makeFunction("") {}
      try prototype.setPrototype(literal?.prototype)
    }
    for member in members { try member.define(in: prototype) }
    return prototype
  }
}

extension JSObject {
  /// The Swift instance that this is in JavaScript; nil if it is none.
  public final var hostObject: (any JSHostObject)? {
    guard kind == .host, let function = context.functions.pointee.host_object_get_userdata else { return nil }
    var userdata: UnsafeMutableRawPointer?
    var record: ErrorRecord = nil
    let status = function(context.id, handle, &userdata, &record)
    guard status == 0, let userdata else {
      context.functions.pointee.error_free(record)
      return nil
    }
    // All host objects of the virtual machine are made here, and this one is alive: so is what it holds.
    defer { withExtendedLifetime(self) {} }
    return (Unmanaged<HostReference>.fromOpaque(userdata).takeUnretainedValue() as? HostObjectBox)?.instance
  }
}

extension JSValue {
  /// The Swift instance that this is in JavaScript; nil if it is none.
  public var hostObject: (any JSHostObject)? { object?.hostObject }
}
