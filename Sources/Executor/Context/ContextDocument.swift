import Market
import Trading

/// What a trader sees, as the JSON that `http` and `command` executors are given.
///
/// One object, keys ascending (those of the schema in its own order), numbers plain (money and
/// prices exact, at most eight decimals), times in milliseconds since 1970 UTC, lists oldest first
/// unless said otherwise, `null` = not known or off. A program answers with
/// what ``DecisionForm`` demands; see `answer_form`.
///
/// ```
/// account        {available_usd, equity_usd, margin_used_usd, profit_usd}
/// answer_form    {schema: JSON Schema of the answer, words: the same in English}
/// at_ms          decision time
/// candidates     [{coin, rank}]  rank 1 = strongest move within the last hour
/// cycle          number of the cycle
/// inception_at_ms, minutes_since_inception
/// market         {source, coins: [{
///                  asof_ms, candles: {"3m": [[open time ms, open, high, low, close, volume]]},
///                  change_1h_pct, change_4h_pct, coin, day_volume_usd,
///                  funding: {at_ms, rate per hour as a fraction} | null,
///                  mark, max_leverage, mid, min_notional_usd, open_interest_coins, oracle,
///                  size_decimals}], missing: [{coin, reason}]}   sorted by coin
/// performance    {fees_usd, funding_usd (negative: paid), losses_usd, max_drawdown_pct,
///                  opens_in_last_hour, sharpe, trades, win_rate_pct, wins, winnings_usd}
/// positions      [{age_minutes, coin, entry_price, invalidation_condition, leverage,
///                  liquidation_price, margin_used_usd, mark, notional_usd, opened_at_ms,
///                  peak_gain_pct, resting_stop, resting_target, side, size_coins,
///                  unrealised_usd}]   sorted by coin; resting_* as the venue has them
/// recent_trades  [{closed_at_ms, coin, confidence, entry_price, exit_price, exit_cause, fees_usd,
///                  funding_usd, leverage, net_usd, opened_at_ms, side, size_coins}]  newest first
/// rules          [{id, text}]   what decisions are judged by, in order
/// slot           ⌊time / decision interval⌋
/// taker_fee_bps  fee of an order that fills at once, basis points of the notional
/// trader         {coins, decision_interval_ms, id, limits: {…}, name}
/// version        1; a field leaves or changes its meaning only with another number
/// ```
package enum ContextDocument {
  /// The version of the document.
  package static let version = 1

  /// The document as UTF-8 with a line feed at the end; the same bytes for the same context.
  ///
  /// - Parameters:
  ///   - context: What the trader sees.
  ///   - form: What it must answer; by default the form of its candidates and limits.
  /// - Returns: One line of JSON.
  package static func render(_ context: ExecutorContext, form: DecisionForm? = nil) -> [UInt8] {
    let form = form ?? DecisionForm(context)
    return CanonicalJSON.document(capacity: 65_536) { json in
      json.object("account") { write(context.account, to: &$0) }
      json.object("answer_form") { json in
        json.field("schema", form.schema)
        json.field("words", form.words)
      }
      json.field("at_ms", context.at.ms)
      json.array("candidates", Array(context.candidates.enumerated())) { json, candidate in
        json.object {
          $0.field("coin", candidate.element.name)
          $0.field("rank", candidate.offset + 1)
        }
      }
      json.field("cycle", context.cycle)
      json.field("inception_at_ms", context.inceptionAt.ms)
      json.object("market") { write(context.market, of: context, to: &$0) }
      json.field(
        "minutes_since_inception", (context.at - context.inceptionAt).ms / Span.minute.ms)
      json.object("performance") { write(context.performance, to: &$0) }
      json.array("positions", context.positions) { json, position in
        json.object { write(position, at: context.at, to: &$0) }
      }
      json.array("recent_trades", context.recentTrades) { json, trade in
        json.object { write(trade, to: &$0) }
      }
      json.array("rules", context.rules) { json, rule in
        json.object {
          $0.field("id", rule.id)
          $0.field("text", rule.text)
        }
      }
      json.field("slot", context.slot)
      json.optional("taker_fee_bps", context.takerFee?.double)
      json.object("trader") { write(context.trader, to: &$0) }
      json.field("version", version)
    }
  }
}

extension ContextDocument {
  private static func write(_ account: AccountView, to json: inout CanonicalJSON) {
    json.field("available_usd", account.available)
    json.field("equity_usd", account.equity)
    json.field("margin_used_usd", account.marginUsed)
    json.field("profit_usd", account.profit)
  }

