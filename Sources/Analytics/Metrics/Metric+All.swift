import Trading

extension Metric {
  /// Every figure, by group, in the order people read them.
  package static let all: [Metric] = equity + trades + exits + costs + behaviour
}

extension ArenaView {
  /// The present that a trader's figures are read at.
  package func moment(of trader: TraderView) -> MetricMoment {
    let row = EquityRow.present(of: trader, in: self)
    let point = EquityPoint(
      trader: trader.id, at: row.at, equity: trader.equity, nav: row.nav,
      cash: trader.record.ledger.cash, unrealised: trader.unrealised, marginUsed: .zero)
    return MetricMoment(
      at: at, point: point,
      open: trader.record.ledger.positions.compactMap { position in
        trader.holdings[position.coin].map { (position, $0.mark) }
      }, scale: scale(of: trader), riskFree: record.riskFree, benchmark: benchmark?.metrics)
  }

  /// The present that the benchmark's figures are read at; `nil` without a benchmark.
  package func momentOfBenchmark() -> MetricMoment? {
    benchmark.map { held in
      let row = EquityRow.present(of: held, in: self)
      let equity = held.benchmark.equity(at: held.mark)
      return MetricMoment(
        at: at,
        point: EquityPoint(
          trader: row.id, at: at, equity: equity, nav: row.nav, cash: equity - held.unrealised,
          unrealised: held.unrealised, marginUsed: .zero),
        open: [], scale: scale(of: held.benchmark), riskFree: record.riskFree,
        benchmark: held.metrics)
    }
  }
}
