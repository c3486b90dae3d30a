import Arena
import Exchanges
import Journal
import Manager
import Testing
import Trading

/// What one cycle of a random arena did, as seen from its store and its venues.
struct RandomArenaStep {
  let before: ArenaState
  let after: ArenaState
  let alerts: Set<String>
  let alertsBefore: Set<String>
  let events: [WatchedExchange.Event]
  let duties: OperatorDuties

  func reports(on account: AccountID) -> [AccountReport] {
    events.compactMap {
      guard case .report(let report) = $0, report.snapshot.account == account else { return nil }
      return report
    }
  }

  /// Every order that was handed over, with the newest report on its account before it.
  var sent: [(intent: OrderIntent, report: AccountReport?)] {
    var latest: [AccountID: AccountReport] = [:]
    var found: [(OrderIntent, AccountReport?)] = []
    for event in events {
      switch event {
      case .report(let report): latest[report.snapshot.account] = report
      case .submitted(let intents):
        found += intents.map { ($0, latest[$0.request.account]) }
      }
    }
    return found
  }
}

/// Reckons gains of accounts, and the kill switches they fire, from venue reports alone.
///
/// Gains are chained from one movement of money to the next, in doubles; the arena counts units in
/// exact decimals.
struct RandomArenaOracle {
  /// How one account did; 1 = as at its beginning.
  struct Chain {
    var index = 1.0
    var reference = 0.0
    var last: Double?
    var peak = 0.0
    var dayStart: Double?
    var day: CivilDay?
    /// Whether it lost so much that other rules hold.
    var isLost = false
    var fills: Set<Int64> = []
    var funding: Set<String> = []
    var transfers: Set<TransferID> = []

    func value(_ equity: Double) -> Double { index * equity / reference }
    var lossPct: Double? {
      guard let last, let dayStart, dayStart > 0 else { return nil }
      return 100 * (1 - last / dayStart)
    }
    var drawdownPct: Double? { last.map { 100 * (1 - $0 / peak) } }

    /// A reset forgives the loss that its kill switch measured, and no other.
    mutating func forgive(_ causes: some Sequence<String>) {
      guard let last else { return }
      for cause in causes {
        if cause == "global_drawdown" { peak = last }
        if cause == "global_daily_loss" { dayStart = last }
      }
    }

    mutating func observe(_ equity: Double, at now: Timestamp) {
      let today = CivilDay(now)
      if day.map({ $0 < today }) ?? true {
        if let last { dayStart = last }
        day = today
      }
      guard reference > 0, equity > 2, value(equity) > 0.001 else {
        isLost = true
        return
      }
      let now = value(equity)
      dayStart = dayStart ?? now
      last = now
      peak = max(peak, now)
    }
  }

  var chains: [AccountID: Chain] = [:]
  /// Money moved by hand, USD.
  var moved = USD.zero

  mutating func forgive(_ ended: KillSwitch) { chains[ended.account]?.forgive([ended.cause]) }

  /// Reckons a step, and compares the kill switches on record with what must have happened.
  mutating func judge(
    _ arena: RandomArena, _ step: RandomArenaStep, isWatched: Bool
  ) throws {
    let rows = try arena.store.killSwitches(limit: 100_000)
    for fired in step.before.killSwitches {
      guard let row = rows.first(where: { $0.number == fired.number }) else { continue }
      let isOver: Bool
      if case .after(let span) = fired.reset {
        isOver = fired.firedAt + span <= arena.now
      } else {
        isOver = false
      }
      let watched = isWatchedAccount(fired.account, arena, step)
      guard let watched else { continue }
      let expected = isOver && watched ? arena.now : nil
      arena.expect(
        row.resetAt == expected,
        "kill switch \(fired): expected reset \(String(describing: expected)), was "
          + "\(String(describing: row.resetAt))")
    }
    let accounts = Set(step.after.traders.values.map(\.account)).sorted()
    for account in accounts {
      let isFirm = reckon(account, arena, step, rows: rows)
      guard isFirm else { continue }
      try compare(account, arena, step, rows: rows)
    }
  }

