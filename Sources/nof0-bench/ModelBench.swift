import Glibc

/// Process start to exit of one due cycle whose traders all ask a model that takes half a second.
///
/// What counts is the time beyond the model's. The model is a ``ModelProcess`` on loopback.
enum ModelBench {
  private static let delayMs = 500
  private static let repetitions = 10

  /// Returns `false` when the binary could not be timed.
  static func run(binary: String, config: String, traders counts: [Int]) -> Bool {
    counts.allSatisfy { run(binary: binary, config: config, traders: $0) }
  }

  private static func run(binary: String, config: String, traders: Int) -> Bool {
    let folder = "/tmp/nof0-bench-models-\(getpid())-\(traders)"
    guard let model = ModelProcess.start(delayMs: delayMs) else { return false }
    defer { model.stop() }
    guard mkdir(folder, 0o755) == 0, linkPrompts(beside: config, into: folder),
      BenchFiles.write(
        arena(config, traders: traders, port: model.port), to: folder + "/config")
    else { return false }
    let words = [
      "run", "--force", "--config", folder + "/config", "--state", folder + "/state", "--out",
      folder + "/out", "--quiet",
    ]
    guard ProcessTiming.measure(binary, words) != nil, let before = model.count() else {
      return false
    }
    var timings: [ProcessTiming] = []
    for _ in 0..<repetitions {
      guard let timing = ProcessTiming.measure(binary, words) else { return false }
      timings.append(timing)
    }
    guard let after = model.count() else { return false }
    tell(timings, traders: traders, before, after)
    return true
  }

  private static func tell(
    _ timings: [ProcessTiming], traders: Int, _ before: ModelProcess.Count,
    _ after: ModelProcess.Count
  ) {
    guard let wall = Summary(timings.map(\.wallMs)), let cpu = Summary(timings.map(\.cpuMs)),
      let memory = Summary(timings.map(\.residentMB))
    else { return }
    let name = "\(traders) models of \(delayMs) ms"
    report("\(name): least wall beyond", wall.least - Double(delayMs), "ms")
    report("\(name): median wall beyond", wall.median - Double(delayMs), "ms")
    report("\(name): median CPU", cpu.median, "ms")
    report("\(name): greatest memory", memory.greatest, "MB")
    let runs = Double(timings.count)
    report("\(name): asked in a run", Double(after.requests - before.requests) / runs, "times")
    report("\(name): asked at once", Double(after.mostAtOnce), "times")
    report("\(name): the stand-in's CPU", Double(after.cpuMs - before.cpuMs) / runs, "ms")
  }

  /// The shipped configuration with traders on one model, each with other money, so that no two
  /// see the same and share an answer.
  private static func arena(_ config: String, traders: Int, port: Int) -> [String: String]? {
    var files: [String: String] = [:]
    for name in ["nof0", "exchange", "market"].map({ $0 + ".yaml" }) {
      guard let text = BenchFiles.read("\(config)/\(name)") else { return nil }
      files[name] = text
    }
    files["executor.yaml"] = "max_concurrent_decisions: 0\n"
    files["llm.yaml"] = """
      base_url: \(ModelProcess.address(port))
      default_model: bench
      cache_ttl: 0s
      max_retries: 0
      models:
        bench:
          model_name: bench
          max_completion_tokens: 1024
          structured: json_object
          price: {input: 1, output: 2}

      """
    var manager = "manager:\n  reserve_equity_pct: 0\ntraders:\n"
    for index in 0..<traders {
      manager += """
          - id: trader-\(index)
            executor: {kind: llm}
            model: bench
            decision_interval: 3m
            decision_timeout: 30s
            auto_start: true
            initial_equity_usd: \(10_000 + index)
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

  /// The shipped prompts are looked for beside the configuration.
  private static func linkPrompts(beside config: String, into folder: String) -> Bool {
    guard let path = realpath("\(config)/../prompts", nil) else { return false }
    defer { free(path) }
    return symlink(path, folder + "/prompts") == 0
  }
}
