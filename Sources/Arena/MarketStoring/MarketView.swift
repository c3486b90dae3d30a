import Exchanges
import Market
import Trading

/// A snapshot of a market with indicators, for people and programs.
struct MarketView {
  let snapshot: MarketSnapshot
  /// The coins asked for, in that order.
  let coins: [Coin]
  /// The time frames shown.
  let frames: [Timeframe]
  /// Whether the prices are made up.
  let isSynthetic: Bool

  /// Values of each indicator in the JSON, as many as prompts show.
  private static let seriesLength = 10

  private var known: [CoinSnapshot] { coins.compactMap { snapshot.coins[$0] } }

  private var absences: [(coin: Coin, reason: String)] {
    coins.compactMap { coin in
      snapshot.missing[coin].map { (coin, $0) }
    }
  }
}

// MARK: - Text

extension MarketView {
  /// Indicators in the tables, with their titles; the JSON has all there are.
  private static let shown: [(title: String, indicator: Indicator, drop: Int)] = [
    ("EMA20", .ema20, 0), ("EMA50", .ema50, 1), ("MACD", .macd, 0), ("SIGNAL", .macdSignal, 3),
    ("RSI7", .rsi7, 4), ("RSI14", .rsi14, 0), ("ATR14", .atr14, 2), ("BB LOW", .bollingerLower, 6),
    ("BB UP", .bollingerUpper, 6), ("ADX14", .adx14, 5), ("VWAP20", .vwapRolling20, 7),
  ]

  /// The prices, then the indicators of each time frame.
  func text(_ style: TextStyle) -> String {
    let note = isSynthetic ? " (synthetic: these prices are made up)" : ""
    var text = "\(snapshot.source) at \(snapshot.at)\(note)\n"
    if !known.isEmpty {
      text += prices(style)
      for frame in frames { text += indicators(of: frame, style) }
    }
    for absence in absences {
      text += style.wrapped("✗ \(absence.coin): \(absence.reason)") + "\n"
    }
    return text
  }

  private func prices(_ style: TextStyle) -> String {
    var table = TextTable(columns: [
      .init("COIN", .left), .init("MID", .right), .init("MARK", .right, drop: 1),
      .init("ORACLE", .right, drop: 6), .init("1H", .right), .init("4H", .right),
      .init("FUNDING/H", .right, drop: 2), .init("VOLUME 24H", .right, drop: 3),
      .init("OPEN INTEREST", .right, drop: 4), .init("AVERAGE", .right, drop: 5),
      .init("AGE", .right, drop: 7),
    ])
    for coin in known {
      let age = snapshot.at - coin.quote.asOf
      let tints = [4: Tint.of(coin.change1hPct), 5: Tint.of(coin.change4hPct)]
      table.add(
        [
          coin.coin.name, coin.quote.mid.description, coin.quote.mark.description,
          coin.quote.oracle.description,
          coin.change1hPct.map { Readable.signedPct($0) } ?? "—",
          coin.change4hPct.map { Readable.signedPct($0) } ?? "—",
          coin.funding.map { Self.percent($0.rate) } ?? "—", Self.large(coin.dayVolumeUSD),
          Self.large(coin.openInterest), Self.large(coin.openInterestAverage), age.description,
        ], tints: tints.compactMapValues(\.self))
    }
    return table.render(style)
  }

  private func indicators(of frame: Timeframe, _ style: TextStyle) -> String {
    var table = TextTable(
      columns: [.init("COIN", .left), .init("CANDLES", .right, drop: 8), .init("CLOSE", .right)]
        + Self.shown.map { TextTable.Column($0.title, .right, drop: $0.drop) })
    var newest: Timestamp?
    for coin in known {
      let candles = coin.candles[frame] ?? CandleSeries(timeframe: frame)
      if let last = candles.last { newest = max(newest ?? last.openTime, last.openTime) }
      let input = IndicatorInput(candles)
      let values = Self.shown.map { shown in
        (shown.indicator.compute(input).last ?? nil).map { Self.figure($0) } ?? "—"
      }
      table.add(
        [coin.coin.name, String(candles.count), candles.last?.close.description ?? "—"] + values)
    }
    let until = newest.map { ", finished candles up to \($0 + frame.span)" } ?? ", no candles"
    return "\n\(frame)\(until)\n" + table.render(style)
  }

  /// A rate of an hour in per cent with all its decimals.
  private static func percent(_ rate: FundingRate) -> String {
    let steps = rate.trillionths.magnitude
    var decimals = String(steps % 10_000_000_000)
    decimals = String(repeating: "0", count: 10 - decimals.utf8.count) + decimals
    while decimals.utf8.count > 4, decimals.last == "0" { decimals.removeLast() }
    return "\(rate.trillionths < 0 ? "-" : "+")\(steps / 10_000_000_000).\(decimals) %"
  }

