import Trading

/// A limit of a whole account: how it is measured and told.
enum LimitRule: String, CaseIterable {
  case margin = "global_margin"
  case positions = "global_positions"
  case symbol = "global_symbol"
  case unrealisedLoss = "global_unrealised_loss"
  case dailyLoss = "global_daily_loss"
  case drawdown = "global_drawdown"

  /// Whether a breach fires a kill switch even when it only blocks: what was lost does not come
  /// back by waiting, so blocking must not end by itself when the loss shrinks a little.
  var alwaysFires: Bool {
    switch self {
    case .dailyLoss, .drawdown: true
    case .margin, .positions, .symbol, .unrealisedLoss: false
    }
  }

  /// What was measured against what; several for the limit of a coin, none while it is off or
  /// nothing is known.
  func readings(_ limits: GlobalLimits, _ measures: AccountMeasures) -> [LimitReading] {
    switch self {
    case .margin: marginReadings(limits.maxMarginUsage, measures)
    case .positions: positionReadings(limits.maxPositions, measures)
    case .symbol: symbolReadings(limits.maxSymbol, measures)
    case .unrealisedLoss: lossReadings(limits.maxUnrealisedLoss, measures)
    case .dailyLoss: dailyReadings(limits.maxDailyLoss, measures)
    case .drawdown: drawdownReadings(limits.maxDrawdown, measures)
    }
  }
}

/// A measure beside its limit, and the words for it should it be passed.
struct LimitReading {
  let measured: Factor
  let threshold: Factor
  /// Made when it is asked for: most measures are within their limits, and need no words.
  let text: () -> String

  init(_ measured: Factor, above threshold: Factor, _ text: @autoclosure @escaping () -> String) {
    self.measured = measured
    self.threshold = threshold
    self.text = text
  }

  init(_ measured: Factor, above limit: Pct, _ text: @autoclosure @escaping () -> String) {
    self.init(measured, above: Factor(mantissa: limit.mantissa), text())
  }
}

extension LimitRule {
  private func marginReadings(_ limit: Pct?, _ measures: AccountMeasures) -> [LimitReading] {
    guard let limit else { return [] }
    return [
      LimitReading(
        measures.shareOfEquity(measures.marginUsed), above: limit,
        "margin in use is \(Words.usd(measures.marginUsed)) USD of "
          + "\(Words.usd(measures.equity)) USD equity, expected at most \(limit) %")
    ]
  }

  private func positionReadings(_ limit: Int?, _ measures: AccountMeasures) -> [LimitReading] {
    guard let limit else { return [] }
    return [
      LimitReading(
        Factor(whole: Int64(measures.positions)), above: Factor(whole: Int64(limit)),
        "\(measures.positions) positions are open, expected at most \(limit)")
    ]
  }

  private func symbolReadings(_ limit: Pct?, _ measures: AccountMeasures) -> [LimitReading] {
    guard let limit else { return [] }
    return measures.symbols.map { symbol in
      LimitReading(
        measures.shareOfEquity(symbol.notional), above: limit,
        "\(symbol.coin) is worth \(Words.usd(symbol.notional)) USD, expected at most "
          + "\(limit) % of equity")
    }
  }

  private func lossReadings(_ limit: Pct?, _ measures: AccountMeasures) -> [LimitReading] {
    guard let limit else { return [] }
    return [
      LimitReading(
        measures.shareOfEquity(-measures.unrealised), above: limit,
        "the unrealised loss is \(Words.usd(-measures.unrealised)) USD, expected at most "
          + "\(limit) % of equity")
    ]
  }

  private func dailyReadings(_ limit: Pct?, _ measures: AccountMeasures) -> [LimitReading] {
    guard let limit, let measured = measures.dailyLossPct else { return [] }
    return [
      LimitReading(
        Factor(mantissa: measured.mantissa), above: limit,
        "\(Words.pct(measured)) % were lost since the UTC day began, expected at most \(limit) %")
    ]
  }

  private func drawdownReadings(_ limit: Pct?, _ measures: AccountMeasures) -> [LimitReading] {
    guard let limit, let measured = measures.drawdownPct else { return [] }
    return [
      LimitReading(
        Factor(mantissa: measured.mantissa), above: limit,
        "the account is \(Words.pct(measured)) % below its highest value, expected at most "
          + "\(limit) %")
    ]
  }
}
