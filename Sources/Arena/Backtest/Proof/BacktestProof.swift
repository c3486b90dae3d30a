import Exchanges
import Journal
import Trading

/// Proves, at sampled cycles, that nothing a trader is told or decides comes from its future.
///
/// Each of these cycles is run once more on a copy of the memory it began with, with prices that
/// end at its time. All traders must be told, ask and decide the same. What fills at the next open
/// is left out: it is meant to come from the future.
struct BacktestProof {
  /// The cycles, counted from 0.
  let samples: Set<Int>
  private let markets: BacktestMarkets
  private let tape = AnswerTape()

  /// A proof of about so many of the cycles of a plan, spread over all of them.
  init(of count: Int, in plan: BacktestPlan, markets: BacktestMarkets) {
    var noise = SeededGenerator(seed: 1)
    let wanted = min(count, plan.count)
    samples = Set(
      (0..<wanted).map { part in
        let first = part * plan.count / wanted
        let next = (part + 1) * plan.count / wanted
        return Int.random(in: first..<max(first + 1, next), using: &noise)
      })
    self.markets = markets
  }
}

extension BacktestProof {
  /// The markets of the back-test with an ear that notes what they say.
  func heard(
    _ markets: [ProviderID: any MarketData]
  ) -> [ProviderID: any MarketData] { markets.mapValues { HeardMarket($0) } }

  /// The voices of the back-test, whose answers are kept for the second run.
  func taped(_ setting: BacktestStage.Setting) -> BacktestStage.Setting {
    var setting = setting
    setting.voices = setting.voices?.replacing { $0.recorded(on: tape) }
    return setting
  }

  /// The memory before a cycle, to run it again; `nil` = the cycle is no sample.
  func begin(_ index: Int, _ stage: BacktestStage) throws -> Rerun? {
    tape.clear()
    for market in stage.ports.markets.values { (market as? HeardMarket)?.forget() }
    guard samples.contains(index) else { return nil }
    return Rerun(database: try stage.database.copied())
  }

  /// Runs a sampled cycle again without its future.
  ///
  /// - Throws: ``RunFailure`` that names trader, time and the first difference.
  func prove(
    _ report: CycleReport, _ rerun: Rerun, _ stage: BacktestStage,
    _ setting: BacktestStage.Setting, _ options: CycleOptions
  ) async throws {
    let short = heard(try markets.all(for: stage.config, knownUntil: report.at))
    var setting = setting
    setting.voices = setting.voices?.replacing { $0.played(from: tape) }
    var options = options
    options.publishes = false
    let again = try await stage.on(rerun.database, short, setting).run(at: report.at, options)
    if let found = LookAhead.first(in: report, again) ?? heard(stage.ports.markets, short) {
      throw RunFailure(
        .internalFailure,
        "look-ahead at \(report.at): \(found). With prices that end at that time it is otherwise; "
          + "something knows the future")
    }
  }

  private func heard(
    _ whole: [ProviderID: any MarketData], _ short: [ProviderID: any MarketData]
  ) -> String? {
    for (id, market) in whole.sorted(by: { $0.key < $1.key }) {
      guard let left = market as? HeardMarket, let right = short[id] as? HeardMarket,
        let difference = left.firstDifference(from: right)
      else { continue }
      return "market \(id) tells of \(difference)"
    }
    return nil
  }

  /// A memory as it was before a cycle.
  struct Rerun {
    let database: JournalDatabase
  }
}
