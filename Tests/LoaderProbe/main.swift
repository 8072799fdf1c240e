// A program as small as can be that uses the library: tests run it with other binaries in place, and look into it.
//
//   LoaderProbe EXPRESSION [jitless] [no-signals] [wait]
//     evaluates it and prints the result and the binary's path; exit code 1 and the error otherwise. With "wait", the context
//     is there for two seconds more.

import MiniRacer

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

do {
  let library = try MiniRacerLibrary.load()
  let options = CommandLine.arguments.dropFirst(2)
  if !options.isEmpty {
    try library.start(
      EngineOptions(isJITless: options.contains("jitless"), usesSignals: !options.contains("no-signals")))
  }
  let context = try JSContext(library: library)
  print(try context.evaluate(CommandLine.arguments.dropFirst().first ?? "undefined"))
  print(library.path)
  if options.contains("wait") { sleep(2) }
  withExtendedLifetime(context) {}
} catch {
  print(error)
  exit(1)
}
