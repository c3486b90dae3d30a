import Exchanges
import Market
import Synchronization
import Trading
import Wire

/// A seeded stand-in for the info endpoint, written from the protocol fact sheet §3 and §10: it
/// answers for the market alone, counts what that costs, and fails where a test says so.
///
/// Each minute of each coin is drawn by itself; longer candles are made of the minutes.
final class MarketVenue: HTTPTransport {
  /// What is peculiar about a coin.
  struct Listing: Sendable {
    let name: String
    var isDelisted = false
    var hasMid = true
    /// Nothing was traded before.
    var listedAt = Timestamp(ms: 0)
    /// One minute in so many has no trade; 0 = every minute has one.
    var quietEvery = 0
  }

  /// How a request ends when it does not end well.
  enum Fault: Sendable {
    case tooMany
    case serverError
    case timeOut
    case truncated
    /// The hour's funding, or the newest candle, is not there yet.
    case late
  }

  /// A request as the venue counted it.
  struct Asked: Sendable, Equatable {
    let type: String
    let coin: String
    let interval: String
    let from: Int64
    let to: Int64
  }

  private struct State {
    var now: Timestamp
    var weight = 0
    var asked: [Asked] = []
    var fault: @Sendable (Asked, Int) -> Fault? = { _, _ in nil }
    var rows: [Row: VenueCandle?] = [:]
    var overviews: [Timestamp] = []
  }

  private struct Row: Hashable {
    let coin: String
    let minutes: Int64
    let open: Int64
  }

  let listings: [Listing]
  private let state: Mutex<State>

  init(_ listings: [Listing], now: Timestamp) {
    self.listings = listings
    state = Mutex(State(now: now))
  }

  var now: Timestamp {
    get { state.withLock { $0.now } }
    set { state.withLock { $0.now = newValue } }
  }

  /// When all prices were asked for.
  var overviews: [Timestamp] { state.withLock { $0.overviews } }

  /// What was asked since the last time this was called, and what it cost.
  func takeAsked() -> (weight: Int, asked: [Asked]) {
    state.withLock { state in
      defer {
        state.weight = 0
        state.asked = []
      }
      return (state.weight, state.asked)
    }
  }

  /// Fails requests; the number is that of the request since the last ``takeAsked()``, from 1.
  func fail(_ fault: @escaping @Sendable (Asked, Int) -> Fault?) {
    state.withLock { $0.fault = fault }
  }

  /// A reader whose waits move the venue's time.
  func info(_ clock: VenueClock, perMinute: Int = 1200) -> HyperliquidInfo {
    let budget = WeightBudget(
      perMinute: perMinute, now: { self.now },
      sleep: { span in self.now = self.now + Span(ms: Int64(span / .milliseconds(1))) })
    return HyperliquidInfo(
      transport: self, baseURL: "http://venue.invalid", budget: budget, timeout: .seconds(10),
      maxAttempts: 2, clock: clock)
  }

  /// A provider in a new process.
  func market(
    _ store: MarketStore, coins: [Coin] = [], perMinute: Int = 1200
  ) throws -> HyperliquidMarketData {
    let clock = VenueClock(now: { self.now })
    guard let id = ProviderID("hyperliquid") else { throw WireError.cancelled }
    return HyperliquidMarketData(
      id: id, coins: coins, info: info(clock, perMinute: perMinute), store: store, clock: clock)
  }

