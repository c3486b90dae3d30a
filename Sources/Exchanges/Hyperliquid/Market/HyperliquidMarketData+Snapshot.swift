import Market
import Trading

/// What is wanted of one coin that has a price.
struct CoinWish: Sendable {
  let instrument: Instrument
  /// How many finished candles of which time frames.
  let candles: [Timeframe: Int]

  var coin: Coin { instrument.coin }
}

/// What is known of one coin, and what of it is new to the store.
struct CoinView: Sendable {
  var snapshot: CoinSnapshot?
  var addition: MarketAddition
}

extension HyperliquidMarketData {
  /// Coins whose candles are asked for at once.
  static let atOnce = 8
  /// Changes are measured against a close at most this part of their length older.
  private static let changePart: Int64 = 12

  /// What is known of coins at an instant; what is new is saved.
  ///
  /// Where there is no `present` reading, the instant is past, and the last closes count.
  func views(
    of wishes: [CoinWish], present: VenueReading?, at now: Timestamp
  ) async throws(MarketDataError) -> [CoinSnapshot] {
    let views = try await each(wishes) { wish throws(MarketDataError) in
      try await self.view(of: wish, present: present, at: now)
    }
    var additions = views.map(\.addition)
    for coin in followed where !wishes.contains(where: { $0.coin == coin }) {
      guard let present, present.quote(of: coin, at: now) != nil else { continue }
      additions.append(try addition(of: coin, present: present, candles: [], at: now))
    }
    try storing { try store.save(additions.filter { !$0.isEmpty }, now) }
    var snapshots: [CoinSnapshot] = []
    for view in views {
      guard let snapshot = view.snapshot else { continue }
      let average = try storing { try store.averageOpenInterest(snapshot.coin) }
      snapshots.append(present == nil ? snapshot : snapshot.averaging(average))
    }
    return snapshots
  }

  private func view(
    of wish: CoinWish, present: VenueReading?, at now: Timestamp
  ) async throws(MarketDataError) -> CoinView {
    var known: [Timeframe: CandleSeries] = [:]
    var unsaved: [CandleSeries] = []
    let frames = wish.candles.sorted { $0.key < $1.key }
    for (timeframe, limit) in frames {
      let isFinest = timeframe == frames.first?.key
      let stretch = window(timeframe, isFinest ? max(limit, Self.reachBack(timeframe)) : limit, now)
      let reading = try await read(wish.coin, timeframe, stretch, knowing: known)
      known[timeframe] = reading.candles
      if !reading.unsaved.isEmpty { unsaved.append(reading.unsaved) }
    }
    let addition = try addition(of: wish.coin, present: present, candles: unsaved, at: now)
    var last = present?.quote(of: wish.coin, at: now)
    if present == nil { last = try lastClose(of: wish.coin, knowing: known, at: now) }
    guard let quote = last else { return CoinView(snapshot: nil, addition: addition) }
    let context = present?.contexts[wish.coin]
    let windows = frames.map { ($0.key, known[$0.key]?.window(endingBy: now, limit: $0.value)) }
    let snapshot = CoinSnapshot(
      instrument: wish.instrument, quote: quote,
      funding: try funding(of: wish.coin, context: context, at: now),
      openInterest: context?.openInterest, dayVolumeUSD: context?.dayVolumeUSD,
      change1hPct: try change(of: quote, over: .hour, knowing: known),
      change4hPct: try change(of: quote, over: .hours(4), knowing: known),
      candles: Dictionary(windows.compactMap { frame, series in series.map { (frame, $0) } }) {
        first, _ in first
      })
    return CoinView(snapshot: snapshot, addition: addition)
  }

  /// The candles that the last `limit` of a time frame are, by an instant.
  private func window(_ timeframe: Timeframe, _ limit: Int, _ now: Timestamp) -> OpenTimes {
    let end = min(now, clock.now).floored(to: timeframe.span)
    return OpenTimes(from: end - timeframe.span * Int64(max(0, limit)), to: end)
  }

  /// Candles it takes to know the close four hours ago; none where they are too long for that.
  private static func reachBack(_ timeframe: Timeframe) -> Int {
    let span = timeframe.span.ms
    return span * changePart <= Span.hours(4).ms ? Int(Span.hours(4).ms / span) + 1 : 0
  }

  /// Reads candles; a venue that cannot be asked leaves what is kept.
  func read(
    _ coin: Coin, _ timeframe: Timeframe, _ stretch: OpenTimes,
    knowing known: [Timeframe: CandleSeries] = [:]
  ) async throws(MarketDataError) -> CandleShelf.Reading {
    do {
      return try await shelf.read(coin, timeframe, stretch, knowing: known)
    } catch {
      throw .storage(provider: id, cause: "\(error)")
    }
  }

