import Manager
import Market
import Testing
import Trading

// A long of 2 BTC at 100 (200 USD) is held, a long of 200 USD of SOL is wished for, and 30 % of
// 1000 USD may be held in coins that move together: where both count, 100 USD are left.
@Suite("Correlation")
struct CorrelationTests {
  // BTC moves by +1 %, −1 %, … SOL does the same but for k hours up and k hours down, in which it
  // does the opposite. Of n such returns ρ = 1 − 4k / n, as both have mean 0 and equal spread:
  // n = 200: 1 − 36/200 = 0.82 and 1 − 44/200 = 0.78; k = n/2 gives −1.
  @Test(
    "counts coins that move together",
    arguments: [
      (0, PositionSide.long, "1"), (9, .long, "1"), (11, .long, "2"), (50, .long, "2"),
      (100, .long, "2"), (100, .short, "1"), (91, .short, "1"), (89, .short, "2"),
      (0, .short, "2"),
    ] as [(Int, PositionSide, String)])
  func countsTogether(flips: Int, side: PositionSide, size: String) throws {
    let result = try review(returns: 200, flips: flips, held: side)

    #expect(result.opens.first?.request.size == (try Make.size(size)))
  }

  @Test func saysWhichCoinsCount() throws {
    let result = try review(returns: 200, flips: 9, held: .long)

    #expect(
      result.entries.first?.notes == [
        RuleNote(
          rule: "correlated",
          text: "200 USD (2 SOL) → 100 USD (1 SOL), as max_correlated_pct admits 300 USD in coins "
            + "that move together, held: BTC 200 USD (ρ 0.82)")
      ])
  }

  @Test(
    "counts what it does not know on the same side only",
    arguments: [
      (168, PositionSide.long, "2"), (167, .long, "1"), (167, .short, "2"), (0, .long, "1"),
    ] as [(Int, PositionSide, String)])
  func countsTheUnknown(returns: Int, side: PositionSide, size: String) throws {
    // A quarter of the returns each way flipped: ρ 0 where it is known.
    let result = try review(returns: returns, flips: returns / 4, held: side)

    #expect(result.opens.first?.request.size == (try Make.size(size)))
  }

  @Test func aGapTakesTwoReturnsAway() throws {
    // 170 returns less the two around the gap are 168; less another two, 166.
    let known = try review(returns: 170, flips: 42, held: .long, gaps: [60])
    let unknown = try review(returns: 170, flips: 42, held: .long, gaps: [60, 90])

    #expect(known.opens.first?.request.size == (try Make.size("2")))
    #expect(
      unknown.entries.first?.notes.first?.text.hasSuffix(
        "BTC 200 USD (ρ not known, 166 common hourly returns of at least 168, counts as the same)")
        == true)
  }

  @Test func whatLiesBackAMonthDoesNotCount() throws {
    // Opposite for 200 hours, then the same for 720: ρ 1 of the last 720 alone.
    let old = steps(200)
    let both = steps(720)
    let result = try review(btc: old + both, sol: old.map { -$0 } + both, held: .long)

    #expect(result.entries.first?.notes.first?.text.hasSuffix("(ρ 1)") == true)
  }

  @Test func aCoinThatDidNotMoveCountsAsTheSame() throws {
    let result = try review(
      btc: Array(repeating: 0, count: 200), sol: steps(200), held: .long)

    #expect(
      result.entries.first?.notes.first?.text.hasSuffix(
        "(ρ not known, one of them did not move, counts as the same)") == true)
  }

  @Test func leavesNoRoomWhereNoneIs() throws {
    let result = try review(returns: 200, flips: 0, held: .long, share: 20)

    #expect(result.entries.first?.notes.map(\.rule) == ["correlated"])
    #expect(result.opens.isEmpty)
  }

  /// Up and down by turns.
  private func steps(_ count: Int) -> [Double] { (0..<count).map { $0 % 2 == 0 ? 1 : -1 } }

  private func review(
    returns: Int, flips: Int, held side: PositionSide, gaps: Set<Int> = [], share: Int64 = 30
  ) throws -> AdmissionResult {
    let first = steps(returns)
    // The first 2k hours are k up and k down.
    let second = first.enumerated().map { $0.offset < 2 * flips ? -$0.element : $0.element }
    return try review(btc: first, sol: second, held: side, gaps: gaps, share: share)
  }

  private func review(
    btc: [Double], sol: [Double], held side: PositionSide, gaps: Set<Int> = [], share: Int64 = 30
  ) throws -> AdmissionResult {
    let state = try Make.state(
      coins: [
        Make.snapshot("BTC", candles: candles(btc, gaps: [])),
        Make.snapshot("SOL", candles: candles(sol, gaps: gaps)),
      ], positions: [Make.held("BTC", side)]
    ) { try $0.setGuards { $0.maxCorrelated = Pct(whole: share) } }
    return Admission.review([try Make.buy()], in: state)
  }

  /// Candles that move by so many per cent each.
  private func candles(_ steps: [Double], gaps: Set<Int>) throws -> CandleSeries {
    var closes = [100.0]
    for step in steps { closes.append((closes.last ?? 100) * (1 + step / 100)) }
    return try Make.candles(
      closes.enumerated().map {
        gaps.contains($0.offset) ? nil : ($0.element, $0.element, $0.element)
      })
  }
}
