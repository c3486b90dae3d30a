import Journal
import Testing
import Trading

@Suite("Messages about alerts") struct AlertOutboxTests {
  private static let start = Timestamp(ms: 1_753_099_200_000)

  private static func alert(_ key: String, _ severity: AlertSeverity, _ value: Double) -> Alert {
    Alert(
      key: key, severity: severity, trader: nil, message: "\(key) at \(value)", value: value,
      threshold: 1)
  }

  private static func store() throws -> StateStore {
    let store = StateStore(try JournalDatabase.inMemory())
    try store.prepare(arenaID: "a", name: "a", createdAt: start)
    return store
  }

  private static let routing = AlertRouting(
    routes: [
      AlertRoute(channel: "all", least: .low), AlertRoute(channel: "urgent", least: .high),
    ], repeatAfter: .hours(4))

  private static func changes(_ hours: Int64) -> StateChanges {
    var changes = StateChanges(cycle: 0, run: 1, at: start + .hours(hours))
    changes.alertRouting = routing
    return changes
  }

  private static func texts(_ store: StateStore) throws -> [String] {
    try store.waitingDeliveries(limit: 100).map {
      "\($0.channel) \($0.news.rawValue) \($0.message)"
    }
  }

  @Test func queuesOpeningRepeatingAndEnding() throws {
    let store = try Self.store()
    for (hour, value) in [(0, 1.0), (3, 2), (4, 3), (7, 4)] {
      var changes = Self.changes(Int64(hour))
      changes.openAlerts = [Self.alert("k", .high, value), Self.alert("l", .medium, value)]
      try store.commit(changes)
      for delivery in try store.waitingDeliveries(limit: 100) {
        try store.noteDelivered(delivery.number, at: changes.at)
        #expect(delivery.queuedAt == changes.at)
      }
      let told = try store.openAlerts().map(\.alert.value)
      #expect(told == (hour < 4 ? [1, 1] : [3, 3]))
    }
    var end = Self.changes(8)
    end.resolvedAlerts = ["k", "l", "unknown"]
    try store.commit(end)

    #expect(
      try Self.texts(store) == [
        "all resolved over after 8h: k at 3.0", "urgent resolved over after 8h: k at 3.0",
        "all resolved over after 8h: l at 3.0",
      ])
    #expect(try store.openAlerts() == [])
    #expect(try store.recentAlerts(1).first?.toldAt == Self.start + .hours(4))
  }

  @Test func doesNotPileUpRepetitionsForAChannelThatIsDown() throws {
    let store = try Self.store()
    for hour in stride(from: Int64(0), to: 40, by: 4) {
      var changes = Self.changes(hour)
      changes.openAlerts = [Self.alert("k", .high, 1)]
      try store.commit(changes)
    }

    #expect(
      try Self.texts(store) == ["all opened k at 1.0", "urgent opened k at 1.0"])
  }

  @Test func repeatsWhatNobodyRaisesAnyMoreOnlyWhenToldTo() throws {
    let store = try Self.store()
    var first = Self.changes(0)
    first.openAlerts = [Self.alert("k", .high, 1)]
    try store.commit(first)
    for delivery in try store.waitingDeliveries(limit: 9) {
      try store.noteDelivered(delivery.number, at: first.at)
    }
    try store.commit(Self.changes(5))
    #expect(try Self.texts(store) == [])

    var last = Self.changes(5)
    last.repeatsAlerts = true
    try store.commit(last)
    #expect(
      try Self.texts(store) == [
        "all repeated since 5h: k at 1.0", "urgent repeated since 5h: k at 1.0",
      ])
  }

  @Test func tellsOnceWhatIsOnlyWorthKnowing() throws {
    let store = try Self.store()
    for hour in stride(from: Int64(0), to: 40, by: 4) {
      var changes = Self.changes(hour)
      if hour < 20 { changes.openAlerts = [Self.alert("k", .low, 1)] }
      changes.repeatsAlerts = true
      try store.commit(changes)
      for delivery in try store.waitingDeliveries(limit: 9) {
        #expect(hour == 0 && delivery.news == .opened)
        try store.noteDelivered(delivery.number, at: changes.at)
      }
    }
    #expect(try store.openAlerts().map(\.toldAt) == [Self.start])
  }

  @Test func keepsTheQueuesOfChannelsApart() throws {
    let store = try Self.store()
    for hour in Int64(0)..<30 {
      var changes = Self.changes(hour)
      changes.openAlerts = [Self.alert("k\(hour)", hour < 29 ? .low : .high, 1)]
      try store.commit(changes)
    }

    #expect(try store.waitingDeliveries(of: "all", limit: 20).count == 20)
    #expect(try store.waitingDeliveries(of: "all", limit: 40).count == 30)
    let urgent = try store.waitingDeliveries(of: "urgent", limit: 1)
    #expect(urgent.map(\.record.alert.key) == ["k29"])
    #expect(try store.waitingDeliveries(of: "nobody", limit: 1) == [])
  }

  @Test func whatHoldsIsNotOver() throws {
    let store = try Self.store()
    var changes = Self.changes(0)
    changes.openAlerts = [Self.alert("k", .low, 1)]
    try store.commit(changes)
    changes = Self.changes(1)
    changes.openAlerts = [Self.alert("k", .low, 1)]
    changes.resolvedAlerts = ["k"]
    try store.commit(changes)

    #expect(try store.openAlerts().map(\.openedAt) == [Self.start])
  }

  @Test func givesUpTheMessagesOfAChannelThatIsGone() throws {
    let store = try Self.store()
    var changes = Self.changes(0)
    changes.openAlerts = [Self.alert("k", .high, 1)]
    try store.commit(changes)

    #expect(try store.giveUpDeliveries(exceptFor: ["all"], at: changes.at) == 1)
    #expect(try Self.texts(store) == ["all opened k at 1.0"])
    let states = try store.alertChannels(givenUpSince: changes.at)
    #expect(states.map(\.channel) == ["all", "urgent"])
    #expect(states.map(\.waiting) == [1, 0])
    #expect(states.map(\.givenUp) == [0, 1])
    #expect(try store.alertChannels(givenUpSince: changes.at + .hour).map(\.channel) == ["all"])
  }

  @Test func forgetsWhatIsOverAndOldAndNothingElse() throws {
    let store = try Self.store()
    for hour in Int64(0)..<6 {
      var changes = Self.changes(hour)
      changes.openAlerts = [Self.alert("k\(hour)", .high, 1)]
      if hour % 2 == 1 { changes.resolvedAlerts = ["k\(hour - 1)"] }
      try store.commit(changes)
    }
    let waiting = try store.waitingDeliveries(limit: 100)
    for delivery in waiting where delivery.channel == "all" {
      try store.noteDelivered(delivery.number, at: Self.start)
    }
    let end = Self.start + .day

    // k0 and k2 and k4 are over, and still waited for by the other channel.
    #expect(try store.tidyAlerts(endedBefore: end, keepingNewest: 100, limit: 100) == 9)
    #expect(try store.recentAlerts(100).count == 6)
    for delivery in try store.waitingDeliveries(limit: 100) {
      try store.noteUndelivered(delivery.number, error: "no", at: Self.start, nextTryAt: nil)
    }
    #expect(try store.tidyAlerts(endedBefore: end, keepingNewest: 100, limit: 2) == 3)
    #expect(try store.tidyAlerts(endedBefore: end, keepingNewest: 100, limit: 100) > 0)
    #expect(try store.recentAlerts(100).map(\.alert.key) == ["k5", "k3", "k1"])
    #expect(try store.tidyAlerts(endedBefore: Self.start, keepingNewest: 0, limit: 100) == 0)
  }

  /// Random arenas of alerts: each channel is told opened first, then repeated at least
  /// `repeatAfter` apart, then resolved once, in the order in which it happened.
  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func everyAlertIsToldFromItsOpeningToItsEnd(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let store = try Self.store()
    var open: Set<String> = []
    var told: [String: [(news: AlertNews, at: Timestamp)]] = [:]
    for step in Int64(0)..<120 {
      var changes = Self.changes(step)
      for key in ["a", "b", "c"] {
        let isRaised = Int.random(in: 0..<3, using: &random) > 0
        if isRaised {
          changes.openAlerts.append(Self.alert(key, key == "a" ? .low : .high, Double(step)))
          open.insert(key)
        } else if open.remove(key) != nil {
          changes.resolvedAlerts.append(key)
        }
      }
      changes.repeatsAlerts = true
      try store.commit(changes)
      guard Int.random(in: 0..<2, using: &random) == 0 else { continue }
      for delivery in try store.waitingDeliveries(limit: 500) {
        told["\(delivery.channel) \(delivery.record.number)", default: []]
          .append((delivery.news, delivery.queuedAt))
        try store.noteDelivered(delivery.number, at: changes.at)
      }
    }

    #expect(told.count > 20, "seed \(seed)")
    for (whose, list) in told {
      #expect(list.first?.news == .opened, "seed \(seed): \(whose)")
      #expect(list.dropFirst().dropLast().allSatisfy { $0.news == .repeated }, "seed \(seed)")
      #expect(list.filter { $0.news == .resolved }.count <= 1, "seed \(seed)")
      for (one, next) in zip(list, list.dropFirst()) where next.news == .repeated {
        #expect(next.at - one.at >= .hours(4), "seed \(seed)")
      }
    }
    #expect(
      try store.openAlerts().map(\.alert.key).sorted() == open.sorted(), "seed \(seed)")
  }
}