  private func addition(
    of coin: Coin, present: VenueReading?, candles: [CandleSeries], at now: Timestamp
  ) throws(MarketDataError) -> MarketAddition {
    let context = present?.contexts[coin]
    let hour = now.floored(to: .hour)
    var funding: [FundingPoint] = []
    if let context {
      // A rate that was charged at that hour is known better: it stays.
      let isKept = try !storing { try store.funding(coin, hour, hour + Span(ms: 1)) }.isEmpty
      if !isKept { funding = [FundingPoint(at: hour, rate: context.funding)] }
    }
    return MarketAddition(
      coin: coin, candles: candles, funding: funding,
      openInterest: context.map { OpenInterestPoint(at: hour, coins: $0.openInterest) })
  }

  private func funding(
    of coin: Coin, context: AssetContext?, at now: Timestamp
  ) throws(MarketDataError) -> FundingPoint? {
    let hour = now.floored(to: .hour)
    if let context { return FundingPoint(at: hour, rate: context.funding) }
    return try storing { try store.funding(coin, hour - .day, hour + Span(ms: 1)) }.last
  }

  // MARK: Closes

  /// The change of a price against the one known that long before, per cent; `nil` = not known.
  ///
  /// That is the close of the candle that had just ended then: exactly then, or at most a twelfth
  /// of the length before.
  private func change(
    of quote: Quote, over length: Span, knowing known: [Timeframe: CandleSeries]
  ) throws(MarketDataError) -> Double? {
    let instant = quote.asOf - length
    for timeframe in Timeframe.allCases {
      let end = instant.floored(to: timeframe.span)
      guard end == instant || timeframe.span * Self.changePart <= length else { continue }
      if let close = try close(quote.coin, timeframe, endingAt: end, knowing: known) {
        return quote.mid.changePct(from: close)
      }
    }
    return nil
  }

  private func close(
    _ coin: Coin, _ timeframe: Timeframe, endingAt end: Timestamp,
    knowing known: [Timeframe: CandleSeries]
  ) throws(MarketDataError) -> Price? {
    if let close = known[timeframe]?.close(endingAt: end) { return close }
    return try storing {
      try store.candles(coin, timeframe, end - timeframe.span, end).close(endingAt: end)
    }
  }

  /// The freshest close that is kept, at most a few candles old; `nil` = none.
  func lastClose(
    of coin: Coin, knowing known: [Timeframe: CandleSeries], at now: Timestamp
  ) throws(MarketDataError) -> Quote? {
    var best: (at: Timestamp, price: Price)?
    for timeframe in Timeframe.allCases {
      let end = now.floored(to: timeframe.span)
      // A longer candle is worth reading only if it could have ended later.
      if let best, end <= best.at { continue }
      let first = end - timeframe.span * Self.lookBack
      let kept = try storing { try store.candles(coin, timeframe, first, end) }
      let series = known[timeframe].map { kept.overlaid(by: $0) } ?? kept
      let count = series.countClosed(by: now)
      guard count > 0, let price = Price(mantissa: series.closes[count - 1]) else { continue }
      if series.closeTime(count - 1) > best?.at ?? Timestamp(ms: .min) {
        best = (series.closeTime(count - 1), price)
      }
    }
    return best.map {
      Quote(coin: coin, asOf: $0.at, mid: $0.price, mark: $0.price, oracle: $0.price)
    }
  }

  /// Candles looked back for the last close.
  static let lookBack: Int64 = 10

  // MARK: Side by side

  /// Does the same for several things, a few at once; answers in their order.
  func each<Item: Sendable, Value: Sendable>(
    _ items: [Item], _ work: @escaping @Sendable (Item) async throws(MarketDataError) -> Value
  ) async throws(MarketDataError) -> [Value] {
    typealias Answer = (index: Int, result: Result<Value, MarketDataError>)
    let answers = await withTaskGroup(of: Answer.self) { group in
      var next = 0
      func add() {
        guard next < items.count else { return }
        let index = next
        next += 1
        group.addTask {
          do throws(MarketDataError) {
            return (index, .success(try await work(items[index])))
          } catch {
            return (index, .failure(error))
          }
        }
      }
      for _ in 0..<Self.atOnce { add() }
      var answers: [Answer] = []
      for await answer in group {
        answers.append(answer)
        add()
      }
      return answers
    }
    var values: [Value] = []
    for answer in answers.sorted(by: { $0.index < $1.index }) {
      values.append(try answer.result.get())
    }
    return values
  }
}

extension CoinSnapshot {
  /// The same with the mean open interest of the history.
  fileprivate func averaging(_ mean: Double?) -> CoinSnapshot {
    CoinSnapshot(
      instrument: instrument, quote: quote, funding: funding, openInterest: openInterest,
      openInterestAverage: mean, dayVolumeUSD: dayVolumeUSD, change1hPct: change1hPct,
      change4hPct: change4hPct, candles: candles)
  }
}

extension MarketAddition {
  /// Whether it adds nothing.
  var isEmpty: Bool { candles.isEmpty && funding.isEmpty && openInterest == nil }
}
