import Journal
import Trading

extension Cycle {
  /// Warns where a budget of the day runs out, and takes the warning back on the next day.
  func tellSpending(_ work: inout CycleWork) throws {
    guard let access = ports.outside, !access.models.isEmpty else { return }
    let caps = config.llm.caps
    // What this phase consumed is counted with its reservations until the plan is written, so a
    // warning comes a little early rather than late.
    let day = try access.spending.day(CivilDay(ports.clock.now()))
    tell("all traders", "budget.arena", nil, day.arena, caps.arenaTokens, caps.arenaCost, &work)
    for spec in config.traders where spec.executor.isOutside {
      tell(
        spec.id.name, "budget.trader.\(spec.id)", spec.id, day.traders[spec.id] ?? .zero,
        caps.traderTokens, caps.traderCost, &work)
    }
  }

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
    guard let worst = shares.max(by: { $0.used < $1.used }),
      worst.used >= config.llm.caps.alertAt.double
    else { return work.resolve(key) }
    let consequence =
      !config.llm.caps.isStrict
      ? "strict_enforcement is off: calls go on"
      : worst.used >= 100
        ? "no call is made until 00:00 UTC; control traders and protections go on"
        : "at 100 % no call is made until 00:00 UTC"
    work.alert(
      key, worst.used >= 100 ? .high : .medium, trader: trader,
      "\(whose): \(worst.text) of today's model budget are used or reserved; \(consequence)")
  }
}
