import Exchanges
import Manager
import Market
import Trading

/// What must be true before real money is moved.
extension Cycle {
  /// Refuses to go on when this machine's clock is far from a venue's: what would be recorded with
  /// such a time would stop all later runs.
  func refuseWrongClock(_ work: CycleWork) throws(RunFailure) {
    for (id, exchange) in ports.exchanges.sorted(by: { $0.key < $1.key })
    where !exchange.isSimulated {
      ports.tape?.begin(nil, ports.machine)
      let skew = exchange.time(inCycleOf: work.now) - ports.clock.now()
      let size = Span(ms: abs(skew.ms))
      guard size > Self.largestSkew else { continue }
      throw RunFailure(
        .inputOutput, phase: .snapshot,
        "this machine's clock is \(size) \(skew > .zero ? "behind" : "ahead of") that of "
          + "\(id); nothing was sent. Set the clock (NTP), then run again")
    }
  }

  /// How far the clocks may differ at all; opens stop earlier.
  private static let largestSkew = Span.minute

  /// Asks real venues what stands in the way of trading; what does blocks opens, never reductions.
  func checkReadiness(_ work: inout CycleWork) async {
    for account in Set(lookedAfter(work).map(\.account)).sorted() {
      guard let exchange = venue(of: account, work), !exchange.isSimulated else { continue }
      var findings = await exchange.readiness(of: account, at: work.now)
      findings += unreachableMinimums(of: account, work)
      let prefix = "venue.\(account)."
      let keys = Set(findings.map { prefix + $0.id })
      for key in work.earlierAlerts.keys.sorted() where key.hasPrefix(prefix) {
        if !keys.contains(key) { work.resolve(key) }
      }
      for finding in findings {
        work.alert(prefix + finding.id, finding.severity, "account \(account): \(finding.message)")
        if finding.blocksOpens, work.blocks[account] == nil {
          work.blocks[account] = RuleNote(rule: "venue_\(finding.id)", text: finding.message)
        }
      }
    }
  }

  /// Traders whose largest position is smaller than the least order of every coin they trade.
  private func unreachableMinimums(
    of account: AccountID, _ work: CycleWork
  ) -> [VenueFinding] {
    present(work).filter { $0.account == account }.compactMap { spec in
      let known = spec.coins.compactMap { work.markets[spec.market]?.coins[$0]?.instrument }
      guard !known.isEmpty, let least = known.map(\.minNotional).min(),
        spec.risk.maxPositionSize < least
      else { return nil }
      return VenueFinding(
        id: "minimum.\(spec.id)", severity: .medium,
        message: "\(spec.id) may open at most \(spec.risk.maxPositionSize) USD and the venue's "
          + "least order is \(least) USD; raise risk_params.max_position_size_usd",
        blocksOpens: false)
    }
  }
}
