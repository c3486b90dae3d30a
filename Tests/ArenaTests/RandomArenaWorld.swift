import Arena
import ArenaTesting
import Exchanges
import Market
import Synchronization
import Testing
import Trading
import Wire

/// Prices that wander, with jumps.
enum RandomWalk {
  /// Candles of a walk from a start, and the prices they close at.
  static func candles(
    from start: Double, count: Int, _ timeframe: Timeframe, since: Timestamp,
    _ random: inout SeededGenerator
  ) throws -> CandleSeries {
    var series = CandleSeries(timeframe: timeframe)
    var last = start
    let wildness = random.pick([0.002, 0.006, 0.015])
    for index in 0..<count {
      var next = last * (1 + wildness * (random.unit() + random.unit() - 1))
      if random.below(80) == 0 { next *= random.between(0.85, 1.15) }
      next = min(max(next, start / 5), start * 5)
      let high = max(last, next) * (1 + wildness * random.unit() / 2)
      let low = min(last, next) * (1 - wildness * random.unit() / 2)
      func price(_ value: Double) throws -> Price {
        try #require(Price(approximating: (value * 100).rounded() / 100))
      }
      let (open, close) = (try price(last), try price(next))
      series.append(
        try #require(
          Candle(
            openTime: since + timeframe.span * Int64(index), open: open,
            high: max(try price(high), open, close), low: min(try price(low), open, close),
            close: close, volume: 1)))
      last = close.double
    }
    return series
  }
}

/// Servers that answer what the test gave them, by the first part of the path.
final class ScriptedServers: HTTPTransport {
  private let replies = Mutex<[String: String]>([:])

  func set(_ new: [String: String]) { replies.withLock { $0 = new } }

  func send(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse {
    let parts = request.url.split(separator: "/")
    let name = parts.count > 2 ? String(parts[2]) : ""
    guard let reply = replies.withLock({ $0[name] }) else {
      throw .unreachable(host: name, detail: "nobody is there")
    }
    return HTTPResponse(status: 200, headers: [], body: Array(reply.utf8))
  }
}

/// A venue that remembers what was asked of it in a step.
final class WatchedExchange: Exchange {
  /// Something that went over the line.
  enum Event: Sendable {
    case report(AccountReport)
    case submitted([OrderIntent])
  }

  let inner: FaultyExchange
  private let log = Mutex<[Event]>([])

  init(_ inner: FaultyExchange) { self.inner = inner }

  /// What happened since it was last asked.
  func take() -> [Event] {
    log.withLock { events in
      defer { events = [] }
      return events
    }
  }

  var isSimulated: Bool { true }
  var movesMoney: Bool { inner.movesMoney }

  func fees(for account: AccountID) async throws(ExchangeError) -> FeeSchedule {
    try await inner.fees(for: account)
  }

  func ensureAccount(
    _ account: AccountID, deposit: USD, at now: Timestamp
  ) async throws(ExchangeError) {
    try await inner.ensureAccount(account, deposit: deposit, at: now)
  }

  func catchUp(_ accounts: [AccountID], to now: Timestamp) async throws(ExchangeError) {
    try await inner.catchUp(accounts, to: now)
  }

  func report(
    on account: AccountID, since: Timestamp, knowing known: KnownBooks?, at now: Timestamp
  ) async throws(ExchangeError) -> AccountReport {
    let report = try await inner.report(
      on: account, since: since, knowing: known, at: now)
    log.withLock { $0.append(.report(report)) }
    return report
  }

  func submit(_ orders: [RiskApproved<OrderIntent>], at now: Timestamp) async -> [OrderOutcome] {
    log.withLock { $0.append(.submitted(orders.map(\.request))) }
    return await inner.submit(orders, at: now)
  }

  func cancel(
    _ orders: [ClientOrderID], of account: AccountID, at now: Timestamp
  ) async throws(ExchangeError) {
    try await inner.cancel(orders, of: account, at: now)
  }

  func transfer(
    _ transfers: [AccountTransfer], at now: Timestamp
  ) async throws(ExchangeError) {
    try await inner.transfer(transfers, at: now)
  }

  func lookUp(
    _ order: ClientOrderID, of account: AccountID, at now: Timestamp
  ) async throws(ExchangeError) -> OrderLookup {
    try await inner.lookUp(order, of: account, at: now)
  }
}

/// Answers of stand-in servers.
enum RandomReply {
  /// A reply about coins at these prices; `nil` = none at all.
  static func make(
    prices: [(coin: String, price: Double)], _ random: inout SeededGenerator
  ) -> String? {
    switch random.below(40) {
    case 0: return nil
    case 1: return "I would rather not say."
    default: break
    }
    var decisions: [String] = []
    for (coin, price) in prices where random.below(2) == 0 {
      decisions.append(decision(coin, price, &random))
    }
    return "{\"decisions\":[" + decisions.joined(separator: ",") + "]}"
  }

  private static func decision(
    _ coin: String, _ price: Double, _ random: inout SeededGenerator
  ) -> String {
    let signal = random.pick([
      "buy_to_enter", "buy_to_enter", "buy_to_enter", "sell_to_enter", "sell_to_enter", "close",
      "close", "hold", "update_protection",
    ])
    let isReversed = signal == "update_protection" && random.below(2) == 0
    let isShort = signal == "sell_to_enter" || isReversed
    let side = isShort ? -1.0 : 1.0
    let risk = random.between(0.003, 0.06)
    let reward = risk * random.between(0.8, 4)
    func money(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
    let size = random.pick([60.0, 500, 3000, 20_000, 90_000]) * random.between(0.5, 1.5)
    let fraction = random.pick(["null", "1", "0.5", "0.3"])
    return "{\"symbol\":\"\(coin)\",\"signal\":\"\(signal)\",\"leverage\":\(1 + random.below(12)),"
      + "\"position_size_usd\":\(money(size)),\"entry_price\":\(money(price)),"
      + "\"stop_loss\":\(money(price * (1 - side * risk))),"
      + "\"take_profit\":\(money(price * (1 + side * reward))),\"risk_usd\":50,"
      + "\"confidence\":\(40 + random.below(61)),"
      + "\"close_fraction\":\(signal == "close" ? fraction : "null"),"
      + "\"invalidation\":\"x\",\"reasoning\":\"y\"}"
  }
}
