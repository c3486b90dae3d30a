// swift-tools-version: 6.2
import PackageDescription

// The floor plan of the house; Sources/Arena/Arena.docc/Architecture.md tells it in words and
// Tests/HouseTests keeps it.

let houseRules: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// A room of the house: a library target that may use only the rooms listed.
func room(_ name: String, uses dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: dependencies,
    exclude: name == "Arena" ? ["Arena.docc"] : [], swiftSettings: houseRules)
}

/// The tests of a room, and the folders beside them that hold no sources.
func tests(
  of name: String, uses dependencies: [Target.Dependency] = [], golden: Bool = false,
  vectors: Bool = false
) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: [.init(stringLiteral: name), "ArenaTesting"] + dependencies,
    exclude: (golden ? ["Golden"] : []) + (vectors ? ["Vectors"] : []), swiftSettings: houseRules)
}

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let arguments = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "nof0",
  products: [.executable(name: "nof0", targets: ["nof0"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    // System libraries.
    .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])]),
    .systemLibrary(
      name: "CSecp256k1", pkgConfig: "libsecp256k1", providers: [.apt(["libsecp256k1-dev"])]),
    .systemLibrary(name: "CPosix"),
    // Without pkgConfig: it is opened when a request is sent, see lazy.h.
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),

    // The dashboard's files, as bytes of the program.
    .target(name: "CDashboard", exclude: ["Page"]),

    // Ground: knows nobody above it.
    room("Trading"),
    room("Market", uses: ["Trading"]),
    room("Wire", uses: ["Trading", "CCurl"]),

    // Rooms: know the ground, never each other.
    room("Executor", uses: ["Market", "Trading", mustache]),
    room("Manager", uses: ["Market", "Trading"]),
    room("Analytics", uses: ["Market", "Trading"]),
    room(
      "Exchanges", uses: ["Market", "Trading", "Wire", "CNettle", "CSecp256k1", "CZlib"]),
    room("LLM", uses: ["Trading", "Wire"]),
    room(
      "Journal", uses: ["Market", "Trading", "CNettle", "CPosix", "CSQLite", "CZlib", grdb]),

    // Roof: knows everybody.
    room(
      "Arena",
      uses: [
        "Trading", "Market", "Wire", "Executor", "Manager", "Analytics", "Exchanges", "LLM",
        "Journal", "CYaml", "CNettle", "CPosix", "CDashboard", logging,
      ]),
    .executableTarget(
      name: "nof0", dependencies: ["Arena", "Trading", arguments], swiftSettings: houseRules),
    .executableTarget(
      name: "nof0-bench",
      dependencies: [
        "Trading", "Market", "Analytics", "Exchanges", "Arena", "Journal", "ModelStandIn",
        "CSQLite",
      ],
      swiftSettings: houseRules),

    // Tests, and what they share.
    room("ModelStandIn", uses: ["Trading"]),
    .target(
      name: "ArenaTesting", dependencies: ["Trading", "Market", "Exchanges"],
      swiftSettings: houseRules),
    .target(
      name: "VenueStandIn", dependencies: ["Trading", "Market", "CNettle", "CSecp256k1"],
      path: "Tests/VenueStandIn", swiftSettings: houseRules),
    tests(of: "Trading"),
    tests(of: "Market", uses: ["Trading"], golden: true),
    tests(of: "Wire", uses: ["Trading"]),
    tests(of: "LLM", uses: ["Trading", "Wire"]),
    tests(of: "Executor", uses: ["Manager", "Market", "Trading"], golden: true),
    tests(of: "Manager", uses: ["Market", "Trading"]),
    tests(of: "Analytics", uses: ["Market", "Trading"], golden: true),
    tests(of: "Exchanges", uses: ["Market", "Trading", "Wire"], vectors: true),
    tests(of: "Journal", uses: ["Market", "Trading"]),
    tests(
      of: "Arena",
      uses: [
        "Market", "Trading", "Wire", "Executor", "Exchanges", "LLM", "Journal", "Manager",
        "Analytics", logging,
      ]),
    tests(of: "ModelStandIn", uses: ["Trading"]),
    tests(of: "VenueStandIn", uses: ["Trading", "Market", "CSecp256k1"]),
    .testTarget(
      name: "HouseTests", exclude: ["released-migrations.txt"], swiftSettings: houseRules),
    .testTarget(
      name: "RehearsalTests",
      dependencies: [
        "nof0", "Arena", "CSQLite", "Journal", "ModelStandIn", "VenueStandIn", "ArenaTesting",
        "Market", "Trading",
      ],
      exclude: ["Golden"], swiftSettings: houseRules),
  ]
)
