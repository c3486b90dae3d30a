import Glibc
import Trading

/// `nof0-bench backtest`: whole back-tests, process start to report, on candles of its own making.
///
/// The first two are the shipped example `ema-cross`, on 240,000 candles of one coin and on 52,000
/// of six; the third has ten control traders with everything on, deciding every three minutes on
/// candles of one minute.
enum BacktestBench {
  private static let prices: [(coin: String, cents: Int64)] = [
    ("BTC", 6_000_000), ("ETH", 300_000), ("SOL", 15_000), ("BNB", 60_000), ("XRP", 20_000),
    ("DOGE", 20_000),
  ]
  /// How often each is timed.
  private static let repetitions = 5

  /// Returns `false` when the binary could not be timed.
  static func run(binary: String, config: String) -> Bool {
    let folder = "/tmp/nof0-bench-\(getpid())"
    guard mkdir(folder, 0o755) == 0,
      write(240_000, of: 1, every: 5, to: folder + "/one"),
      write(52_000, of: 6, every: 5, to: folder + "/six"),
      write(43_200, of: 6, every: 1, to: folder + "/minutes"), mkdir(folder + "/all", 0o755) == 0,
      BenchFiles.write(CycleBench.files(config, traders: 10), to: folder + "/all/config")
    else { return false }
    let example = ["--config", config + "/examples/ema-cross", "--warm-up", "1000"]
    return tell(
      "240,000 candles of one coin", binary,
      example + ["--data", folder + "/one", "--symbols", "BTC", "--close-at-end"])
      && tell(
        "52,000 candles of six coins", binary,
        example + ["--data", folder + "/six", "--close-at-end"])
      && tell(
        "30 days, 10 traders, six coins, all on", binary,
        ["--config", folder + "/all/config", "--data", folder + "/minutes", "--engine", "stream"])
  }

  private static func tell(_ what: String, _ binary: String, _ arguments: [String]) -> Bool {
    var timings: [ProcessTiming] = []
    for _ in 0..<repetitions {
      let command = ["backtest"] + arguments + ["--quiet", "--output", "/dev/null"]
      guard let timing = ProcessTiming.measure(binary, command) else { return false }
      timings.append(timing)
    }
    guard let wall = Summary(timings.map(\.wallMs)), let cpu = Summary(timings.map(\.cpuMs)) else {
      return false
    }
    report("back-test, \(what): least wall", wall.least, "ms")
    report("back-test, \(what): median CPU", cpu.median, "ms")
    return true
  }

  /// Candles that wander from a seed, in files like those of a recording.
  private static func write(
    _ count: Int, of coins: Int, every minutes: Int64, to folder: String
  ) -> Bool {
    var files: [String: String] = [:]
    for (index, (coin, price)) in prices.prefix(coins).enumerated() {
      var noise = SeededGenerator(seed: UInt64(index + 1))
      var text = "timestamp_ms,open,high,low,close,volume\n"
      var last = price
      for candle in 0..<Int64(count) {
        let reach = max(4, last / 600)
        let close = max(price / 10, last + Int64.random(in: -reach...reach, using: &noise))
        let high = max(last, close) + Int64.random(in: 0...reach / 3, using: &noise)
        let low = min(last, close) - Int64.random(in: 0...reach / 3, using: &noise)
        text += "\(1_735_689_600_000 + candle * minutes * 60_000)"
        for cents in [last, high, low, close] {
          text += ",\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
        }
        text += ",\(1 + candle % 90)\n"
        last = close
      }
      files["\(coin)-\(minutes)m.csv"] = text
    }
    guard BenchFiles.write(files, to: folder) else { return false }
    return files.keys.allSatisfy { name in
      ProcessTiming.measure("/bin/gzip", ["-6", "\(folder)/\(name)"]) != nil
    }
  }
}
