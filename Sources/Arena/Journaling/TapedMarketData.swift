import Exchanges
import Market
import Trading

/// A market whose answers are noted; or the answers alone, without a market.
struct TapedMarketData: MarketData {
  let id: ProviderID
  let tape: CycleTape
  /// The market itself; `nil` = what it said is played.
  let inner: (any MarketData)?
  let isSimulated: Bool
  let isSynthetic: Bool
  let firstCycleAt: Timestamp?

  /// A market that is noted.
  init(_ id: ProviderID, _ inner: any MarketData, tape: CycleTape) {
    self.id = id
    self.tape = tape
    self.inner = inner
    isSimulated = inner.isSimulated
    isSynthetic = inner.isSynthetic
    firstCycleAt = inner.firstCycleAt
  }

  /// A market that is played.
  init(_ id: ProviderID, traits: MarketTraits, tape: CycleTape) {
    self.id = id
    self.tape = tape
    inner = nil
    isSimulated = traits.isSimulated
    isSynthetic = traits.isSynthetic
    firstCycleAt = nil
  }

  func instruments() async throws(MarketDataError) -> [Coin: Instrument] {
    try await answer("instruments") { inner throws(MarketDataError) in
      try await inner.instruments()
    } write: { known in
      [TapeLine(known.sorted { $0.key < $1.key }.map(\.value)).whole]
    } read: { lines throws(TapeFault) in
      var reader = try TapeReader(lines.first ?? [])
      let known = try reader.next([Instrument].self)
      return Dictionary(known.map { ($0.coin, $0) }) { first, _ in first }
    }
  }

  func snapshot(
    _ request: SnapshotRequest, at now: Timestamp
  ) async throws(MarketDataError) -> MarketSnapshot {
    try await answer("snapshot.\(now.ms)") { inner throws(MarketDataError) in
      try await inner.snapshot(request, at: now)
    } write: { snapshot in
      snapshot.tapeLines
    } read: { lines throws(TapeFault) in
      try MarketSnapshot(tapeLines: lines)
    }
  }

  func quotes(
    for coins: [Coin], at now: Timestamp
  ) async throws(MarketDataError) -> [Coin: Quote] {
    let names = coins.map(\.name).joined(separator: ",")
    return try await answer("quotes.\(now.ms).\(names)") { inner throws(MarketDataError) in
      try await inner.quotes(for: coins, at: now)
    } write: { quotes in
      quotes.sorted { $0.key < $1.key }.map { TapeLine($0.value).whole }
    } read: { lines throws(TapeFault) in
      var quotes: [Coin: Quote] = [:]
      for line in lines {
        var reader = try TapeReader(line)
        let quote = try reader.next(Quote.self)
        quotes[quote.coin] = quote
      }
      return quotes
    }
  }

  func midsNow(for coins: [Coin]) async throws(MarketDataError) -> [Coin: Price] {
    try await prices("mids") { inner throws(MarketDataError) in
      try await inner.midsNow(for: coins)
    }
  }

  func nextOpens(
    for coins: [Coin], at now: Timestamp
  ) async throws(MarketDataError) -> [Coin: Price] {
    let names = coins.map(\.name).joined(separator: ",")
    return try await prices("opens.\(now.ms).\(names)") { inner throws(MarketDataError) in
      try await inner.nextOpens(for: coins, at: now)
    }
  }

  private func prices(
    _ question: String,
    ask: (any MarketData) async throws(MarketDataError) -> [Coin: Price]
  ) async throws(MarketDataError) -> [Coin: Price] {
    try await answer(question, ask: ask) { mids in
      mids.sorted { $0.key < $1.key }.map { coin, price in
        var line = TapeLine(coin)
        line.add(price)
        return line.whole
      }
    } read: { lines throws(TapeFault) in
      var mids: [Coin: Price] = [:]
      for line in lines {
        var reader = try TapeReader(line)
        let coin = try reader.next(Coin.self)
        mids[coin] = try reader.next(Price.self)
      }
      return mids
    }
  }

  func replay(
    of coins: [Coin], after start: Timestamp, through end: Timestamp
  ) async throws(MarketDataError) -> [Coin: MarketReplay] {
    let names = coins.map(\.name).joined(separator: ",")
    let key = "replay.\(start.ms).\(end.ms).\(names)"
    return try await answer(key) { inner throws(MarketDataError) in
      try await inner.replay(of: coins, after: start, through: end)
    } write: { replays in
      var lines: [[UInt8]] = []
      for (coin, replay) in replays.sorted(by: { $0.key < $1.key }) {
        lines.append(TapeLine(coin).whole)
        replay.write(to: &lines)
      }
      return lines
    } read: { lines throws(TapeFault) in
      var rest = TapeLines(lines)
      var replays: [Coin: MarketReplay] = [:]
      while !rest.isAtEnd {
        var head = try rest.next()
        let coin = try head.next(Coin.self)
        replays[coin] = try MarketReplay(from: &rest)
      }
      return replays
    }
  }

  /// Asks the market and notes what it says; or plays that.
  private func answer<Value>(
    _ question: String,
    ask: (any MarketData) async throws(MarketDataError) -> Value,
    write: (Value) -> [[UInt8]], read: ([[UInt8]]) throws(TapeFault) -> Value
  ) async throws(MarketDataError) -> Value {
    let key = "market.\(id).\(question)"
    let failed = key + ".error"
    guard let inner else { return try played(key, failed: failed, read) }
    do throws(MarketDataError) {
      let value = try await ask(inner)
      tape.note(key, write(value))
      return value
    } catch {
      tape.note(failed, error)
      throw error
    }
  }

  private func played<Value>(
    _ key: String, failed: String, _ read: ([[UInt8]]) throws(TapeFault) -> Value
  ) throws(MarketDataError) -> Value {
    let told: MarketDataError?
    do throws(TapeFault) {
      told = tape.has(failed) ? try tape.next(failed, as: MarketDataError.self) : nil
      if told == nil, let lines = tape.next(key) { return try read(lines) }
    } catch {
      throw .unreachable(provider: id, cause: error.description)
    }
    if let told { throw told }
    throw .unreachable(provider: id, cause: "was not asked \(key) in the cycle on record")
  }
}

/// What a market says of itself.
struct MarketTraits: Taped {
  let isSimulated: Bool
  let isSynthetic: Bool

  init(_ market: any MarketData) {
    isSimulated = market.isSimulated
    isSynthetic = market.isSynthetic
  }

  func write(to line: inout TapeLine) {
    line.add(isSimulated)
    line.add(isSynthetic)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    isSimulated = try reader.next()
    isSynthetic = try reader.next()
  }
}
