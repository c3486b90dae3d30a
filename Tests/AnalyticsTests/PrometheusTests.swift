import Analytics
import Foundation
import Testing
import Trading

/// Where Debian's prometheus package puts it; `nil` = it is not installed.
private let promtool = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}

@Suite struct PrometheusTests {
  @Test(.enabled(if: promtool != nil)) func promtoolFindsNothingToComplainOf() throws {
    for view in [try SampleArena().fullView(), try SampleArena().view(withBenchmark: false)] {
      let process = Process()
      let (input, output) = (Pipe(), Pipe())
      process.executableURL = URL(filePath: try #require(promtool))
      process.arguments = ["check", "metrics"]
      process.standardInput = input
      process.standardOutput = output
      process.standardError = output
      try process.run()
      try input.fileHandleForWriting.write(contentsOf: Data(Export.prometheus.render(view)))
      try input.fileHandleForWriting.close()
      let told = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(told)")
      #expect(told.isEmpty, "\(told)")
    }
  }

  /// The names of the plan, with raw dollars: alpha has 2558.2455 of 2500, beta 10,000.
  @Test func tellsTheNamesOfThePlan() throws {
    let text = RecordExports.render(.prometheus, try SampleArena().view())
    for line in [
      "nof1_manager_total_equity_usd 12558.2455",
      #"nof1_trader_total_pnl_usd{trader_id="alpha"} 58.2455"#,
      "# TYPE nof1_trader_total_pnl_usd gauge",
    ] { #expect(text.contains(line + "\n"), "\(line)") }
    #expect(!text.contains("nof1_trader_sharpe_ratio"), "not defined: no sample, never 0")
  }

  @Test func escapesLabels() throws {
    let text = RecordExports.render(.prometheus, try SampleArena().fullView())
    #expect(text.contains(#"name="sample \"arena\" \\ 1"} 1.0"# + "\n"))
  }

  @Test func everyFamilyHasItsHelpAndTypeOnce() throws {
    let text = RecordExports.render(.prometheus, try SampleArena().fullView())
    var types: Set<String> = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if line.hasPrefix("# TYPE ") {
        #expect(types.insert(String(words[2])).inserted, "\(line)")
      } else if !line.hasPrefix("# HELP ") {
        let name = words[0].prefix { $0 != "{" }
        #expect(types.contains(String(name)), "\(line)")
        #expect(Double(words.last ?? "") != nil, "\(line)")
      }
    }
  }

  @Test func timesAreInSecondsAndNoGaugeLooksLikeACounter() throws {
    let text = RecordExports.render(.prometheus, try SampleArena().fullView())
    for line in text.split(separator: "\n") where line.hasPrefix("# TYPE ") {
      let name = line.split(separator: " ")[2]
      for word in ["_total", "_count", "_sum", "_bucket", "_minutes", "_days", "_mins"] {
        #expect(!name.hasSuffix(word), "\(name)")
      }
    }
  }
}
