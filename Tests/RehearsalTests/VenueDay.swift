import Foundation
import Testing
import Trading
import VenueStandIn

/// A day of cron at the stand-in venue: runs every three minutes while requests fail, processes
/// are killed, and a person trades beside them.
final class VenueDay {
  let stage: VenueDayStage
  let seed: UInt64
  private var dice: SeededGenerator
  /// How often what happened.
  private var counts: [String: Int] = [:]
  /// The first complaint of each exit code that is not zero.
  private var complaints: [Int32: String] = [:]

  /// What was done and said, run by run.
  private(set) var diary: [String] = []

  private var venue: VenueServer { stage.venue }

  init(seed: UInt64) throws {
    self.seed = seed
    stage = try VenueDayStage(seed: seed)
    dice = SeededGenerator(seeds: seed, 2)
  }

  /// The seed and what happened, for messages.
  var story: String {
    let happened = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let said = complaints.sorted { $0.key < $1.key }.map { "exit \($0.key): \($0.value)" }
    return (["seed \(seed); " + happened.joined(separator: ", ")] + said).joined(separator: "\n")
  }

  /// A day: a run that nothing disturbs, the disturbed ones, and some in peace.
  func pass(runs: Int) throws {
    try quietRun("the first run")
    setFaults()
    for number in 1...runs {
      try wish()
      let due = VenueDayStage.start + .minutes(3) * Int64(number)
      if chance(0.25) {
        venue.set(time: due - Span.seconds(1 + Int64(dice.below(170))))
        try interfere()
      }
      venue.set(time: due)
      try run()
    }
    count("faults", venue.injectedFaults.count)
    venue.clearFaults()
    venue.freeze(true)
    try stage.tell("[]")
    for number in 1...5 {
      venue.advance(by: .minutes(3))
      try quietRun("run \(number) in peace")
    }
  }

  // MARK: Runs

  private func run() throws {
    let fault = chance(0.1) ? place() : nil
    let performance = try stage.start("run", "--live", fault: fault)
    if chance(0.1) {
      usleep(UInt32(dice.below(300_000)))
      try interfere()
      count("at the same time")
    }
    let ending = try stage.stage.finish(performance)
    count("runs that ended with \(ending.code)")
    diary.append("\(venue.now) \(fault ?? "") \(ending.code) \(ending.out)\(ending.error)")
    if ending.code != 0, ending.code != -9, complaints[ending.code] == nil {
      complaints[ending.code] = ending.error + ending.out
    }
  }

  private func quietRun(_ name: String) throws {
    let ending = try stage.stage.finish(try stage.start("run", "--live"))
    #expect(ending.code == 0, "\(name), \(story): \(ending.out)\(ending.error)")
  }

  /// Where a process is killed.
  private func place() -> String {
    let phases = [
      "recover", "snapshot", "reconcile", "supervise", "decide", "admit", "execute", "record",
      "measure", "export", "notify",
    ]
    let places =
      [
        "write.before", "write.after", "send.before", "send.after", "send.before", "send.after",
        "export.file", "export.flip",
      ] + ["phase.\(phases[dice.below(phases.count)])"]
    let place = places[dice.below(places.count)]
    let times =
      place.hasPrefix("write") ? 8 : place.hasPrefix("send") || place == "export.file" ? 3 : 1
    return "kill@\(place):\(1 + dice.below(times))"
  }

  private func setFaults() {
    let thin = Depth(levels: 2, perLevel: USD(whole: 120))
    let tricks: [VenueFault] = [
      .book(thin), .book(Depth(levels: 0)), .bareStrings, .batchError("Price out of range"),
    ]
    for (target, faults, seed) in [
      (FaultTarget.exchange(nil), VenueFault.doubts + tricks, seed &+ 1),
      (FaultTarget.info(nil), VenueFault.doubts, seed &+ 2),
    ] {
      venue.injectRandomly(faults, on: target, probability: 0.2, seed: seed)
    }
  }

  // MARK: What the told trader wants

