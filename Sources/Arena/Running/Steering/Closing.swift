import Trading

/// What closing a trader's positions came to.
struct Closing {
  let trader: TraderID
  let at: Timestamp
  /// The fills, in time order; of a trader that left the configuration they are not known.
  let fills: [Fill]
  /// The positions that ended.
  let trades: [Trade]
  /// What the venue refused, in words.
  let held: [String]
  /// What is still open, in words; `nil` = nothing.
  let rest: String?

  /// Ends the command with exit code 74 when something is still open.
  func refuseRest() throws(RunFailure) {
    guard let rest else { return }
    let why = held.isEmpty ? "" : " (\(Readable.clipped(held.joined(separator: "; "), to: 300)))"
    throw RunFailure(
      .inputOutput,
      "\(trader) still \(rest)\(why). What rests at the venue stays there; give the same command "
        + "again.")
  }

  var text: String {
    guard !fills.isEmpty || !trades.isEmpty || rest != nil else {
      return "\(trader) holds no position; nothing was done\n"
    }
    var text = "\(trader): closing, as of \(at)\n"
    for fill in fills {
      text +=
        "  \(fill.side == .buy ? "bought" : "sold") \(fill.size) \(fill.coin) at \(fill.price), "
        + "fee \(Readable.usd(fill.fee)) USD\n"
    }
    for trade in trades {
      text +=
        "  the \(trade.side.rawValue) of \(trade.size) \(trade.coin) ended with "
        + "\(Readable.usd(trade.net)) USD net of fees and funding\n"
    }
    return text
  }

  func write(into json: inout CanonicalJSON) {
    json.field("at_ms", at.ms)
    json.array("fills", fills) { json, fill in
      json.object { json in
        json.field("at_ms", fill.at.ms)
        json.field("fee_usd", fill.fee)
        json.field("price", fill.price)
        json.field("side", fill.side.rawValue)
        json.field("size_coins", fill.size)
        json.field("symbol", fill.coin.name)
      }
    }
    if let rest { json.field("still", rest) } else { json.null("still") }
    json.field("trader", trader.name)
    json.array("trades", trades) { json, trade in
      json.object { json in
        json.field("net_usd", trade.net)
        json.field("side", trade.side.rawValue)
        json.field("size_coins", trade.size)
        json.field("symbol", trade.coin.name)
      }
    }
  }
}

/// A trader that was removed.
struct Removal {
  let trader: TraderID
  let at: Timestamp
  let before: TraderRecord
  let after: TraderRecord
  let isConfigured: Bool
  /// What closing came to; `nil` when there was nothing to close.
  let closing: Closing?

  /// The capital that went back, USD.
  private var returned: USD { before.ledger.flows - after.ledger.flows }
  /// What it still has; it goes back when the venue has moved it.
  private var remaining: USD { after.ledger.cash }

  var text: String {
    var text = closing?.text ?? ""
    text += "\(trader): \(before.runtime.status.rawValue) → removed, as of \(at)\n"
    text += "  It gave back \(Readable.usd(returned)) USD; its history is kept.\n"
    if remaining > .zero {
      text += "  Another \(Readable.usd(remaining)) USD are still on its account.\n"
    }
    if isConfigured {
      text +=
        "  Delete it from manager.yaml as well; as long as it is there it is passed over. Its id "
        + "is not used again.\n"
    }
    return text
  }

  func write(into json: inout CanonicalJSON) {
    json.field("at_ms", at.ms)
    if let closing {
      json.object("closed") { closing.write(into: &$0) }
    } else {
      json.null("closed")
    }
    json.field("is_configured", isConfigured)
    json.field("remaining_usd", remaining)
    json.field("returned_usd", returned)
    json.field("trader", trader.name)
  }
}
