import Analytics
import ArenaTesting
import Foundation
import Testing
import Trading

/// The files that are ours: the contract does not know them.
enum RecordExports {
  static let json: [Export] = [.alerts, .dashboard, .performance, .runs]

  static func render(_ export: Export, _ view: ArenaView) -> String {
    String(decoding: export.render(view), as: UTF8.self)
  }
}

@Suite struct RecordExportTests {
  @Test(arguments: [
    "alerts.json", "dashboard.json", "metrics.prom", "performance.json", "runs.json",
  ])
  func matchesItsGolden(name: String) throws {
    let view = try SampleArena().fullView()
    let export = try #require(Export.all.first { $0.name == name })

    Golden.check(export.render(view), name: name)
  }

  @Test func everyExportOfAnEmptyArenaIsThere() throws {
    let view = ArenaView(
      at: SampleArena.now, run: 1, cycle: 1, isSynthetic: true, prices: [:], traders: [],
      benchmark: nil, navBase: nil)
    for export in Export.all { #expect(!export.render(view).isEmpty, "\(export.name)") }
  }

  /// As a version before this one may have kept them.
  @Test func aBandBeyondAllNumbersIsLeftOut() throws {
    let full = try SampleArena().fullView()
    var record = full.record
    record.statistics?.traders[0].band = [
      [0, 1, 1], [3600, 0.5, 1e305], [7200, 0.5, .infinity], [10_800, 0.25, 2],
    ]
    let view = ArenaView(
      at: full.at, run: full.run, cycle: full.cycle, isSynthetic: full.isSynthetic,
      prices: full.prices, traders: full.traders, benchmark: full.benchmark,
      navBase: full.navBase, record: record)

    let text = RecordExports.render(.performance, view)

    #expect(text.contains("\"band\":[[0,10000,10000],[10800,2500,20000]]"))
  }

  @Test func openAlertsComeFirst() throws {
    let text = RecordExports.render(.alerts, try SampleArena().fullView())
    let places = try ["\"number\":2", "\"number\":3", "\"number\":1"].map {
      try #require(text.range(of: $0)).lowerBound
    }
    #expect(places == places.sorted())
  }

  @Test func alertsAndRunsAreBounded() throws {
    var record = ArenaRecord()
    record.alerts = (1...500).map { number in
      AlertRecord(
        number: number,
        alert: Alert(
          key: "k.\(number)", severity: .low, trader: nil,
          message: String(repeating: "<", count: 5000)),
        openedAt: SampleArena.now, toldAt: SampleArena.now, resolvedAt: nil)
    }
    record.runs = (1...500).map { run in
      RunRecord(
        run: run, cycle: run, at: SampleArena.now, startedAt: SampleArena.now, finishedAt: nil,
        pid: 1, status: .failed, error: String(repeating: "\n", count: 5000), phases: [])
    }
    let view = ArenaView(
      at: SampleArena.now, run: 1, cycle: 1, isSynthetic: true, prices: [:], traders: [],
      benchmark: nil, navBase: nil, record: record)

    #expect(Export.alerts.render(view).count < Export.alertsShown * 900)
    #expect(Export.runs.render(view).count < Export.runsShown * 900)
  }
}

@Suite struct ProfitDistributionTests {
  private func distribution(_ nets: [String]) throws -> (counts: [Int], edges: [Double]) {
    struct Document: Decodable {
      struct Row: Decodable {
        let counts: [Int]
        let edges: [Double]
      }
      let pnl_distribution: [Row]
    }
    let sample = try SampleArena()
    var trader = try sample.alphaView()
    trader.outlook.nets = try nets.map { try #require(USD($0)) }
    let view = ArenaView(
      at: SampleArena.now, run: 1, cycle: 1, isSynthetic: true, prices: [:], traders: [trader],
      benchmark: nil, navBase: nil)
    let document = try JSONDecoder().decode(
      Document.self, from: Data(Export.dashboard.render(view)))
    let row = try #require(document.pnl_distribution.first)
    return (row.counts, row.edges)
  }

  @Test func nothingHasNoBins() throws {
    let none = try distribution([])
    #expect(none.counts.isEmpty && none.edges.isEmpty)
  }

  /// From −7 to 12 the least width with at most 20 bins is 1: 19 bins; 12 is in the last one.
  @Test func binsHaveRoundEdges() throws {
    let found = try distribution(["-7", "-6.5", "0", "12"])
    #expect(found.edges == (-7...12).map(Double.init))
    #expect(found.counts == [2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  }

  @Test(arguments: UInt64(1)...60)
  func everyNumberIsCountedOnce(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let power = random.below(16)
    let nets = (0...random.below(50)).map { _ in
      let size = (0..<power).reduce(Int64(1 + random.below(99))) { size, _ in size * 10 }
      return USD(mantissa: random.below(2) == 0 ? size : -size).description
    }
    let found = try distribution(nets)
    #expect(found.counts.reduce(0, +) == nets.count, "seed \(seed)")
    #expect(found.counts.count <= 20, "seed \(seed)")
    #expect(found.edges.count == found.counts.count + 1, "seed \(seed)")
    #expect(found.edges == found.edges.sorted(), "seed \(seed)")
  }
}

/// Whether python3 has jsonschema.
private let hasJSONSchema = (try? Shared.python(["-c", "import jsonschema"]).status == 0) ?? false

@Suite(.enabled(if: hasJSONSchema)) struct RecordSchemaTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden/schemas")

  private static let program = """
    import json, sys
    from jsonschema import Draft202012Validator as V
    schema = json.load(open(sys.argv[1]))
    V.check_schema(schema)
    found = [f"{list(e.absolute_path)}: {e.message[:200]}"
             for e in V(schema).iter_errors(json.load(open(sys.argv[2])))]
    print("\\n".join(found))
    sys.exit(1 if found else 0)
    """

  @Test(arguments: RecordExports.json.map(\.name), [true, false])
  func satisfiesItsSchema(name: String, isFull: Bool) throws {
    let sample = try SampleArena()
    let view = isFull ? try sample.fullView() : try sample.view(navBase: nil, withBenchmark: false)
    let export = try #require(Export.all.first { $0.name == name })
    let file = FileManager.default.temporaryDirectory
      .appending(path: "nof0-\(UUID().uuidString)-\(name)")
    try Data(export.render(view)).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }  // A temporary file may stay.

    let schema = Self.folder.appending(path: name.replacing(".json", with: ".schema.json"))
    let result = try Shared.python(["-c", Self.program, schema.path, file.path])

    #expect(result.status == 0, "\(result.output)")
  }
}
