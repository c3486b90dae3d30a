import Glibc
import Trading

/// Process start to exit of one due cycle with ten control traders, everything durable.
enum CycleBench {
  private static let traders = 10
  private static let repetitions = 30

  /// Returns `false` when the binary could not be timed.
  static func run(binary: String, config: String) -> Bool {
    let folder = "/tmp/nof0-bench-\(getpid())"
    guard mkdir(folder, 0o755) == 0, BenchFiles.write(arena(config), to: folder + "/config") else {
      return false
    }
    let places = [
      "--config", folder + "/config", "--state", folder + "/state", "--out", folder + "/out",
      "--quiet",
    ]
    let warmUp = ["run", "--at", "2025-01-01T00:00Z", "--cycles", "60"] + places
    guard ProcessTiming.measure(binary, warmUp) != nil,
      let start = Timestamp("2025-01-01T03:00Z")
    else { return false }
    var timings: [ProcessTiming] = []
    for index in 0..<repetitions {
      let at = start + .minutes(3) * Int64(index)
      guard let timing = ProcessTiming.measure(binary, ["run", "--at", "\(at)"] + places) else {
        return false
      }
      timings.append(timing)
    }
    tell(timings)
    return true
  }

  private static func tell(_ timings: [ProcessTiming]) {
    guard let wall = Summary(timings.map(\.wallMs)), let cpu = Summary(timings.map(\.cpuMs)),
      let memory = Summary(timings.map(\.residentMB))
    else { return }
    report("one due cycle, 10 traders: least wall", wall.least, "ms")
    report("one due cycle, 10 traders: median wall", wall.median, "ms")
    report("one due cycle, 10 traders: median CPU", cpu.median, "ms")
    report("one due cycle, 10 traders: greatest memory", memory.greatest, "MB")
  }

  /// The shipped configuration with ten traders.
  private static func arena(_ config: String) -> [String: String]? {
    var files: [String: String] = [:]
    for name in ["nof0", "exchange", "market", "llm", "executor"].map({ $0 + ".yaml" }) {
      guard let text = BenchFiles.read("\(config)/\(name)") else { return nil }
      files[name] = text
    }
    let rules = ["ema_cross", "momentum", "random", "buy_and_hold", "ema_cross"]
    var manager = "manager:\n  reserve_equity_pct: 0\ntraders:\n"
    for index in 0..<traders {
      let rule = rules[index % rules.count]
      manager += """
          - id: trader-\(index)
            executor: {kind: baseline, rule: \(rule)}
            decision_interval: 3m
            auto_start: true
            initial_equity_usd: 10000
            risk_params:
              max_positions: 6
              max_position_size_usd: 5000
              max_margin_usage_pct: 60
              major_coin_leverage: 3
              altcoin_leverage: 2
              min_risk_reward_ratio: 1.5
              min_confidence: 50

        """
    }
    files["manager.yaml"] = manager
    return files
  }
}
