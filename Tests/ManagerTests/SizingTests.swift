import Manager
import Market
import Testing
import Trading

// Equity and free margin 1000 USD, mid 100, no fee, no slippage, lots of 0.001, venue leverage 40,
// altcoins up to 10x; a long of 200 USD (2 coins) at 5x, stop 95, target 120, notional up to
// 10,000 USD.
@Suite("Sizing")
struct SizingTests {
  @Test(
    "takes a fixed fraction of equity as margin at the leverage there will be",
    arguments: [
      // 1000 · 10 % · 5 / 100 = 5 coins.
      ("10", 5, [(0, 40)], "5", ["sizing"]),
      // 1000 · 3.3333 % · 5 / 100 = 1.66665, down to the lot.
      ("3.3333", 5, [(0, 40)], "1.666", ["sizing"]),
      // 50x asked, 10x allowed: 1000 · 10 % · 10 / 100 = 10 coins, not 50.
      ("10", 50, [(0, 40)], "10", ["sizing", "leverage"]),
      // At 10x the venue allows 4x from 300 USD on: 100 USD of margin are 400 USD.
      ("10", 10, [(0, 40), (300, 4)], "4", ["sizing", "leverage"]),
      ("4", 5, [(0, 40)], "2", []),
    ] as [(String, Int, [(Int64, Int)], String, [String])])
  func takesAFixedFraction(
    share: String, leverage: Int, tiers: [(Int64, Int)], size: String, rules: [String]
  ) throws {
    let state = try state(
      SizingSpec(method: .fixedFraction, fraction: Make.pct(share)),
      coins: [Make.snapshot("SOL", tiers: tiers)])

    let result = Admission.review([try Make.buy(leverage: leverage)], in: state)

    #expect(result.opens.first?.request.size == (try Make.size(size)))
    #expect(result.entries.first?.notes.map(\.rule) == rules)
  }

