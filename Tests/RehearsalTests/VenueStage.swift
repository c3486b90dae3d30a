import Foundation
import Testing
import Trading
import VenueStandIn

/// A stage whose traders share one account on a stand-in venue, and decide as the test says.
///
/// The venue lives in this process and its time runs; every cycle is at the venue's time.
final class VenueStage {
  /// A trader with the one coin that is its own.
  struct Entrant: Sendable {
    let id: String
    let coin: String
  }

  /// What the configuration says beyond who trades.
  struct Settings: Sendable {
    var isLive = true
    var timeout = "700ms"
    var patience = "1500ms"
    var expiry = "20s"
    var deadline = "40s"
    /// More lines of the provider in exchange.yaml, `key: value`.
    var exchange: [String] = []
    /// The key in the environment; empty = none.
    var key = VenueStage.key
  }

  static let start = Timestamp(ms: 1_794_600_000_000)
  /// A throw-away key, and the address of its public key.
  static let key = "0x" + String(repeating: "07", count: 32)
  static let agent = address("0x4a62316623ad457f02cdc5d997ded67a383ec569")
  /// The account's own key, and the account.
  static let masterKey = "0x" + String(repeating: "08", count: 32)
  static let account = address("0x99c851eaa3c3976914d63b822c67e201ec0bfbb8")
  /// A key that nobody approved.
  static let strangersKey = "0x" + String(repeating: "09", count: 32)

  let stage: Rehearsal
  let venue: VenueServer
  let entrants: [Entrant]
  var settings: Settings

  var books: Books { Books(of: stage) }

  /// A venue with an account of 10,000 USD whose prices stand still unless they are let go.
  init(
    _ entrants: [Entrant] = [Entrant(id: "one", coin: "BTC")], seed: UInt64 = 1,
    settings: Settings = Settings(), isMoving: Bool = false
  ) throws {
    self.entrants = entrants
    self.settings = settings
    stage = try Rehearsal()
    venue = VenueServer(seed: seed, start: Self.start)
    venue.open(Self.account, deposit: USD(whole: 10_000))
    venue.approve(agent: Self.agent, for: Self.account)
    if !isMoving {
      for coin in VenueCoin.standard { venue.hold(coin.coin, at: coin.anchor) }
    }
    try venue.start()
    try configure()
  }

  deinit { venue.stop() }

  private static func address(_ text: String) -> VenueAddress {
    guard let address = VenueAddress(text) else {
      preconditionFailure("expected an address, was \(text)")
    }
    return address
  }

  // MARK: Configuration

  private func configure() throws {
    stage.config = stage.folder.appending(path: "config")
    try FileManager.default.createDirectory(at: stage.config, withIntermediateDirectories: false)
    try write(
      "nof0.yaml",
      """
      name: nof0-venue
      environment: test
      run: {deadline: \(settings.deadline), order_expiry: \(settings.expiry)}
      """)
    let place = "type: hyperliquid\n    network: testnet\n    base_url: \(venue.baseURL)\n"
    try write(
      "exchange.yaml",
      "default: venue\nproviders:\n  venue:\n    " + place
        + ([
          "main_address: \"\(Self.account)\"", "private_key: ${VENUE_KEY}",
          "live: \(settings.isLive)", "timeout: \(settings.timeout)",
          "answer_patience: \(settings.patience)",
        ] + settings.exchange).map { "    \($0)\n" }.joined())
    let coins = (["BTC"] + entrants.map(\.coin).filter { $0 != "BTC" }).joined(separator: ", ")
    try write(
      "market.yaml",
      "default: venue\nproviders:\n  venue:\n    " + place + "    symbols: [\(coins)]\n")
    try write(
      "manager.yaml",
      """
      manager:
        total_equity_usd: 10000
        allocation_strategy: equal
        rebalance_interval: 24h
        limits: {max_margin_usage_pct: 0, max_positions: 10, max_symbol_pct: 100}
        isolation: {sharpe_threshold: -100, max_failures: 1000, max_breaches: 1000}
      traders:

      """ + entrants.map(trader).joined())
    for entrant in entrants { try tell(entrant.id, []) }
  }