  func send(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse {
    guard request.url == "http://venue.invalid/info",
      let body = try? JSONReader.value(of: request.body)  // The cause is of no interest.
    else { return HTTPResponse(status: 422, headers: [], body: []) }
    let asked = Asked(body)
    let (fault, now) = state.withLock { state in
      state.asked.append(asked)
      state.weight += 20
      if asked.type == "metaAndAssetCtxs" { state.overviews.append(state.now) }
      return (state.fault(asked, state.asked.count), state.now)
    }
    switch fault {
    case .tooMany: return HTTPResponse(status: 429, headers: [], body: Array("null".utf8))
    case .serverError:
      return HTTPResponse(status: 502, headers: [], body: Array("<html>".utf8))
    case .timeOut: throw .timedOut(after: request.timeout, wasSent: true)
    case .truncated, .late, nil: break
    }
    let rows = answer(asked, now, isLate: fault == .late)
    state.withLock { state in
      state.weight += rows.count / (asked.type == "candleSnapshot" ? 60 : 20)
    }
    var text = asked.type == "metaAndAssetCtxs" ? overview(now) : "[" + rows.joined(separator: ",")
    if asked.type != "metaAndAssetCtxs" { text += "]" }
    if fault == .truncated { text = String(text.prefix(text.utf8.count / 2)) }
    return HTTPResponse(status: 200, headers: [], body: Array(text.utf8))
  }
}

extension MarketVenue.Asked {
  fileprivate init(_ body: JSONValue) {
    let details = body["req"] ?? body
    func number(_ name: String) -> Int64 {
      if case .number(let text) = details[name] { Int64(text) ?? 0 } else { 0 }
    }
    type = body["type"]?.text ?? ""
    coin = details["coin"]?.text ?? ""
    interval = details["interval"]?.text ?? ""
    from = number("startTime")
    to = number("endTime")
  }
}

// MARK: What is true there

/// A candle in hundredths of a dollar.
struct VenueCandle: Sendable, Equatable {
  var open: Int64
  var high: Int64
  var low: Int64
  var close: Int64
  var volume: Int64
}

extension MarketVenue {
  /// What was traded in a minute; `nil` = nothing.
  private func minute(_ listing: Listing, _ number: Int64) -> VenueCandle? {
    guard number * 60_000 >= listing.listedAt.ms else { return nil }
    var random = SeededGenerator(
      seeds: stableHash(listing.name), UInt64(bitPattern: number))
    if listing.quietEvery > 0, random.below(listing.quietEvery) == 0 { return nil }
    let open = Int64(10_000 + random.below(900))
    let close = Int64(10_000 + random.below(900))
    return VenueCandle(
      open: open, high: max(open, close) + Int64(random.below(50)),
      low: min(open, close) - Int64(random.below(50)), close: close,
      volume: Int64(1 + random.below(9)))
  }

  /// The finished candle that begins at an instant; `nil` = nothing was traded.
  func candle(_ name: String, _ timeframe: Timeframe, opening: Int64) -> VenueCandle? {
    guard let listing = listings.first(where: { $0.name == name }) else { return nil }
    let key = Row(coin: name, minutes: timeframe.span.ms / 60_000, open: opening)
    if let known = state.withLock({ $0.rows[key] }) { return known }
    var whole: VenueCandle?
    for number in opening / 60_000..<(opening + timeframe.span.ms) / 60_000 {
      guard let next = minute(listing, number) else { continue }
      guard let sofar = whole else {
        whole = next
        continue
      }
      whole = VenueCandle(
        open: sofar.open, high: max(sofar.high, next.high), low: min(sofar.low, next.low),
        close: next.close, volume: sofar.volume + next.volume)
    }
    let made = whole
    state.withLock { $0.rows[key] = .some(made) }
    return made
  }

  /// The rate charged at a full hour, in 1e-7.
  static func funding(_ name: String, hour: Int64) -> Int {
    var random = SeededGenerator(seeds: stableHash(name), 7, UInt64(bitPattern: hour))
    return random.below(900) + 1
  }

  /// Coins open at an instant.
  static func openInterest(_ name: String, at now: Timestamp) -> Int {
    var random = SeededGenerator(seeds: stableHash(name), 11, UInt64(bitPattern: now.ms))
    return 1000 + random.below(1000)
  }

  /// The mid at an instant, in hundredths of a dollar.
  static func mid(_ name: String, at now: Timestamp) -> Int {
    var random = SeededGenerator(seeds: stableHash(name), 13, UInt64(bitPattern: now.ms))
    return 10_000 + random.below(900)
  }