  @Test func saysWhatItComputed() throws {
    let state = try state(SizingSpec(method: .fixedFraction, fraction: Pct(whole: 10)))

    let result = Admission.review([try Make.buy()], in: state)

    #expect(
      result.entries.first?.notes.map(\.text) == [
        "200 USD (2 SOL) → 500 USD (5 SOL), as fixed_fraction: 10 % of 1000 USD × 5x / 100 USD"
      ])
  }

  @Test(
    "needs neither size nor, for atr, a stop",
    arguments: [
      (SizingMethod.model, "fields_missing"), (.fixedFraction, "fields_missing"),
      (.kelly, "fields_missing"), (.atr, nil),
    ] as [(SizingMethod, String?)])
  func needsNeither(method: SizingMethod, refusal: String?) throws {
    let state = try state(SizingSpec(method: method), coins: [calm()])

    let withoutStop = Admission.review([try Make.buy(size: nil, stop: nil)], in: state)
    let withoutSize = Admission.review([try Make.buy(size: nil)], in: state)
    let broken = Admission.review(
      [try Make.buy(size: nil, malformed: ["position_size_usd"])], in: state)

    #expect(refusedBy(withoutStop) == refusal)
    #expect(refusedBy(withoutSize) == (method == .model ? "fields_missing" : nil))
    #expect(refusedBy(broken) == (method == .model ? "not_finite" : nil))
  }

  // Every candle spans 98.75 to 101.25 and ends at 100: the average true range is 2.5. 1 % of 1000
  // is 10 USD.
  @Test(
    "risks a share of equity at a stop some average true ranges away",
    arguments: [
      // 2 · 2.5 = 5: stop 95, 10 / 5 = 2 coins: what was asked for.
      (true, "2", "95", "2", []),
      // 3 · 2.5 = 7.5: stop 92.5, 10 / 7.5 = 1.3333.
      (true, "3", "92.5", "1.333", ["sizing"]),
      (false, "3", "107.5", "1.333", ["sizing"]),
      // 1.23457 · 2.5 = 3.086425: the stop moves towards the entry, 96.913575 up to three decimals
      // and 103.086425 down to two (five digits); 10 / 3.086425 = 3.23999.
      (true, "1.23457", "96.914", "3.239", ["sizing"]),
      (false, "1.23457", "103.08", "3.239", ["sizing"]),
    ] as [(Bool, String, String, String, [String])])
  func risksAShare(
    isLong: Bool, multiple: String, stop: String, size: String, rules: [String]
  ) throws {
    let state = try state(
      SizingSpec(method: .atr, atrMultiple: Make.factor(multiple)), coins: [calm()])

    let result = Admission.review([try isLong ? Make.buy() : Make.sell()], in: state)

    let wish = try #require(result.opens.first?.request)
    #expect(wish.stop == (try Make.price(stop)))
    #expect(wish.size == (try Make.size(size)))
    #expect(result.entries.first?.notes.map(\.rule) == rules)
  }

  @Test func saysWhatTheRangeLedTo() throws {
    let state = try state(
      SizingSpec(method: .atr, atrMultiple: Factor(whole: 3)), coins: [calm()])

    let result = Admission.review([try Make.buy()], in: state)

    #expect(
      result.entries.first?.notes.map(\.text) == [
        "200 USD (2 SOL), stop 95 → 133.3 USD (1.333 SOL), stop 92.5, as atr: 1 % of 1000 USD / "
          + "7.5 USD (3 × ATR of 14 h)"
      ])
  }

  @Test func averagesAfterWilder() throws {
    // Closes at 100. True ranges 2 and 4 seed with 3; then (3 · 1 + 6) / 2 = 4.5. The stop lies
    // 2 · 4.5 = 9 away, and 10 / 9 = 1.1111.
    let bars = try Make.candles([50, 2, 4, 6].map { (100 + $0 / 2, 100 - $0 / 2, 100) })
    let state = try state(
      SizingSpec(method: .atr, atrPeriod: 2), coins: [Make.snapshot("SOL", candles: bars)])

    let wish = try #require(Admission.review([try Make.buy()], in: state).opens.first?.request)

    #expect(wish.stop == (try Make.price("91")))
    #expect(wish.size == (try Make.size("1.111")))
  }

  @Test(
    "refuses what candles cannot tell",
    arguments: [
      (0, 0, 1.0, "sizing by atr needs 15 finished candles of 1h of SOL, was 0"),
      (14, 0, 1.0, "sizing by atr needs 15 finished candles of 1h of SOL, was 14"),
      (15, 25, 1.0, "sizing by atr needs a candle of 1h of SOL at most 24h old, was 25h"),
      (15, 0, 0.0, "expected an average true range above 0 USD for sizing by atr, was 0.0"),
      (15, 0, 60.0, "a stop 120 USD (2 × ATR) from the entry 100 is no price"),
    ] as [(Int, Int64, Double, String)])
  func refusesGaps(count: Int, hoursAgo: Int64, range: Double, reason: String) throws {
    let bars = Array(
      repeating: (high: 100 + range / 2, low: 100 - range / 2, close: 100.0), count: count)
    let candles = try Make.candles(bars, endedAgo: .hours(hoursAgo))
    let state = try state(
      SizingSpec(method: .atr), coins: [Make.snapshot("SOL", candles: candles)])

    let result = Admission.review([try Make.buy()], in: state)

    #expect(result.entries.first?.notes == [RuleNote(rule: "sizing", text: reason)])
  }

  // Fraction 10 % at 5x would be 5 coins.
  @Test(
    "takes a quarter of what Kelly's formula says",
    arguments: [
      // p = 34/60, b = 20/10: 0.56667 − 0.43333 / 2 = 0.35; 1000 · 0.0875 · 5 / 100 = 4.375.
      (40, 24, "480", "-160", "4.375"),
      // p = 30/60, b = 12/10: 0.5 − 0.5 / 1.2 = 0.083333; 0.0208333 · 50 = 1.0416.
      (40, 20, "240", "-200", "1.041"),
      // Too few trades, and no loss on record: the fixed fraction.
      (29, 24, "480", "-160", "5"), (40, 40, "480", "0", "5"),
      // p = 34/60, b = 0.5: 0.56667 − 0.86667 is below zero; so is 1/2 − 1/2 / 1, which is zero.
      (40, 24, "120", "-160", nil), (40, 20, "200", "-200", nil), (40, 0, "0", "-100", nil),
    ] as [(Int, Int, String, String, String?)])
  func takesAQuarterOfKelly(
    trades: Int, wins: Int, won: String, lost: String, size: String?
  ) throws {
    let state = try state(SizingSpec(method: .kelly)) {
      $0.totals = try record(trades: trades, wins: wins, won: won, lost: lost)
    }

    let result = Admission.review([try Make.buy()], in: state)

    #expect(result.opens.first?.request.size == (try size.map(Make.size)))
    #expect(result.entries.first?.notes.map(\.rule) == ["sizing"])
  }

  @Test func saysWhatKellyFound() throws {
    let good = try state(SizingSpec(method: .kelly)) {
      $0.totals = try record(trades: 40, wins: 24, won: "480", lost: "-160")
    }
    let bad = try state(SizingSpec(method: .kelly)) {
      $0.totals = try record(trades: 40, wins: 24, won: "120", lost: "-160")
    }

    let texts = [good, bad].map { state in
      (try? Make.buy()).flatMap {
        Admission.review([$0], in: state).entries.first?.notes.first?.text
      }
    }

    #expect(
      texts == [
        "200 USD (2 SOL) → 437.5 USD (4.375 SOL), as kelly: a quarter of f* 0.35 (p 0.5667, b 2, "
          + "40 trades), of 1000 USD × 5x / 100 USD",
        "kelly: f* -0.3 (p 0.5667, b 0.5, 40 trades) leaves no size with an edge",
      ])
  }

  @Test func capsApplyAfterwards() throws {
    let state = try state(SizingSpec(method: .fixedFraction, fraction: Pct(whole: 10))) {
      try $0.setRisk { $0.maxPositionSize = USD(whole: 300) }
    }

    let result = Admission.review([try Make.buy()], in: state)

    #expect(result.entries.first?.notes.map(\.rule) == ["sizing", "size_cap"])
    #expect(result.opens.first?.request.size == (try Make.size("3")))
  }

  @Test(
    "refuses to size from nothing", arguments: [SizingMethod.fixedFraction, .atr, .kelly])
  func refusesWithoutEquity(method: SizingMethod) throws {
    let state = try state(SizingSpec(method: method), coins: [calm()]) { $0.equity = .zero }

    let result = Admission.review([try Make.buy()], in: state)

    #expect(
      result.entries.first?.notes == [
        RuleNote(
          rule: "sizing", text: "expected equity above 0 USD to size an entry from, was 0 USD")
      ])
  }

  @Test func tellsTheCandlesItNeeds() throws {
    let range = SizingSpec(method: .atr, atrPeriod: 20)
    let longRange = SizingSpec(method: .atr, atrPeriod: 100)
    let guarded = ExecutionGuards(maxCorrelated: Pct(whole: 50))
    func needed(_ sizing: SizingSpec, _ guards: ExecutionGuards) throws -> [Timeframe: Int] {
      var risk = try Make.limits()
      risk.sizing = sizing
      return AdmissionTable.candlesNeeded(by: try Make.trader(risk: risk, guards: guards))
    }

    #expect(try needed(SizingSpec(), ExecutionGuards()) == [:])
    #expect(try needed(range, ExecutionGuards()) == [.h1: 161])
    #expect(try needed(SizingSpec(), guarded) == [.h1: 721])
    #expect(try needed(range, guarded) == [.h1: 721])
    #expect(try needed(longRange, guarded) == [.h1: 801])
  }

  /// Twenty candles of a true range of 2.5.
  private func calm() throws -> CoinSnapshot {
    let bars = Array(repeating: (high: 101.25, low: 98.75, close: 100.0), count: 20)
    return try Make.snapshot("SOL", candles: Make.candles(bars))
  }

  private func record(trades: Int, wins: Int, won: String, lost: String) throws
    -> PerformanceTotals
  {
    PerformanceTotals(
      trades: trades, wins: wins, winnings: try Make.usd(won), losings: try Make.usd(lost),
      dayStartNAV: nil, lastNAV: nil, lastDay: nil, days: 0, meanDaily: 0, sumSquares: 0,
      peakNAV: .zero, maxDrawdown: 0)
  }

  private func refusedBy(_ result: AdmissionResult) -> String? {
    guard case .rejected(let note) = result.entries.first?.verdict else { return nil }
    return note.rule
  }

  private func state(
    _ sizing: SizingSpec, coins: [CoinSnapshot]? = nil,
    _ change: (inout AdmissionState) throws -> Void = { _ in }
  ) throws -> AdmissionState {
    try Make.state(coins: coins) {
      try $0.setRisk {
        $0.sizing = sizing
        $0.maxPositionSize = USD(whole: 10_000)
      }
      try change(&$0)
    }
  }
}
