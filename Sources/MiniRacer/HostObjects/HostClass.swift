internal import CMiniRacer

/// What a context keeps of a class of the host's.
final class HostClass: Sendable {
  typealias Setter = @Sendable (any JSHostObject, JSValue) throws -> Void

  /// The prototype with the members, the context's own; 0 where there are none.
  let prototype: miniracer_handle
  private let setters: [String: Setter]

  init<Instance: JSHostObject>(_ members: [JSMember<Instance>], prototype: miniracer_handle) {
    self.prototype = prototype
    var setters: [String: Setter] = [:]
    for member in members {
      guard case .property(_, let set?) = member.content else { continue }
      setters[member.name] = { instance, value in
        guard let instance = instance as? Instance else { return }
        try set(instance, value)
      }
    }
    self.setters = setters
  }

  /// Calls a member's setter; false where there is none. A host object's own properties come before its prototype's, so that
  /// the engine does not.
  func set(_ key: JSPropertyKey, of instance: any JSHostObject, _ value: JSValue) throws -> Bool {
    guard !setters.isEmpty, case .name(let name) = key, let set = name.string.flatMap({ setters[$0] }) else {
      return false
    }
    try set(instance, value)
    return true
  }
}
