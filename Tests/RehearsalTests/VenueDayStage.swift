import Foundation
import Testing
import Trading
import VenueStandIn

/// A stage for a day at the stand-in venue: two accounts with a key each, two traders on each,
/// coins that several of them want, prices that move.
final class VenueDayStage {
  /// An account, the name of its provider, and the key that trades for it.
  struct Desk: Sendable {
    let name: String
    let account: VenueAddress
    let agent: VenueAddress
    let key: String
  }

  static let start = Timestamp(ms: 1_794_600_000_000)
  static let desks = [
    Desk(
      name: "alpha", account: VenueAddress(number: 0xA1), agent: VenueStage.agent,
      key: VenueStage.key),
    Desk(
      name: "beta", account: VenueAddress(number: 0xB2), agent: VenueStage.account,
      key: VenueStage.masterKey),
  ]
  static let coins = ["BTC", "ETH", "SOL", "DOGE", "XRP", "BNB"]
  /// What the trader that is told what to do may be told about.
  static let told = ["BTC", "SOL"]

  let stage: Rehearsal
  let venue: VenueServer
  var books: Books { Books(of: stage) }

  /// A stage whose prices follow from the seed; `live` says whether both accounts trade for real.
  init(seed: UInt64, live: Bool = true) throws {
    stage = try Rehearsal()
    venue = VenueServer(seed: seed, start: Self.start)
    for desk in Self.desks {
      venue.open(desk.account, deposit: USD(whole: 10_000))
      venue.approve(agent: desk.agent, for: desk.account)
    }
    try venue.start()
    stage.config = stage.folder.appending(path: "config")
    try FileManager.default.createDirectory(at: stage.config, withIntermediateDirectories: false)
    try write("nof0.yaml", "name: nof0-day\nenvironment: test\nrun: {deadline: 30s}\n")
    try write("exchange.yaml", exchanges(live: live))
    try write(
      "market.yaml",
      "default: venue\nproviders:\n  venue:\n" + place
        + "    symbols: [\(Self.coins.joined(separator: ", "))]\n"
        + "    timeout: 2s\n    http_timeout: 400ms\n")
    try write("manager.yaml", traders)
    try tell("[]")
  }

  deinit { venue.stop() }

  private var place: String {
    "    type: hyperliquid\n    network: testnet\n    base_url: \(venue.baseURL)\n"
  }

  private func exchanges(live: Bool) -> String {
    "default: alpha\nproviders:\n"
      + Self.desks.map { desk in
        "  \(desk.name):\n" + place
          + """
              main_address: "\(desk.account)"
              private_key: ${KEY_\(desk.name.uppercased())}
              live: \(live)
              timeout: 400ms
              answer_patience: 600ms

          """
      }.joined()
  }

  private var traders: String {
    """
    manager:
      total_equity_usd: 0
      limits: {max_margin_usage_pct: 0, max_positions: 20, max_symbol_pct: 100}
      isolation: {sharpe_threshold: -100, max_failures: 10000, max_breaches: 10000}
      conflicts: {direction: highest_confidence, duplicate: aggregate, resource: proportional,
        exclusive_symbols: false}
    traders:

    """
      + [
        ("told", "alpha", "kind: command, command: [/bin/cat, \(wishes.path)]", Self.told),
        ("random", "alpha", "kind: baseline, rule: random, seed: 7", ["SOL", "ETH", "DOGE"]),
        ("momentum", "beta", "kind: baseline, rule: momentum", Self.coins),
        ("ema-cross", "beta", "kind: baseline, rule: ema_cross", ["BTC", "ETH", "XRP"]),
      ].map { id, desk, executor, coins in
        """
          - id: \(id)
            name: \(id)
            exchange_provider: \(desk)
            executor: {\(executor)}
            symbols: [\(coins.joined(separator: ", "))]
            decision_interval: 3m
            decision_timeout: 5s
            auto_start: true
            initial_equity_usd: 4000
            risk_params: {max_positions: 3, max_position_size_usd: 1500, max_margin_usage_pct: 0,
              major_coin_leverage: 5, altcoin_leverage: 3, min_risk_reward_ratio: 1.0,
              min_confidence: 0, max_risk_pct: 0, allow_scale_in: true}
            exec_guards: {max_new_positions_per_cycle: 0, max_opens_per_hour: 0,
              cooldown_after_close: 0s}

        """
      }.joined()
  }

  private var wishes: URL { stage.folder.appending(path: "wishes.json") }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: stage.config.appending(path: name))
  }

  /// Tells the trader that is told what it wants from now on: a list of decisions in JSON.
  func tell(_ decisions: String) throws {
    try Data("{\"decisions\":\(decisions)}".utf8).write(to: wishes, options: .atomic)
  }

  /// Begins a command line at the venue's time.
  func start(
    _ arguments: String..., fault: String? = nil
  ) throws -> Rehearsal.Performance {
    let time = arguments.first == "run" ? ["--at", venue.now.description] : []
    var environment = Dictionary(
      uniqueKeysWithValues: Self.desks.map { ("KEY_\($0.name.uppercased())", $0.key) })
    if let fault { environment["NOF0_FAULT"] = fault }
    return try stage.start(arguments + time, environment: environment)
  }

  /// The price of a coin now, USD.
  func mark(_ name: String) throws -> Double {
    let coin = try #require(Coin(name))
    return Double(try #require(venue.price(coin)).mantissa) / 1e8
  }

  /// A price as a decision may write it.
  static func rounded(_ value: Double) -> Double {
    let scale = value > 1000 ? 1.0 : value > 10 ? 100 : 100_000
    return (value * scale).rounded() / scale
  }
}
