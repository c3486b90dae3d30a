package import Market
package import Trading

/// What market providers read from venues, so that only what is missing is read again.
extension StateStore {
  /// Finished candles that begin in `from ..< to`, oldest first.
  package func marketCandles(
    provider: ProviderID, coin: Coin, timeframe: Timeframe, from: Timestamp, to: Timestamp
  ) throws(JournalError) -> CandleSeries {
    try database.read("read candles") { session in
      var series = CandleSeries(timeframe: timeframe)
      _ = try session.rows(
        """
        SELECT open_ms, open, high, low, close, volume FROM market_candles
        WHERE provider = ? AND coin = ? AND timeframe = ? AND open_ms >= ? AND open_ms < ?
        ORDER BY open_ms
        """, [provider, coin, timeframe, from, to]
      ) { row in
        let candle = try Candle(&row)
        guard series.append(candle) else {
          throw DamagedRow(
            column: "open_ms", expected: "multiple of \(timeframe)",
            was: "\(candle.openTime.ms)")
        }
      }
      return series
    }
  }

  /// Funding rates of the full hours in `from ..< to`, oldest first.
  package func marketFunding(
    provider: ProviderID, coin: Coin, from: Timestamp, to: Timestamp
  ) throws(JournalError) -> [FundingPoint] {
    try database.read("read funding rates") { session in
      try session.rows(
        """
        SELECT at_ms, rate FROM market_funding
        WHERE provider = ? AND coin = ? AND at_ms >= ? AND at_ms < ? ORDER BY at_ms
        """, [provider, coin, from, to]
      ) { FundingPoint(at: try $0.next(), rate: try $0.next()) }
    }
  }

  /// Mean open interest of a coin over everything kept, in coins; `nil` = nothing is kept.
  ///
  /// It reads all of it, which the retention bounds.
  package func averageOpenInterest(
    provider: ProviderID, coin: Coin
  ) throws(JournalError) -> Double? {
    try database.read("read open interest") { session in
      try session.first(
        "SELECT avg(coins) FROM market_open_interest WHERE provider = ? AND coin = ?",
        [provider, coin]
      ) { try $0.next(Double?.self) } ?? nil
    }
  }

  /// Adds to what is kept of a provider, and drops whatever of it is older than the retention, all
  /// in one transaction.
  ///
  /// - Parameters:
  ///   - provider: Whose market it is.
  ///   - additions: What was read; a later addition replaces an earlier one.
  ///   - now: The present.
  ///   - retention: How long anything is kept: what is from before `now - retention` goes.
  /// - Throws: ``JournalError``; nothing is changed then.
  package func saveMarket(
    provider: ProviderID, additions: [MarketAddition], now: Timestamp, retention: Span
  ) throws(JournalError) {
    try database.write("keep the market") { session in
      let begin = now - retention
      for addition in additions { try session.keep(addition, of: provider, from: begin) }
      try session.dropMarket(of: provider, before: begin)
    }
  }
}

extension Candle {
  /// The candle of the next columns: time, open, high, low, close, volume.
  fileprivate init(_ row: inout RowReader) throws {
    let openTime: Timestamp = try row.next()
    let open: Int64 = try row.next()
    let high: Int64 = try row.next()
    let low: Int64 = try row.next()
    let close: Int64 = try row.next()
    let volume: Double = try row.next()
    guard let first = Price(mantissa: open), let highest = Price(mantissa: high),
      let lowest = Price(mantissa: low), let last = Price(mantissa: close),
      let candle = Candle(
        openTime: openTime, open: first, high: highest, low: lowest, close: last, volume: volume)
    else {
      throw DamagedRow(
        column: "open", expected: "candle of prices in their order",
        was: "\(open), \(high), \(low), \(close), volume \(volume)")
    }
    self = candle
  }
}

extension Session {
  private static let upsertCandle = Columns(
    "market_candles", "provider coin timeframe open_ms open high low close volume"
  ).upsert(key: "provider", "coin", "timeframe", "open_ms")
  private static let upsertFunding = Columns(
    "market_funding", "provider coin at_ms rate"
  ).upsert(key: "provider", "coin", "at_ms")
  private static let upsertOpenInterest = Columns(
    "market_open_interest", "provider coin at_ms coins"
  ).upsert(key: "provider", "coin", "at_ms")

  /// Keeps what is not too old.
  func keep(
    _ addition: MarketAddition, of provider: ProviderID, from begin: Timestamp
  ) throws {
    let coin = addition.coin
    for series in addition.candles {
      for index in series.countOpened(before: begin)..<series.count {
        try run(
          Self.upsertCandle,
          [
            provider, coin, series.timeframe, series.openTimesMs[index], series.opens[index],
            series.highs[index], series.lows[index], series.closes[index], series.volumes[index],
          ])
      }
    }
    for point in addition.funding where point.at >= begin {
      try run(Self.upsertFunding, [provider, coin, point.at, point.rate])
    }
    if let point = addition.openInterest, point.at >= begin {
      try run(Self.upsertOpenInterest, [provider, coin, point.at, point.coins])
    }
  }

  /// Drops what is too old, also of coins that are read no more.
  ///
  /// It goes from key to key, so that it looks at no row that stays.
  fileprivate func dropMarket(of provider: ProviderID, before begin: Timestamp) throws {
    var place: (coin: String, timeframe: String)? = ("", "")
    while let last = place {
      place = try first(
        """
        SELECT coin, timeframe FROM market_candles
        WHERE provider = ? AND (coin, timeframe) > (?, ?) ORDER BY coin, timeframe LIMIT 1
        """, [provider, last.coin, last.timeframe]
      ) { (try $0.next(), try $0.next()) }
      guard let (coin, timeframe) = place else { break }
      try run(
        """
        DELETE FROM market_candles
        WHERE provider = ? AND coin = ? AND timeframe = ? AND open_ms < ?
        """, [provider, coin, timeframe, begin])
    }
    for table in ["market_funding", "market_open_interest"] {
      var coin: String? = ""
      while let last = coin {
        coin = try first(
          "SELECT coin FROM \(table) WHERE provider = ? AND coin > ? ORDER BY coin LIMIT 1",
          [provider, last]
        ) { try $0.next() }
        guard let coin else { break }
        try run(
          "DELETE FROM \(table) WHERE provider = ? AND coin = ? AND at_ms < ?",
          [provider, coin, begin])
      }
    }
  }
}
