import Foundation
import Testing

/// A stage for traders of a test's choosing on one shared account, made from the shipped example,
/// on recorded candles.
final class SharedStage {
  let rehearsal: Rehearsal
  /// The folder of the candles.
  let candles: String

  /// - Parameters:
  ///   - traders: Ids and executors, as in `kind: baseline, rule: random, seed: 1`.
  ///   - coins: The coins there are candles of.
  ///   - candles: Their folder; made-up ones of BTC and ETH for `nil`.
  ///   - changes: Texts of the example's head and what stands in their place.
  /// - Throws: When a text is not there, or a file cannot be written.
  init(
    _ traders: [(id: String, executor: String)], coins: String = "[BTC, ETH]",
    candles: String? = nil, changes: [(old: String, new: String)] = []
  ) throws {
    rehearsal = try Rehearsal()
    let examples = Repository.root.appending(path: "config/examples")
    try rehearsal.ownConfig(from: examples.appending(path: "shared"))
    if let candles {
      self.candles = candles
    } else {
      let made = rehearsal.folder.appending(path: "candles")
      self.candles = try RecordedCandles(in: made).folder.path
    }
    let market = rehearsal.config.appending(path: "market.yaml")
    try FileManager.default.removeItem(at: market)
    try FileManager.default.copyItem(
      at: examples.appending(path: "recorded/market.yaml"), to: market)
    try rehearsal.edit("market.yaml", "[BTC, ETH, SOL, BNB, XRP, DOGE]", coins)
    for (old, new) in changes { try rehearsal.edit("manager.yaml", old, new) }
    try write(traders)
  }

  /// Puts traders in the place of the example's.
  private func write(_ traders: [(id: String, executor: String)]) throws {
    let url = rehearsal.config.appending(path: "manager.yaml")
    let text = try String(contentsOf: url, encoding: .utf8)
    let parts = text.components(separatedBy: "\ntraders:\n")
    try #require(parts.count == 2, "expected traders in the example")
    let entries = traders.map { id, executor in
      """
        - id: \(id)
          name: \(id)
          exchange_provider: sim
          market_provider: recorded
          executor: {\(executor)}
          decision_interval: 3m
          decision_timeout: 30s
          auto_start: true
          risk_params: {max_positions: 4, max_position_size_usd: 5000, max_margin_usage_pct: 60,
            major_coin_leverage: 3, altcoin_leverage: 2, min_risk_reward_ratio: 1.5,
            min_confidence: 50, stop_loss_enabled: true, take_profit_enabled: true,
            max_risk_pct: 2}
          exec_guards: {cooldown_after_close: 6m}

      """
    }
    try (parts[0] + "\ntraders:\n" + entries.joined()).write(
      to: url, atomically: true, encoding: .utf8)
  }

  var books: Books { Books(of: rehearsal) }

  @discardableResult
  func run(_ arguments: String..., fault: String? = nil) throws -> Rehearsal.Ending {
    var environment = ["NOF0_CANDLES": candles]
    if let fault { environment["NOF0_FAULT"] = "kill@\(fault)" }
    return try rehearsal.finish(try rehearsal.start(arguments, environment: environment))
  }

  /// Expects whole books and, at the closes of the candles up to the last cycle,
  /// Σ equity of traders + money nobody has = equity at the venue, to the last digit.
  func expectBalanced(_ note: String = "") throws {
    let check = try run("state", "check")
    #expect(check.code == 0 && check.out.contains("whole"), "\(note): \(check.out)\(check.error)")
    let at = try books.number("SELECT max(at_ms) FROM equity_points")
    let ours =
      try sum(
        "SELECT equity FROM equity_points JOIN ledgers USING (trader) WHERE at_ms = \(at)")
      + sum("SELECT unallocated FROM account_books")
    var venue = try sum("SELECT raw_usd FROM sim_accounts")
    let coins = try books.texts("SELECT coin FROM sim_positions ORDER BY coin")
    let sizes = try books.texts("SELECT size FROM sim_positions ORDER BY coin")
    for (coin, size) in zip(coins, sizes) {
      venue += try close(of: coin, at: at) * decimal(size)
    }
    #expect(ours == venue, "\(note): traders and treasury \(ours), venue \(venue)")
    let lots = try Dictionary(
      grouping: zip(
        books.texts("SELECT coin FROM positions WHERE status = 'open' ORDER BY position"),
        books.texts("SELECT side FROM positions WHERE status = 'open' ORDER BY position")),
      by: \.0)
    for (coin, held) in lots.sorted(by: { $0.key < $1.key }) {
      #expect(Set(held.map(\.1)).count == 1, "\(note): expected one side of \(coin)")
    }
    let open = "SELECT count(*) FROM orders WHERE outcome IS NULL OR outcome = 'unknown'"
    #expect(try books.number(open) == 0, "\(note): expected every outcome known")
  }

  /// The sum of a query's first column, exact.
  func sum(_ sql: String) throws -> Decimal {
    try books.texts(sql).reduce(0) { try $0 + decimal($1) }
  }

  private func decimal(_ text: String) throws -> Decimal {
    try #require(Decimal(string: text), "expected a decimal, was \(text)")
  }

  /// The close of the minute that ends at an instant.
  private func close(of coin: String, at: Int) throws -> Decimal {
    let plain = URL(filePath: candles).appending(path: "\(coin)-1m.csv")
    let text =
      FileManager.default.fileExists(atPath: plain.path)
      ? try String(contentsOf: plain, encoding: .utf8)
      : try rehearsal.shell("zcat '\(plain.path).gz'").out
    let row = try #require(
      text.split(separator: "\n").first { $0.hasPrefix("\(at - 60_000),") },
      "expected a candle of \(coin) up to \(at)")
    return try decimal(String(row.split(separator: ",")[4]))
  }
}
