import Market
import Trading

extension ContextDocument {
  /// The coins the trader may trade or holds, of the market it looks at.
  static func write(
    _ market: MarketSnapshot, of context: ExecutorContext, to json: inout CanonicalJSON
  ) {
    let own = Set(context.trader.coins).union(context.positions.map(\.position.coin)).sorted()
    json.array("coins", own.compactMap { market.coins[$0] }) { json, coin in
      json.object { write(coin, to: &$0) }
    }
    json.array("missing", own.filter { market.coins[$0] == nil }) { json, coin in
      json.object {
        $0.field("coin", coin.name)
        $0.field("reason", market.missing[coin] ?? "the market provider does not list it")
      }
    }
    json.field("source", market.source.name)
  }

  private static func write(_ snapshot: CoinSnapshot, to json: inout CanonicalJSON) {
    let quote = snapshot.quote
    json.field("asof_ms", quote.asOf.ms)
    json.object("candles") { json in
      // By name, as all keys are.
      for frame in snapshot.candles.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
        guard let series = snapshot.candles[frame] else { continue }
        json.array(frame.rawValue, 0..<series.count) { write(series[$1], to: &$0) }
      }
    }
    json.optional("change_1h_pct", snapshot.change1hPct)
    json.optional("change_4h_pct", snapshot.change4hPct)
    json.field("coin", snapshot.coin.name)
    json.optional("day_volume_usd", snapshot.dayVolumeUSD)
    if let funding = snapshot.funding {
      json.object("funding") {
        $0.field("at_ms", funding.at.ms)
        $0.field("rate", Double(funding.rate.trillionths) / 1e12)
      }
    } else {
      json.null("funding")
    }
    json.field("mark", quote.mark)
    json.field("max_leverage", snapshot.instrument.maxLeverage)
    json.field("mid", quote.mid)
    json.field("min_notional_usd", snapshot.instrument.minNotional)
    json.optional("open_interest_coins", snapshot.openInterest)
    json.field("oracle", quote.oracle)
    json.field("size_decimals", snapshot.instrument.sizeDecimals)
  }

  /// Open time in ms, open, high, low, close, volume.
  private static func write(_ candle: Candle, to json: inout CanonicalJSON) {
    json.array(0..<6) { json, column in
      switch column {
      case 0: json.value(candle.openTime.ms)
      case 1: json.value(candle.open)
      case 2: json.value(candle.high)
      case 3: json.value(candle.low)
      case 4: json.value(candle.close)
      default: json.value(candle.volume)
      }
    }
  }
}

extension CanonicalJSON {
  /// Writes an exact decimal, or null.
  mutating func optional(_ name: String, _ decimal: (some ExactDecimal)?) {
    if let decimal { field(name, decimal) } else { null(name) }
  }

  /// Writes a whole number, or null.
  mutating func optional(_ name: String, _ number: Int?) {
    if let number { field(name, number) } else { null(name) }
  }

  /// Writes a whole number, or null.
  mutating func optional(_ name: String, _ number: Int64?) {
    if let number { field(name, number) } else { null(name) }
  }

  /// Writes a statistic, or null when there is none or it is not finite.
  mutating func optional(_ name: String, _ number: Double?) {
    if let number, number.isFinite { field(name, number) } else { null(name) }
  }
}
