// A program as small as can be that uses the library: tests run it with other binaries in place, and look into it.
//
//   LoaderProbe EXPRESSION [jitless] [no-signals]
//     evaluates it and prints the result and the binary's path; exit code 1 and the error otherwise

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
  let value = try JSContext(library: library).evaluate(CommandLine.arguments.dropFirst().first ?? "undefined")
  print(value)
  print(library.path)
} catch {
  print(error)
  exit(1)
}
