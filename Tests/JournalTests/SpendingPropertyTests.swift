import Foundation
import Journal
import Synchronization
import Testing
import Trading

@Suite struct SpendingPropertyTests {
  /// Random reservations, settlements and deaths, against totals kept by hand.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func theDayIsAlwaysTheSumOfItsCalls(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    func amount(_ bound: Int) -> Spent {
      Spent(tokens: below(bound), cost: USD(mantissa: Int64(below(bound * 1_000_000))))
    }
    let database = try JournalDatabase.inMemory()
    let state = StateStore(database)
    let store = SpendingStore(database)
    try state.prepare(arenaID: "a", name: "A", createdAt: Sample.wall)
    let caps = Sample.caps(
      arenaTokens: 30_000, arenaCost: "300", traderTokens: 12_000, traderCost: "90")
    var open: [CallNumber: CallWish] = [:]
    var booked: [CallNumber: (trader: TraderID, spent: Spent)] = [:]
    for _ in 0..<60 {
      switch below(3) {
      case 0:
        let wishes = try (0..<below(6)).map { _ in
          try Sample.wish(
            below(4), worst: amount(2000), estimate: amount(3000), model: "m\(below(2))")
        }
        for (wish, result) in zip(wishes, try store.reserve(wishes, caps: caps)) {
          guard case .success(let call) = result else { continue }
          open[call] = wish
          booked[call] = (wish.trader, wish.worst)
        }
      case 1:
        guard let call = open.keys.sorted().first, let wish = open[call] else { continue }
        // At most the worst case, as a provider that keeps its limit answers.
        let prompt = below(wish.worst.tokens + 1)
        let cost = USD(mantissa: Int64(below(Int(wish.worst.cost.mantissa) + 1)))
        let status: CallStatus = below(5) == 0 ? .released : .answered
        let end = try Sample.end(call, status, prompt: prompt, cost: "\(cost)")
        try store.settle([end], at: Sample.wall)
        booked[call]?.spent = status == .released ? .zero : Spent(tokens: prompt, cost: cost)
        open[call] = nil
      default:
        guard below(4) == 0 else { continue }
        try store.settleAbandoned(now: Sample.wall + .hour, liveRun: nil)
        for (call, wish) in open {
          booked[call]?.spent = Spent(
            tokens: min(wish.estimate.tokens, wish.worst.tokens),
            cost: min(wish.estimate.cost, wish.worst.cost))
        }
        open = [:]
      }

      let day = try store.day(Sample.day)
      #expect(day.arena == booked.values.map(\.spent).reduce(.zero, +), "seed \(seed)")
      #expect(day.arena.tokens <= 30_000 && day.arena.cost <= USD(whole: 300), "seed \(seed)")
      for (trader, spent) in day.traders {
        let own = booked.values.filter { $0.trader == trader }.map(\.spent)
        #expect(spent == own.reduce(.zero, +), "seed \(seed)")
        #expect(spent.tokens <= 12_000 && spent.cost <= USD(whole: 90), "seed \(seed)")
      }
    }
    #expect(try state.check() == [], "seed \(seed)")
  }

  @Test func twoConnectionsAtOnceAdmitExactlyWhatFits() async throws {
    let folder = try Folder()
    let path = folder.file()
    let first = try JournalDatabase.open(path: path, mode: .readWrite(durability: .processCrash))
    let second = try JournalDatabase.open(path: path, mode: .readWrite(durability: .processCrash))
    let caps = Sample.caps(arenaTokens: 7500)
    let wish = try Sample.wish(0, worst: try Sample.spent(1000, "0.5"))

    let admitted = try await withThrowingTaskGroup(of: Int.self) { group in
      for database in [first, second] {
        group.addTask {
          var admitted = 0
          for _ in 0..<10 {
            let results = try SpendingStore(database).reserve([wish], caps: caps)
            admitted += results.count { (try? $0.get()) != nil }
          }
          return admitted
        }
      }
      return try await group.reduce(0, +)
    }

    #expect(admitted == 7)
    #expect(try SpendingStore(first).day(Sample.day).arena == Sample.spent(7000, "3.5"))
    #expect(try SpendingStore(second).latestCalls(99).map(\.call) == [7, 6, 5, 4, 3, 2, 1])
  }

  /// The files as they lie on the disk when a process dies between reserving and settling.
  @Test func aKillBetweenReservingAndSettlingLosesNothing() throws {
    let folder = try Folder()
    let copy = folder.file("copy.sqlite")
    let database = try JournalDatabase.open(
      path: folder.file(), mode: .readWrite(durability: .full))
    let state = StateStore(database)
    try state.prepare(arenaID: "a", name: "A", createdAt: Sample.wall)
    let run = try state.beginRun(at: Sample.wall, wallStart: Sample.wall, pid: 1)
    let wish = try Sample.wish(
      0, worst: try Sample.spent(1000, "2"), estimate: try Sample.spent(300, "0.4"))
    _ = try SpendingStore(database).reserve([wish, wish], run: run)
    for part in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: folder.file() + part, toPath: copy + part)
    }

    let found = try JournalDatabase.open(path: copy, mode: .readWrite(durability: .full))
    let store = SpendingStore(found)
    #expect(try store.day(Sample.day).arena == Sample.spent(2000, "4"))
    let next = try StateStore(found).beginRun(at: Sample.wall, wallStart: Sample.wall, pid: 2)
    let abandoned = try store.settleAbandoned(now: Sample.wall + .seconds(5), liveRun: next)

    #expect(abandoned.map(\.call) == [1, 2])
    #expect(try store.day(Sample.day).arena == Sample.spent(600, "0.8"))
    #expect(try StateStore(found).check() == [])
  }

  @Test func aCommitSettlesWithTheCycleOrNotAtAll() throws {
    var arena = try SampleArena(seed: 9)
    let database = try JournalDatabase.inMemory()
    let state = StateStore(database)
    let store = SpendingStore(database)
    try arena.play(3, into: state)
    _ = try store.reserve([try Sample.wish(0, worst: try Sample.spent(10, "1"))])
    let (sim, changes) = try arena.cycle()
    try state.saveSim(sim)
    let unknown = SpendingChanges(
      settlements: [try Sample.end(1, prompt: 3), try Sample.end(2)], at: Sample.wall)

    #expect(throws: JournalError.self) { try state.commit(changes, spending: unknown) }
    #expect(try store.day(Sample.day).arena == Sample.spent(10, "1"))

    let known = SpendingChanges(settlements: [try Sample.end(1, prompt: 3)], at: Sample.wall)
    try state.commit(changes, spending: known)
    #expect(try store.day(Sample.day).arena == Sample.spent(3, "0"))
    #expect(try state.check() == [])
  }
}
