import Glibc
import Trading

/// Process start to exit of one due cycle with control traders, everything durable.
enum CycleBench {
  /// How many traders, how many cycles they have behind them, and how often one more is timed.
  ///
  /// A thousand traders get fewer of both: each of their cycles before the first takes a second.
  private static let arenas = [
    (traders: 10, cyclesBefore: 60, repetitions: 30),
    (traders: 100, cyclesBefore: 60, repetitions: 10),
    (traders: 1000, cyclesBefore: 20, repetitions: 5),
  ]

  /// Returns `false` when the binary could not be timed.
  static func run(binary: String, config: String) -> Bool {
    let folder = "/tmp/nof0-bench-\(getpid())"
    guard mkdir(folder, 0o755) == 0 else { return false }
    for arena in arenas {
      let place = "\(folder)/\(arena.traders)"
      guard mkdir(place, 0o755) == 0,
        BenchFiles.write(files(config, traders: arena.traders), to: place + "/config"),
        let timings = timings(
          binary, in: place, after: arena.cyclesBefore, repetitions: arena.repetitions)
      else { return false }
      tell(timings, traders: arena.traders)
    }
    return true
  }

  /// The timings of one cycle after another; `nil` when one did not work.
  private static func timings(
    _ binary: String, in folder: String, after cyclesBefore: Int, repetitions: Int
  ) -> [ProcessTiming]? {
    let places = [
      "--config", folder + "/config", "--state", folder + "/state", "--out", folder + "/out",
      "--quiet",
    ]
    let begin = Timestamp(ms: 1_735_689_600_000)
    let warmUp = ["run", "--at", "\(begin)", "--cycles", "\(cyclesBefore)"] + places
    guard ProcessTiming.measure(binary, warmUp) != nil else { return nil }
    var timings: [ProcessTiming] = []
    for index in 0..<repetitions {
      let at = begin + .minutes(3) * Int64(cyclesBefore + index)
      guard let timing = ProcessTiming.measure(binary, ["run", "--at", "\(at)"] + places) else {
        return nil
      }
      timings.append(timing)
    }
    return timings
  }

  private static func tell(_ timings: [ProcessTiming], traders: Int) {
    guard let wall = Summary(timings.map(\.wallMs)), let cpu = Summary(timings.map(\.cpuMs)),
      let memory = Summary(timings.map(\.residentMB))
    else { return }
    let what = "one due cycle, \(traders) traders:"
    report("\(what) least wall", wall.least, "ms")
    report("\(what) median wall", wall.median, "ms")
    report("\(what) median CPU", cpu.median, "ms")
    report("\(what) greatest memory", memory.greatest, "MB")
  }

  /// The shipped configuration with so many traders.
  static func files(_ config: String, traders: Int) -> [String: String]? {
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
