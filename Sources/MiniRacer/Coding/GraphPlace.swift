// Where a value was met on the way to it, which is told only where someone asks: most often an error.

/// Which of the children of a container that was entered; all that a decoder needs to know to find its value.
struct GraphPlace: BitwiseCopyable {
  /// The number of the ``GraphFrame``; below zero: it is the root.
  let frame: Int
  let position: Int

  static let root = GraphPlace(frame: -1, position: 0)
}

/// A container that a type asked for. One that is shared has as many as there were ways to it.
struct GraphFrame: BitwiseCopyable {
  let container: Int
  /// Where it is itself.
  let place: GraphPlace
  /// Whether what is in it was asked for by key. A Map can be read in both ways.
  let isKeyed: Bool
}

/// A value and where it is.
struct GraphValue: BitwiseCopyable {
  let node: GraphNode
  let place: GraphPlace
}

extension GraphReader {
  /// Notes the way to a container. It stays noted: a type may keep its decoder for later.
  func enter(_ container: Int, at place: GraphPlace, isKeyed: Bool) -> Int {
    frames.append(GraphFrame(container: container, place: place, isKeyed: isKeyed))
    return frames.count - 1
  }

  /// The value at a place. A primitive in an object is that primitive to Swift.
  func value(at place: GraphPlace) -> GraphValue { GraphValue(node: unboxed(node(at: place)), place: place) }

  /// What is at a place, a primitive's object too.
  func node(at place: GraphPlace) -> GraphNode {
    place.frame < 0 ? root : boxedChild(frames[place.frame].container, place.position)
  }

  /// The way from the root.
  func path(to place: GraphPlace) -> [GraphKey] {
    var path: [GraphKey] = []
    var place = place
    while place.frame >= 0 {
      path.append(key(at: place))
      place = frames[place.frame].place
    }
    return path.reversed()
  }

  /// The last step to a place. In an unkeyed container there may be nothing any more.
  private func key(at place: GraphPlace) -> GraphKey {
    let frame = frames[place.frame]
    guard frame.isKeyed else { return GraphKey(intValue: place.position) }
    return GraphKey(stringValue: key(boxedChild(frame.container, place.position - 1)).description)
  }
}
