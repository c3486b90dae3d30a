import Manager
import Market
import Trading

extension Cycle {
  /// Measures an account, resets and fires its kill switches, and blocks its opens while a limit
  /// is breached.
  func applyLimits(to account: AccountID, _ work: inout CycleWork) {
    reset(
      LimitWatch.resets(
        work.state.killSwitches.filter { $0.account == account }, at: work.now), &work)
    guard let snapshot = work.accounts[account], work.unreadable[account] == nil else { return }
    var books = work.state.accounts[account] ?? AccountBooks(account: account)
    books.observe(equity: snapshot.equity, at: work.now)
    work.state.accounts[account] = books
    let measures = AccountMeasures(snapshot, marks: marks(of: account, work), books: books)
    let breaches = LimitWatch.breaches(of: config.globalLimits, by: measures)
    for breach in breaches {
      work.alert(
        "\(breach.rule).\(account)", .high,
        "account \(account): \(breach.text); opens are blocked until it is over",
        value: breach.measured.double, threshold: breach.threshold.double)
    }
    for rule in LimitWatch.rules where !breaches.contains(where: { $0.rule == rule }) {
      work.resolve("\(rule).\(account)")
    }
    if work.blocks[account] == nil, let first = breaches.first {
      work.blocks[account] = RuleNote(rule: first.rule, text: first.text)
    }
    fire(
      LimitWatch.firing(
        breaches, limits: config.globalLimits, active: work.state.killSwitches, account: account,
        at: work.now, nextNumber: work.state.nextKillSwitch), &work)
    tellKillSwitches(of: account, &work)
  }

  private func fire(_ switches: [KillSwitch], _ work: inout CycleWork) {
    for fired in switches {
      work.state.killSwitches.append(fired)
      work.state.nextKillSwitch = fired.number + 1
      work.changes.killSwitches.append(fired)
      work.notices.append("kill switch \(fired.number) on \(fired.account): \(fired.reason)")
    }
  }

  /// Takes kill switches back; the loss each measured is measured anew from now on.
  private func reset(_ switches: [KillSwitch], _ work: inout CycleWork) {
    for ended in switches {
      work.state.killSwitches.removeAll { $0.number == ended.number }
      work.changes.killSwitches.append(ended)
      if var books = work.state.accounts[ended.account] {
        LimitWatch.forgive(ended, in: &books)
        work.state.accounts[ended.account] = books
      }
      work.resolve("kill_switch.\(ended.number)")
      work.notices.append("kill switch \(ended.number) on \(ended.account) is reset")
    }
  }

  private func tellKillSwitches(of account: AccountID, _ work: inout CycleWork) {
    for fired in work.state.killSwitches where fired.account == account {
      let whose = fired.trader.map { "\($0) on " } ?? ""
      work.alert(
        "kill_switch.\(fired.number)", .high, trader: fired.trader,
        "kill switch \(fired.number) on \(whose)\(account): \(fired.reason). "
          + "No opens until it is reset: `nof0 kill-switches reset \(fired.number)`")
    }
    let holding = Set(work.state.killSwitches.map { "kill_switch.\($0.number)" })
    for key in work.earlierAlerts.keys.sorted()
    where key.hasPrefix("kill_switch.") && !holding.contains(key) {
      work.resolve(key)
    }
  }

  /// What stops the entries of a trader.
  func entryBlocks(of spec: TraderSpec, _ work: CycleWork) -> EntryBlocks {
    let record = work.record(of: spec.id)
    let fired = work.state.killSwitches.first { $0.stops(spec.id, on: spec.account) }
    return EntryBlocks(
      global: work.blocks[spec.account].map { "\($0.rule): \($0.text)" },
      killSwitch: fired.map { "kill switch \($0.number) (\($0.cause)): \($0.reason)" },
      isolation: record.runtime.status == .isolated ? record.runtime.reason : nil,
      reductionsOnly: FailureStreak.reductionsOnly(after: work.failuresBefore[spec.id] ?? 0))
  }
}
