import Market
import Trading

/// The texts of nof0's variables, in its formats.
enum NOF0Text {
  static func account(of scene: PromptScene) -> String {
    let account = scene.account
    let profit = NumberText.fixed(account.profit.asPct(of: scene.invested), 2)
    let margin = NumberText.fixed(account.marginUsed.asPct(of: account.equity), 2)
    return "equity=\(NumberText.money(account.equity)), "
      + "avail=\(NumberText.money(account.available)), "
      + "pnl=\(NumberText.money(account.profit)) (\(profit)%), "
      + "margin=\(NumberText.money(account.marginUsed)) (\(margin)%), "
      + "positions=\(scene.context.positions.count)"
  }

  static func positions(of scene: PromptScene) -> String {
    guard !scene.context.positions.isEmpty else { return "(none)" }
    return scene.context.positions.map { view in
      let held = view.position
      let gain = NumberText.fixed(view.unrealised.asPct(of: held.openCost), 2)
      let liquidation =
        view.liquidationPrice.map { NumberText.fixed($0, 4) } ?? NumberText.missing
      return "\(held.coin) \(held.side.rawValue) qty=\(NumberText.fixed(held.size, 4)) "
        + "lev=\(held.claim.leverage)x entry=\(NumberText.fixed(held.entryPrice, 4)) "
        + "mark=\(NumberText.fixed(view.mark, 4)) "
        + "upnl=\(NumberText.money(view.unrealised))(\(gain)%) liq=\(liquidation)"
    }.joined(separator: "\n")
  }

  static func riskBudget(of scene: PromptScene) -> String {
    "max_positions=\(scene.risk.maxPositions) (remaining=\(scene.freePositions)), "
      + "min_confidence=\(scene.risk.minConfidence), "
      + "min_rr=\(NumberText.fixed(scene.risk.minRewardRisk, 2))"
  }

  static func performance(of scene: PromptScene) -> String {
    let totals = scene.record.totals
    guard let day = totals.lastDay else { return "(n/a)" }
    return "sharpe=\(NumberText.fixed(totals.sharpe, 3)), "
      + "win_rate=\(NumberText.fixed(PromptTables.winRate(totals), 1))%, "
      + "trades=\(totals.trades), "
      + "recent_rate=\(NumberText.fixed(Double(scene.record.opensInLastHour), 3)), "
      + "updated=\(day.start)"
  }

  static func candidates(of scene: PromptScene) -> String {
    let names = scene.candidates.sorted().map { "\($0) [rank_1h_abs]" }
    return names.isEmpty ? "(none)" : names.joined(separator: ", ")
  }

  static func snapshots(of scene: PromptScene) -> JSONValue {
    let coins = scene.coins.sorted { $0.snapshot.coin < $1.snapshot.coin }
    return .object(coins.map { JSONMember($0.snapshot.coin.name, snapshot(of: $0)) })
  }

  /// Coin, price, changes as fractions, indicators, open interest in coins and hourly funding.
  private static func snapshot(of scene: CoinScene) -> JSONValue {
    let coin = scene.snapshot
    return .object([
      JSONMember("price", .number(coin.quote.mid.description)),
      JSONMember("change_1h", number(coin.change1hPct.map { $0 / 100 }, 4)),
      JSONMember("change_4h", number(coin.change4hPct.map { $0 / 100 }, 4)),
      JSONMember(
        "ema",
        .object([
          JSONMember("EMA20", number(scene.short.ema20, 6)),
          JSONMember("EMA20_Long", number(scene.long.ema20, 6)),
          JSONMember("EMA50", number(scene.long.ema50, 6)),
        ])),
      JSONMember(
        "rsi",
        .object([
          JSONMember("RSI7", number(scene.short.rsi7, 4)),
          JSONMember("RSI14", number(scene.short.rsi14, 4)),
        ])),
      JSONMember("macd", number(scene.short.macd, 4)),
      JSONMember("oi_latest", number(coin.openInterest, 6)),
      JSONMember("funding", coin.funding.map { .number($0.rate.description) } ?? .null),
    ])
  }

  static func context(of scene: PromptScene) -> JSONValue {
    let account = scene.account
    return .object([
      JSONMember("current_time", .text(scene.context.at.description)),
      JSONMember(
        "account",
        .object([
          JSONMember("equity_usd", .number(account.equity.description)),
          JSONMember("available_usd", .number(account.available.description)),
          JSONMember("margin_used_usd", .number(account.marginUsed.description)),
          JSONMember("profit_usd", .number(account.profit.description)),
        ])),
      JSONMember("positions", .array(scene.context.positions.map(position))),
      JSONMember("candidates", .array(scene.candidates.map { .text($0.name) })),
      JSONMember("market", snapshots(of: scene)),
    ])
  }

  private static func position(_ view: PositionView) -> JSONValue {
    let held = view.position
    return .object([
      JSONMember("symbol", .text(held.coin.name)),
      JSONMember("side", .text(held.side.rawValue)),
      JSONMember("size", .number(held.size.description)),
      JSONMember("leverage", .number(held.claim.leverage)),
      JSONMember("entry_price", .number(held.entryPrice.description)),
      JSONMember("mark_price", .number(view.mark.description)),
      JSONMember("unrealised_usd", .number(view.unrealised.description)),
      JSONMember(
        "liquidation_price",
        view.liquidationPrice.map { .number($0.description) } ?? .null),
      JSONMember("stop_loss", view.restingStop.map { .number($0.description) } ?? .null),
      JSONMember("take_profit", view.restingTarget.map { .number($0.description) } ?? .null),
    ])
  }

  private static func number(_ number: Double?, _ digits: Int) -> JSONValue {
    guard let number, number.isFinite else { return .null }
    return .number(NumberText.significant(number, digits))
  }
}
