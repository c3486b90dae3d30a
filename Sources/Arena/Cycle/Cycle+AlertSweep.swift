import Manager
import Trading

/// Whom alerts may be about.
struct AlertSubjects {
  /// The configured traders that are not removed, and whoever still has something open.
  let traders: Set<TraderID>
  /// Their accounts, and those of all configured traders.
  let accounts: Set<AccountID>
}

extension Cycle {
  /// Alerts of accounts: in their keys the account follows the kind.
  private static let ofAccounts = Set(LimitWatch.rules).union([
    "account_loss", "cancel", "conservation", "difference", "gap", "manual", "margin_usage",
    "outside", "overdrawn", "residue", "transfer", "unreachable", "venue",
  ])
  /// Those of them that tell what has happened: a day is time enough to hear of it.
  private static let toldForADay: Set<String> = ["gap", "manual", "residue"]
  /// Alerts that end by themselves only, whoever leaves.
  private static let ownEnd: Set<String> = ["bystander", "forced", "unknown_outcome"]

  /// Whom alerts may be about at the end of a cycle.
  func alertSubjects(_ work: CycleWork) -> AlertSubjects {
    let open = work.state.traders.filter { _, record in
      !record.ledger.positions.isEmpty || !restingOrders(of: record, work).isEmpty
    }
    let configured = config.traders.map(\.id).filter {
      work.state.traders[$0]?.runtime.removedAt == nil
    }
    return AlertSubjects(
      traders: Set(configured).union(open.keys),
      accounts: Set(config.traders.map(\.account)).union(open.values.map(\.account)))
  }

  /// Whether nobody is left whom an alert is about, so that no phase will ever end it.
  func isOrphaned(_ record: AlertRecord, of subjects: AlertSubjects, _ work: CycleWork) -> Bool {
    let (key, kind) = (record.alert.key, record.alert.kind)
    guard !work.raisedAlertKeys.contains(key), !Self.ownEnd.contains(kind) else { return false }
    if kind == "kill_switch" {
      let fired = work.state.killSwitches.first { "kill_switch.\($0.number)" == key }
      return !(fired.map { subjects.accounts.contains($0.account) } ?? false)
    }
    guard Self.ofAccounts.contains(kind) else {
      return record.alert.trader.map { !subjects.traders.contains($0) } ?? false
    }
    if Self.toldForADay.contains(kind), record.openedAt >= work.now - .day { return false }
    let rest = String(key.dropFirst(kind.count + 1))
    return !subjects.accounts.contains { rest == $0.name || rest.hasPrefix("\($0.name).") }
  }
}
