import Manager
import Market
import Trading

extension Cycle {
  /// Brings the traders' lives up to date, applies the limits of whole accounts, and finds out
  /// who is due.
  func supervise(_ work: inout CycleWork) {
    for spec in config.traders { renewEra(of: spec, &work) }
    for account in Set(config.traders.map(\.account)).sorted() { applyLimits(to: account, &work) }
    let seats = config.traders.filter { isSeated($0, work) }.map { spec in
      let record = work.record(of: spec.id)
      let equity = record.ledger.equity(marks: work.marks(of: spec.market))
      return TraderSeat(
        trader: spec, runtime: record.runtime, holdsPosition: !record.ledger.positions.isEmpty,
        equity: equity ?? .zero)
    }
    let due = DueTraders.list(seats, at: work.now, isForced: options.force)
    for trader in due.resumed {
      work.state.traders[trader]?.runtime.status = .running
      work.state.traders[trader]?.runtime.pausedUntil = nil
      work.state.traders[trader]?.runtime.reason = ""
      work.notices.append("\(trader): the pause is over")
    }
    work.notices += due.notes.map { "\($0.trader): \($0.text)" }
    work.turns = due.turns
  }

  /// Whether a trader may take a turn: asked for, and with an account that could be read.
  private func isSeated(_ spec: TraderSpec, _ work: CycleWork) -> Bool {
    (options.only.isEmpty || options.only.contains(spec.id))
      && work.unreadable[spec.account] == nil
  }

  /// Opens a new era when the trader's configuration has changed.
  private func renewEra(of spec: TraderSpec, _ work: inout CycleWork) {
    var record = work.record(of: spec.id)
    record.name = spec.name
    record.executor = spec.executor.label
    let era = record.runtime.era
    if era.configDigest != spec.configDigest {
      record.runtime.era = TraderEra(
        number: era.number + 1, startedAt: work.now, configDigest: spec.configDigest)
      // Slots are counted in intervals, and the interval may be what changed.
      record.runtime.lastSlot = nil
      work.notices.append("\(spec.id): the configuration changed, era \(era.number + 1) begins")
    }
    work.state.traders[spec.id] = record
  }

  /// Blocks the opens of an account whose limits are breached.
  private func applyLimits(to account: AccountID, _ work: inout CycleWork) {
    guard let snapshot = work.accounts[account] else { return }
    let breaches = AccountLimits.breaches(
      of: config.globalLimits, by: snapshot, marks: marks(of: account, work))
    for breach in breaches {
      work.alert(
        "\(breach.rule).\(account)", .high,
        "account \(account): \(breach.text); opens are blocked until it is over")
    }
    for rule in AccountLimits.rules where !breaches.contains(where: { $0.rule == rule }) {
      work.resolve("\(rule).\(account)")
    }
    if work.blocks[account] == nil, let first = breaches.first { work.blocks[account] = first }
  }

  /// Marks of the market an account is valued by.
  func marks(of account: AccountID, _ work: CycleWork) -> [Coin: Price] {
    let owner = work.residents(of: account).first
    return work.marks(of: owner.flatMap { ports.valuation[$0.exchange] })
  }
}

/// The limits over all traders of an account.
enum AccountLimits {
  /// The rule ids, in the order they are checked.
  static let rules = [
    "global_margin", "global_positions", "global_symbol", "global_unrealised_loss",
  ]

  /// The limits an account breaches.
  static func breaches(
    of limits: GlobalLimits, by account: AccountSnapshot, marks: [Coin: Price]
  ) -> [RuleNote] {
    var notes: [RuleNote] = []
    if let limit = limits.maxMarginUsage, account.marginUsed > account.equity.applying(limit) {
      notes.append(
        RuleNote(
          rule: rules[0],
          text: "margin in use is \(Readable.usd(account.marginUsed)) USD of "
            + "\(Readable.usd(account.equity)) USD equity, expected at most \(limit) %"))
    }
    if let limit = limits.maxPositions, account.positions.count > limit {
      notes.append(
        RuleNote(
          rule: rules[1],
          text: "\(account.positions.count) positions are open, expected at most \(limit)"))
    }
    if let limit = limits.maxSymbol {
      for position in account.positions {
        let notional = marks[position.coin].map { ($0 * position.size).magnitude } ?? .zero
        guard notional > account.equity.applying(limit) else { continue }
        notes.append(
          RuleNote(
            rule: rules[2],
            text: "\(position.coin) is worth \(Readable.usd(notional)) USD, expected at most "
              + "\(limit) % of equity"))
      }
    }
    let unrealised = account.positions.reduce(USD.zero) { $0 + $1.unrealised }
    if let limit = limits.maxUnrealisedLoss, -unrealised > account.equity.applying(limit) {
      notes.append(
        RuleNote(
          rule: rules[3],
          text: "the unrealised loss is \(Readable.usd(-unrealised)) USD, expected at most "
            + "\(limit) % of equity"))
    }
    return notes
  }
}
