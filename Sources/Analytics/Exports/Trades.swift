import Trading

extension Export {
  /// The newest trades of every trader: grouped by trader id, the latest exit first.
  ///
  /// Money is primary: gross, fees and their scale are the ledger's; entry_closed_pnl is the entry
  /// fee taken, exit_closed_pnl the gross less the exit fee, and net and total commission are the
  /// sums of the digits shown, exactly. Prices are averages rounded to 1e-8, so gross equals
  /// quantity · (exit − entry) to within quantity · 1e-8.
  package static let trades = Export(
    name: "trades.json", summary: "The newest finished trades of every trader, up to 100."
  ) { view in
    let limit = tradesShown(of: view.traders.count)
    let shown = view.traders.flatMap { trader in
      newest(trader.recentTrades, limit).map { (trade: $0, scale: view.scale(of: trader)) }
    }
    return CanonicalJSON.document(capacity: 1024 + 1200 * shown.count) { json in
      json.field("serverTime", view.at.ms)
      json.array("trades", shown) { json, item in
        json.object { $0.fields(of: item.trade, scale: item.scale) }
      }
    }
  }

  /// Trades of each of so many traders that the file shows at most: 100, and fewer where 300 are
  /// shown of all, but no fewer than 10.
  package static func tradesShown(of traders: Int) -> Int {
    min(100, max(10, 300 / max(1, traders)))
  }

  private static func newest(_ trades: [Trade], _ limit: Int) -> some Sequence<Trade> {
    trades.sorted {
      $0.closedAt == $1.closedAt ? $0.position > $1.position : $0.closedAt > $1.closedAt
    }.prefix(limit)
  }
}

extension Trade {
  /// The id of the trade in the exports: the trader's id and the position's number.
  var documentID: String { "\(trader.name)_\(position)" }
}

extension CanonicalJSON {
  fileprivate mutating func fields(of trade: Trade, scale: DollarScale) {
    let entryFee = scale(trade.entryFees)
    let exitFee = scale(trade.exitFees)
    let gross = scale(trade.gross)
    let quantity = scale(trade.size.signed(trade.side))
    field("confidence", confidenceShare(trade.claim.confidence))
    field("entry_closed_pnl", -entryFee)
    field("entry_commission_dollars", entryFee)
    field("entry_crossed", true)  // Entries are immediate-or-cancel orders.
    field("entry_human_time", humanTime(trade.openedAt))
    null("entry_liquidation")
    field("entry_oid", venueID: trade.entryOrderID)
    field("entry_price", trade.entryPrice)
    field("entry_sz", quantity.magnitude)
    field("entry_tid", venueID: trade.entryFillID)
    field("entry_time", seconds: trade.openedAt)
    field("exit_closed_pnl", gross - exitFee)
    field("exit_commission_dollars", exitFee)
    field("exit_crossed", trade.exitCause != .limit)
    field("exit_human_time", humanTime(trade.closedAt))
    exitLiquidation(of: trade)
    field("exit_oid", venueID: trade.exitOrderID)
    exitPlan(trade.claim.exitPlan)
    field("exit_price", trade.exitPrice)
    field("exit_sz", quantity.magnitude)
    field("exit_tid", venueID: trade.exitFillID)
    field("exit_time", seconds: trade.closedAt)
    field("id", trade.trader.name, numbered: trade.position)
    field("leverage", max(1, trade.claim.leverage))
    field("model_id", trade.trader.name)
    field("quantity", quantity)
    field("realized_gross_pnl", gross)
    field("realized_net_pnl", gross - exitFee - entryFee)
    field("side", trade.side.rawValue)
    field("symbol", trade.coin.name)
    field("total_commission_dollars", entryFee + exitFee)
    let opened = secondsText(trade.openedAt)
    let closed = secondsText(trade.closedAt)
    field("trade_id", "\(opened)_\(trade.coin.name)_\(closed)_\(trade.trader.name)")
    field("trade_type", trade.side.rawValue)
  }

  private mutating func exitLiquidation(of trade: Trade) {
    guard trade.exitCause == .liquidation else {
      null("exit_liquidation")
      return
    }
    object("exit_liquidation") { json in
      json.field("price", trade.exitPrice)
      json.field("symbol", trade.coin.name)
    }
  }
}

/// The instant as `YYYY-MM-DD HH:MM:SS.ffffff`, UTC.
private func humanTime(_ instant: Timestamp) -> String {
  let day = CivilDay(instant)
  let ms = (instant - day.start).ms
  let clock = String(unsafeUninitializedCapacity: 16) { buffer in
    var count = 0
    func put(_ mark: Unicode.Scalar, _ number: Int64, digits: Int) {
      buffer[count] = UInt8(ascii: mark)
      var rest = number
      for place in stride(from: count + digits, to: count, by: -1) {
        buffer[place] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      }
      count += digits + 1
    }
    put(" ", ms / 3_600_000, digits: 2)
    put(":", ms / 60_000 % 60, digits: 2)
    put(":", ms / 1000 % 60, digits: 2)
    put(".", ms % 1000 * 1000, digits: 6)
    return count
  }
  return day.description + clock
}

/// Seconds since 1970 as text with at most three decimals.
func secondsText(_ instant: Timestamp) -> String {
  // A millisecond is 100,000 steps of 1e-8.
  Factor(mantissa: instant.ms * 100_000).description
}
