import Arena
import ArenaTesting
import Journal
import Testing
import Trading

@Suite("What status shows")
struct StatusTextTests {
  @Test func anArenaThatNeverRan() throws {
    let bench = try CycleBench([CycleBench.holder("hodl")], market: CycleBench.steadyMarket())

    #expect(
      try ArenaStatus.text(of: bench.store, now: Timestamp(ms: 0), caps: nil) == """
        state as of never: no run has finished yet
          #  trader  status  rule  NAV  return  drawdown  Sharpe  score  trades  won  open
        no open positions
          run  cycle  time  status  took

        """)
  }

  /// The holder's books are those of BuyAndHoldBooksTests at noon.
  ///
  /// 10,000 − 4.40827893
  /// + 0.09795 · (100,000 − 100,012) = 9,994.41632107, 0.0558 % less. The benchmark is down by the
  /// fee of 4.5 bps, 0.045 %, which as a binary fraction is a little less.
  @Test func leaderboardPositionsRunsAndAlerts() async throws {
    let bench = try CycleBench(
      [
        CycleBench.holder("hodl", risk: ["stop_loss_enabled": "true"]),
        CycleBench.trader("quiet", "flat"),
      ], market: CycleBench.steadyMarket())
    try bench.sim.set { $0.refused = [.stop, .flatten] }

    try await bench.run(at: CycleBench.noon)

    let text = try ArenaStatus.text(of: bench.store, now: Timestamp(ms: 0), caps: nil)
    #expect(text == afterOneCycle)
  }
}

/// The margin is the position at its mark with leverage 1: 0.09795 · 100,000 = 9,795, which is
/// 48.99 % of 10,000 + 9,994.42.
private let afterOneCycle = """
  state as of 2025-07-21T12:00:00Z
    #  trader        status   rule                NAV   return  drawdown  Sharpe  score  \
  trades  won  open
    1  quiet         running  flat          10,000.00  +0.00 %    0.00 %       –      –     \
    0    0     0
    2  hodl          running  buy_and_hold   9,994.42  -0.06 %    0.06 %       –      –     \
    0    0     1
       buynhold_btc           benchmark      9,995.50  -0.04 %
  capital 19,994.42 USD: 19,994.42 allocated, 9,795.00 of it utilised (48.99 %), 0.00 reserve
    position of  coin  side     size   entry   stop  target  since
    hodl         BTC   long  0.09795  100012  50000       –  2025-07-21T12:00:00Z
    run  cycle  time                  status    took
      1      1  2025-07-21T12:00:00Z  finished  0 ms
  high alert since 2025-07-21T12:00:00Z: hodl: the long of 0.09795 BTC has no stop at the \
  venue and could not be closed; the next run tries again

  """
