import Trading

extension ConfigAssembly {
  /// Money of a trader when nothing says how much.
  static let standardEquity = USD(whole: 10_000)

  /// Gives every trader its money and checks that there is as much.
  mutating func allocate(_ drafts: inout [TraderDraft]) {
    guard let manager = sections[.manager]?.section("manager"),
      let total = manager.usd("total_equity_usd"), let reserve = manager.pct("reserve_equity_pct")
    else { return }
    checkShares(drafts, reserve, manager)
    var strategy = manager.word("allocation_strategy") ?? ""
    if strategy == "performance_based" {
      notice(
        manager, "allocation_strategy",
        "manager.allocation_strategy: this version splits equally in place of performance_based",
        "use equal to say so")
    }
    for index in drafts.indices {
      drafts[index].equity = drafts[index].section.usd("initial_equity_usd")
    }
    guard let total = total.unlessZero else {
      giveStandard(&drafts)
      return
    }
    let hasShares = drafts.contains { $0.section.setting("allocation_pct") != nil }
    if strategy.isEmpty { strategy = hasShares ? "custom" : "equal" }
    let available = total - total.applying(reserve, .up)
    if strategy == "custom" {
      giveShares(&drafts, of: total)
    } else {
      giveEqually(&drafts, of: available, manager)
    }
    let given = drafts.reduce(Int128(0)) { $0 + Int128($1.equity?.mantissa ?? 0) }
    if given > Int128(available.mantissa) {
      error(
        manager, "total_equity_usd",
        "the traders' money adds up to more than the \(available) USD that "
          + "manager.total_equity_usd less manager.reserve_equity_pct leaves",
        "lower initial_equity_usd or allocation_pct, or raise manager.total_equity_usd")
    }
  }

  private mutating func checkShares(
    _ drafts: [TraderDraft], _ reserve: Pct, _ manager: Section
  ) {
    let sum = drafts.reduce(Int128(0)) {
      $0 + Int128($1.section.pct("allocation_pct")?.mantissa ?? 0)
    }
    let left = Pct(mantissa: Pct(whole: 100).mantissa - reserve.mantissa)
    guard sum > Int128(left.mantissa),
      let last = drafts.last(where: { $0.section.setting("allocation_pct") != nil })
    else { return }
    error(
      last.section, "allocation_pct",
      "the traders' allocation_pct add up to more than the \(left) that "
        + "manager.reserve_equity_pct leaves",
      "lower some of them")
  }

  private mutating func giveStandard(_ drafts: inout [TraderDraft]) {
    for index in drafts.indices {
      let section = drafts[index].section
      if section.setting("allocation_pct")?.origin == .file {
        notice(
          section, "allocation_pct",
          "\(section.path).allocation_pct has no effect without manager.total_equity_usd",
          "add manager.total_equity_usd or remove it")
      }
      if section.setting("initial_equity_usd") == nil {
        give(Self.standardEquity, to: &drafts[index], "default")
      }
    }
  }

  private mutating func giveShares(_ drafts: inout [TraderDraft], of total: USD) {
    for index in drafts.indices where drafts[index].equity == nil {
      let section = drafts[index].section
      guard let share = section.pct("allocation_pct")?.unlessZero else {
        error(
          section, "allocation_pct",
          "\(section.path).allocation_pct is missing, the custom split of "
            + "manager.total_equity_usd needs it",
          "add it, or initial_equity_usd")
        continue
      }
      give(
        cents(total.applying(share, .down)), to: &drafts[index],
        "allocation_pct of manager.total_equity_usd")
    }
  }

  private mutating func giveEqually(
    _ drafts: inout [TraderDraft], of available: USD, _ manager: Section
  ) {
    let own = drafts.reduce(Int128(0)) { $0 + Int128($1.equity?.mantissa ?? 0) }
    let count = drafts.count { $0.equity == nil }
    guard count > 0 else { return }
    let rest = Int64(exactly: Int128(available.mantissa) - own) ?? 0
    let share = cents(USD(mantissa: max(0, rest)).divided(by: count, .down))
    guard share > .zero else {
      error(
        manager, "total_equity_usd",
        "manager.total_equity_usd less manager.reserve_equity_pct and the traders' "
          + "initial_equity_usd leaves nothing for the other \(count) traders",
        "raise manager.total_equity_usd or lower the others")
      return
    }
    for index in drafts.indices where drafts[index].equity == nil {
      give(share, to: &drafts[index], "equal split of manager.total_equity_usd")
    }
  }

  private mutating func give(_ amount: USD, to draft: inout TraderDraft, _ source: String) {
    draft.equity = amount
    derived.append(
      DerivedValue(
        key: join(draft.path, "initial_equity_usd"), value: amount.description, source: source))
  }

  private func cents(_ amount: USD) -> USD {
    USD(mantissa: ExactMath.quantize(amount.mantissa, to: exactDecimalScale / 100, .floor))
  }
}
