import Arena
import Exchanges
import Foundation
import Testing
import Trading

/// An arena on candles of its own making, to be tested on the past: a folder with 1m and 5m candles
/// and hourly funding of BTC and ETH over ten hours from 2025-07-21T00:00Z, and a configuration;
/// or with 1h candles over 25 days, at which traders are taken out for their Sharpe ratio.
///
/// The folder goes away with the value.
final class PastArena {
  static let startMs: Int64 = 1_753_056_000_000
  static let minutes = 600
  let folder: URL

  /// Which traders take part.
  enum Cast {
    /// Every executor that is shipped.
    case all
    /// Fixed rules alone: nobody has a prompt.
    case rules
    /// Fixed rules over weeks, taken out below a Sharpe ratio that few have.
    case judged(closesPositions: Bool)

    /// How long a candle is in minutes.
    var candleMinutes: Int64 { if case .judged = self { 60 } else { 1 } }
  }

  init(_ cast: Cast = .all, seed: UInt64 = 5) throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "nof0-past-\(UUID().uuidString)")
    for name in ["candles", "config", "state"] {
      try FileManager.default.createDirectory(
        at: folder.appending(path: name), withIntermediateDirectories: true)
    }
    try writeCandles(seed, candleMinutes: cast.candleMinutes)
    try writeConfig(cast)
  }

  deinit {
    // What is left in the temporary folder does no harm.
    try? FileManager.default.removeItem(at: folder)
  }

  var candles: String { folder.appending(path: "candles").path }

  /// The configuration as loaded.
  func config() throws -> ArenaConfig {
    let loaded = ConfigFiles.load(
      directory: folder.appending(path: "config").path, environment: ["NO_DOTENV": "1"])
    let errors = loaded.issues.filter { $0.severity == .error }
    #expect(errors.isEmpty, "\(errors)")
    return try #require(loaded.config)
  }

  /// A request over a part of the time.
  func request(from: String = "2025-07-21T05:00Z", to: String = "2025-07-21T07:00Z") throws
    -> BacktestRequest
  {
    var request = BacktestRequest(
      places: Places(
        config: folder.appending(path: "config").path,
        state: folder.appending(path: "state").path, out: ""),
      output: Output(format: .text, logLevel: "critical", isQuiet: true))
    request.from = Timestamp(from)
    request.to = Timestamp(to)
    return request
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }
}

extension PastArena {
  private func writeCandles(_ seed: UInt64, candleMinutes: Int64) throws {
    var noise = SeededGenerator(seed: seed)
    for (coin, price) in [("BTC", 118_000), ("ETH", 3_700)] {
      var minutes: [[Int]] = []
      var open = price * 100
      for minute in 0..<Self.minutes {
        let lean = minute / 90 % 2 == 0 ? price / 60 : -price / 60
        let close = open + Int.random(in: -price / 8...price / 8, using: &noise) + lean
        let high = max(open, close) + Int.random(in: 0...price / 20, using: &noise)
        let low = min(open, close) - Int.random(in: 0...price / 20, using: &noise)
        minutes.append([open, high, low, close, Int.random(in: 1...90, using: &noise)])
        open = close
      }
      try writeFunding(of: coin, hours: Int64(Self.minutes) * candleMinutes / 60, &noise)
      guard candleMinutes == 1 else {
        try writeCandles("\(coin)-1h.csv", minutes, every: candleMinutes)
        continue
      }
      try writeCandles("\(coin)-1m.csv", minutes, every: 1)
      let fives = stride(from: 0, to: minutes.count, by: 5).map { first in
        let part = minutes[first..<first + 5]
        return [
          part[first][0], part.map { $0[1] }.max() ?? 0, part.map { $0[2] }.min() ?? 0,
          part[first + 4][3], part.reduce(0) { $0 + $1[4] },
        ]
      }
      try writeCandles("\(coin)-5m.csv", fives, every: 5)
    }
  }

  private func writeFunding(
    of coin: String, hours: Int64, _ noise: inout SeededGenerator
  ) throws {
    var funding = "timestamp_ms,funding_rate\n"
    for hour in 0...hours {
      let rate = Int.random(in: 10...99, using: &noise)
      funding += "\(Self.startMs + hour * 3_600_000),0.0000\(rate)\n"
    }
    try write("candles/\(coin)-funding-1h.csv", funding)
  }

