import Exchanges
import Market
import Trading

extension Instrument: Taped {
  func write(to line: inout TapeLine) {
    line.add(coin)
    line.add(sizeDecimals)
    line.add(tiers.count)
    for tier in tiers {
      line.add(tier.lowerBound)
      line.add(tier.maxLeverage)
    }
    line.add(minNotional)
    line.add(isDelisted)
    line.add(takesAnyPrice)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let coin = try reader.next(Coin.self)
    let decimals = try reader.next(Int.self)
    var tiers: [MarginTier] = []
    for _ in 0..<max(0, try reader.next(Int.self)) {
      tiers.append(MarginTier(lowerBound: try reader.next(), maxLeverage: try reader.next()))
    }
    let least = try reader.next(USD.self)
    let isDelisted = try reader.next(Bool.self)
    let takesAnyPrice = try reader.next(Bool.self)
    guard
      let instrument = Instrument(
        coin: coin, sizeDecimals: decimals, tiers: tiers, minNotional: least,
        isDelisted: isDelisted)
    else { throw TapeFault(description: "expected the rules of \(coin) in the inputs") }
    self = takesAnyPrice ? instrument.withAnyPrice : instrument
  }
}

extension Quote: Taped {
  func write(to line: inout TapeLine) {
    line.add(coin)
    line.add(asOf)
    line.add(mid)
    line.add(mark)
    line.add(oracle)
    line.add(impactBid)
    line.add(impactAsk)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self.init(
      coin: try reader.next(), asOf: try reader.next(), mid: try reader.next(),
      mark: try reader.next(), oracle: try reader.next(), impactBid: try reader.next(),
      impactAsk: try reader.next())
  }
}

extension FundingPoint: Taped {
  func write(to line: inout TapeLine) {
    line.add(at)
    line.add(rate)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self.init(at: try reader.next(), rate: try reader.next())
  }
}

/// The lines of answers that are long: a candle each, so that those of the cycle before are
/// recognised.
struct TapeLines {
  private let lines: [[UInt8]]
  private var index = 0

  init(_ lines: [[UInt8]]) { self.lines = lines }

  /// Whether there is nothing more.
  var isAtEnd: Bool { index >= lines.count }

  /// The next line.
  mutating func next() throws(TapeFault) -> TapeReader {
    guard lines.indices.contains(index) else {
      throw TapeFault(description: "expected another line in the inputs, was their end")
    }
    index += 1
    return try TapeReader(lines[index - 1])
  }
}

extension CandleSeries {
  /// A head and a line for each candle.
  func write(to lines: inout [[UInt8]]) {
    var head = TapeLine(timeframe)
    head.add(count)
    lines.append(head.whole)
    for index in 0..<count {
      // The candles are most of what a cycle is told: written at once, not value by value.
      var line: [UInt8] = []
      line.reserveCapacity(96)
      line.append(UInt8(ascii: "["))
      for number in [
        openTimesMs[index], opens[index], highs[index], lows[index], closes[index],
      ] {
        line.append(decimal: number)
        line.append(UInt8(ascii: ","))
      }
      line.append(UInt8(ascii: "\""))
      line.append(contentsOf: volumes[index].description.utf8)
      line.append(contentsOf: "\"]".utf8)
      lines.append(line)
    }
  }

  init(from lines: inout TapeLines) throws(TapeFault) {
    var head = try lines.next()
    self.init(timeframe: try head.next())
    for _ in 0..<max(0, try head.next(Int.self)) {
      var line = try lines.next()
      guard
        let candle = Candle(
          openTime: try line.next(), open: try line.next(), high: try line.next(),
          low: try line.next(), close: try line.next(), volume: try line.next()),
        append(candle)
      else { throw TapeFault(description: "expected a candle in the inputs") }
    }
  }
}

extension MarketSnapshot {
  var tapeLines: [[UInt8]] {
    var head = TapeLine(at)
    head.add(source)
    head.add(missing.count)
    for (coin, reason) in missing.sorted(by: { $0.key < $1.key }) {
      head.add(coin)
      head.add(reason)
    }
    head.add(coins.count)
    var lines = [head.whole]
    for (_, coin) in coins.sorted(by: { $0.key < $1.key }) { coin.write(to: &lines) }
    return lines
  }

