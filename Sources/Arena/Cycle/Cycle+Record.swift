import Exchanges
import Journal
import Logging
import Market
import Trading

extension Cycle {
  /// Adds what every trader is worth now.
  func record(_ work: inout CycleWork) {
    for (id, record) in work.state.traders.sorted(by: { $0.key < $1.key })
    where record.runtime.removedAt == nil {
      let marks = work.marks(of: ports.valuation[record.exchange])
      guard let unrealised = record.ledger.unrealised(marks: marks),
        let nav = record.ledger.nav(
          equity: record.ledger.cash + unrealised, base: USD(whole: 10_000))
      else {
        work.alert(
          "unvalued.\(id)", .medium, trader: id,
          "\(id) holds a coin without a price; its equity of this cycle is not recorded")
        continue
      }
      work.resolve("unvalued.\(id)")
      work.changes.equityPoints.append(
        EquityPoint(
          trader: id, at: work.now, equity: record.ledger.cash + unrealised, nav: nav,
          cash: record.ledger.cash, unrealised: unrealised,
          marginUsed: means(of: record, work).marginUsed))
    }
    recordBenchmark(&work)
  }

  /// Buys the benchmark once, and values it.
  private func recordBenchmark(_ work: inout CycleWork) {
    guard let coin = config.export.benchmark, let market = benchmarkMarket,
      let price = work.markets[market]?.coins[coin]?.quote.mid
    else { return }
    if work.state.benchmark == nil {
      let bought = BenchmarkPurchase.buy(coin, at: price, on: work.now)
      work.state.benchmark = bought
      work.changes.benchmark = bought
    }
    guard let benchmark = work.state.benchmark, benchmark.coin == coin else { return }
    let equity = benchmark.equity(at: price)
    let unrealised = price * benchmark.size - benchmark.price * benchmark.size
    work.changes.equityPoints.append(
      EquityPoint(
        trader: benchmark.id, at: work.now, equity: equity, nav: equity,
        cash: equity - unrealised, unrealised: unrealised, marginUsed: .zero))
  }

  /// Folds the new points into the running totals.
  func measure(_ work: inout CycleWork) {
    for point in work.changes.equityPoints {
      if point.trader == work.state.benchmark?.id {
        work.state.benchmarkTotals.fold(point)
        work.changes.benchmarkTotals = work.state.benchmarkTotals
      } else {
        work.state.traders[point.trader]?.totals.fold(point)
      }
    }
    stage(&work)
  }

  /// Equity points thinned out at the most, once an hour.
  private static let thinnedPoints = 500

  /// Conversations packed or dropped, and kept answers and calls dropped, at the most at a time.
  private static let tidiedRows = 2000
  /// How long single model calls stay on record; what their days cost in all stays for ever.
  private static let callsKept = Span.day * 90

  /// Bounds what is kept of conversations and model calls.
  private func tidyTexts() throws {
    guard let access = ports.outside, !options.isDryRun else { return }
    _ = try ports.store.tidyConversations(limit: Self.tidiedRows)
    let now = ports.clock.now()
    guard !access.models.isEmpty else { return }
    _ = try access.spending.dropAnswers(
      before: now - config.llm.cacheTTL, limit: Self.tidiedRows)
    _ = try access.spending.dropCalls(
      before: CivilDay(now - Self.callsKept), limit: Self.tidiedRows)
  }

  /// Closes the run row; once an hour, thins out old equity points and bounds what is kept of
  /// conversations, by a bounded amount.
  func finish(
    _ work: CycleWork, _ timings: [PhaseTiming], error: String? = nil, failure: String? = nil
  ) throws {
    if work.state.lastFinishedAt?.floored(to: .hour) != work.now.floored(to: .hour) {
      _ = try ports.store.thinEquityPoints(now: work.now, limit: Self.thinnedPoints)
      try tidyTexts()
      try tidyAlerts(work)
      tidyJournal(work)
    }
    try ports.store.finishRun(
      work.run, cycle: work.cycle, wallEnd: ports.clock.now(), phases: timings, error: error,
      failure: failure)
  }

  /// Closes the run row of a cycle that an error ends; that this fails too must not hide the error.
  func end(_ work: CycleWork, _ timings: [PhaseTiming], by cause: any Error) {
    do {
      try finish(
        work, timings, error: "\(cause)", failure: Failure.of(cause).code.summary)
    } catch {
      ports.log.error("the end of the run could not be noted", metadata: ["error": "\(error)"])
    }
  }

  /// What the caller is told.
  func report(
    _ work: CycleWork, alerts: [Alert], timings: [PhaseTiming], generation: Int64?
  ) -> CycleReport {
    let lines = present(work).map { spec in line(of: spec, work) }.sorted { left, right in
      left.equity == right.equity
        ? left.trader < right.trader : (left.equity ?? .zero) > (right.equity ?? .zero)
    }
    return CycleReport(
      run: work.run, cycle: work.cycle, at: work.now,
      isSynthetic: ports.markets.values.contains(where: \.isSynthetic),
      isDryRun: options.isDryRun, lines: lines,
      benchmarkPct: work.state.benchmark == nil
        ? nil : work.state.benchmarkTotals.lastNAV.map { 100 * ($0.double / 10_000 - 1) },
      notices: work.notices, conflicts: work.conflicts, alerts: alerts, phases: timings,
      generation: generation, withheld: work.withheld)
  }

  private func line(of spec: TraderSpec, _ work: CycleWork) -> TraderLine {
    let record = work.record(of: spec.id)
    let equity = record.ledger.equity(marks: work.marks(of: spec.market))
    let nav = equity.flatMap { record.ledger.nav(equity: $0, base: USD(whole: 10_000)) }
    let turn = work.turnRecords[spec.id]
    return TraderLine(
      trader: spec.id, status: record.runtime.status, wasDue: turn != nil,
      failure: turn?.failure, decisions: turn?.decisions ?? [],
      fills: work.fills[spec.id] ?? [], troubles: work.troubles[spec.id] ?? [], equity: equity,
      returnPct: nav.map { 100 * ($0.double / 10_000 - 1) },
      openPositions: record.ledger.positions.count,
      conversation: work.answers[spec.id]?.conversation,
      calls: work.answers[spec.id]?.calls ?? [])
  }
}

/// How the benchmark is bought.
enum BenchmarkPurchase {
  /// What it starts with, USD.
  static let start = USD(whole: 10_000)
  /// The taker fee it pays.
  static let fee = Bps("4.5") ?? .zero

  /// The benchmark bought with everything less the fee, as nof1's `buynhold_btc`.
  static func buy(_ coin: Coin, at price: Price, on now: Timestamp) -> Benchmark? {
    let paid = start.applying(fee)
    guard let id = TraderID("buynhold_\(coin.name.lowercased())") else { return nil }
    return Benchmark(
      id: id, coin: coin, boughtAt: now, price: price, size: (start - paid).buys(at: price),
      fee: paid, start: start)
  }
}
