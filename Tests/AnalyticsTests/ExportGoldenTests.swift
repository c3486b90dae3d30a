import Analytics
import ArenaTesting
import Foundation
import Testing
import Trading

@Suite struct ExportGoldenTests {
  static let names = [
    "account-totals.json", "analytics-alpha.json", "analytics-beta.json", "analytics.json",
    "conversations.json", "crypto-prices.json", "leaderboard.json", "positions.json",
    "since-inception-values.json", "trades.json",
  ]

  @Test(arguments: names)
  func matchesItsGolden(name: String) throws {
    let view = try SampleArena().view()

    let export = try #require(Export.all(for: view).first { $0.name == name })

    Golden.check(export.render(view), name: name)
  }

  @Test func listsEveryFileOnce() throws {
    let view = try SampleArena().view()
    let ours = ["alerts.json", "dashboard.json", "metrics.prom", "performance.json", "runs.json"]

    #expect(Export.all(for: view).map(\.name) == (Self.names + ours).sorted())
  }

  @Test func rendersTheSameBytesTwice() throws {
    let first = try SampleArena().view()
    let second = try SampleArena().view()

    for export in Export.all(for: first) {
      #expect(export.render(first) == export.render(second), "\(export.name)")
    }
  }

  @Test func writesTheManifest() {
    let bytes = ExportManifest.render(
      generation: 3, run: 7, cycle: 6, at: SampleArena.now, isSynthetic: true,
      files: [
        (name: "trades.json", size: 10, sha256Hex: "ab"),
        (name: "a.json", size: 2, sha256Hex: "cd"),
      ])

    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"{"at_ms":1763642400000,"cycle":6,"files":[{"name":"a.json","sha256":"cd","#
        + #""size_bytes":2},{"name":"trades.json","sha256":"ab","size_bytes":10}],"#
        + #""generation":3,"is_synthetic":true,"run":7}"# + "\n")
  }

  @Test func writesTheHeadsOfTheJournal() {
    let bytes = ExportManifest.render(
      generation: 3, run: 7, cycle: 6, at: SampleArena.now, isSynthetic: true,
      journal: ["bob": (seq: 2, sha256Hex: "ef"), "anna": (seq: 6, sha256Hex: "ab")], files: [])

    #expect(
      String(decoding: bytes, as: UTF8.self).contains(
        #""is_synthetic":true,"journal_head":{"anna":{"seq":6,"sha256":"ab"},"#
          + #""bob":{"seq":2,"sha256":"ef"}},"run":7}"#))
  }
}

/// Whether the contract's schemas and python3 with jsonschema are at hand.
enum Shared {
  /// The shared folder; `NOF0_SHARED`, or `../shared` beside the package.
  static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["NOF0_SHARED"] { return URL(filePath: path) }
    return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared")
  }()

  static var hasSamples: Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "contracts/nof1-samples").path)
  }

  static var canValidate: Bool {
    guard
      FileManager.default.fileExists(
        atPath: folder.appending(path: "contracts/schemas/validate.py").path)
    else { return false }
    guard let result = try? python(["-c", "import jsonschema"]) else {
      return false  // No python3: the caller is reported as skipped.
    }
    return result.status == 0
  }

  static func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}

@Suite(.enabled(if: Shared.canValidate)) struct ExportSchemaTests {
  @Test(arguments: [true, false], [true, false])
  func satisfiesTheContract(isScaled: Bool, hasBenchmark: Bool) throws {
    let view = try SampleArena().view(
      navBase: isScaled ? USD(whole: 10_000) : nil, withBenchmark: hasBenchmark)
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "nof0-exports-\(isScaled)-\(hasBenchmark)-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }  // A temporary folder may stay.
    for export in Export.all(for: view) {
      try Data(export.render(view)).write(to: folder.appending(path: export.name))
    }

    let validator = Shared.folder.appending(path: "contracts/schemas/validate.py").path
    let result = try Shared.python([validator, folder.path, "--export"])

    #expect(result.status == 0, "\(result.output)")
  }
}
