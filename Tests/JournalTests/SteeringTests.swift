import Testing
import Trading

@testable import Journal

/// Two kill switches, two clashes, two events and a split of money.
struct SteeringSample {
  let traders: [TraderID]
  let account: AccountID
  let killSwitches: [KillSwitch]
  let conflicts: [ConflictRecord]
  let events: [TraderEvent]
  let allocation: AllocationRecord

  init(_ traders: [TraderID], _ account: AccountID) throws {
    self.traders = traders
    self.account = account
    let now = SampleArena.start
    killSwitches = [
      KillSwitch(
        number: 1, account: account, trader: traders[0], cause: "global_daily_loss",
        measured: Factor("5.25"), threshold: Factor("5"), action: .flattenLosers,
        reset: .after(.hours(12)), firedAt: now, reason: "lost 5.25 %"),
      KillSwitch(
        number: 2, account: account, trader: traders[1], cause: KillSwitch.manualCause,
        measured: nil, threshold: nil, action: .block, reset: .manual, firedAt: now,
        reason: "by hand"),
    ]
    conflicts = [
      ConflictRecord(
        account: account, kind: .direction, severity: .high, coin: Coin("BTC"),
        traders: traders.reversed(), strategy: .aggregate, resolution: "both dropped",
        reason: "opposite sides"),
      ConflictRecord(
        account: account, kind: .resource, severity: .medium, coin: nil, traders: [traders[0]],
        strategy: nil, resolution: "kept", reason: "too little money"),
    ]
    events = [
      TraderEvent(
        trader: traders[0], at: now, what: "pause", status: .paused, cause: "command",
        reason: "lunch"),
      TraderEvent(
        trader: traders[0], at: now + .hour, what: "resume", status: .running, cause: "command",
        reason: ""),
    ]
    allocation = AllocationRecord(
      at: now, sharpes: [traders[0]: 1.25], members: traders, isPending: true)
  }

  func changes(cycle: CycleNumber, run: RunNumber) -> StateChanges {
    var changes = StateChanges(cycle: cycle, run: run, at: SampleArena.start)
    changes.killSwitches = killSwitches
    changes.conflicts = conflicts
    changes.events = events
    changes.allocation = allocation
    return changes
  }
}

@Suite struct SteeringTests {
  private let store: StateStore
  private let arena: SharedArena
  private let sample: SteeringSample

  /// A store with two traders and the sample on record.
  init() throws {
    var arena = try SharedArena(seed: 3)
    store = StateStore(try JournalDatabase.inMemory())
    try arena.play(3, into: store)
    sample = try SteeringSample(arena.traders, arena.account)
    try store.commit(sample.changes(cycle: 3, run: 3))
    self.arena = arena
  }

  private func commit(_ edit: (inout StateChanges) -> Void) throws {
    var changes = StateChanges(cycle: 4, run: 3, at: SampleArena.start + .hour)
    edit(&changes)
    try store.commit(changes)
  }

  @Test func comesBackAsItWas() throws {
    let state = try store.loadState(now: arena.now)

    #expect(state.killSwitches == sample.killSwitches)
    #expect(state.nextKillSwitch == 3)
    #expect(state.allocation == sample.allocation)
    #expect(try store.killSwitches(limit: 9) == sample.killSwitches.reversed())
    #expect(try store.recentConflicts(limit: 9).map(\.conflict) == sample.conflicts.reversed())
    #expect(try store.recentConflicts(limit: 1).map(\.cycle) == [3])
    #expect(try store.events(of: arena.traders[0], limit: 9) == sample.events.reversed())
    #expect(try store.events(of: arena.traders[1], limit: 9) == [])
    #expect(try store.eras(of: arena.traders[0]).map(\.number) == [1])
    #expect(try store.check() == [])
  }

