// Runs the Swift of a page of docs/: `swift run DocsExample functions`.

@main
enum Pages {
  static func main() async throws {
    switch CommandLine.arguments.last {
    case "values": try await values()
    case "functions": try await functions()
    case "async": try await async()
    case "modules": try await modules()
    case "buffers": try await buffers()
    case "host-objects": try await hostObjects()
    case "limits": try await limits()
    default: print("usage: DocsExample values|functions|async|modules|buffers|host-objects|limits")
    }
  }
}
