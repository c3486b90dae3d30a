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
    for index in drafts.indices {
      drafts[index].equity = drafts[index].section.usd("initial_equity_usd")
    }
    guard total > .zero else {
      giveStandard(&drafts)
      return
    }
    guard let strategy = strategy(manager, drafts), let minimum = manager.usd("min_allocation_usd"),
      let interval = manager.span("rebalance_interval"),
      let mayReduce = manager.flag("rebalance_may_reduce")
    else { return }
    var rules = AllocationRules(
      strategy: strategy, total: total, reserve: reserve, minimum: minimum, interval: interval,
      mayReduce: mayReduce, members: [:], ownMoney: .zero)
    let own = drafts.reduce(Int128(0)) { $0 + Int128($1.equity?.mantissa ?? 0) }
    let available = total - total.applying(reserve, .up)
    nameMembers(&rules, &drafts)
    if strategy == .custom {
      giveShares(&drafts, rules)
    } else {
      giveEqually(&drafts, of: Int128(available.mantissa) - own, rules, manager)
    }
    let given = drafts.reduce(Int128(0)) { $0 + Int128($1.equity?.mantissa ?? 0) }
    guard given <= Int128(available.mantissa) else {
      error(
        manager, "total_equity_usd",
        "the traders' money adds up to more than the \(available) USD that "
          + "manager.total_equity_usd less manager.reserve_equity_pct leaves",
        "lower initial_equity_usd or allocation_pct, or raise manager.total_equity_usd")
      return
    }
    // No more than the total, which is an amount of USD itself.
    rules.ownMoney = USD(mantissa: Int64(own))
    allocation = rules
  }

  /// How money is split; a refused word, which is on record, counts as none.
  private mutating func strategy(
    _ manager: Section, _ drafts: [TraderDraft]
  ) -> AllocationStrategy? {
    if let word = manager.word("allocation_strategy"), !word.isEmpty {
      return AllocationStrategy(rawValue: word)
    }
    let hasShares = drafts.contains { $0.section.setting("allocation_pct") != nil }
    let strategy: AllocationStrategy = hasShares ? .custom : .equal
    derive(
      manager, "allocation_strategy", strategy.rawValue,
      hasShares ? "because a trader has an allocation_pct" : "default", in: .manager)
    return strategy
  }

  /// Makes the traders without money of their own members of the split.
  private mutating func nameMembers(
    _ rules: inout AllocationRules, _ drafts: inout [TraderDraft]
  ) {
    for index in drafts.indices where drafts[index].equity == nil {
      let section = drafts[index].section
      let share = rules.strategy == .custom ? section.pct("allocation_pct")?.unlessZero : nil
      drafts[index].split = MoneySplit(strategy: rules.strategy, share: share)
      if let id = drafts[index].id { rules.members.updateValue(share, forKey: id) }
      guard rules.strategy != .custom, section.isWritten("allocation_pct") else { continue }
      notice(
        section, "allocation_pct",
        "\(section.path).allocation_pct has no effect on allocation_strategy "
          + rules.strategy.rawValue,
        "remove it, or write allocation_strategy: custom")
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

  private mutating func giveShares(_ drafts: inout [TraderDraft], _ rules: AllocationRules) {
    for index in drafts.indices where drafts[index].equity == nil {
      let section = drafts[index].section
      guard let share = drafts[index].split?.share else {
        error(
          section, "allocation_pct",
          "\(section.path).allocation_pct is missing, the custom split of "
            + "manager.total_equity_usd needs it",
          "add it, or initial_equity_usd")
        continue
      }
      let amount = cents(rules.total.applying(share, .down))
      if amount < rules.minimum {
        error(
          section, "allocation_pct",
          "\(section.path).allocation_pct is \(share), which gives \(amount) USD, less than "
            + "manager.min_allocation_usd of \(rules.minimum)",
          "raise it, or lower the minimum")
      }
      give(amount, to: &drafts[index], "allocation_pct of manager.total_equity_usd")
    }
  }

  private mutating func giveEqually(
    _ drafts: inout [TraderDraft], of left: Int128, _ rules: AllocationRules, _ manager: Section
  ) {
    let count = drafts.count { $0.equity == nil }
    guard count > 0 else { return }
    let rest = USD(mantissa: Int64(exactly: max(0, left)) ?? 0)
    let share = cents(rest.divided(by: count, .down))
    guard share > .zero else {
      error(
        manager, "total_equity_usd",
        "manager.total_equity_usd less manager.reserve_equity_pct and the traders' "
          + "initial_equity_usd leaves nothing for \(count) other trader\(count == 1 ? "" : "s")",
        "raise manager.total_equity_usd or lower the others")
      return
    }
    if Int128(rules.minimum.mantissa) * Int128(count) > left {
      error(
        manager, "min_allocation_usd",
        "manager.min_allocation_usd is \(rules.minimum), for \(count) "
          + "trader\(count == 1 ? "" : "s") more than the \(rest) USD that are to be split",
        "lower it, raise manager.total_equity_usd, or have fewer traders")
    }
    let split = rules.strategy == .performanceBased ? "first split, equal," : "equal split"
    for index in drafts.indices where drafts[index].equity == nil {
      give(share, to: &drafts[index], "\(split) of manager.total_equity_usd")
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
