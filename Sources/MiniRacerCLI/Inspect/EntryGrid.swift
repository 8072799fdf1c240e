/// Lays the entries of a long list out in columns, as many as make it roughly square (the measure of Node's
/// `groupArrayElements`). Lists whose entries differ much in length stay as they are.
struct EntryGrid {
  let entries: [Fragment]
  let breakLength: Int
  let indentation: Int
  let maximumColumns: Int
  let alignsRight: Bool
  /// The last entry says how many were left out, and keeps a line of its own.
  let endsWithMore: Bool

  private static let separatorWidth = 2

  var lines: [Fragment] {
    let cells = endsWithMore ? Array(entries.dropLast()) : entries
    let columns = columnCount(of: cells)
    guard columns > 1 else { return entries }
    let widths = (0..<columns).map { column in
      stride(from: column, to: cells.count, by: columns).reduce(0) { max($0, cells[$1].width) } + Self.separatorWidth
    }
    var lines: [Fragment] = []
    for start in stride(from: 0, to: cells.count, by: columns) {
      let end = min(start + columns, cells.count)
      var line = Fragment("")
      for index in start..<end - 1 {
        line += (cells[index] + ", ").padded(to: widths[index - start], left: alignsRight)
      }
      let last = cells[end - 1]
      line += alignsRight ? last.padded(to: widths[end - 1 - start] - Self.separatorWidth, left: true) : last
      lines.append(line)
    }
    if endsWithMore, let last = entries.last { lines.append(last) }
    return lines
  }

  private func columnCount(of cells: [Fragment]) -> Int {
    guard !cells.contains(where: \.isMultiline) else { return 1 }
    let longest = cells.reduce(0) { max($0, $1.width) }
    let total = cells.reduce(0) { $0 + $1.width + Self.separatorWidth }
    let cellWidth = longest + Self.separatorWidth
    guard cellWidth * 3 + indentation < breakLength,
      Double(total) / Double(cellWidth) > 5 || longest <= 6
    else { return 1 }
    // A character is about two and a half times as high as it is wide.
    let bias = (Double(cellWidth) - Double(total) / Double(entries.count)).squareRoot()
    let biasedWidth = max(Double(cellWidth) - 3 - bias, 1)
    let square = ((2.5 * biasedWidth * Double(cells.count)).squareRoot() / biasedWidth).rounded()
    return min(Int(square), (breakLength - indentation) / cellWidth, maximumColumns, 15)
  }
}
