import Trading

extension AlertRule {
  /// A ratio of finished UTC days is the same from 00:00 on, so that since when it is below the
  /// threshold needs no memory but the open alert.
  static let sharpe = AlertRule(
    id: "sharpe", severity: .medium,
    summary: "A trader's Sharpe ratio of at least 30 days is below −0.5 for an hour; control "
      + "traders are left out."
  ) { scene in
    guard let threshold = scene.thresholds.sharpe else { return [] }
    return scene.traders.filter { !$0.isBaseline }.map { trader in
      let isJudged = trader.days >= max(2, scene.thresholds.sharpeDays)
      let sharpe = isJudged ? trader.sharpe : nil
      let isLong =
        scene.open.contains("sharpe.\(trader.id)")
        || scene.now - CivilDay(scene.now).start >= scene.thresholds.sharpeFor
      return AlertReading(
        trader.id.name, trader: trader.id, sharpe, against: threshold,
        isOver: sharpe.map { $0 < threshold && isLong } ?? false,
        "\(trader.id): the Sharpe ratio of \(trader.days) days is \(Words.number(sharpe ?? 0)), "
          + "expected at least \(Words.number(threshold))")
    }
  }
}
