import Trading

extension Export {
  /// What the page draws beside the contract's files.
  ///
  /// Curves are thinned by ``CurveGrain/drawn``; with them come the decisions of each hour, how
  /// profits are distributed, who holds how much of what, what models cost, and the traders'
  /// states. Dollars are quoted and rounded to cents, shares to hundredths of a per cent.
  package static let dashboard = Export(
    name: "dashboard.json", summary: "Curves, decisions, profits, exposure and costs, to draw."
  ) { view in
    CanonicalJSON.document(capacity: 16_000 * (1 + view.traders.count)) { json in
      json.object("arena") { $0.arena(of: view) }
      json.array("costs", view.traders.flatMap { Cost.all(of: $0) }) { json, cost in
        json.object { $0.fields(of: cost) }
      }
      json.array("decisions", view.traders) { json, trader in
        json.object { json in
          json.array("hours", trader.outlook.hours.suffix(hoursOfDecisions)) { json, hour in
            json.list { json in
              json.value(hour.start.ms / 1000)
              json.value(Int64(hour.decisions))
              json.value(Int64(hour.entries))
              json.value(Int64(hour.refused))
            }
          }
          json.field("id", trader.id.name)
        }
      }
      json.array("equity", view.holders) { json, holder in
        json.object { $0.curve(of: holder, in: view) }
      }
      json.array("heat_map", view.traders) { json, trader in
        json.object { $0.exposure(of: trader) }
      }
      json.array("pnl_distribution", view.traders) { json, trader in
        let scale = view.scale(of: trader)
        let histogram = ProfitDistribution(trader.outlook.nets.map { scale($0).double })
        json.object { json in
          json.array("counts", histogram.counts) { $0.value(Int64($1)) }
          json.array("edges", histogram.edges) { $0.value($1) }
          json.field("id", trader.id.name)
        }
      }
      json.field("serverTime", view.at.ms)
      json.array("traders", view.traders) { json, trader in
        json.object { $0.state(of: trader) }
      }
    }
  }

  /// Hours of decisions of one trader that the file shows at most: a week.
  package static let hoursOfDecisions = 168
}

/// What one trader spent on one model.
private struct Cost {
  let trader: TraderID
  let use: ModelCost

  static func all(of trader: TraderView) -> [Cost] {
    trader.modelUse.sorted { $0.model.utf8.lexicographicallyPrecedes($1.model.utf8) }
      .map { Cost(trader: trader.id, use: $0) }
  }
}

extension CanonicalJSON {
  fileprivate mutating func arena(of view: ArenaView) {
    if let benchmark = view.benchmark {
      field("benchmark", benchmark.benchmark.id.name)
    } else {
      null("benchmark")
    }
    field("cycle", view.cycle)
    field("is_simulated", view.record.isSimulated)
    field("is_synthetic", view.isSynthetic)
    field("name", view.record.name)
    field("nav_base", orNull: view.navBase)
    field("run", view.run)
  }

  fileprivate mutating func fields(of cost: Cost) {
    field("calls", cost.use.calls)
    field("cost_today_usd", cost.use.costToday)
    field("cost_usd", cost.use.cost)
    field("id", cost.trader.name)
    field("model", cost.use.model)
    field("tokens", cost.use.tokens)
  }

  /// The curve of a holder: equity as quoted; the last point is the present.
  fileprivate mutating func curve(of holder: Holder, in view: ArenaView) {
    field("id", holder.id.name)
    switch holder {
    case .trader: field("is_benchmark", false)
    case .benchmark: field("is_benchmark", true)
    }
    let present = holder.present(in: view)
    key("points")
    list { json in
      let past = holder.past(before: present, at: view.at, .drawn)
      // By their places: taking them out one by one copies each.
      for index in past.indices {
        json.point(past[index].at, EquityRow.quoted(past[index], navBase: view.navBase))
      }
      json.point(present.at, present.equity)
    }
  }

  private mutating func point(_ at: Timestamp, _ equity: USD) {
    guard let cents = Self.cents(of: equity) else {
      return list { json in
        json.value(at.ms / 1000)
        json.value(rounded(equity.double, decimals: 2))
      }
    }
    value(at.ms / 1000, cents)
  }

  /// Dollars rounded to cents, as ``rounded(_:decimals:)`` rounds them; `nil` = left to floating
  /// point: a tie, a debt, or more than a double holds to 1e-8.
  private static func cents(of amount: USD) -> USD? {
    let cent = exactDecimalScale / 100
    let (cents, rest) = amount.mantissa.quotientAndRemainder(dividingBy: cent)
    guard amount >= .zero, amount < USD(whole: 10_000_000), rest != cent / 2 else { return nil }
    return USD(mantissa: (rest > cent / 2 ? cents + 1 : cents) * cent)
  }

  fileprivate mutating func exposure(of trader: TraderView) {
    object("coins") { json in
      for position in trader.record.ledger.positions.sorted(by: { $0.coin < $1.coin }) {
        guard let mark = trader.holdings[position.coin]?.mark,
          let share = (mark * position.signedSize).asPct(of: trader.equity), share.isFinite
        else { continue }
        json.field(position.coin.name, rounded(share, decimals: 2))
      }
    }
    field("id", trader.id.name)
  }

  fileprivate mutating func state(of trader: TraderView) {
    let runtime = trader.record.runtime
    field("executor", trader.record.executor)
    field("id", trader.id.name)
    field("mode", trader.outlook.isLive ? "live" : "simulated")
    field("name", trader.record.name)
    field("next_decision_at", secondsOrNull: trader.outlook.nextDecisionAt)
    field("status", runtime.removedAt == nil ? runtime.status.rawValue : "removed")
    var cut = TextCut.notes
    field("status_reason", cut.words(runtime.reason))
  }
}
