// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [.treatAllWarnings(as: .error)]

// The groups of the hostile suite: Tests/hostile/<group>.js.
let hostileGroups = [
  "async", "bursts", "caps", "confusion", "conversion", "depth", "errors", "giants", "memory", "modules", "stuck",
  "time", "webassembly",
]

let package = Package(
  name: "libminiracer",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "MiniRacer", targets: ["MiniRacer"]),
    // console.* to a Logger of swift-log.
    .library(name: "MiniRacerLogging", targets: ["MiniRacerLogging"]),
    .executable(name: "miniracer", targets: ["MiniRacerCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    // The contract's types and no code: nothing here can put a miniracer_* symbol into an executable.
    .systemLibrary(name: "CMiniRacer", path: "Sources/CMiniRacer"),
    .target(name: "MiniRacer", dependencies: ["CMiniRacer"], swiftSettings: settings),
    .target(
      name: "MiniRacerLogging", dependencies: ["MiniRacer", .product(name: "Logging", package: "swift-log")],
      swiftSettings: settings),
    .executableTarget(
      name: "MiniRacerCLI",
      dependencies: [
        "MiniRacer", "HostileFiles",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .target(
      name: "HostileFiles", path: "Tests/hostile",
      exclude: ["README.md", "main.c", "misuse.c", "parse.c", "processes.c", "run.c"], sources: ["HostileFiles.swift"],
      resources: hostileGroups.map { .embedInCode("\($0).js") }, swiftSettings: settings),
    .testTarget(
      name: "MiniRacerTests",
      // The programs are run by the tests.
      dependencies: [
        "CMiniRacer", "MiniRacer", "MiniRacerLogging", "LoaderProbe", "DocsExample", "FormulaExample", "PageExample",
        "PlotExample",
        "ReadmeExample", "RulesExample", "TemplateExample",
      ],
      swiftSettings: settings),
    .testTarget(name: "MiniRacerCLITests", dependencies: ["HostileFiles", "MiniRacerCLI"], swiftSettings: settings),
    // A program for the tests to run with other binaries in place.
    .executableTarget(
      name: "LoaderProbe", dependencies: ["MiniRacer"], path: "Tests/LoaderProbe", swiftSettings: settings),
    .executableTarget(
      name: "TemplateExample", dependencies: ["MiniRacer"], path: "Examples/Template", swiftSettings: settings),
    .executableTarget(
      name: "FormulaExample", dependencies: ["MiniRacer"], path: "Examples/Formula", swiftSettings: settings),
    .executableTarget(
      name: "ReadmeExample", dependencies: ["MiniRacer"], path: "Examples/Readme", swiftSettings: settings),
    .executableTarget(
      name: "PageExample", dependencies: ["MiniRacer"], path: "Examples/Page", swiftSettings: settings),
    .executableTarget(
      name: "RulesExample", dependencies: ["MiniRacer"], path: "Examples/RulesEngine", swiftSettings: settings),
    .executableTarget(
      name: "PlotExample", dependencies: ["MiniRacer"], path: "Examples/Plot", swiftSettings: settings),
    .executableTarget(
      name: "DocsExample", dependencies: ["MiniRacer"], path: "Examples/Docs", swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
