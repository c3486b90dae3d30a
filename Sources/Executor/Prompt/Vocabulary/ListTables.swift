import Market
import Trading

extension PromptTables {
  /// Positions, trades, candidates, and the market of the coins.
  static let lists: [PromptEntry<PromptScene>] = [
    .flag("has_positions", "Whether any position is open.") { !$0.context.positions.isEmpty },
    .list(
      "positions", "The open positions, sorted by coin.", of: position, blocks: [.positions]
    ) { scene in scene.context.positions.map { PositionScene(view: $0, at: scene.context.at) } },
    .flag("has_recent_trades", "Whether any position was closed lately.") {
      !$0.context.recentTrades.isEmpty
    },
    .list(
      "recent_trades", "The latest closed positions, newest first.", of: trade, blocks: [.trades]
    ) { scene in scene.context.recentTrades.map { TradeScene(trade: $0, at: scene.context.at) } },
    .list(
      "candidates", "The coins that may be traded now, strongest move of the last hour first.",
      of: candidate, blocks: [.candidates]
    ) { candidates(of: $0) },
    .list(
      "coins", "The market of the candidates, in their order.", of: coin, blocks: [.market]
    ) { $0.coins },
    .list("missing_coins", "Coins that may be traded but have no data now.", of: missing) {
      missing(in: $0)
    },
    .text("short_timeframe", "Candle length of the short series, for example 3m.") {
      $0.shortFrame.description
    },
    .text("long_timeframe", "Candle length of the wider picture.") { _ in
      Prompt.longTimeframe.description
    },
    .count("series_length", "Values in each series, at most.") { _ in FrameBrief.shown },
  ]

  static let position = PromptTable<PositionScene>([
    .text("coin", "The coin.") { $0.position.coin.name },
    .text("side", "long or short.") { $0.position.side.rawValue },
    .flag("is_long", "Whether it is a long.") { $0.position.side == .long },
    .text("size_coins", "Coins open.") { $0.position.size.description },
    .number("notional_usd", "Size at the mark, USD.", cents) {
      $0.position.notional(at: $0.view.mark).double
    },
    .text("entry_price", "Average entry price, USD.") { $0.position.entryPrice.description },
    .text("mark_price", "Mark price now, USD.") { $0.view.mark.description },
    .number("unrealised_usd", "Profit not yet realised, USD.", cents) {
      $0.view.unrealised.double
    },
    .number("gain_pct", "Gain of the price over the entry, per cent, + in profit.", signed) {
      $0.gainPct
    },
    .number("peak_gain_pct", "The best such gain so far, per cent.", signed) { $0.peakPct },
    .number("giveback_pct", "Best gain less present gain, percentage points.", percent) {
      $0.peakPct - $0.gainPct
    },
    .number("age_minutes", "Minutes since it was opened.", whole) {
      ($0.at - $0.position.openedAt).minutes.rounded(.down)
    },
    .count("leverage", "Leverage it was opened with.") { $0.position.claim.leverage },
    .number("margin_usd", "Margin it takes, USD.", cents) { $0.view.marginUsed.double },
    .text("liquidation_price", "Where the venue would liquidate it, USD; n/a = nowhere.") {
      NumberText.exact($0.view.liquidationPrice)
    },
    .number("liquidation_distance_pct", "From the mark to there, per cent.", percent) { scene in
      scene.view.liquidationPrice.map { abs($0.changePct(from: scene.view.mark)) }
    },
    .flag("has_stop", "Whether a stop rests at the venue.") { $0.view.restingStop != nil },
    .text("stop_price", "The stop that rests at the venue, USD; n/a = none.") {
      NumberText.exact($0.view.restingStop)
    },
    .flag("has_target", "Whether a target rests at the venue.") { $0.view.restingTarget != nil },
    .text("target_price", "The target that rests at the venue, USD; n/a = none.") {
      NumberText.exact($0.view.restingTarget)
    },
    .count("confidence", "Confidence its decision stated, 0 to 100.") {
      $0.position.claim.confidence
    },
    .number("risk_usd", "Loss at the planned stop with fees when it was opened, USD.", cents) {
      $0.position.claim.riskUSD.double
    },
    .text("invalidation", "When its idea no longer holds, in its decision's words.") {
      let words = ForeignText.line($0.position.claim.exitPlan.invalidation)
      return words.isEmpty ? NumberText.missing : words
    },
    .number("fees_usd", "Fees of its entries and exits so far, USD.", cents) {
      ($0.position.entryFees + $0.position.exitFees).double
    },
    .number("funding_usd", "Funding received so far (negative: paid), USD.", cents) {
      $0.position.funding.double
    },
  ])

