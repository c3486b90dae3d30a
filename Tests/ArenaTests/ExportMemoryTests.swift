import Arena
import ArenaTesting
import Exchanges
import Foundation
import Testing
import Trading

@Suite("What exports keep between runs")
struct ExportMemoryTests {
  private static let timeful = ["manifest.json", "metrics.prom", "runs.json"]

  /// Forty days in which traders decide: mostly every three minutes, with nights and weeks off.
  private static func turns() -> [Timestamp] {
    var random = SeededGenerator(seed: 6)
    var at = CycleBench.noon
    return (0..<160).map { _ in
      defer {
        let pause: Span =
          switch random.below(20) {
          case 0: .hours(Int64(1 + random.below(90)))
          case 1...6: .minutes(Int64(20 + random.below(50)))
          default: .minutes(3)
          }
        at = at + pause
      }
      return at
    }
  }

  private static func bench(_ path: String) throws -> CycleBench {
    let market = SyntheticMarketData(
      id: try provider("market"), seed: 11,
      coins: try ["BTC", "ETH", "SOL"].map { try coin($0) })
    var bench = try CycleBench(
      [
        CycleBench.trader("coin-a", "random, seed: 3", symbols: "[BTC, ETH, SOL]"),
        CycleBench.trader("strong", "momentum", symbols: "[BTC, ETH, SOL]"),
      ], market: market)
    bench.exports = GenerationFolder(path: path)
    return bench
  }

  private static func files(_ scratch: ScratchFolder) throws -> [String: String] {
    var files: [String: String] = [:]
    for name in try scratch.names("data") where !timeful.contains(name) {
      files[name] = try scratch.text("data/" + name)
    }
    return files
  }

  /// With it, without it and with a damaged one the files are the same to the byte.
  @Test func filesDoNotDependOnIt() async throws {
    let (kept, without) = (try ScratchFolder(), try ScratchFolder())
    let first = try Self.bench(kept.path)
    let second = try Self.bench(without.path)
    var random = SeededGenerator(seed: 7)
    var counted = 0
    for (index, turn) in Self.turns().enumerated() {
      if random.below(3) == 0, index > 0 {
        try without.write("x", ".history")
      } else if try without.names("").contains(".history") {
        try FileManager.default.removeItem(atPath: without.path + "/.history")
      }
      try await first.run(at: turn)
      try await second.run(at: turn)
      guard index % 8 == 7 else { continue }
      counted += 1
      let (with, anew) = (try Self.files(kept), try Self.files(without))
      for name in anew.keys.sorted() {
        #expect(with[name] == anew[name], "turn \(index): \(name)")
      }
    }
    #expect(counted == 20)
  }

  /// A state that is younger than the memory, as after another one was put in its place.
  @Test func oneOfAnotherStateIsNotUsed() async throws {
    let (reused, fresh) = (try ScratchFolder(), try ScratchFolder())
    let turns = Self.turns()
    let other = try Self.bench(reused.path)
    for turn in turns.prefix(60) { try await other.run(at: turn + .minutes(1)) }
    let (first, second) = (try Self.bench(reused.path), try Self.bench(fresh.path))
    for turn in turns.prefix(20) {
      try await first.run(at: turn)
      try await second.run(at: turn)
      let (with, anew) = (try Self.files(reused), try Self.files(fresh))
      for name in anew.keys.sorted() { #expect(with[name] == anew[name], "\(turn): \(name)") }
    }
  }

  @Test func itIsWrittenOnceAnHour() async throws {
    let scratch = try ScratchFolder()
    let bench = try Self.bench(scratch.path)
    var inodes: Set<Int> = []
    for turn in 0..<30 {
      try await bench.run(at: CycleBench.noon + .minutes(3) * Int64(turn))
      // In the first hour there is no point yet that cannot change.
      guard try scratch.names("").contains(".history") else { continue }
      inodes.insert(try scratch.inode(".history"))
    }
    #expect(inodes.count == 1, "\(inodes.count)")
  }
}
