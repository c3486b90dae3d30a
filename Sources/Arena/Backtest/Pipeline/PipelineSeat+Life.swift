import Exchanges
import Manager
import Trading

extension PipelineSeat {
  /// Takes the trader out when a rule says so, as in ``Cycle/judgeLife(of:_:)``.
  mutating func judgeLife() {
    guard runtime.status == .running,
      runtime.breachesInARow > 0 || totals.days >= SharpeRecord.leastDays,
      let finding = Isolation.reason(runtime, totals: totals, rules: config.isolation)
    else { return }
    runtime.status = .isolated
    runtime.reason = finding.text
  }

  /// Gives back what a trader that is taken out has no use for, as far as its positions leave it.
  mutating func releaseCapital(_ moment: inout PipelineMoment) {
    guard runtime.status == .isolated else { return }
    let means = means(&moment)
    let free = Allocation.freeCash(
      cash: ledger.cash, equity: means.equity, marginUsed: means.marginUsed, free: means.free)
    guard
      let given = Allocation.givenBack(
        of: runtime.capital, downTo: AllocationMember.remainder, freeCash: free),
      ledger.book(flow: given, equity: means.equity)
    else { return }
    books.rawUSD += given
    runtime.capital += given
    bands = nil
  }

  /// That it was taken out, in a sentence; `nil` = it was not.
  var lifeNotice: String? {
    runtime.status == .isolated
      ? BacktestPass.isolationNotice(of: spec.id, runtime.reason) : nil
  }
}
