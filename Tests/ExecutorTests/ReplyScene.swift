import Manager
import Market
import Testing
import Trading

/// What replies are judged by: 1,000 USD, nothing open, every coin at 100, 10 bps fee and slippage.
enum ReplyScene {
  static func state(coins: [Coin]) throws -> AdmissionState {
    let source = try #require(ProviderID("hand"))
    let market = try MarketSnapshot(
      at: Scene.now, source: source, coins: try coins.map { try snapshot($0, mid: "100") })
    var scene = Scene()
    scene.trader = "replies"
    var trader = try scene.spec()
    trader = TraderSpec(
      id: trader.id, name: trader.name, exchange: source, market: source,
      account: trader.account, executor: trader.executor, coins: coins,
      decisionInterval: trader.decisionInterval, decisionTimeout: trader.decisionTimeout,
      autoStart: true, initialEquity: USD(whole: 1_000), orderStyle: trader.orderStyle,
      marketSlippage: trader.marketSlippage, risk: trader.risk, guards: trader.guards,
      configDigest: "x")
    return AdmissionState(
      trader: trader, now: Scene.now, equity: USD(whole: 1_000), marginUsed: .zero,
      free: USD(whole: 1_000), positions: [], opensWithinHour: 0, lastClosedAt: [:],
      market: market, staleAfter: .minute, takerFee: Bps(whole: 10),
      expectedSlippage: Bps(whole: 10))
  }

  static func snapshot(_ coin: Coin, mid: String) throws -> CoinSnapshot {
    let price = try #require(Price(mid))
    let instrument = try #require(
      Instrument(
        coin: coin, sizeDecimals: 3, tiers: [MarginTier(lowerBound: .zero, maxLeverage: 40)]))
    return CoinSnapshot(
      instrument: instrument,
      quote: Quote(coin: coin, asOf: Scene.now, mid: price, mark: price, oracle: price))
  }

  /// Which limit an admitted entry breaks, reckoned in floating point without the rules' code;
  /// `nil` when none.
  static func breach(of wish: EntryWish, in state: AdmissionState) -> String? {
    let limits = state.limits
    let entry = wish.side == .long ? 100.1 : 99.9
    let stop = wish.stop?.double ?? .nan
    let target = wish.target?.double ?? .nan
    let isLong = wish.side == .long
    guard isLong ? stop < entry && entry < target : stop > entry && entry > target else {
      return "stop \(stop), entry \(entry), target \(target)"
    }
    let notional = wish.size.double * 100
    let wanted = wish.decision.positionSize?.double ?? 0
    guard notional > 0, notional <= limits.maxPositionSize.double, notional <= wanted else {
      return "notional \(notional) of \(wanted) wanted"
    }
    let most = wish.coin.name == "BTC" || wish.coin.name == "ETH" ? 3 : 2
    guard wish.leverage >= 1, wish.leverage <= min(most, wish.decision.leverage ?? 0) else {
      return "leverage \(wish.leverage)"
    }
    guard let confidence = wish.decision.confidence, (50...100).contains(confidence) else {
      return "confidence \(String(describing: wish.decision.confidence))"
    }
    guard notional / Double(wish.leverage) <= 600 else { return "margin above 60 % of equity" }
    let fees = 0.001 * (entry + (isLong ? target : entry))
    let reward = abs(target - entry) - fees
    let risk = abs(entry - stop)
    guard reward / risk >= 1.4 else { return "reward \(reward) to risk \(risk)" }
    return state.trader.coins.contains(wish.coin) ? nil : "coin \(wish.coin)"
  }
}
