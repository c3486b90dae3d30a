import Trading

/// A decision that would have gone otherwise.
struct OtherVerdict: Sendable, Equatable {
  let trader: TraderID
  let cycle: CycleNumber
  /// Its place in the answer, from 0.
  let index: Int
  let action: String
  let coin: String
  /// How it was received, and the size of its order, coins; zero = none.
  let recorded: (verdict: String, size: Double)
  /// The same under the other rules.
  let other: (verdict: String, size: Double)
  /// The rule that made the difference.
  let rule: String
  /// What that rule said.
  let note: String
  /// What came of it, USD; `nil` = not known yet.
  var recordedResult: Double?
  /// What would have come of it, USD; `nil` = not known yet.
  var otherResult: Double?

  /// What the other rules would have saved (above zero) or cost, USD; `nil` = not known.
  var saved: Double? {
    guard let recordedResult, let otherResult else { return nil }
    return otherResult - recordedResult
  }

  static func == (left: OtherVerdict, right: OtherVerdict) -> Bool {
    left.trader == right.trader && left.cycle == right.cycle && left.index == right.index
  }
}

/// A position that was never opened, followed along the prices on record.
struct ImaginedPosition {
  let verdict: Int
  let market: ProviderID
  let coin: Coin
  let side: PositionSide
  let size: Double
  let entry: Double
  let stop: Double?
  let target: Double?
  /// What opening and closing cost, as a share of the notional each.
  let fee: Double
  /// What it is worth, or was when it ended.
  private(set) var mark: Double
  private(set) var isOver = false

  init(
    verdict: Int, market: ProviderID, coin: Coin, side: PositionSide, size: Double,
    entry: Double, stop: Double?, target: Double?, fee: Double
  ) {
    self.verdict = verdict
    self.market = market
    self.coin = coin
    self.side = side
    self.size = size
    self.entry = entry
    self.stop = stop
    self.target = target
    self.fee = fee
    mark = entry
  }

  /// The next price; a stop counts before a target.
  mutating func see(_ price: Double) {
    guard !isOver else { return }
    let sign = side == .long ? 1.0 : -1.0
    mark = price
    if let stop, sign * (price - stop) <= 0 {
      (mark, isOver) = (stop, true)
    } else if let target, sign * (price - target) >= 0 {
      (mark, isOver) = (target, true)
    }
  }

  /// What came of it, USD.
  var result: Double {
    let sign = side == .long ? 1.0 : -1.0
    return sign * (mark - entry) * size - fee * (mark + entry) * size
  }
}
