import Journal
import Trading

extension Cycle {
  /// Warns where a budget of the day runs out, again where it is used up, and takes the warnings
  /// back on the next day.
  ///
  /// `overhang` is what the record counts too much for each trader, because what was reserved for
  /// calls that are over is written back with the plan only.
  func tellSpending(_ overhang: [TraderID: Spent], _ work: inout CycleWork) throws {
    guard let access = ports.outside, !access.models.isEmpty else {
      return resolveBudgets(except: [], &work)
    }
    let caps = config.llm.caps
    let day = try access.spending.day(CivilDay(ports.clock.now()))
    let arena = overhang.sorted { $0.key < $1.key }.reduce(day.arena) { $0 - $1.value }
    tell("all traders", "budget.arena", nil, arena, caps.arenaTokens, caps.arenaCost, &work)
    var told: Set<String> = ["budget.arena"]
    for spec in config.traders where spec.executor.isOutside {
      let key = "budget.trader.\(spec.id)"
      told.insert(key)
      tell(
        spec.id.name, key, spec.id,
        (day.traders[spec.id] ?? .zero) - (overhang[spec.id] ?? .zero), caps.traderTokens,
        caps.traderCost, &work)
    }
    resolveBudgets(except: told, &work)
  }

  /// Takes the warnings of traders back that have left or ask no model any more.
  private func resolveBudgets(except told: Set<String>, _ work: inout CycleWork) {
    let known = told.union(told.map { $0 + Self.usedUp })
    for key in work.openAlertKeys.sorted() where key.hasPrefix("budget.") && !known.contains(key) {
      work.resolve(key)
    }
  }

  /// The end of the keys of alerts that tell of a budget that is used up: an alert keeps its
  /// severity as long as it is open, so that the worse news needs one of its own.
  private static let usedUp = ".used_up"

  private func tell(
    _ whose: String, _ key: String, _ trader: TraderID?, _ spent: Spent, _ tokens: Int?,
    _ cost: USD?, _ work: inout CycleWork
  ) {
    let shares = [
      tokens.map { limit in
        (
          used: 100 * Double(spent.tokens) / Double(max(1, limit)),
          text: "\(spent.tokens) of \(limit) tokens"
        )
      },
      cost.map { limit in
        (
          used: spent.cost.asPct(of: limit) ?? 100,
          text: "\(Readable.usd(spent.cost)) of \(Readable.usd(limit)) USD"
        )
      },
    ].compactMap { $0 }
    let worst = shares.max { $0.used < $1.used }
    let isStrict = config.llm.caps.isStrict
    tell(
      key, .medium, trader, worst.flatMap { $0.used >= config.llm.caps.alertAt.double ? $0 : nil },
      whose, isStrict ? "no call is made that may exceed it" : Self.goesOn, &work)
    tell(
      key + Self.usedUp, .high, trader, worst.flatMap { $0.used >= 100 ? $0 : nil }, whose,
      isStrict
        ? "no call is made until 00:00 UTC; control traders and protections go on" : Self.goesOn,
      &work)
  }

  private static let goesOn = "strict_enforcement is off: calls go on"

  private func tell(
    _ key: String, _ severity: AlertSeverity, _ trader: TraderID?,
    _ share: (used: Double, text: String)?, _ whose: String, _ consequence: String,
    _ work: inout CycleWork
  ) {
    guard let share else { return work.resolve(key) }
    work.alert(
      key, severity, trader: trader,
      "\(whose): \(share.text) of today's model budget are used; \(consequence)",
      value: share.used,
      threshold: key.hasSuffix(Self.usedUp) ? 100 : config.llm.caps.alertAt.double)
  }
}

extension Spent {
  fileprivate static func - (left: Spent, right: Spent) -> Spent {
    Spent(tokens: left.tokens - right.tokens, cost: left.cost - right.cost)
  }
}