  private func trader(_ entrant: Entrant) -> String {
    """
      - id: \(entrant.id)
        name: \(entrant.id)
        executor: {kind: command, command: [/bin/cat, \(wish(of: entrant.id).path)]}
        symbols: [\(entrant.coin)]
        decision_interval: 3m
        decision_timeout: 10s
        auto_start: true
        risk_params: {max_positions: 1, max_position_size_usd: 5000, max_margin_usage_pct: 0,
          major_coin_leverage: 5, altcoin_leverage: 3, min_risk_reward_ratio: 1.5,
          min_confidence: 0, max_risk_pct: 0}
        exec_guards: {max_new_positions_per_cycle: 0, max_opens_per_hour: 0,
          cooldown_after_close: 0s, giveback_close_pct: 0}

    """
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: stage.config.appending(path: name))
  }

  // MARK: What traders want

  /// What a trader wants of its coin.
  enum Wish: Sendable, Hashable {
    /// A long, or a short, of so many USD at a leverage, with stop and target this far away.
    case open(isLong: Bool, usd: Int, leverage: Int, stopPct: Double, targetPct: Double)
    /// The end of the position or of a part of it.
    case close(fraction: Double)
    /// Another stop and another target.
    case protect(stop: Double, target: Double?)

    /// A long of 1000 USD at 3x.
    static let long = open(isLong: true, usd: 1000, leverage: 3, stopPct: 4, targetPct: 9)
  }

  private func wish(of id: String) -> URL { stage.folder.appending(path: "\(id).json") }

  /// Tells a trader what it wants from now on; nothing = it holds.
  func tell(_ id: String, _ wishes: [Wish]) throws {
    let entrant = try #require(entrants.first { $0.id == id })
    let decisions = try wishes.map { try decision($0, entrant) }
    try Data("{\"decisions\":[\(decisions.joined(separator: ","))]}".utf8)
      .write(to: wish(of: id), options: .atomic)
  }

  private func decision(_ wish: Wish, _ entrant: Entrant) throws -> String {
    let symbol = "\"symbol\":\"\(entrant.coin)\""
    switch wish {
    case .open(let isLong, let usd, let leverage, let stopPct, let targetPct):
      let price = try mark(entrant.coin)
      let sign = isLong ? 1.0 : -1.0
      return "{\(symbol),\"signal\":\"\(isLong ? "buy" : "sell")_to_enter\","
        + "\"leverage\":\(leverage),\"position_size_usd\":\(usd),\"entry_price\":\(price),"
        + "\"stop_loss\":\(Self.rounded(price * (1 - sign * stopPct / 100))),"
        + "\"take_profit\":\(Self.rounded(price * (1 + sign * targetPct / 100))),"
        + "\"confidence\":80,\"reasoning\":\"told\"}"
    case .close(let fraction):
      return "{\(symbol),\"signal\":\"close\",\"close_fraction\":\(fraction)}"
    case .protect(let stop, let target):
      let target = target.map { ",\"take_profit\":\(Self.rounded($0))" } ?? ""
      return "{\(symbol),\"signal\":\"update_protection\","
        + "\"stop_loss\":\(Self.rounded(stop))\(target)}"
    }
  }

  /// The venue's price of a coin now.
  func mark(_ name: String) throws -> Double {
    let coin = try #require(Coin(name))
    return Double(try #require(venue.price(coin)).mantissa) / 1e8
  }

  private static func rounded(_ value: Double) -> Double {
    let scale = value > 1000 ? 1.0 : value > 10 ? 100 : 10_000
    return (value * scale).rounded() / scale
  }

  // MARK: Running

  /// A run at the venue's time, after which the fault kills the process if one is given.
  @discardableResult
  func cycle(fault: String? = nil, _ more: String...) throws -> Rehearsal.Ending {
    try command(["run", "--live"] + more, fault: fault)
  }

  /// A command line at the venue's time; `run` gets it by `--at`.
  @discardableResult
  func command(_ arguments: [String], fault: String? = nil) throws -> Rehearsal.Ending {
    let time = arguments.first == "run" ? ["--at", venue.now.description] : []
    var environment = ["VENUE_KEY": settings.key]
    if let fault { environment["NOF0_FAULT"] = fault }
    return try stage.finish(try stage.start(arguments + time, environment: environment))
  }

  /// Lets minutes pass at the venue.
  func pass(minutes: Int64) { venue.advance(by: .minutes(minutes)) }

  /// A run three minutes later that must end well.
  @discardableResult
  func next(_ note: String = "") throws -> Rehearsal.Ending {
    pass(minutes: 3)
    let ending = try cycle()
    #expect(ending.code == 0, "\(note): \(ending.out)\(ending.error)")
    return ending
  }
}
