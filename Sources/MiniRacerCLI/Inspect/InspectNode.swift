import MiniRacer

/// A value as the probe saw it: a tree with an end, whatever the guest built.
enum InspectNode: Sendable {
  case undefined
  case null
  case boolean(Bool)
  case number(String)
  case bigInt(String)
  case string(JSString, hidden: Int)
  case symbol(JSString)
  case accessor(Accessor)
  /// A run of missing elements in an array.
  case empty(Int)
  /// An object that this value is inside of, by its `InspectObject.id`.
  case circular(Int)
  /// A binding that cannot be read yet.
  case uninitialized
  /// Instead of a value that could not be looked at: why.
  case note(String)
  case object(InspectObject)

  enum Accessor: String, Sendable {
    case getter = "[Getter]"
    case setter = "[Setter]"
    case both = "[Getter/Setter]"
  }
}

final class InspectObject: Sendable {
  let id: Int
  let kind: ObjectKind
  /// `nil`: no constructor along the prototypes.
  let constructorName: String?
  let tag: String
  /// Elements, entries or bytes, whichever the kind has.
  let size: Int
  /// What there is to say in one text: a stack, a date, a function's name.
  let base: JSString
  /// Deeper than asked for: there are contents, which were not looked at.
  let isBeyondDepth: Bool
  let isDetached: Bool
  let items: [Item]
  let hiddenItems: Int
  let properties: [Property]
  let hiddenProperties: Int

  enum Item: Sendable {
    case value(InspectNode)
    case pair(InspectNode, InspectNode)
  }

  struct Property: Sendable {
    var key: Key
    var isEnumerable = true
    var value: InspectNode

    enum Key: Hashable, Sendable {
      case name(JSString)
      case symbol(JSString)
    }
  }

  init(
    id: Int = 0, kind: ObjectKind, constructorName: String?, tag: String = "", size: Int = 0, base: JSString = "",
    isBeyondDepth: Bool = false, isDetached: Bool = false, items: [Item] = [], hiddenItems: Int = 0,
    properties: [Property] = [], hiddenProperties: Int = 0
  ) {
    self.id = id
    self.kind = kind
    self.constructorName = constructorName
    self.tag = tag
    self.size = size
    self.base = base
    self.isBeyondDepth = isBeyondDepth
    self.isDetached = isDetached
    self.items = items
    self.hiddenItems = hiddenItems
    self.properties = properties
    self.hiddenProperties = hiddenProperties
  }
}
