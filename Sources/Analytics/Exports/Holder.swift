import Trading

/// Whoever has equity rows and positions: a trader or the benchmark.
enum Holder: Sendable {
  /// A trader.
  case trader(TraderView)
  /// The benchmark.
  case benchmark(BenchmarkView)

  /// Its id in the exports.
  var id: TraderID {
    switch self {
    case .trader(let trader): trader.id
    case .benchmark(let view): view.benchmark.id
    }
  }
}

extension ArenaView {
  /// All traders and the benchmark, sorted by id.
  var holders: [Holder] {
    (traders.map(Holder.trader) + (benchmark.map { [.benchmark($0)] } ?? []))
      .sorted { $0.id < $1.id }
  }
}

extension CanonicalJSON {
  /// Writes the `positions` field of a holder.
  mutating func positions(of holder: Holder, in view: ArenaView) {
    switch holder {
    case .trader(let trader): positions(of: trader, scale: view.scale(of: trader))
    case .benchmark(let held): positions(of: held, scale: view.scale(of: held.benchmark))
    }
  }
}