  @Test func aResetKillSwitchStaysOnRecord() throws {
    var reset = sample.killSwitches[1]
    reset.resetAt = SampleArena.start + .hour
    reset.resetBy = "command"
    try commit { $0.killSwitches = [reset] }

    let state = try store.loadState(now: arena.now)
    #expect(state.killSwitches == [sample.killSwitches[0]])
    #expect(state.nextKillSwitch == 3)
    #expect(try store.killSwitches(limit: 1) == [reset])

    #expect(throws: JournalError.killSwitchChanged(2)) {
      try commit { $0.killSwitches = [sample.killSwitches[1]] }
    }
  }

  @Test func aKillSwitchOnRecordNeverChanges() throws {
    let known = sample.killSwitches[0]
    let other = KillSwitch(
      number: 1, account: known.account, cause: "other", measured: nil, threshold: nil,
      action: .block, reset: .manual, firedAt: known.firedAt, reason: "")

    #expect(throws: JournalError.killSwitchChanged(1)) {
      try commit { $0.killSwitches = [other] }
    }
  }

  @Test func moreClashesOfARunFollowTheFirst() throws {
    try commit { $0.conflicts = [sample.conflicts[0]] }

    #expect(try store.recentConflicts(limit: 9).map(\.cycle) == [4, 3, 3])
  }

  @Test func aNewSplitReplacesTheOld() throws {
    let split = AllocationRecord(
      at: arena.now, sharpes: [:], members: [arena.traders[1]], isPending: false)
    try commit { $0.allocation = split }

    #expect(try store.loadState(now: arena.now).allocation == split)
  }

  @Test func refusalsTellTheLastRule() throws {
    let trader = arena.traders[0]
    let coin = try #require(Coin("BTC"))
    func record(_ index: Int, _ verdict: AdmissionVerdict, _ rules: [String]) -> DecisionRecord {
      DecisionRecord(
        trader: trader, index: index, decision: Decision(.buyToEnter, coin: coin),
        verdict: verdict, notes: rules.map { RuleNote(rule: $0, text: "because of \($0)") },
        order: nil)
    }
    try commit {
      $0.turns = [
        TurnRecord(
          trader: trader, era: 1, slot: 1, failure: nil,
          decisions: [
            record(0, .rejected, ["leverage", "cooldown"]), record(1, .accepted, []),
            record(2, .rejected, []),
          ])
      ]
    }

    func refusal(_ rule: String, _ text: String) -> PastRefusal {
      PastRefusal(
        trader: trader, cycle: 4, at: SampleArena.start + .hour, coin: coin,
        action: .buyToEnter, rule: rule, text: text)
    }
    #expect(
      try store.recentRefusals(limit: 9) == [
        refusal("", ""), refusal("cooldown", "because of cooldown"),
      ])
    #expect(try store.recentRefusals(limit: 1).count == 1)
  }
}

@Suite struct TransferTests {
  private let store: StateStore
  private let account: AccountID
  private let plan: PlannedTransfer

  /// A store with one planned transfer.
  init() throws {
    var arena = try SharedArena(seed: 4)
    store = StateStore(try JournalDatabase.inMemory())
    try arena.play(1, into: store)
    account = arena.account
    plan = PlannedTransfer(
      transfer: AccountTransfer(
        id: TransferID(cycle: 2, account: account), account: account,
        at: SampleArena.start + .day, amount: USD(whole: -40)),
      trader: arena.traders[0], reason: "rebalance")
    try commit { $0.plannedTransfers = [plan] }
  }

  private func commit(_ edit: (inout StateChanges) -> Void) throws {
    var changes = StateChanges(cycle: 2, run: 1, at: SampleArena.start + .day)
    edit(&changes)
    try store.commit(changes)
  }

  private func moved(_ amount: Int64, id: TransferID? = nil) -> AccountTransfer {
    AccountTransfer(
      id: id ?? plan.transfer.id, account: account, at: SampleArena.start + .hours(25),
      amount: USD(whole: amount))
  }

  private var planned: [PlannedTransfer] {
    get throws { try store.loadState(now: SampleArena.start).plannedTransfers }
  }

  @Test func aPlanWaitsUntilTheVenueReports() throws {
    let since = SampleArena.start + .day
    #expect(try planned == [plan])
    #expect(try store.bookedTransfers(account: account, since: since) == [])

    try commit { $0.transfers = [moved(-40)] }

    #expect(try planned == [])
    #expect(try store.bookedTransfers(account: account, since: since) == [plan.transfer.id])
    #expect(
      try store.transfers(limit: 1) == [
        TransferRecord(
          transfer: moved(-40), trader: plan.trader, reason: "rebalance",
          plannedAt: plan.transfer.at, isDone: true)
      ])
  }

  @Test func aPlanIsMadeOnce() throws {
    #expect(
      throws: JournalError.transferPlannedTwice(account: account, id: plan.transfer.id)
    ) { try commit { $0.plannedTransfers = [plan] } }
  }

  @Test func aTransferIsBookedOnce() throws {
    try commit { $0.transfers = [moved(-40)] }

    #expect(
      throws: JournalError.transferBookedTwice(account: account, id: plan.transfer.id)
    ) { try commit { $0.transfers = [moved(-40)] } }
    #expect(
      throws: JournalError.transferBookedTwice(account: account, id: .opening(account))
    ) { try commit { $0.transfers = [moved(10_001, id: .opening(account))] } }
  }

  @Test func anotherAmountThanPlannedIsRefused() throws {
    let error = JournalError.transferChanged(
      account: account, id: plan.transfer.id, planned: USD(whole: -40), moved: USD(whole: -41))
    #expect(throws: error) { try commit { $0.transfers = [moved(-41)] } }
    #expect(try planned == [plan])
    #expect(
      error.description
        == "Transfer 2.sim.shared of account sim.shared: expected the planned -40 USD to be "
        + "moved, the venue moved -41 USD. The step was undone; the state is as it was before it.")
  }

  @Test func whatNobodyPlannedIsBookedToo() throws {
    let deposit = moved(500, id: TransferID("at-the-bank"))
    try commit { $0.transfers = [deposit] }

    let record = try #require(try store.transfers(limit: 1).first)
    #expect(record.transfer == deposit)
    #expect(record.trader == nil)
    #expect(record.reason == "at the venue")
    #expect(record.plannedAt == nil)
  }
}
