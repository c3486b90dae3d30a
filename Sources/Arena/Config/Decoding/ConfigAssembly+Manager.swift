import Trading

extension ConfigAssembly {
  /// Checks what the section `manager` says beyond money.
  mutating func checkManager(_ drafts: [TraderDraft]) {
    guard let manager = sections[.manager]?.section("manager") else { return }
    if let section = manager.section("limits"), let limits = GlobalLimits(section) {
      checkBreach(limits, section)
    }
    if let section = manager.section("conflicts"), let rules = ConflictRules(section) {
      checkConflicts(rules, section, drafts)
    }
  }

  private mutating func checkBreach(_ limits: GlobalLimits, _ section: Section) {
    guard limits.onBreach != .block, !limits.hasAny else { return }
    notice(
      section, "on_breach",
      "\(section.path).on_breach has no effect while every limit in \(section.path) is off",
      "set one, for example max_daily_loss_pct: 5")
  }

  private mutating func checkConflicts(
    _ rules: ConflictRules, _ section: Section, _ drafts: [TraderDraft]
  ) {
    if rules.duplicate == .aggregate, rules.exclusiveSymbols {
      error(
        section, "duplicate",
        "\(section.path).duplicate is aggregate, which needs several traders in one coin, but "
          + "exclusive_symbols is true",
        "write exclusive_symbols: false, or another strategy for duplicate")
    }
    let accounts = drafts.compactMap(\.account)
    guard rules != ConflictRules(), accounts.count == drafts.count,
      Set(accounts).count == accounts.count,
      let key = section.fields.map(\.name).first(where: section.isWritten)
    else { return }
    notice(
      section, key, "\(section.path) has no effect while every trader has an account of its own",
      "write shared_account: true at their exchange, or remove it")
  }

  /// Refuses two accounts of one name, which a shared account and a trader's own may have.
  mutating func checkAccounts(_ drafts: [TraderDraft]) {
    var owners: [AccountID: ProviderID] = [:]
    for draft in drafts {
      guard let account = draft.account, let provider = draft.exchange else { continue }
      guard let other = owners[account], other != provider else {
        owners[account] = provider
        continue
      }
      error(
        draft.section, "id",
        "\(draft.path): its account would be named \(account), as one of exchange \(other)",
        "rename the trader or one of the exchanges")
    }
  }
}

extension GlobalLimits {
  /// Reads `manager.limits`; a limit that is switched off is `nil`.
  ///
  /// `nil` when something in it was refused.
  init?(_ section: Section) {
    guard let margin = section.pct("max_margin_usage_pct"),
      let positions = section.whole("max_positions"), let symbol = section.pct("max_symbol_pct"),
      let loss = section.pct("max_unrealised_loss_pct"),
      let daily = section.pct("max_daily_loss_pct"),
      let drawdown = section.pct("max_drawdown_pct"),
      let breach = section.word("on_breach").flatMap(BreachAction.init(rawValue:)),
      let reset = KillSwitchReset(section)
    else { return nil }
    self.init(
      maxMarginUsage: margin.unlessZero, maxPositions: positions.unlessZero,
      maxSymbol: symbol.unlessZero, maxUnrealisedLoss: loss.unlessZero,
      maxDailyLoss: daily.unlessZero, maxDrawdown: drawdown.unlessZero, onBreach: breach,
      reset: reset)
  }

  /// Whether any limit is on.
  fileprivate var hasAny: Bool {
    let shares = [maxMarginUsage, maxSymbol, maxUnrealisedLoss, maxDailyLoss, maxDrawdown]
    return maxPositions != nil || shares.contains { $0 != nil }
  }
}

extension KillSwitchReset {
  fileprivate init?(_ section: Section) {
    if section.word("reset") == "manual" {
      self = .manual
    } else if let span = section.span("reset") {
      self = .after(span)
    } else {
      return nil
    }
  }
}

extension IsolationRules {
  /// Reads `manager.isolation`; a rule that is switched off is `nil`.
  ///
  /// `nil` when something in it was refused.
  init?(_ section: Section) {
    guard let sharpe = section.factor("sharpe_threshold"),
      let failures = section.whole("max_failures"), let breaches = section.whole("max_breaches"),
      let closes = section.flag("close_positions")
    else { return nil }
    self.init(
      sharpeThreshold: sharpe.unlessZero, maxFailures: failures.unlessZero,
      maxBreaches: breaches.unlessZero, closesPositions: closes)
  }
}

extension ConflictRules {
  /// Reads `manager.conflicts`; `nil` when something in it was refused.
  init?(_ section: Section) {
    func strategy(_ key: String) -> ConflictStrategy? {
      section.word(key).flatMap(ConflictStrategy.init(rawValue:))
    }
    guard let direction = strategy("direction"), let duplicate = strategy("duplicate"),
      let resource = strategy("resource"), let exclusive = section.flag("exclusive_symbols")
    else { return nil }
    self.init(
      direction: direction, duplicate: duplicate, resource: resource, exclusiveSymbols: exclusive)
  }
}
