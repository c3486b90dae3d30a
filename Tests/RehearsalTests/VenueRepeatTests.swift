import Foundation
import Testing
import Trading
import VenueStandIn

extension RehearsalSuite {
  /// A run that was killed before its cycle was planned leaves orders under the number that the
  /// next run takes.
  @Suite("A cycle taken up again at a real venue") struct VenueRepeats {
    @Test("gives a new order a new name", arguments: [3, 0] as [Int64])
    func givesANewOrderANewName(minutes: Int64) throws {
      let stage = try VenueStage()
      try stage.tell("one", [.long])
      #expect(try stage.cycle().code == 0)
      try stage.tell("one", [])
      for order in stage.venue.openOrders(VenueStage.account) {
        #expect(stage.venue.manualCancel(order.number))
      }

      stage.pass(minutes: 3)
      // The missing stop is placed before anybody is asked; this run dies with it on record.
      let killed = try stage.cycle(fault: "kill@send.before:1")
      #expect(killed.code == -9, "\(killed.out)\(killed.error)")
      stage.pass(minutes: minutes)
      let ending = try stage.cycle()

      #expect(ending.code == 0, "\(ending.out)\(ending.error)")
      try stage.next("after")
      try stage.expectWhole("taken up again after \(minutes) minutes")
    }
  }
}