  /// Chains what happened on an account in a step.
  ///
  /// - Returns: Whether it was watched.
  private mutating func reckon(
    _ account: AccountID, _ arena: RandomArena, _ step: RandomArenaStep, rows: [KillSwitch],
    booked: Set<TransferID>? = nil
  ) -> Bool {
    let reports = step.reports(on: account)
    var chain = chains[account] ?? Chain()
    defer { chains[account] = chain }
    let watched = isWatchedAccount(account, arena, step) ?? false
    let forgiven = rows.filter { fired in
      fired.account == account && fired.resetAt == arena.now
        && step.before.killSwitches.contains { $0.number == fired.number }
    }.map(\.cause)
    if watched, reports.isEmpty { chain.forgive(forgiven) }
    guard let marks = try? arena.marks() else { return false }
    for (index, report) in reports.enumerated() {
      book(report, marks, &chain, only: booked)
      guard index == 0, watched else { continue }
      chain.forgive(forgiven)
      chain.observe(report.snapshot.equity.double, at: arena.now)
    }
    return watched && !reports.isEmpty
  }

  /// What a report tells anew: money that moved begins a new link of the chain.
  private func book(
    _ report: AccountReport, _ marks: [Coin: Price], _ chain: inout Chain,
    only booked: Set<TransferID>?
  ) {
    var effects: [(at: Timestamp, rank: Int, effect: Double, transfer: TransferID?)] = []
    for transfer in report.transfers where !chain.transfers.contains(transfer.id) {
      if let booked, !booked.contains(transfer.id) { continue }
      chain.transfers.insert(transfer.id)
      effects.append((transfer.at, 0, transfer.amount.double, transfer.id))
    }
    for payment in report.funding {
      let key = "\(payment.coin) \(payment.at)"
      guard chain.funding.insert(key).inserted else { continue }
      effects.append((payment.at, 1, payment.amount.double, nil))
    }
    for fill in report.fills where chain.fills.insert(fill.id).inserted {
      let mark = marks[fill.coin]?.double ?? fill.price.double
      let signed = fill.side == .buy ? fill.size.double : -fill.size.double
      effects.append((fill.at, 2, signed * (mark - fill.price.double) - fill.fee.double, nil))
    }
    effects.sort { ($0.at, $0.rank) < ($1.at, $1.rank) }
    var later = effects.reduce(0) { $0 + $1.effect }
    for event in effects {
      if let id = event.transfer {
        let before = report.snapshot.equity.double - later
        if id.text.hasPrefix("0.") || chain.reference == 0 {
          chain.reference = event.effect
          chain.last = 1
          chain.peak = 1
          chain.dayStart = 1
        } else {
          if before < 2 || before + event.effect < 2 { chain.isLost = true }
          chain.index = chain.value(before)
          chain.reference = before + event.effect
        }
      }
      later -= event.effect
    }
  }

  /// Whether an account's limits are looked at in a cycle; `nil` = cannot be told from outside.
  func isWatchedAccount(
    _ account: AccountID, _ arena: RandomArena, _ step: RandomArenaStep
  ) -> Bool? {
    let isConfigured = arena.config.traders.contains {
      $0.account == account && step.after.traders[$0.id] != nil
    }
    if isConfigured { return true }
    guard let first = step.reports(on: account).first?.snapshot else { return nil }
    let outside = step.after.accounts[account]?.outside ?? [:]
    let holds = first.positions.contains { ($0.size - (outside[$0.coin] ?? .zero)) != .zero }
    return holds || !first.orders.isEmpty
  }