  static let trade = PromptTable<TradeScene>([
    .text("coin", "The coin.") { $0.trade.coin.name },
    .text("side", "long or short.") { $0.trade.side.rawValue },
    .text("size_coins", "Coins opened and closed.") { $0.trade.size.description },
    .text("entry_price", "Average entry price, USD.") { $0.trade.entryPrice.description },
    .text("exit_price", "Average exit price, USD.") { $0.trade.exitPrice.description },
    .number("net_usd", "Profit after fees, without funding, USD.", cents) { $0.trade.net.double },
    .number("net_pct", "Profit after fees, per cent of the entry notional.", signed) {
      $0.trade.net.asPct(of: $0.trade.entryNotional)
    },
    .number("fees_usd", "Fees of its entries and exits, USD.", cents) {
      ($0.trade.entryFees + $0.trade.exitFees).double
    },
    .number("funding_usd", "Funding received (negative: paid), USD.", cents) {
      $0.trade.funding.double
    },
    .number("held_minutes", "Minutes it was open.", whole) {
      ($0.trade.closedAt - $0.trade.openedAt).minutes.rounded(.down)
    },
    .number("closed_minutes_ago", "Minutes since it was closed.", whole) {
      ($0.at - $0.trade.closedAt).minutes.rounded(.down)
    },
    .text("exit_cause", "What ended it: order, stop, target, limit or liquidation.") {
      $0.trade.exitCause.rawValue
    },
  ])

  static let candidate = PromptTable<CandidateScene>([
    .count("rank", "Its place, 1 = strongest move of the last hour.") { $0.rank },
    .text("coin", "The coin.") { $0.coin.name },
    .number("change_1h_pct", "Change of the mid within an hour, per cent.", signed) {
      $0.snapshot.change1hPct
    },
    .flag("is_held", "Whether a position in it is open.") { $0.held != nil },
    .text("held_side", "Side of the open position: long, short or none.") {
      $0.held?.rawValue ?? "none"
    },
    .count("max_leverage", "The greatest leverage that limits and venue admit.") { $0.leverage },
    .number("min_notional_usd", "The venue's least order, USD.", cents) {
      $0.snapshot.instrument.minNotional.double
    },
  ])

  private static let missing = PromptTable<MissingScene>([
    .text("coin", "The coin.") { $0.coin.name },
    .text("reason", "Why it has no data.") { ForeignText.line($0.reason) },
  ])

  private static func candidates(of scene: PromptScene) -> [CandidateScene] {
    scene.candidates.enumerated().compactMap { index, coin in
      scene.context.market.coins[coin].map {
        CandidateScene(
          rank: index + 1, coin: coin, snapshot: $0,
          held: scene.context.position(in: coin)?.position.side,
          leverage: min(scene.risk.leverage(for: coin), $0.instrument.maxLeverage))
      }
    }
  }

  private static func missing(in scene: PromptScene) -> [MissingScene] {
    scene.context.trader.coins.filter { scene.context.market.coins[$0] == nil }.map {
      MissingScene(coin: $0, reason: scene.context.market.missing[$0] ?? "no data")
    }
  }
}