  private func wish() throws {
    guard chance(0.6) else {
      try stage.tell("[]")
      return
    }
    let coin = VenueDayStage.told[dice.below(2)]
    let symbol = "\"symbol\":\"\(coin)\""
    let price = try stage.mark(coin)
    let sign = chance(0.5) ? 1.0 : -1.0
    let stop = VenueDayStage.rounded(price * (1 - sign * (0.003 + dice.unit() * 0.02)))
    let target = VenueDayStage.rounded(price * (1 + sign * (0.025 + dice.unit() * 0.02)))
    switch dice.below(6) {
    case 0, 1, 2:
      try stage.tell(
        "[{\(symbol),\"signal\":\"\(sign > 0 ? "buy" : "sell")_to_enter\",\"leverage\":3,"
          + "\"position_size_usd\":\(20 + dice.below(1200)),\"entry_price\":\(price),"
          + "\"stop_loss\":\(stop),\"take_profit\":\(target),\"confidence\":80,"
          + "\"reasoning\":\"told\"}]")
    case 3:
      let share = chance(0.5) ? 1 : Double(1 + dice.below(9)) / 10
      try stage.tell("[{\(symbol),\"signal\":\"close\",\"close_fraction\":\(share)}]")
    default:
      try stage.tell(
        "[{\(symbol),\"signal\":\"update_protection\",\"stop_loss\":\(stop),"
          + "\"take_profit\":\(target)}]")
    }
  }

  // MARK: What a person does

  private func interfere() throws {
    let desk = VenueDayStage.desks[dice.below(2)]
    let name = VenueDayStage.coins[dice.below(VenueDayStage.coins.count)]
    let coin = try #require(Coin(name))
    let held = venue.positions(desk.account)
    switch dice.below(12) {
    case 0, 1:
      let price = try stage.mark(name)
      let size = try size(of: coin, usd: Double(15 + dice.below(400)), at: price)
      venue.manualOrder(desk.account, coin, chance(0.5) ? .buy : .sell, size)
      count("manual orders")
    case 2, 3: try unwind(desk)
    case 4:
      guard !held.isEmpty else { return }
      venue.manualClose(desk.account, held[dice.below(held.count)].coin)
      count("manual closes")
    case 5, 6:
      let open = venue.openOrders(desk.account)
      guard !open.isEmpty else { return }
      if venue.manualCancel(open[dice.below(open.count)].number) { count("manual cancels") }
    case 7:
      venue.deposit(USD(mantissa: Int64(1 + dice.below(500)) * 100_000_100), to: desk.account)
      count("deposits")
    case 8:
      let amount = USD(mantissa: Int64(2 + dice.below(300)) * 100_000_100)
      if chance(0.5) {
        venue.withdraw(amount, from: desk.account)
        count("withdrawals")
      } else {
        venue.transferClass(chance(0.5) ? amount : -amount, of: desk.account)
        count("class transfers")
      }
    case 9:
      guard let position = held.first else { return }
      let most = position.position.size.magnitude
      let part = Quantity(mantissa: most.mantissa / 2).flatMap { try? lots($0, position.coin) }
      venue.deleverage(desk.account, position.coin, chance(0.5) ? most : part ?? most)
      count("deleveragings")
    default:
      venue.jump(coin, byPct: (dice.unit() - 0.5) * 10)
      count("jumps")
    }
  }

  /// Ends by hand what a person holds beside the traders, as far as our books know of it.
  private func unwind(_ desk: VenueDayStage.Desk) throws {
    let rows = try stage.books.texts(
      "SELECT coin || ' ' || size FROM outside_positions WHERE account = '\(desk.name)' "
        + "ORDER BY coin")
    for row in rows {
      let words = row.split(separator: " ")
      let coin = try #require(Coin(String(words[0])))
      let size = try #require(SignedQuantity(words[1]))
      guard let side = size.side?.closing else { continue }
      venue.manualOrder(desk.account, coin, side, size.magnitude)
      count("unwound by hand")
    }
  }

  private func size(of coin: Coin, usd: Double, at price: Double) throws -> Quantity {
    try lots(try #require(Quantity(mantissa: Int64(usd / price * 1e8))), coin)
  }

  private func lots(_ size: Quantity, _ coin: Coin) throws -> Quantity {
    let listed = try #require(VenueCoin.standard.first { $0.coin == coin })
    return listed.instrument.roundedDown(size)
  }

  private func chance(_ probability: Double) -> Bool { dice.unit() < probability }

  private func count(_ what: String, _ times: Int = 1) {
    counts[what, default: 0] += times
    diary.append("\(venue.now) \(what)")
  }
}
