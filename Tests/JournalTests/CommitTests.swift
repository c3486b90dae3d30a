import Foundation
import Synchronization
import Testing
import Trading

@testable import Journal

@Suite struct CommitTests {
  /// A store in memory after some cycles, its arena, and a run that has begun.
  private func played(seed: UInt64) throws -> (StateStore, SampleArena) {
    var arena = try SampleArena(seed: seed)
    let store = StateStore(try JournalDatabase.inMemory())
    try arena.play(12, into: store)
    return (store, arena)
  }

  @Test func refusesAFillBookedTwice() throws {
    var (store, arena) = try played(seed: 1)
    let before = try store.loadState(now: arena.now)
    var (_, changes) = try arena.cycle()
    while changes.fills.isEmpty { (_, changes) = try arena.cycle() }
    let fill = try #require(changes.fills.first)
    changes.fills.append(fill)

    #expect(
      throws: JournalError.fillBookedTwice(account: fill.fill.account, id: fill.fill.id)
    ) { try store.commit(changes) }
    #expect(try store.loadState(now: before.lastFinishedAt ?? arena.now).traders.count == 3)
    #expect(try store.loadState(now: arena.now).cycle == before.cycle)
    #expect(try store.check().filter { !$0.contains("books it") } == [])
  }

  @Test func refusesFundingBookedTwice() throws {
    var (store, arena) = try played(seed: 2)
    var (sim, changes) = try arena.cycle()
    while changes.funding.isEmpty {
      try store.saveSim(sim)
      try store.commit(changes)
      (sim, changes) = try arena.cycle()
    }
    try store.commit(changes)
    let booked = try #require(changes.funding.first)
    var again = StateChanges(cycle: changes.cycle, run: changes.run, at: changes.at)
    again.funding = [booked]

    #expect(
      throws: JournalError.fundingBookedTwice(
        account: booked.payment.account, coin: booked.payment.coin, at: booked.payment.at)
    ) { try store.commit(again) }
  }

  @Test func refusesToLoseAPosition() throws {
    let (store, arena) = try played(seed: 3)
    let record = try #require(arena.state.traders.values.first { !$0.ledger.positions.isEmpty })
    let ledger = record.ledger
    var emptied = record
    emptied.ledger = Ledger(
      trader: ledger.trader, flows: ledger.flows, units: ledger.units,
      realised: ledger.realised, fees: ledger.fees, funding: ledger.funding, positions: [])
    var changes = StateChanges(cycle: arena.state.cycle, run: arena.run, at: arena.now)
    changes.traders = [emptied]
    let lost = try #require(ledger.positions.map(\.number).min())

    #expect(throws: JournalError.positionVanished(lost, trader: ledger.trader)) {
      try store.commit(changes)
    }
    #expect(try store.loadState(now: arena.now) == arena.expected())
  }

  @Test func anOrderMayOnlyChangeItsOutcome() throws {
    var (store, arena) = try played(seed: 4)
    var (_, changes) = try arena.cycle()
    while changes.intents.isEmpty { (_, changes) = try arena.cycle() }
    var intent = try #require(changes.intents.first)
    let id = intent.request.clientOrderID
    let outcome = intent.outcome
    var only = StateChanges(cycle: changes.cycle, run: changes.run, at: changes.at)

    intent.outcome = nil
    only.intents = [intent]
    try store.commit(only)
    #expect(try store.intent(for: id) == intent)
    #expect(try store.loadState(now: arena.now).openIntents == [intent])

    intent.outcome = .unknown("the line was cut")
    only.intents = [intent]
    try store.commit(only)
    #expect(try store.loadState(now: arena.now).openIntents == [intent])

    intent.outcome = outcome
    only.intents = [intent]
    try store.commit(only)
    #expect(try store.intent(for: id) == intent)
    #expect(try store.loadState(now: arena.now).openIntents == [])
    let events = try store.database.use("read") { session in
      try session.rows(
        "SELECT what FROM order_events WHERE client_order_id = ? ORDER BY event", [id]
      ) { try $0.next(String.self) }
    }
    #expect(events == ["created", "unknown", "filled"])

    var other = OrderIntent(
      request: intent.request, run: intent.run, decidedAt: intent.decidedAt,
      decisionMid: intent.decisionMid, expiresAt: intent.expiresAt, nonce: intent.nonce + 1000,
      claim: intent.claim, outcome: outcome)
    only.intents = [other]
    #expect(throws: JournalError.orderChanged(id)) { try store.commit(only) }
    other.outcome = nil
    only.intents = [other]
    #expect(throws: JournalError.orderChanged(id)) { try store.commit(only) }
  }

  @Test func generationsCountOn() throws {
    var (store, arena) = try played(seed: 5)
    var (_, changes) = try arena.cycle()
    while changes.intents.isEmpty { (_, changes) = try arena.cycle() }
    try store.commit(changes)
    let identity = try #require(changes.intents.first).request.identity

    let used = try store.usedGenerations(of: identity.cycle)
    #expect(
      used.contains(
        UsedGeneration(
          trader: identity.trader, coin: identity.coin, purpose: identity.purpose,
          next: identity.generation + 1)))
    #expect(
      Set(used).count
        == Set(
          changes.intents.map {
            [$0.request.trader.name, $0.request.coin.name, $0.request.purpose.rawValue]
          }
        ).count)
    #expect(try store.usedGenerations(of: identity.cycle + 1).isEmpty)
  }

  @Test func aFullDiskLeavesTheOldState() throws {
    let folder = try Folder()
    let store = StateStore(
      try JournalDatabase.open(path: folder.file(), mode: .readWrite(durability: .full)))
    var arena = try SampleArena(seed: 6)
    try arena.play(10, into: store)
    let before = arena.expected()
    let now = arena.now
    try store.database.use("shrink the disk") { try $0.script("PRAGMA max_page_count = 1") }
    var (_, changes) = try arena.cycle()
    changes.openAlerts = [
      Alert(
        key: "large", severity: .low, trader: nil, message: String(repeating: "x", count: 99_999))
    ]

    #expect(throws: JournalError.diskFull(path: folder.file())) { try store.commit(changes) }
    #expect(try store.loadState(now: now) == before)
    #expect(try store.check() == [])

    try store.database.use("grow") { try $0.script("PRAGMA max_page_count = 1000000") }
    try store.commit(changes)
    #expect(try store.loadState(now: arena.now).cycle == arena.state.cycle)
  }

  /// The files as they lie on the disk at the moment of a kill are opened as the next run would.
  @Test(arguments: [("write.before", false), ("write.after", true)])
  func aKillAroundACommitGivesTheOldStateOrTheNew(moment: String, isNew: Bool) throws {
    let folder = try Folder()
    let killed = Mutex<(armed: Bool, done: Bool)>((false, false))
    let path = folder.file()
    let copy = folder.file("copy.sqlite")
    let database = try JournalDatabase.open(path: path, mode: .readWrite(durability: .full)) {
      place in
      guard place == moment, killed.withLock({ $0.armed && !$0.done }) else { return }
      killed.withLock { $0.done = true }
      for part in ["", "-wal"] {
        // A missing log would show as a lost commit below.
        try? FileManager.default.copyItem(atPath: path + part, toPath: copy + part)
      }
    }
    let store = StateStore(database)
    var arena = try SampleArena(seed: 7)
    try arena.play(9, into: store)
    let old = arena.expected()
    let oldNow = arena.now
    let (sim, changes) = try arena.cycle()
    try store.saveSim(sim)
    killed.withLock { $0.armed = true }
    try store.commit(changes)

    let found = StateStore(
      try JournalDatabase.open(path: copy, mode: .readWrite(durability: .full)))

    #expect(killed.withLock { $0.done })
    if isNew {
      #expect(try found.loadState(now: arena.now) == arena.expected())
      #expect(try found.check() == [])
    } else {
      #expect(try found.loadState(now: oldNow) == old)
    }
  }

  @Test func readersSeeTheLastCommitAndBlockNobody() throws {
    let folder = try Folder()
    let writer = StateStore(
      try JournalDatabase.open(path: folder.file(), mode: .readWrite(durability: .full)))
    var arena = try SampleArena(seed: 8)
    try arena.play(5, into: writer)
    let reader = StateStore(try JournalDatabase.open(path: folder.file(), mode: .readOnly))
    let old = arena.expected()
    let oldNow = arena.now

    try reader.snapshot { reader in
      #expect(try reader.loadState(now: oldNow) == old)
      try arena.play(5, into: writer)
      #expect(try reader.loadState(now: oldNow) == old)
    }

    #expect(try reader.loadState(now: arena.now) == arena.expected())
  }

  @Test func aSecondWriterIsToldToWait() throws {
    let folder = try Folder()
    let first = try JournalDatabase.open(
      path: folder.file(), mode: .readWrite(durability: .full))
    let second = StateStore(
      try JournalDatabase.open(path: folder.file(), mode: .readWrite(durability: .full)))
    try second.database.use("hurry") { try $0.script("PRAGMA busy_timeout = 0") }

    try first.write("hold the lock") { _ in
      _ = #expect(throws: JournalError.busy(path: folder.file())) {
        try second.beginRun(at: SampleArena.start, wallStart: SampleArena.start, pid: 1)
      }
    }
  }

  @Test func aCopyLeavesTheOriginalAlone() throws {
    let folder = try Folder()
    let original = StateStore(
      try JournalDatabase.open(path: folder.file(), mode: .readWrite(durability: .full)))
    var arena = try SampleArena(seed: 9)
    try arena.play(5, into: original)
    try original.database.close()
    let before = (try folder.bytes(), try folder.bytes("nof0.sqlite-wal"))
    let old = arena.expected()

    let copy = StateStore(try JournalDatabase.copyInMemory(of: folder.file()))
    #expect(try copy.loadState(now: arena.now) == old)
    try arena.play(5, into: copy)

    #expect(try copy.loadState(now: arena.now) == arena.expected())
    #expect(try copy.check() == [])
    #expect(try folder.bytes() == before.0)
    #expect(try folder.bytes("nof0.sqlite-wal") == before.1)
  }

  @Test func aCopyOfNothingIsEmpty() throws {
    let folder = try Folder()

    let copy = StateStore(try JournalDatabase.copyInMemory(of: folder.file()))

    #expect(try copy.arenaID() == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }
}
