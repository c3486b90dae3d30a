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

extension Holder {
  /// Its equity row as it is now.
  func present(in view: ArenaView) -> EquityRow {
    switch self {
    case .trader(let trader): .present(of: trader, in: view)
    case .benchmark(let held): .present(of: held, in: view)
    }
  }

  /// Its points before its present row: the last of each hourly marker, ascending, as far as the
  /// grain keeps it.
  func past(before present: EquityRow, at now: Timestamp, _ grain: CurveGrain) -> [EquityPoint] {
    let hourly =
      switch self {
      case .trader(let trader): trader.hourly
      case .benchmark(let held): held.hourly
      }
    let points = grain.thinned(hourly, at: now)
    func marker(_ point: EquityPoint) -> Int64 {
      EquityRow.hourlyMarker(at: point.at, since: present.inceptionAt)
    }
    let end = present.hourlyMarker
    // Mostly there is one point of each hour, and nothing is to be left out.
    var last: Int64 = -1
    var isPlain = true
    for index in points.indices where isPlain {
      let next = EquityRow.hourlyMarker(at: points[index].at, since: present.inceptionAt)
      isPlain = next > last && next < end
      last = next
    }
    if isPlain { return points }
    var past: [EquityPoint] = []
    for point in points {
      if let last = past.last, marker(last) == marker(point) { past.removeLast() }
      past.append(point)
    }
    while let last = past.last, marker(last) >= end { past.removeLast() }
    return past
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
