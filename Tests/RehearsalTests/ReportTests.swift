import Foundation
import Testing

extension RehearsalSuite {
  @Suite("The period and the moment, told to people")
  struct Reports {
    private struct Document: Decodable {
      let total: Figures
      let traders: [Figures]
    }

    /// Amounts as decimals, so that sums are exact.
    private struct Figures: Decodable {
      let start_usd: Decimal
      let flows_usd: Decimal
      let realised_usd: Decimal
      let fees_usd: Decimal
      let funding_usd: Decimal
      let unrealised_change_usd: Decimal
      let pnl_usd: Decimal
      let end_usd: Decimal
      let trades: Int
    }

    @Test func hasHelpWithAnExample() throws {
      let ending = try Rehearsal().shell("\"$NOF0\" report --help")

      #expect(ending.code == 0)
      #expect(ending.out.contains("Example: nof0 report --period week"))
    }

    @Test func whereNoRunHasBeenItSaysWhatToDo() throws {
      let ending = try Rehearsal().run("report")

      #expect(ending.code == 74)
      #expect(ending.error.contains("Run `nof0 run` first"), "\(ending.error)")
    }

    @Test func wrongPeriodsAndFormatsAreErrorsOfTheCommandLine() throws {
      let stage = try Rehearsal()
      try stage.cycle(at: "2025-01-01T00:00Z")

      for period in ["year", "2025-01-02..2025-01-01", "2025-01-01T00:00Z..", "..", "a..b"] {
        let ending = try stage.run("report", "--period", period)
        #expect(ending.code == 64, "\(period): \(ending.out)")
        #expect(ending.error.contains("--period: expected"), "\(ending.error)")
        #expect(ending.out == "")
      }
      #expect(try stage.run("report", "--format", "pdf").code == 64)
    }

    /// Four parts of a record, and the whole: the end of each is the start of the next, and the
    /// parts add up to the whole, exactly.
    @Test func periodsJoinWithoutASeam() throws {
      let stage = try Rehearsal()
      try stage.run("run", "--at", "2025-01-01T00:00Z", "--cycles", "120")
      let seams = [
        "2024-12-31T12:00Z", "2025-01-01T01:30Z", "2025-01-01T01:31Z", "2025-01-01T04:00Z",
        "2025-01-01T05:57Z",
      ]

      let parts = try zip(seams, seams.dropFirst()).map { try report(stage, "\($0)..\($1)") }
      let whole = try report(stage, "day")

      for figures in ([whole] + parts).flatMap({ [$0.total] + $0.traders }) {
        #expect(figures.start_usd + figures.flows_usd + figures.pnl_usd == figures.end_usd)
        #expect(
          figures.realised_usd - figures.fees_usd + figures.funding_usd
            + figures.unrealised_change_usd == figures.pnl_usd)
      }
      for (one, next) in zip(parts, parts.dropFirst()) {
        #expect(one.total.end_usd == next.total.start_usd)
      }
      for part in [\Figures.pnl_usd, \.realised_usd, \.fees_usd, \.funding_usd, \.flows_usd] {
        #expect(
          parts.reduce(0) { $0 + $1.total[keyPath: part] } == whole.total[keyPath: part])
      }
      #expect(parts.reduce(0) { $0 + $1.total.trades } == whole.total.trades)
      #expect(whole.total.trades > 0)
      // The books themselves, summed up from fills by the run, say the same.
      let books = Books(of: stage)
      for (column, sum) in [
        ("realised", whole.total.realised_usd), ("fees", whole.total.fees_usd),
        ("funding", whole.total.funding_usd), ("flows", whole.total.flows_usd),
      ] {
        let booked = try books.texts("SELECT \(column) FROM ledgers").compactMap {
          Decimal(string: $0)
        }
        #expect(booked.reduce(0, +) == sum, "\(column)")
      }
    }

    @Test func aRemovedTraderIsAccountedForToTheEnd() throws {
      let stage = try Rehearsal()
      try stage.ownConfig()
      try stage.run("run", "--at", "2025-01-01T00:00Z", "--cycles", "40")
      let before = try report(stage, "day")
      let removal = try stage.run("traders", "remove", "momentum", "--flatten")
      #expect(removal.code == 0, "\(removal.error)")
      try stage.cycle(at: "2025-01-01T03:00Z")

      let after = try report(stage, "day")
      let later = try report(stage, "2025-01-01T02:00Z..")

      // What it had went back, as a flow: 10,000 of the four less what it ended with.
      #expect(
        after.total.start_usd + after.total.flows_usd + after.total.pnl_usd
          == after.total.end_usd)
      #expect(after.total.end_usd < before.total.end_usd - 9000)
      #expect(after.total.flows_usd < 31_000)
      // It was gone at 01:57, the time of the last run before the command.
      #expect(later.total.flows_usd == 0)
      #expect(later.traders.count == 3)
      #expect(try stage.run("report").out.contains("removed"))
    }

    @Test func aPipeIsPlainAndATerminalIsAsWideAsItSays() throws {
      let stage = try Rehearsal()
      try stage.run("run", "--at", "2025-01-01T00:00Z", "--cycles", "60")

      let piped = try stage.run("status").out
      #expect(!piped.contains("\u{1B}"))
      #expect(!piped.contains("▁"))
      for width in [60, 80, 120] {
        for command in ["status", "report"] {
          let ending = try stage.run(command, environment: ["COLUMNS": "\(width)"])
          #expect(ending.code == 0)
          for line in ending.out.split(separator: "\n") {
            #expect(line.count <= width, "\(command) at \(width): \(line)")
          }
        }
      }
      #expect(try stage.run("status", environment: ["COLUMNS": "120"]).out.contains("█"))
    }

    /// `script` gives the command a terminal of its own.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
    func coloursAreForTerminalsThatWantThem() throws {
      let stage = try Rehearsal()
      try stage.cycle(at: "2025-01-01T00:00Z")
      func seen(_ environment: String) throws -> String {
        try stage.shell(
          "script -qec 'stty cols 80; \(environment) \"$NOF0\" status --config \"$CONFIG\" "
            + "--state \"$STATE\"' /dev/null < /dev/null"
        ).out
      }

      let coloured = try seen("TERM=xterm")
      #expect(coloured.contains("\u{1B}[1m"), "\(coloured)")
      #expect(!coloured.contains("drawdown  Sharpe  score"), "\(coloured)")
      #expect(try !seen("TERM=xterm NO_COLOR=1").contains("\u{1B}["))
      #expect(try !seen("TERM=dumb").contains("\u{1B}["))
    }

    private func report(_ stage: Rehearsal, _ period: String) throws -> Document {
      let ending = try stage.run("report", "--period", period, "--format", "json")
      try #require(ending.code == 0, "\(ending.error)")
      return try JSONDecoder().decode(Document.self, from: Data(ending.out.utf8))
    }
  }
}
