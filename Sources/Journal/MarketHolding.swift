package import Market
package import Trading

/// What is kept of one kind of one coin's market.
package struct MarketHolding: Sendable, Equatable {
  /// A kind of market data.
  package enum Kind: Sendable, Hashable {
    /// Finished candles of a time frame; their times are when they begin.
    case candles(Timeframe)
    /// Hourly funding rates.
    case funding
    /// Open interest, a point for each hour in which a run looked.
    case openInterest

    /// The time from one to the next.
    package var step: Span {
      switch self {
      case .candles(let timeframe): timeframe.span
      case .funding, .openInterest: .hour
      }
    }
  }

  /// Whose market it is.
  package let provider: ProviderID
  /// The coin.
  package let coin: Coin
  /// What it is.
  package let kind: Kind
  /// The time of the first.
  package let first: Timestamp
  /// The time of the last.
  package let last: Timestamp
  /// How many there are, at least one.
  package let count: Int
  /// Where some are missing between the first and the last, oldest first.
  package let gaps: [MarketGap]

  /// How many are missing between the first and the last.
  package var missing: Int64 { gaps.reduce(0) { $0 + $1.count } }
}

extension StateStore {
  /// What is kept of the markets, sorted by provider, coin and kind: candles from short to long,
  /// then funding, then open interest; of one provider or of all (`nil`).
  package func marketHoldings(
    of provider: ProviderID?
  ) throws(JournalError) -> [MarketHolding] {
    try database.read("list the market") { session in
      let places =
        try session.candlePlaces() + session.pointPlaces("market_funding", .funding)
        + session.pointPlaces("market_open_interest", .openInterest)
      let wanted = places.filter { provider == nil || $0.provider == provider }
      return try wanted.sorted { ($0.provider, $0.coin, $0.rank) < ($1.provider, $1.coin, $1.rank) }
        .map { try session.holding($0) }
    }
  }
}

/// Where a kind of market data is.
private struct MarketPlace {
  let provider: ProviderID
  let coin: Coin
  let kind: MarketHolding.Kind

  var rank: Int64 {
    switch kind {
    case .candles(let timeframe): timeframe.span.ms
    case .funding: .max - 1
    case .openInterest: .max
    }
  }

  /// The rows of the place: table, column of the time, condition and its values.
  var rows: (table: String, time: String, condition: String, values: [any Column]) {
    let condition = "provider = ? AND coin = ?"
    switch kind {
    case .candles(let timeframe):
      return (
        "market_candles", "open_ms", condition + " AND timeframe = ?", [provider, coin, timeframe]
      )
    case .funding: return ("market_funding", "at_ms", condition, [provider, coin])
    case .openInterest: return ("market_open_interest", "at_ms", condition, [provider, coin])
    }
  }
}

extension Session {
  /// The places that have candles, found from key to key without looking at the rows between.
  fileprivate func candlePlaces() throws -> [MarketPlace] {
    var places: [MarketPlace] = []
    var last: (provider: String, coin: String, timeframe: String) = ("", "", "")
    while let next: (ProviderID, Coin, Timeframe) = try first(
      """
      SELECT provider, coin, timeframe FROM market_candles
      WHERE (provider, coin, timeframe) > (?, ?, ?)
      ORDER BY provider, coin, timeframe LIMIT 1
      """, [last.provider, last.coin, last.timeframe],
      { (try $0.next(), try $0.next(), try $0.next()) })
    {
      places.append(MarketPlace(provider: next.0, coin: next.1, kind: .candles(next.2)))
      last = (next.0.name, next.1.name, next.2.rawValue)
    }
    return places
  }

  /// The places of a table with a point for each hour.
  fileprivate func pointPlaces(
    _ table: String, _ kind: MarketHolding.Kind
  ) throws -> [MarketPlace] {
    var places: [MarketPlace] = []
    var last = (provider: "", coin: "")
    while let next: (ProviderID, Coin) = try first(
      """
      SELECT provider, coin FROM \(table) WHERE (provider, coin) > (?, ?)
      ORDER BY provider, coin LIMIT 1
      """, [last.provider, last.coin], { (try $0.next(), try $0.next()) })
    {
      places.append(MarketPlace(provider: next.0, coin: next.1, kind: kind))
      last = (next.0.name, next.1.name)
    }
    return places
  }

  fileprivate func holding(_ place: MarketPlace) throws -> MarketHolding {
    let (table, time, condition, values) = place.rows
    let range: (count: Int, first: Timestamp, last: Timestamp)? = try first(
      "SELECT count(*), min(\(time)), max(\(time)) FROM \(table) WHERE \(condition)", values
    ) { (try $0.next(), try $0.next(), try $0.next()) }
    guard let range else { throw DamagedRow(column: time, expected: "time", was: "none") }
    let gaps: [MarketGap?] = try rows(
      """
      SELECT here, later FROM (
        SELECT \(time) AS here, lead(\(time)) OVER (ORDER BY \(time)) AS later
        FROM \(table) WHERE \(condition))
      WHERE later > here + ?
      """, values + [place.kind.step.ms]
    ) { MarketGap(after: try $0.next(), before: try $0.next(), every: place.kind.step) }
    return MarketHolding(
      provider: place.provider, coin: place.coin, kind: place.kind, first: range.first,
      last: range.last, count: range.count, gaps: gaps.compactMap(\.self))
  }
}
