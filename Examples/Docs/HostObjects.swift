// The Swift of docs/host-objects.md, word for word; a test compares the two.
import MiniRacer
import Synchronization

final class Account: JSHostObject {
  let balance = Mutex(10)

  static let jsMembers: [JSMember<Account>] = [
    .property("balance") { account in account.balance.withLock { $0 } },
    .method("deposit") { (account, amount: Int) in account.balance.withLock { $0 += amount } },
  ]
}

extension Pages {
  static func hostObjects() async throws {
    let context = try JSContext()
    let account = Account()
    try context.global.set("account", account)
    print(try context.evaluate("account.deposit(5); account.balance"))  // 15
    print(account.balance.withLock { $0 })  // 15
    print(try context.evaluate("account").hostObject === account)  // true
    try context.setFunction("close") { (account: Account) in account.balance.withLock { $0 = 0 } }
    print(try context.evaluate("close(account); account.balance"))  // 0

    let settings = JSHostDictionary(["depth": 3])
    let names = JSHostArray(["Ada"])
    try context.global.set("settings", settings)
    try context.global.set("names", names)
    try context.evaluate("settings.depth += 1; names.push('Alan')")
    print(settings["depth"]!, names.elements)  // 4 ["Ada", "Alan"]
    print(try context.evaluate("names.map(name => name.length).join()"))  // 3,4
  }
}