  static func text(hundredths: Int64) -> String {
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}

// MARK: Answers

extension MarketVenue {
  private func answer(_ asked: Asked, _ now: Timestamp, isLate: Bool) -> [String] {
    switch asked.type {
    case "candleSnapshot": candles(asked, now, isLate: isLate)
    case "fundingHistory": fundingRows(asked, now, isLate: isLate)
    default: []
    }
  }

  private func candles(_ asked: Asked, _ now: Timestamp, isLate: Bool) -> [String] {
    guard let timeframe = Timeframe(rawValue: asked.interval) else { return [] }
    let span = timeframe.span.ms
    let forming = now.floored(to: timeframe.span).ms
    var open = max(asked.from - asked.from % span, forming - 4999 * span)
    var rows: [String] = []
    while open <= min(asked.to, forming) {
      defer { open += span }
      if isLate, open + span >= forming { continue }
      var candle = candle(asked.coin, timeframe, opening: open)
      if open == forming, let whole = candle {
        candle = VenueCandle(
          open: whole.open, high: whole.open, low: whole.open, close: whole.open, volume: 0)
      }
      guard let candle else { continue }
      func text(_ price: Int64) -> String { Self.text(hundredths: price) }
      rows.append(
        "{\"t\":\(open),\"T\":\(open + span - 1),\"s\":\"\(asked.coin)\",\"i\":\"\(timeframe)\","
          + "\"o\":\"\(text(candle.open))\",\"c\":\"\(text(candle.close))\","
          + "\"h\":\"\(text(candle.high))\",\"l\":\"\(text(candle.low))\","
          + "\"v\":\"\(candle.volume).0\",\"n\":3}")
    }
    return rows
  }

  private func fundingRows(_ asked: Asked, _ now: Timestamp, isLate: Bool) -> [String] {
    let hour = Span.hour.ms
    var rows: [String] = []
    var at = (asked.from + hour - 1) / hour * hour
    while at <= min(asked.to, now.ms), rows.count < 500 {
      defer { at += hour }
      if isLate, at + hour > now.ms { continue }
      let rate = String(Self.funding(asked.coin, hour: at))
      rows.append(
        "{\"coin\":\"\(asked.coin)\",\"fundingRate\":\"0."
          + String(repeating: "0", count: 7 - rate.utf8.count) + rate
          + "\",\"premium\":\"0.0\",\"time\":\(at + 17)}")
    }
    return rows
  }

  private func overview(_ now: Timestamp) -> String {
    let universe = listings.map { listing in
      "{\"name\":\"\(listing.name)\",\"szDecimals\":2,\"maxLeverage\":20,\"marginTableId\":20"
        + (listing.isDelisted ? ",\"isDelisted\":true}" : "}")
    }
    let contexts = listings.map { listing in
      let mid = Int64(Self.mid(listing.name, at: now))
      func text(_ price: Int64) -> String { "\"\(Self.text(hundredths: price))\"" }
      let hasMid = listing.hasMid && !listing.isDelisted
      return "{\"funding\":\"0.0000125\",\"openInterest\":\""
        + "\(Self.openInterest(listing.name, at: now)).0\",\"prevDayPx\":\"100.0\","
        + "\"dayNtlVlm\":\"123456.5\",\"dayBaseVlm\":\"1.0\",\"premium\":null,"
        + "\"oraclePx\":\(text(mid - 2)),\"markPx\":\(text(mid - 1)),"
        + "\"midPx\":\(hasMid ? text(mid) : "null"),"
        + "\"impactPxs\":\(hasMid ? "[\(text(mid - 5)),\(text(mid + 5))]" : "null")}"
    }
    return "[{\"universe\":[\(universe.joined(separator: ","))],\"marginTables\":[[20,{"
      + "\"description\":\"\",\"marginTiers\":[{\"lowerBound\":\"0.0\",\"maxLeverage\":20}]}]],"
      + "\"collateralToken\":0},[\(contexts.joined(separator: ","))]]"
  }
}
