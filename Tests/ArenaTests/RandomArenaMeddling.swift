import Arena
import ArenaTesting
import Exchanges
import Foundation
import Journal
import Manager
import Testing
import Trading

/// What happens to an arena between its cycles: failures, hands, operators.
extension RandomArena {
  func meddle() async throws {
    options = CycleOptions(publishes: false)
    options.force = random.below(4) == 0
    options.asksTraders = random.below(12) > 0
    if random.below(5) == 0 { setFaults() } else { clearFaults() }
    let state = try store.loadState(now: now)
    let ids = state.traders.keys.sorted()
    guard !ids.isEmpty else { return }
    let isBarred = state.accounts.values.contains { !$0.outside.isEmpty }
    if isBarred, random.below(3) == 0 { try await trade(by: state) }
    if !state.killSwitches.isEmpty, random.below(8) == 0 { try resetByHand(state) }
    switch random.below(30) {
    case 0, 1: try await trade(by: state)
    case 2: try await moveMoney(by: state)
    case 3: try steer(ids[random.below(ids.count)], state)
    case 4, 24, 25, 26:
      let idle = ids.filter { state.traders[$0]?.runtime.status != .running }
      if !idle.isEmpty { try steer(random.pick(idle), state) }
    case 5: try fire(state)
    case 6: try resetByHand(state)
    case 8:
      story.append(shape.change(&random))
      config = try Self.config(shape.files)
    case 9:
      options.duties.closing = [ids[random.below(ids.count)]]
      story.append("closing \(options.duties.closing)")
    case 10 where random.below(3) == 0:
      let id = ids[random.below(ids.count)]
      options.duties = OperatorDuties(closing: [id], removing: [id])
      story.append("removing \(id)")
    default: break
    }
  }

  func clearFaults() {
    for venue in venues.values { venue.inner.set { $0 = FaultyExchange.Faults() } }
  }

  private func setFaults() {
    var faults = FaultyExchange.Faults()
    let purposes: [OrderPurpose] = [.open, .close, .stop, .target, .flatten]
    let chosen = Set(purposes.filter { _ in random.below(2) == 0 })
    switch random.below(9) {
    case 0: faults.refused = chosen
    case 1: faults.swallowed = chosen
    case 2, 3: faults.answersLost = chosen
    case 4: faults.isUnreachable = true
    case 5: faults.hidesOrders = true
    case 6: faults.hidesFees = true
    default: faults.transfers = random.pick([.refused, .swallowed, .answerLost])
    }
    let set = faults
    story.append(
      "faults \(faults)".replacingOccurrences(of: "Trading.OrderPurpose.", with: ""))
    for venue in venues.keys.sorted() where random.below(3) > 0 {
      venues[venue]?.inner.set { $0 = set }
    }
  }

  private func account(of state: ArenaState) -> (AccountID, SimExchange)? {
    let ids = state.traders.keys.sorted()
    guard let record = state.traders[ids[random.below(ids.count)]],
      let sim = sims[record.exchange]
    else { return nil }
    return (record.account, sim)
  }

  private func trade(by state: ArenaState) async throws {
    guard let (account, sim) = account(of: state) else { return }
    // What hands hold bars entries: mostly they close it again.
    let held = (state.accounts[account]?.outside ?? [:]).sorted { $0.key < $1.key }.first
    let coin = try held?.key ?? coin(random.pick(["BTC", "ETH", "SOL"]))
    guard let mid = price(of: coin), let instrument = BuiltInInstruments.all[coin] else { return }
    let isBuy = held.map { $0.value < .zero } ?? (random.below(2) == 0)
    let worth = USD(whole: random.pick([50, 300, 2000]))
    guard
      let limit = Price(approximating: (mid.double * (isBuy ? 1.02 : 0.98)).rounded()),
      let aligned = instrument.rounded(limit, isBuy ? .floor : .ceiling)
    else { return }
    manual += 1
    let size = held?.value.magnitude ?? instrument.roundedDown(worth.buys(at: mid))
    guard size > .zero else { return }
    let outcomes = await sim.submit(
      [
        ManualTrade.intent(
          account: account, coin: coin, side: isBuy ? .buy : .sell, size: size, limit: aligned,
          at: now, number: manual)
      ], at: now)
    story.append("by hand on \(account) \(isBuy ? "buy" : "sell") \(size) \(coin): \(outcomes)")
  }

  private func moveMoney(by state: ArenaState) async throws {
    guard let (account, sim) = account(of: state) else { return }
    manual += 1
    let amount = USD(whole: random.pick([-200, -20, 100, 1000]))
    do {
      try await sim.transfer(
        [
          AccountTransfer(
            id: TransferID("hand.\(manual)"), account: account, at: now, amount: amount)
        ], at: now)
      story.append("moved \(amount) by hand on \(account)")
      oracle.moved += amount
    } catch ExchangeError.notMoved {
      story.append("could not move \(amount) by hand on \(account)")
    }
  }

  // MARK: What operators do

  private func changes(_ state: ArenaState) throws -> StateChanges {
    StateChanges(cycle: state.cycle, run: try store.recentRuns(1).first?.run ?? 0, at: now)
  }

  private func steer(_ trader: TraderID, _ state: ArenaState) throws {
    guard var record = state.traders[trader] else { return }
    let moves: [TraderStatus.Move] =
      record.runtime.status == .running
      ? [.pause, .isolate, .stop] : [.start, .start, .release, .release, .resume, .stop]
    let move = random.pick(moves)
    let until = move == .pause && random.below(2) == 0 ? now + .minutes(40) : nil
    guard
      case .success(let moved) = TraderMoves.apply(
        move, to: record.runtime, of: trader, pausedUntil: until, at: now, reason: "by hand",
        cause: "command")
    else { return }
    var changes = try changes(state)
    changes.recorded[trader] = record
    record.runtime = moved.runtime
    changes.traders = [record]
    changes.events = [moved.event]
    try store.commit(changes)
    story.append("\(move) \(trader)")
  }

  private func fire(_ state: ArenaState) throws {
    guard let (account, _) = account(of: state) else { return }
    let residents = state.traders.values.filter { $0.account == account }.map(\.ledger.trader)
    let fired = KillSwitch(
      number: state.nextKillSwitch, account: account,
      trader: random.below(2) == 0 ? residents.min() : nil, cause: KillSwitch.manualCause,
      measured: nil, threshold: nil, action: random.pick(BreachAction.allCases), reset: .manual,
      firedAt: now, reason: "by hand")
    var changes = try changes(state)
    changes.killSwitches = [fired]
    try store.commit(changes)
    story.append("fired \(fired.action) on \(account)")
  }

  private func resetByHand(_ state: ArenaState) throws {
    guard !state.killSwitches.isEmpty else { return }
    var fired = state.killSwitches[random.below(state.killSwitches.count)]
    fired.resetAt = now
    fired.resetBy = "command"
    var changes = try changes(state)
    changes.killSwitches = [fired]
    if var books = state.accounts[fired.account], LimitWatch.forgive(fired, in: &books) {
      changes.accounts = [books]
      oracle.forgive(fired)
    }
    try store.commit(changes)
    story.append("reset \(fired.number)")
  }
}
