import Trading

extension AlertRule {
  static let marginUsage = AlertRule(
    id: "margin_usage", severity: .high,
    summary: "Margin in use is above 90 % of an account's equity: a small move may liquidate. "
      + "Accounts that only hold what they bought without leverage use none."
  ) { scene in
    let limit = scene.thresholds.marginUsagePct
    guard limit > 0 else { return [] }
    return scene.accounts.map { account in
      AlertReading(
        account.id.name, account.marginUsagePct, above: limit,
        "account \(account.id): margin in use is \(Words.number(account.marginUsagePct ?? 0)) % of "
          + "equity, expected at most \(Words.number(limit)) %")
    }
  }

  static let traderLoss = AlertRule(
    id: "trader_loss", severity: .high,
    summary: "A trader lost more than 20 % since its inception, flows taken out."
  ) { scene in
    let limit = scene.thresholds.traderLossPct
    guard limit > 0 else { return [] }
    return scene.traders.map { trader in
      let loss = trader.returnPct.map { -$0 }
      return AlertReading(
        trader.id.name, trader: trader.id, loss, above: limit,
        "\(trader.id) lost \(Words.number(loss ?? 0)) % since its inception, expected at most "
          + "\(Words.number(limit)) %")
    }
  }

  static let accountLoss = AlertRule(
    id: "account_loss", severity: .high,
    summary: "An account lost more than 15 % since it was first looked at, flows taken out."
  ) { scene in
    let limit = scene.thresholds.accountLossPct
    guard limit > 0 else { return [] }
    return scene.accounts.map { account in
      let loss = account.returnPct.map { -$0 }
      return AlertReading(
        account.id.name, loss, above: limit,
        "account \(account.id) lost \(Words.number(loss ?? 0)) % since it was first looked at, "
          + "expected at most \(Words.number(limit)) %")
    }
  }

  static let overAllocated = AlertRule(
    id: "over_allocated", severity: .medium,
    summary: "The margin of a trader's positions is more than its equity."
  ) { scene in
    scene.traders.map { trader in
      let equity = trader.equity.map { max(.zero, $0) }
      return AlertReading(
        trader.id.name, trader: trader.id, trader.marginUsed?.double,
        against: equity?.double ?? 0,
        isOver: equity.flatMap { equity in trader.marginUsed.map { $0 > equity } },
        "\(trader.id): margin in use is \(Words.usd(trader.marginUsed ?? .zero)) USD, expected at "
          + "most its equity of \(Words.usd(equity ?? .zero)) USD")
    }
  }
}
