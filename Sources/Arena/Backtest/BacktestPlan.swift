package import Exchanges
import Market
package import Trading

/// When the cycles of a back-test are.
package struct BacktestPlan: Sendable, Equatable {
  /// The first cycle.
  package let start: Timestamp
  /// The time between cycles.
  package let step: Span
  /// How many there are, at least one.
  package let count: Int
  /// Steps before the first cycle that are only history.
  package let warmUp: Int
  /// Things worth knowing, in words.
  package var notices: [String] = []

  /// The last cycle.
  package var end: Timestamp { time(of: count - 1) }

  /// A plan from its parts.
  package init(start: Timestamp, step: Span, count: Int, warmUp: Int) {
    self.start = start
    self.step = step
    self.count = count
    self.warmUp = warmUp
  }

  /// The time of a cycle, counted from 0.
  package func time(of cycle: Int) -> Timestamp { start + step * Int64(cycle) }

  /// How long a made-up market is walked through that has no end.
  private static let endless = Span.day * 7
  /// An instant after all prices that were ever recorded: 2200-01-01T00:00Z.
  private static let ever = Timestamp(ms: 7_258_118_400_000)

  /// Chooses the times.
  ///
  /// Cycles are at multiples of the step, so that decisions come at the close of bars. Without
  /// `--from` and `--warm-up` the first one has four hours of history. With `--warm-up N` that many
  /// bars more than the first are over: the first decision is at the close of bar N, counted
  /// from 0. The last cycle is at or before `--to` and the last price.
  package init(
    _ request: BacktestRequest, config: ArenaConfig, markets: [ProviderID: any MarketData]
  ) async throws {
    let step = request.step ?? config.traders.map(\.decisionInterval).min() ?? .minutes(3)
    let warmUp = request.warmUp ?? 0
    let withHistory = markets.values.compactMap(\.firstCycleAt).max()
    let isRecorded = markets.values.contains { !$0.isSynthetic }
    let first = isRecorded ? withHistory.map { $0 - .hours(4) } : withHistory
    var from = request.from ?? (request.warmUp == nil ? withHistory : first) ?? .init(ms: 0)
    var notices: [String] = []
    if let first, isRecorded, from < first {
      notices.append("the prices begin at \(first), after --from \(from)")
      from = first
    }
    let start = from.ceiled(to: step) + step * Int64(warmUp)
    var to = request.to
    if isRecorded {
      let last = try await Self.lastPrices(config, markets, &notices)
      if let wanted = to, wanted > last {
        notices.append("the prices end at \(last), before --to \(wanted)")
      }
      to = min(to ?? last, last)
    } else if to == nil {
      notices.append("the prices are made up and have no end: one week; choose another with --to")
    }
    let end = to ?? start + Self.endless
    guard start <= end else {
      throw RunFailure(
        .usage,
        "expected a first cycle before the last price, was \(start) and \(end); choose another "
          + "--from, --to or --warm-up")
    }
    self.init(
      start: start, step: step, count: Int((end - start).ms / step.ms) + 1, warmUp: warmUp)
    self.notices = notices
  }

  /// When the last price of any coin was made; coins that end earlier are told.
  private static func lastPrices(
    _ config: ArenaConfig, _ markets: [ProviderID: any MarketData], _ notices: inout [String]
  ) async throws -> Timestamp {
    var ends: [(coin: Coin, at: Timestamp)] = []
    for (id, market) in markets.sorted(by: { $0.key < $1.key }) where !market.isSynthetic {
      let coins = Set(config.traders.filter { $0.market == id }.flatMap(\.coins)).sorted()
      let quotes = try await market.quotes(for: coins, at: ever)
      for coin in coins {
        if let quote = quotes[coin] {
          ends.append((coin, quote.asOf))
        } else {
          notices.append("\(coin) has no candles at \(id): it is not traded")
        }
      }
    }
    guard let last = ends.map(\.at).max() else {
      throw RunFailure(.usage, "no coin of the traders has candles; nothing can be tested")
    }
    for end in ends where end.at < last {
      notices.append("the prices of \(end.coin) end at \(end.at)")
    }
    return last
  }
}

extension Timestamp {
  /// The earliest multiple of `span` since 1970 that is not before this instant.
  fileprivate func ceiled(to span: Span) -> Timestamp {
    let floor = floored(to: span)
    return floor == self ? self : floor + span
  }
}