  /// A large number in thousands, millions or billions.
  private static func large(_ number: Double?) -> String {
    guard let number else { return "—" }
    for (size, letter) in [(1e9, "B"), (1e6, "M"), (1e3, "k")] where number.magnitude >= size {
      return fixed(number / size, decimals: 2) + letter
    }
    return fixed(number, decimals: 2)
  }

  /// A number with about six digits.
  private static func figure(_ number: Double) -> String {
    var decimals = 6
    var limit = 1.0
    while decimals > 0, number.magnitude >= limit {
      decimals -= 1
      limit *= 10
    }
    return fixed(number, decimals: max(1, decimals))
  }

  private static func fixed(_ number: Double, decimals: Int) -> String {
    var scale: Int64 = 1
    for _ in 0..<decimals { scale *= 10 }
    let steps = (number.magnitude * Double(scale)).rounded()
    guard steps < 9e15 else { return number.description }
    let whole = Int64(steps)
    let fraction = String(whole % scale)
    let zeros = String(repeating: "0", count: max(0, decimals - fraction.utf8.count))
    return "\(number < 0 && whole > 0 ? "-" : "")\(whole / scale).\(zeros)\(fraction)"
  }
}

// MARK: - JSON

extension MarketView {
  /// One document with every indicator: its last values, oldest first, `null` until warmed up.
  var json: String {
    let bytes = CanonicalJSON.document { json in
      json.field("at", snapshot.at.description)
      json.field("at_ms", snapshot.at.ms)
      json.array("coins", known) { json, coin in json.object { write(coin, into: &$0) } }
      json.field("is_synthetic", isSynthetic)
      json.array("missing", absences) { json, absence in
        json.object { json in
          json.field("reason", absence.reason)
          json.field("symbol", absence.coin.name)
        }
      }
      json.field("provider", snapshot.source.name)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(_ coin: CoinSnapshot, into json: inout CanonicalJSON) {
    json.field("as_of_ms", coin.quote.asOf.ms)
    Self.optional("change_1h_pct", coin.change1hPct, into: &json)
    Self.optional("change_4h_pct", coin.change4hPct, into: &json)
    Self.optional("day_volume_usd", coin.dayVolumeUSD, into: &json)
    if let funding = coin.funding {
      json.field("funding_at_ms", funding.at.ms)
      json.field("funding_rate", funding.rate.description)
    } else {
      json.null("funding_at_ms")
      json.null("funding_rate")
    }
    Self.optional("impact_ask_price", coin.quote.impactAsk, into: &json)
    Self.optional("impact_bid_price", coin.quote.impactBid, into: &json)
    json.field("mark_price", coin.quote.mark)
    json.field("mid_price", coin.quote.mid)
    Self.optional("open_interest_average_coins", coin.openInterestAverage, into: &json)
    Self.optional("open_interest_coins", coin.openInterest, into: &json)
    json.field("oracle_price", coin.quote.oracle)
    json.field("symbol", coin.coin.name)
    json.object("timeframes") { json in
      for frame in frames.sorted(by: { $0.rawValue < $1.rawValue }) {
        json.object(frame.rawValue) { json in
          write(coin.candles[frame] ?? CandleSeries(timeframe: frame), into: &json)
        }
      }
    }
  }

  private static let null = Array("null".utf8)

  private func write(_ candles: CandleSeries, into json: inout CanonicalJSON) {
    let input = IndicatorInput(candles)
    json.field("candles", candles.count)
    json.array("closes", candles.closesDouble.suffix(Self.seriesLength)) { json, close in
      json.value(close)
    }
    json.object("indicators") { json in
      for indicator in Indicator.all.sorted(by: { $0.key < $1.key }) {
        json.key(indicator.key)
        let values = indicator.compute(input).suffix(Self.seriesLength)
        json.array(values) { json, value in
          if let value, value.isFinite {
            json.value(value)
          } else {
            json.value(fragment: Self.null)
          }
        }
      }
    }
    let last = candles.isEmpty ? nil : candles.closeTime(candles.count - 1)
    json.optional("last_close_at_ms", last?.ms)
  }

  private static func optional(
    _ key: String, _ number: Double?, into json: inout CanonicalJSON
  ) {
    if let number, number.isFinite { json.field(key, number) } else { json.null(key) }
  }

  private static func optional(
    _ key: String, _ price: Price?, into json: inout CanonicalJSON
  ) {
    if let price { json.field(key, price) } else { json.null(key) }
  }
}

extension IndicatorInput {
  /// The columns of candles.
  fileprivate init(_ candles: CandleSeries) {
    func dollars(_ mantissas: [Int64]) -> [Double] {
      mantissas.map { Double($0) / Double(exactDecimalScale) }
    }
    self.init(
      timesMs: candles.openTimesMs, highs: dollars(candles.highs), lows: dollars(candles.lows),
      closes: dollars(candles.closes), volumes: candles.volumes)
  }
}