  private static func write(_ performance: PerformanceView, to json: inout CanonicalJSON) {
    let totals = performance.totals
    let winRate = totals.trades == 0 ? nil : 100 * Double(totals.wins) / Double(totals.trades)
    json.field("fees_usd", performance.fees)
    json.field("funding_usd", performance.funding)
    json.field("losses_usd", totals.losings)
    json.field("max_drawdown_pct", 100 * totals.maxDrawdown)
    json.field("opens_in_last_hour", performance.opensInLastHour)
    json.optional("sharpe", totals.sharpe)
    json.field("trades", totals.trades)
    json.optional("win_rate_pct", winRate)
    json.field("winnings_usd", totals.winnings)
    json.field("wins", totals.wins)
  }

  private static func write(
    _ view: PositionView, at now: Timestamp, to json: inout CanonicalJSON
  ) {
    let position = view.position
    json.field("age_minutes", (now - position.openedAt).ms / Span.minute.ms)
    json.field("coin", position.coin.name)
    json.field("entry_price", position.entryPrice)
    json.field("invalidation_condition", position.claim.exitPlan.invalidation)
    json.field("leverage", position.claim.leverage)
    json.optional("liquidation_price", view.liquidationPrice)
    json.field("margin_used_usd", view.marginUsed)
    json.field("mark", view.mark)
    json.field("notional_usd", position.notional(at: view.mark))
    json.field("opened_at_ms", position.openedAt.ms)
    json.field("peak_gain_pct", 100 * position.peakGain)
    json.optional("resting_stop", view.restingStop)
    json.optional("resting_target", view.restingTarget)
    json.field("side", position.side.rawValue)
    json.field("size_coins", position.size)
    json.field("unrealised_usd", view.unrealised)
  }

  private static func write(_ trade: Trade, to json: inout CanonicalJSON) {
    json.field("closed_at_ms", trade.closedAt.ms)
    json.field("coin", trade.coin.name)
    json.optional("confidence", trade.claim.confidence)
    json.field("entry_price", trade.entryPrice)
    json.field("exit_cause", trade.exitCause.rawValue)
    json.field("exit_price", trade.exitPrice)
    json.field("fees_usd", trade.entryFees + trade.exitFees)
    json.field("funding_usd", trade.funding)
    json.field("leverage", trade.claim.leverage)
    json.field("net_usd", trade.net)
    json.field("opened_at_ms", trade.openedAt.ms)
    json.field("side", trade.side.rawValue)
    json.field("size_coins", trade.size)
  }

  private static func write(_ trader: TraderSpec, to json: inout CanonicalJSON) {
    json.array("coins", trader.coins) { $0.value($1.name) }
    json.field("decision_interval_ms", trader.decisionInterval.ms)
    json.field("id", trader.id.name)
    json.object("limits") { write(trader.risk, trader.guards, to: &$0) }
    json.field("name", trader.name)
  }

  /// The limits under the keys of the configuration.
  private static func write(
    _ risk: RiskLimits, _ guards: ExecutionGuards, to json: inout CanonicalJSON
  ) {
    let margin = [risk.maxMarginUsage, guards.maxMarginUsage].compactMap { $0 }.min()
    json.field("allow_scale_in", risk.allowsScaleIn)
    json.optional("alt_position_value_max_equity_multiple", guards.altBand.max)
    json.optional("alt_position_value_min_equity_multiple", guards.altBand.min)
    json.field("altcoin_leverage", risk.altLeverage)
    json.optional("btceth_position_value_max_equity_multiple", guards.majorBand.max)
    json.optional("btceth_position_value_min_equity_multiple", guards.majorBand.min)
    json.optional("cooldown_after_close_ms", guards.cooldownAfterClose?.ms)
    json.optional("liquidity_threshold_usd", guards.liquidityThreshold)
    json.field("major_coin_leverage", risk.majorLeverage)
    json.optional("max_asset_pct", guards.maxAsset)
    json.field("max_entry_deviation_pct", risk.maxEntryDeviation)
    json.optional("max_margin_usage_pct", margin)
    json.optional("max_new_positions_per_cycle", guards.maxNewPositionsPerCycle)
    json.optional("max_opens_per_hour", guards.maxOpensPerHour)
    json.field("max_position_size_usd", risk.maxPositionSize)
    json.field("max_positions", risk.maxPositions)
    json.optional("max_risk_pct", risk.maxRisk)
    json.optional("max_total_pct", guards.maxTotal)
    json.field("min_confidence", risk.minConfidence)
    json.optional("min_hold_ms", guards.minHold?.ms)
    json.field("min_risk_reward_ratio", risk.minRewardRisk)
    json.field("stop_loss_enabled", risk.needsStop)
    json.field("take_profit_enabled", risk.needsTarget)
  }
}