  private func writeCandles(_ name: String, _ rows: [[Int]], every minutes: Int64) throws {
    var text = "timestamp_ms,open,high,low,close,volume\n"
    for (index, row) in rows.enumerated() {
      let prices = row.prefix(4).map { "\($0 / 100).\($0 % 100 < 10 ? "0" : "")\($0 % 100)" }
      text += "\(Self.startMs + Int64(index) * minutes * 60_000),"
      text += prices.joined(separator: ",") + ",\(row[4])\n"
    }
    try write("candles/\(name)", text)
  }

  private func writeConfig(_ cast: Cast) throws {
    try write("config/nof0.yaml", "name: past\nenvironment: test\n")
    try write(
      "config/exchange.yaml",
      "default: sim\nproviders: {sim: {type: sim, fill_at: next_open}}\n")
    try write(
      "config/market.yaml",
      "default: past\nproviders: {past: {type: recorded, directory: \(candles), "
        + "price_grid: exact, symbols: [BTC, ETH]}}\n")
    try write(
      "config/llm.yaml",
      "models: {scripted: {api: scripted, script: answers.json}}\n")
    try write("config/answers.json", Self.answers)
    try write("config/persona.mustache", "Trade.\n")
    try write("trade.sh", "#!/bin/sh\ncat > /dev/null\necho '\(Self.wait)'\n")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: folder.appending(path: "trade.sh").path)
    var traders = [
      ("flat", "{kind: baseline, rule: flat}"),
      ("holds", "{kind: baseline, rule: buy_and_hold}"),
      ("crosses", "{kind: baseline, rule: ema_cross}"),
      ("follows", "{kind: baseline, rule: momentum}"),
      ("draws", "{kind: baseline, rule: random, seed: 3}"),
      ("against", "{kind: baseline, rule: inverse_of, of: follows}"),
    ]
    if case .all = cast {
      traders.append(("asks", "{kind: llm}"))
      let program = folder.appending(path: "trade.sh").path
      traders.append(("starts", "{kind: command, command: [\(program)]}"))
    }
    var isolation = ""
    if case .judged(let closes) = cast {
      isolation = ", isolation: {sharpe_threshold: 4, close_positions: \(closes)}"
    }
    let interval = cast.candleMinutes == 1 ? "3m" : "1h"
    try write(
      "config/manager.yaml",
      "manager: {limits: {max_margin_usage_pct: 0, max_symbol_pct: 0}\(isolation)}\ntraders:\n"
        + traders.map { trader($0.0, $0.1, every: interval) }.joined())
  }

  private func trader(_ id: String, _ executor: String, every interval: String) -> String {
    let prompts = Repository.prompts
    let asking =
      executor.contains("llm")
      ? "    model: scripted\n    prompt_template: \(prompts)/manager/conservative_long.mustache\n"
        + "    executor_prompt_template: \(prompts)/executor/default.mustache\n" : ""
    return """
        - id: \(id)
          executor: \(executor)
      \(asking)    symbols: [BTC, ETH]
          decision_interval: \(interval)
          auto_start: true
          initial_equity_usd: 10000
          risk_params: {max_positions: 2, max_position_size_usd: 5000, major_coin_leverage: 2,
            altcoin_leverage: 2, min_risk_reward_ratio: 1, min_confidence: 50}

      """
  }

  private static let wait = """
    {"decisions":[{"symbol":"BTC","signal":"hold","leverage":0,"position_size_usd":0,\
    "entry_price":0,"stop_loss":0,"take_profit":0,"confidence":50,"reasoning":"waits"}]}
    """

  private static let answers = """
    {"one_of": [
      {"json": {"signal": "hold", "symbol": "BTC", "leverage": 0, "position_size_usd": 0,
        "entry_price": 0, "stop_loss": 0, "take_profit": 0, "risk_usd": 0, "confidence": 50,
        "invalidation_condition": "", "reasoning": "Nothing to do."}},
      {"json": {"signal": "buy_to_enter", "symbol": "BTC", "leverage": 2,
        "position_size_usd": 1000, "entry_price": 118000, "stop_loss": 100000,
        "take_profit": 160000, "risk_usd": 100, "confidence": 80,
        "invalidation_condition": "below the stop", "reasoning": "Up."}},
      {"json": {"signal": "close", "symbol": "BTC", "leverage": 0, "position_size_usd": 0,
        "entry_price": 0, "stop_loss": 0, "take_profit": 0, "risk_usd": 0, "confidence": 70,
        "invalidation_condition": "", "reasoning": "Enough."}},
      {"failure": "unavailable", "message": "the server is overloaded"}
    ]}
    """
}

/// Where the repository's prompts are.
private enum Repository {
  static let prompts = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "prompts").path
}