  /// The limits an account passes, and those too near to tell.
  func breaches(
    _ account: AccountID, _ arena: RandomArena, _ first: AccountSnapshot
  ) throws -> (sure: Set<String>, near: Set<String>) {
    let limits = arena.config.globalLimits
    let marks = try arena.marks()
    var sure: Set<String> = []
    var near: Set<String> = []
    func pass(_ rule: String, _ value: Double, _ limit: Pct?) {
      guard let limit = limit?.double else { return }
      if abs(value - limit) < 1e-6 { near.insert(rule) } else if value > limit { sure.insert(rule) }
    }
    let equity = first.equity.double
    func share(_ amount: Double) -> Double {
      amount <= 0 ? 0 : equity > 0 ? 100 * amount / equity : 1e6
    }
    pass("global_margin", share(first.marginUsed.double), limits.maxMarginUsage)
    if let most = limits.maxPositions, first.positions.count > most {
      sure.insert("global_positions")
    }
    let largest = first.positions.map { abs($0.size.double) * (marks[$0.coin]?.double ?? 0) }.max()
    pass("global_symbol", share(largest ?? 0), limits.maxSymbol)
    let loss = -first.positions.reduce(0) { $0 + $1.unrealised.double }
    pass("global_unrealised_loss", share(loss), limits.maxUnrealisedLoss)
    if let chain = chains[account] {
      if let loss = chain.lossPct { pass("global_daily_loss", loss, limits.maxDailyLoss) }
      if let fall = chain.drawdownPct { pass("global_drawdown", fall, limits.maxDrawdown) }
    }
    return (sure, near)
  }

  private func compare(
    _ account: AccountID, _ arena: RandomArena, _ step: RandomArenaStep, rows: [KillSwitch]
  ) throws {
    guard let first = step.reports(on: account).first?.snapshot, let chain = chains[account]
    else { return }
    let limits = arena.config.globalLimits
    let books = step.after.accounts[account]
    if !chain.isLost, let last = chain.last, let stored = books?.lastNAV {
      arena.expect(
        abs(stored.double / 10_000 - last) < 1e-6 * max(1, last),
        "\(account): expected a value of \(last * 10_000), was \(stored)")
    }
    let (sure, near) = try breaches(account, arena, first)
    let always: Set<String> = ["global_daily_loss", "global_drawdown"]
    let held = Set(
      step.before.killSwitches.filter { fired in
        fired.account == account && fired.trader == nil
          && rows.contains { $0.number == fired.number && $0.isActive }
      }.map(\.cause))
    let fired = Set(
      rows.filter { $0.number >= step.before.nextKillSwitch && $0.account == account }.map(\.cause))
    for rule in LimitWatch.rules {
      if near.contains(rule) || chain.isLost && always.contains(rule) { continue }
      let fires = (always.contains(rule) || limits.onBreach != .block) && !held.contains(rule)
      arena.expect(
        fired.contains(rule) == (fires && sure.contains(rule)),
        "\(account) \(rule): expected fired \(fires && sure.contains(rule)), was "
          + "\(fired.contains(rule)); \(chain.lossPct ?? 0) \(chain.drawdownPct ?? 0)")
    }
    for row in rows where row.number >= step.before.nextKillSwitch && row.account == account {
      arena.expect(
        row.firedAt == arena.now && row.action == limits.onBreach && row.reset == limits.reset
          && row.isActive, "unexpected \(row)")
    }
  }

  /// Goes on after a cycle that was cut off: it counts as far as it is on record.
  mutating func survive(
    _ arena: RandomArena, events: [WatchedExchange.Event], before: ArenaState
  ) throws {
    let after = try arena.store.loadState(now: arena.now)
    let step = RandomArenaStep(
      before: before, after: after, alerts: [], alertsBefore: [], events: events,
      duties: OperatorDuties())
    let rows = try arena.store.killSwitches(limit: 100_000)
    let long = Timestamp(ms: 0)
    for account in Set(after.traders.values.map(\.account)).sorted() {
      let transfers = try arena.store.bookedTransfers(account: account, since: long)
      let old = chains[account]
      _ = reckon(account, arena, step, rows: rows, booked: transfers)
      let books = after.accounts[account]
      let isOnRecord =
        books?.day == chains[account]?.day
        && abs((books?.lastNAV?.double ?? 0) / 10_000 - (chains[account]?.last ?? 0)) < 1e-9
      if !isOnRecord { chains[account] = old }
      chains[account]?.fills.formIntersection(
        try arena.store.bookedFillIDs(account: account, since: long))
      chains[account]?.transfers.formIntersection(transfers)
    }
    for account in chains.keys where after.accounts[account] == nil { chains[account] = nil }
  }
}
