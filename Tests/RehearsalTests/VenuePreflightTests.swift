import Foundation
import Testing
import Trading
import VenueStandIn

extension RehearsalSuite {
  @Suite("Before real money is moved")
  struct VenuePreflight {
    /// Something that forbids to open positions, and how it comes about.
    struct Obstacle: Sendable, CustomTestStringConvertible {
      let finding: String
      /// What must happen at the venue; what must be changed here is done by `isMaster`.
      let happens: @Sendable (VenueServer) -> Void
      var isMaster = false
      /// The words of its alert.
      let words: String
      var testDescription: String { finding }

      static let all = [
        Obstacle(
          finding: "clock_skew", happens: { $0.skewDate(by: .seconds(10)) },
          words: "Synchronise this machine's clock"),
        Obstacle(
          finding: "clock_skew", happens: { $0.skewDate(by: .seconds(-10)) },
          words: "Synchronise this machine's clock"),
        Obstacle(
          finding: "master_key", happens: { _ in }, isMaster: true,
          words: "the key is that of the account itself"),
      ]
    }

    @Test(arguments: Obstacle.all)
    func opensAreBlockedAndTold(obstacle: Obstacle) throws {
      let stage = try VenueStage()
      obstacle.happens(stage.venue)
      if obstacle.isMaster { stage.settings.key = VenueStage.masterKey }
      try stage.tell("one", [.long])

      let ending = try stage.cycle()

      #expect(ending.code == 0, "\(ending.error)")
      #expect(stage.venue.receivedActions == [], "\(ending.out)")
      try expect(obstacle.finding, obstacle.words, in: stage)
    }

    @Test(arguments: Obstacle.all)
    func reductionsStillWork(obstacle: Obstacle) throws {
      let stage = try VenueStage([.init(id: "one", coin: "BTC"), .init(id: "two", coin: "ETH")])
      try stage.tell("one", [.long])
      try stage.next("open")
      obstacle.happens(stage.venue)
      if obstacle.isMaster { stage.settings.key = VenueStage.masterKey }
      try stage.tell("one", [.close(fraction: 0.5)])
      try stage.tell("two", [.long])

      // What was found good is believed for a day.
      stage.pass(minutes: 25 * 60)
      let ending = try stage.cycle()

      #expect(ending.code == 0, "\(ending.error)")
      try expect(obstacle.finding, obstacle.words, in: stage)
      // Half of 0.01537 BTC, and no ETH.
      #expect(stage.heldAtVenue == ["BTC": 769_000], "\(ending.out)")
      try stage.expectWhole(obstacle.finding)
      try stage.tell("one", [.close(fraction: 1)])
      try stage.next("close")
      #expect(stage.heldAtVenue == [:])
      try stage.expectWhole(obstacle.finding)
    }

    /// Its equity is not in its perpetuals account, so nothing that is reckoned from it would be
    /// right.
    @Test func anAccountWhoseMoneyIsElsewhereIsLeftAloneUntilItIsBack() throws {
      let stage = try VenueStage()
      try stage.tell("one", [.long])
      try stage.next("open")
      let sent = stage.venue.receivedActions.count
      stage.venue.setAbstraction("unifiedAccount", of: VenueStage.account)
      try stage.tell("one", [.close(fraction: 1)])

      stage.pass(minutes: 25 * 60)
      try stage.cycle()

      try expect("unified_account", "Switch it off in the venue's settings", in: stage)
      #expect(stage.venue.receivedActions.count == sent)
      #expect(stage.heldAtVenue == ["BTC": 1_537_000])
      #expect(stage.venue.openOrders(VenueStage.account).count(where: \.isStop) == 1)
      stage.venue.setAbstraction("default", of: VenueStage.account)
      try stage.next("back")
      #expect(stage.heldAtVenue == [:])
      #expect(try stage.alerts == [])
      try stage.expectWhole("back")
    }

    @Test func anAccountWhoseMoneyIsElsewhereIsNotOpened() throws {
      let stage = try VenueStage()
      stage.venue.setAbstraction("unifiedAccount", of: VenueStage.account)
      try stage.tell("one", [.long])

      let ending = try stage.cycle()

      #expect(ending.code == 0, "\(ending.error)")
      #expect(stage.venue.receivedActions == [])
      let warnings = try stage.warnings.joined()
      #expect(warnings.contains("the account is in the mode \"unifiedAccount\""), "\(warnings)")
    }

    @Test func aKeyThatNobodyApprovedOpensNothing() throws {
      let stage = try VenueStage()
      stage.settings.key = VenueStage.strangersKey
      try stage.tell("one", [.long])

      let ending = try stage.cycle()

      #expect(ending.code == 0, "\(ending.error)")
      #expect(stage.venue.receivedActions == [], "\(ending.out)")
      try expect("agent_unknown", "no approved agent", in: stage)
      #expect(try !stage.warnings.joined().contains(VenueStage.strangersKey.dropFirst(2)))
    }

    @Test func theMasterKeyTradesWhereItIsAllowed() throws {
      var settings = VenueStage.Settings()
      settings.exchange = ["allow_master_key: true"]
      settings.key = VenueStage.masterKey
      let stage = try VenueStage(settings: settings)
      try stage.tell("one", [.long])

      try stage.next()

      #expect(stage.heldAtVenue == ["BTC": 1_537_000])
      #expect(try stage.alerts == [])
      try stage.expectWhole("master key")
    }

    @Test func anAgentThatExpiresSoonIsToldAndTrades() throws {
      let stage = try VenueStage()
      stage.venue.revoke(agent: VenueStage.agent)
      stage.venue.approve(
        agent: VenueStage.agent, for: VenueStage.account, until: stage.venue.now + .day * 5)
      try stage.tell("one", [.long])

      try stage.next()

      #expect(stage.heldAtVenue == ["BTC": 1_537_000])
      try expect("agent_expiring", "Approve a new key", in: stage)
      try stage.expectWhole("expiring")
    }

    /// What was found good in the morning may be gone at noon.
    @Test func anAgentRevokedBetweenRunsLosesNothing() throws {
      let stage = try VenueStage([.init(id: "one", coin: "BTC"), .init(id: "two", coin: "ETH")])
      try stage.tell("one", [.long])
      try stage.next("open")
      stage.venue.revoke(agent: VenueStage.agent)
      try stage.tell("one", [.close(fraction: 1)])
      try stage.tell("two", [.long])

      let refused = try stage.next("revoked")
      let refusedAgain = try stage.next("revoked again")

      #expect(refused.out.contains("refused"), "\(refused.out)")
      #expect(stage.heldAtVenue == ["BTC": 1_537_000])
      try expect("agent_unknown", "no approved agent", in: stage)
      #expect(try stage.executed("open") == 1, "\(refusedAgain.out)")
      try stage.expectWhole("revoked")
      stage.venue.approve(agent: VenueStage.agent, for: VenueStage.account)
      try stage.tell("two", [])
      try stage.next("approved")
      #expect(stage.heldAtVenue == [:])
      #expect(try stage.alerts == [])
      try stage.expectWhole("approved")
    }

    private func expect(_ finding: String, _ words: String, in stage: VenueStage) throws {
      let warnings = try stage.warnings
      let warning = warnings.first { $0.hasPrefix("venue.venue.\(finding): ") }
      let text = try #require(warning, "expected \(finding), was \(warnings)")
      #expect(text.contains(words), "\(text)")
    }
  }
}
