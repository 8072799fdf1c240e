// A page rendered on the server by JavaScript, with data that async closures of Swift's deliver.
import MiniRacer

@main
struct Page {
  static func main() async throws {
    let context = try JSContext()
    let customer = try context.makeFunction("customer") { (number: Int) async throws in
      try await Task.sleep(for: .milliseconds(20))  // a query, say
      return ["name": "Ada & Co."]
    }
    let orders = try context.makeFunction("orders") { (number: Int) async throws -> [[String: JSValue]] in
      try await Task.sleep(for: .milliseconds(20))  // at the same time
      return [["what": "Tea", "price": 3.5], ["what": "<Cake>", "price": 12.05]]
    }
    try context.setFileLoader(
      root: "Examples",
      first: JSModuleLoader(modules: ["shop": .exports(["customer": customer, "orders": orders])]))
    let page = try await context.importModuleAsync("./page.mjs")
    print(try await page.callMethodAsync("render", arguments: [7]), terminator: "")
  }
}
