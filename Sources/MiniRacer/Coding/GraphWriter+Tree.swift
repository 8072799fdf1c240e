// Trees to the encoded form.

extension GraphWriter {
  /// Writes a tree with all that is in it.
  ///
  /// - Throws: `EncodingError` for one that is too deep.
  func write(_ tree: JSTree) throws {
    var path: [GraphKey] = []
    do { try put(tree, &path) } catch {
      let error = EncodingError.invalidValue(
        error.message, .init(codingPath: codingPath(slotCount) + path.reversed(), debugDescription: error.message))
      // What was begun stays so: a type that catches this gets no further.
      (failure, isTooDeep) = (failure ?? error, true)
      throw error
    }
  }

  /// The path, for where it throws, is added to on the way out.
  private func put(_ tree: JSTree, _ path: inout [GraphKey]) throws(TooDeep) {
    switch tree {
    case .undefined: writeUndefined()
    case .null: writeNull()
    case .boolean(let value): write(value)
    case .number(let number): write(number)
    case .bigInt(let number): write(number)
    case .string(let string): write(string)
    case .date(let time): write(date: time)
    case .bytes(let bytes): bytes.withUnsafeBytes { write(bytes: $0) }
    case .live(let value): write(value)
    case .regExp(let source, let flags):
      write(key: "regexp")
      write(source)
      write(flags)
      put(Opcode.tuple3, Opcode.binPersId)
    case .typedArray(let element, let bytes):
      write(key: "typedarray")
      write(Int(element.rawValue))
      bytes.withUnsafeBytes { write(bytes: $0) }
      put(Opcode.tuple3, Opcode.binPersId)
    case .arrayBuffer(let bytes):
      write(key: "arraybuffer")
      bytes.withUnsafeBytes { write(bytes: $0) }
      put(Opcode.tuple2, Opcode.binPersId)
    case .array, .object, .error, .map, .set, .boxed:
      if let reason = tooDeep(depth + 1) { throw TooDeep(message: reason) }
      depth += 1
      defer { depth -= 1 }
      try put(container: tree, &path)
    }
  }

  private func put(container tree: JSTree, _ path: inout [GraphKey]) throws(TooDeep) {
    switch tree {
    case .array(let elements):
      put(Opcode.emptyList, Opcode.mark)
      try put(elements, &path)
      put(Opcode.appends)
    case .object(let properties):
      put(Opcode.emptyDict, Opcode.mark)
      try put(properties, &path)
      put(Opcode.setItems)
    case .set(let elements):
      begin("set")
      try put(elements, &path)
      put(Opcode.addItems)
    case .map(let entries):
      begin("map")
      for (index, entry) in entries.enumerated() {
        try put(entry.key, at: GraphKey(intValue: 2 * index), &path)
        try put(entry.value, at: GraphKey(intValue: 2 * index + 1), &path)
      }
      put(Opcode.setItems)
    case .boxed(let value):
      write(key: "boxed")
      try put(value, &path)
      put(Opcode.tuple2, Opcode.binPersId)
    case .error(let properties): try put(error: properties, &path)
    default: break
    }
  }

  /// What comes after it is in a container of this kind.
  private func begin(_ kind: String) {
    write(key: kind)
    put(Opcode.tuple1, Opcode.binPersId)
    put(Opcode.mark)
  }

  private func put(
    _ tree: JSTree, at key: @autoclosure () -> GraphKey, _ path: inout [GraphKey]
  ) throws(TooDeep) {
    do { try put(tree, &path) } catch {
      path.append(key())
      throw error
    }
  }

  private func put(_ elements: [JSTree], _ path: inout [GraphKey]) throws(TooDeep) {
    for (index, element) in elements.enumerated() {
      try put(element, at: GraphKey(intValue: index), &path)
    }
  }

  private func put(_ properties: [JSTree.Property], _ path: inout [GraphKey]) throws(TooDeep) {
    for property in properties {
      write(key: property.name)
      try put(property.value, at: GraphKey(stringValue: property.name.description), &path)
    }
  }

  private func put(error properties: [JSTree.Property], _ path: inout [GraphKey]) throws(TooDeep) {
    let own: Set<JSString> = ["name", "message", "stack"]
    func text(_ name: JSString, _ otherwise: String?) {
      if case .string(let string)? = properties.last(where: { $0.name == name })?.value {
        write(string)
      } else if let otherwise {
        write(otherwise)
      } else {
        writeNull()
      }
    }
    put(Opcode.mark)
    write(key: "error")
    text("name", "Error")
    text("message", "")
    text("stack", nil)
    put(Opcode.tuple, Opcode.binPersId)
    let rest = properties.filter { !own.contains($0.name) }
    guard !rest.isEmpty else { return }
    put(Opcode.mark)
    try put(rest, &path)
    put(Opcode.setItems)
  }
}

private struct TooDeep: Error {
  let message: String
}