  init(tapeLines: [[UInt8]]) throws(TapeFault) {
    var lines = TapeLines(tapeLines)
    var head = try lines.next()
    let at = try head.next(Timestamp.self)
    let source = try head.next(ProviderID.self)
    var missing: [Coin: String] = [:]
    for _ in 0..<max(0, try head.next(Int.self)) {
      let coin = try head.next(Coin.self)
      missing[coin] = try head.next(String.self)
    }
    var coins: [CoinSnapshot] = []
    for _ in 0..<max(0, try head.next(Int.self)) { coins.append(try CoinSnapshot(from: &lines)) }
    do {
      try self.init(at: at, source: source, coins: coins, missing: missing)
    } catch {
      throw TapeFault(description: "\(error)")
    }
  }
}

extension CoinSnapshot {
  fileprivate func write(to lines: inout [[UInt8]]) {
    lines.append(TapeLine(instrument).whole)
    var prices = TapeLine(quote)
    prices.add(openInterest)
    prices.add(openInterestAverage)
    prices.add(dayVolumeUSD)
    prices.add(change1hPct)
    prices.add(change4hPct)
    lines.append(prices.whole)
    var rest = TapeLine(funding)
    rest.add(candles.count)
    lines.append(rest.whole)
    for (_, series) in candles.sorted(by: { $0.key < $1.key }) { series.write(to: &lines) }
  }

  fileprivate init(from lines: inout TapeLines) throws(TapeFault) {
    var rules = try lines.next()
    var prices = try lines.next()
    var rest = try lines.next()
    let instrument = try rules.next(Instrument.self)
    let quote = try prices.next(Quote.self)
    let interest = try prices.next(Double?.self)
    let average = try prices.next(Double?.self)
    let volume = try prices.next(Double?.self)
    let change1h = try prices.next(Double?.self)
    let change4h = try prices.next(Double?.self)
    let funding = try rest.next(FundingPoint?.self)
    var candles: [Timeframe: CandleSeries] = [:]
    for _ in 0..<max(0, try rest.next(Int.self)) {
      let series = try CandleSeries(from: &lines)
      candles[series.timeframe] = series
    }
    self.init(
      instrument: instrument, quote: quote, funding: funding, openInterest: interest,
      openInterestAverage: average, dayVolumeUSD: volume, change1hPct: change1h,
      change4hPct: change4h, candles: candles)
  }
}

extension MarketReplay {
  func write(to lines: inout [[UInt8]]) {
    var head = TapeLine(funding)
    head.add(gaps)
    lines.append(head.whole)
    candles.write(to: &lines)
  }

  init(from lines: inout TapeLines) throws(TapeFault) {
    var head = try lines.next()
    let funding = try head.next([FundingPoint].self)
    let gaps = try head.next([String].self)
    self.init(candles: try CandleSeries(from: &lines), funding: funding, gaps: gaps)
  }
}

extension MarketDataError: Taped {
  func write(to line: inout TapeLine) {
    switch self {
    case .unreadable(let path, let cause): line.add(["unreadable", path, cause])
    case .malformed(let path, let number, let cause):
      line.add(["malformed", path, "\(number)", cause])
    case .outOfRange(let what): line.add(["out_of_range", what])
    case .unreachable(let provider, let cause): line.add(["unreachable", provider.name, cause])
    case .storage(let provider, let cause): line.add(["storage", provider.name, cause])
    }
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let words = try reader.next([String].self)
    switch (words.first, words.count) {
    case ("unreadable", 3): self = .unreadable(path: words[1], cause: words[2])
    case ("malformed", 4):
      self = .malformed(path: words[1], line: Int(words[2]) ?? 0, cause: words[3])
    case ("out_of_range", 2): self = .outOfRange(words[1])
    case ("unreachable", 3), ("storage", 3):
      guard let id = ProviderID(words[1]) else {
        throw TapeFault(description: "expected a provider in the inputs, was \(words[1])")
      }
      self =
        words[0] == "storage"
        ? .storage(provider: id, cause: words[2]) : .unreachable(provider: id, cause: words[2])
    default: throw TapeFault(description: "expected a market's error in the inputs")
    }
  }
}
