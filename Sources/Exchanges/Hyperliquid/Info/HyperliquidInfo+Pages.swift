package import Market
package import Trading

extension HyperliquidInfo {
  /// Rows from which on an answer may have been cut: the least number the venue was ever seen to
  /// cut at.
  private static let fullPage = 500
  /// Requests made for one stretch of time at the most.
  private static let mostPages = 24
  /// Candles the venue keeps.
  private static let keptCandles: Int64 = 5000

  /// Candles from the one that contains `from` to the one that begins at or before `to`; what is
  /// older than the venue's last 5000 is missing.
  ///
  /// `now` is the venue's time: what ends later has not ended.
  package func candles(
    _ coin: Coin, _ timeframe: Timeframe, from: Timestamp, to: Timestamp, now: Timestamp
  ) async throws(InfoError) -> VenueCandles {
    var candles: [Int64: Candle] = [:]
    var start = max(from, now - timeframe.span * Self.keptCandles)
    let last = min(to, now)
    for _ in 0..<Self.mostPages {
      let request = InfoRequest.candles(coin, timeframe, from: start, to: to)
      let page = try await read(request) { payload throws(PayloadProblem) in
        try VenueCandles.rows(payload, of: coin, timeframe)
      }
      for candle in page { candles[candle.openTime.ms] = candle }
      guard page.count >= Self.fullPage, let newest = page.map(\.openTime).max() else { break }
      let next = newest + timeframe.span
      guard next > start, next <= last else { break }
      start = next
    }
    let ascending = candles.values.sorted { $0.openTime < $1.openTime }
    return VenueCandles(ascending, timeframe: timeframe, now: now)
  }

  /// Fills with both bounds included, by time and trade id; `nil` = up to now.
  package func fillsByTime(
    _ account: EthereumAddress, from: Timestamp, to: Timestamp?
  ) async throws(InfoError) -> [VenueFill] {
    let fills = try await pages(from, to) {
      .fillsByTime(account, from: $0, to: $1)
    } read: { row throws(PayloadProblem) in
      try VenueFill.read(row)
    } key: { fill in
      FillKey(
        at: fill.at, symbol: fill.symbol, trade: fill.tradeID, order: fill.orderNumber,
        side: fill.side)
    }
    return fills.sorted {
      ($0.at.ms, $0.tradeID, $0.symbol) < ($1.at.ms, $1.tradeID, $1.symbol)
    }
  }

  /// Funding payments with both bounds included, by time and coin; `nil` = up to now.
  package func funding(
    _ account: EthereumAddress, from: Timestamp, to: Timestamp?
  ) async throws(InfoError) -> [VenueFunding] {
    let payments = try await pages(from, to) {
      .funding(account, from: $0, to: $1)
    } read: { row throws(PayloadProblem) in
      try VenueFunding.read(row)
    } key: { payment in
      FundingSlot(coin: payment.coin, at: payment.at)
    }
    return payments.sorted { ($0.at, $0.coin) < ($1.at, $1.coin) }
  }

  /// Money that came into or left an account's perpetuals, both bounds included, by time and
  /// hash; `nil` = up to now.
  package func ledgerUpdates(
    _ account: EthereumAddress, from: Timestamp, to: Timestamp?
  ) async throws(InfoError) -> [VenueMoneyMove] {
    let moves = try await pages(from, to) {
      .ledgerUpdates(account, from: $0, to: $1)
    } read: { row throws(PayloadProblem) in
      try VenueMoneyMove.read(row, of: account)
    } key: { move in
      MoveKey(at: move.at, hash: move.hash, kind: move.kind)
    }
    return moves.sorted { ($0.at.ms, $0.hash, $0.kind) < ($1.at.ms, $1.hash, $1.kind) }
  }

  /// Funding rates of a coin by full hour, both bounds included; `nil` = up to now.
  package func fundingHistory(
    _ coin: Coin, from: Timestamp, to: Timestamp?
  ) async throws(InfoError) -> [FundingPoint] {
    let points = try await pages(from, to) {
      .fundingHistory(coin, from: $0, to: $1)
    } read: { row throws(PayloadProblem) -> FundingPoint? in
      // The venue writes some ms past the hour.
      let hour = (try row.time("time") + .minutes(30)).floored(to: .hour)
      return FundingPoint(at: hour, rate: try row.rate("fundingRate"))
    } key: { point in
      point.at
    }
    return points.sorted { $0.at < $1.at }
  }
}

extension HyperliquidInfo {
  /// What tells one fill from another.
  private struct FillKey: Hashable {
    let at: Timestamp
    let symbol: String
    let trade: Int64
    let order: Int64
    let side: OrderSide
  }

  /// What tells one movement of money from another.
  private struct MoveKey: Hashable {
    let at: Timestamp
    let hash: String
    let kind: String
  }

  /// A row with its time, whether it matters to us or not.
  private struct TimedRow<Row> {
    let at: Timestamp
    let row: Row?
  }

  /// All rows of a stretch of time, each key once, in no order.
  ///
  /// A full answer is followed by the question for what comes after its newest row, or, when the
  /// venue lists the newest first, before its oldest; rows of that very ms come twice.
  private func pages<Row, Key: Hashable>(
    _ from: Timestamp, _ to: Timestamp?,
    of request: (Timestamp, Timestamp?) -> InfoRequest,
    read decode: (Payload) throws(PayloadProblem) -> Row?, key: (Row) -> Key
  ) async throws(InfoError) -> [Row] {
    var rows: [Row] = []
    var seen: Set<Key> = []
    var (from, to) = (from, to)
    for _ in 0..<Self.mostPages {
      let page = try await read(request(from, to)) { payload throws(PayloadProblem) in
        try payload.each { row throws(PayloadProblem) in
          TimedRow(at: try row.time("time"), row: try decode(row))
        }
      }
      for row in page.compactMap(\.row) where seen.insert(key(row)).inserted { rows.append(row) }
      guard page.count >= Self.fullPage, let first = page.first?.at, let last = page.last?.at
      else { return rows }
      if first > last {
        to = last == to ? last - Span(ms: 1) : last
      } else {
        from = last == from ? last + Span(ms: 1) : last
      }
      if let to, to < from { return rows }
    }
    throw .overBudget(
      request: request(from, to).name,
      cause: "expected at most \(Self.mostPages) pages of rows since \(from), there are more")
  }
}
