// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "miniracer-benchmarks",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "miniracer-bench", targets: ["MiniRacerBench"])],
  dependencies: [
    // Named, because the folder of a checkout may be called anything.
    .package(name: "libminiracer", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
  ],
  targets: [
    .executableTarget(
      name: "MiniRacerBench",
      dependencies: [
        .product(name: "MiniRacer", package: "libminiracer"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ],
  swiftLanguageModes: [.v6]
)
