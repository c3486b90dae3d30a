import Manager
import Market
import Testing
import Trading

/// A random account with random wishes on it.
private struct RandomAccount {
  var wishes: [OpenWish] = []
  var shared: SharedAccount
  var state: AccountState
  let rules: ConflictRules

  init(_ random: inout SeededGenerator) throws {
    rules = Self.anyRules(&random)
    state = try Self.anyState(&random)
    var holders: [Coin: [TraderID: PositionSide]] = [:]
    var outside: Set<Coin> = []
    for name in Self.coins.map(\.name) where random.below(3) == 0 {
      let coin = try Make.coin(name)
      state.positions.insert(coin)
      state.notional[coin] = USD(mantissa: Int64(random.below(400_000)) * 1_000_003)
      state.leverage[coin] = 1 + random.below(12)
      if random.below(4) == 0 {
        outside.insert(coin)
        continue
      }
      let side = PositionSide.allCases[random.below(2)]
      let count = rules.exclusiveSymbols ? 1 : 1 + random.below(2)
      for trader in Self.traders.shuffled(using: &random).prefix(count) {
        let id: TraderID = try #require(TraderID(trader))
        holders[coin, default: [:]][id] = side
      }
    }
    shared = SharedAccount(
      account: state.account, free: state.free, takerFee: state.takerFee, holders: holders,
      outside: outside)
    for (priority, trader) in Self.traders.prefix(1 + random.below(5)).enumerated() {
      for (index, coin) in Self.coins.enumerated() where random.below(2) == 0 {
        let id: TraderID = try #require(TraderID(trader))
        let own = holders[try Make.coin(coin.name)]?[id]
        wishes.append(
          try Self.wish(trader, priority, coin, index, own: own, fee: state.takerFee, &random))
      }
    }
  }

  private static let traders = ["echo", "alfa", "delta", "bravo", "charlie"]

  private static let coins: [(name: String, mid: String, decimals: Int)] = [
    ("SOL", "64.05", 2), ("BTC", "67891", 5), ("ETH", "3456.7", 4), ("XRP", "0.03123", 0),
  ]

  private static func anyRules(_ random: inout SeededGenerator) -> ConflictRules {
    func any(_ choice: [ConflictStrategy], _ random: inout SeededGenerator) -> ConflictStrategy {
      choice[random.below(choice.count)]
    }
    return ConflictRules(
      direction: any([.firstCome, .highestConfidence, .aggregate], &random),
      duplicate: any([.firstCome, .highestConfidence, .aggregate, .aggregate], &random),
      resource: any([.firstCome, .highestConfidence, .proportional], &random),
      exclusiveSymbols: random.below(3) == 0)
  }

  private static func anyState(_ random: inout SeededGenerator) throws -> AccountState {
    let equity = USD(mantissa: Int64(random.below(500_000) - 20_000) * 1_000_033)
    return try Reserve.state {
      $0.equity = equity
      $0.free = USD(mantissa: equity.mantissa / Int64(1 + random.below(6)))
      $0.marginUsed = USD(mantissa: max(0, equity.mantissa) / Int64(1 + random.below(6)))
      $0.takerFee = random.below(3) == 0 ? .zero : try Make.bps("4.5")
      $0.limits.maxMarginUsage = random.below(3) == 0 ? nil : Pct(whole: Int64(random.below(101)))
      $0.limits.maxPositions = random.below(3) == 0 ? nil : 1 + random.below(5)
      $0.limits.maxSymbol = random.below(3) == 0 ? nil : Pct(whole: Int64(random.below(120)))
    }
  }

  private static func wish(
    _ trader: String, _ priority: Int, _ coin: (name: String, mid: String, decimals: Int),
    _ index: Int, own: PositionSide?, fee: Bps, _ random: inout SeededGenerator
  ) throws -> OpenWish {
    let snapshot = try Make.snapshot(
      coin.name, mid: coin.mid, sizeDecimals: coin.decimals, tiers: [(0, 40), (900, 10)])
    let slippage = Bps(whole: Int64(random.below(20)))
    let state = try Make.state(coins: [snapshot]) {
      $0.expectedSlippage = slippage
      $0.takerFee = fee
    }
    let side = own ?? PositionSide.allCases[random.below(2)]
    let decision = Decision(
      side == .long ? .buyToEnter : .sellToEnter, coin: try Make.coin(coin.name),
      leverage: 1 + random.below(15),
      positionSize: USD(mantissa: 1_200_000_000 + Int64(random.below(200_000)) * 1_000_003),
      confidence: random.below(8) == 0 ? nil : 60 + random.below(5) * 10)
    return OpenWish(
      trader: try #require(TraderID(trader)), priority: priority, index: index,
      wish: try #require(PositionSizing.entry(decision, in: state)))
  }
}

@Suite("Conflicts and reservation keep to the account")
struct ReservationPropertyTests {
  @Test("for any wishes", arguments: UInt64(1)...10)
  func keepsToTheAccount(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var seen = (orders: 0, joint: 0, refused: 0, cut: 0, conflicts: Set<ConflictKind>())
    for round in 0..<300 {
      let place: Comment = "seed \(seed), round \(round)"
      let given = try RandomAccount(&random)

      let resolved = Conflicts.resolve(given.wishes, on: given.shared, under: given.rules)
      let reserved = Reservation.reserve(resolved.orders, in: given.state)

      checkResolution(resolved, of: given, place)
      try checkReservation(reserved, of: given, place)
      let all = resolved.refused + reserved.refused
      let kept = reserved.orders.flatMap(\.shares).map(\.wish)
      #expect(keys(kept + all.map(\.wish)) == keys(given.wishes), place)
      let again = given.wishes.shuffled(using: &random)
      #expect(
        Conflicts.resolve(again, on: given.shared, under: given.rules) == resolved, place)
      seen.orders += reserved.orders.count
      seen.joint += reserved.orders.count { $0.shares.count > 1 }
      seen.refused += all.count
      seen.cut += reserved.orders.flatMap(\.shares).count { !$0.notes.isEmpty }
      seen.conflicts.formUnion(resolved.conflicts.map(\.kind))
    }
    #expect(seen.orders > 100 && seen.joint > 10 && seen.refused > 100 && seen.cut > 50, "\(seen)")
    #expect(seen.conflicts.count == 3, "seed \(seed)")
  }

  private func keys(_ wishes: [OpenWish]) -> [String] {
    wishes.map { "\($0.trader) \($0.index)" }.sorted()
  }

  private func checkResolution(
    _ resolved: ConflictResolution, of given: RandomAccount, _ place: Comment
  ) {
    let fee = given.shared.takerFee
    let members = resolved.orders.flatMap(\.members)
    #expect(keys(members + resolved.refused.map(\.wish)) == keys(given.wishes), place)
    let cost = resolved.orders.reduce(USD.zero) { $0 + $1.cost(takerFee: fee) }
    if Set(members.map(\.trader)).count > 1 { #expect(cost <= given.shared.free, place) }
    for coin in Set(members.map(\.wish.coin)) {
      let holders = given.shared.holders[coin] ?? [:]
      let own = members.filter { $0.wish.coin == coin }
      #expect(Set(own.map(\.wish.side)).union(holders.values).count == 1, place)
      #expect(!given.shared.outside.contains(coin), place)
      let traders = Set(own.map(\.trader)).union(holders.keys)
      #expect(!given.rules.exclusiveSymbols || traders.count == 1, place)
    }
    let names = resolved.conflicts.map {
      "\($0.kind) \($0.coin?.name ?? "") \($0.strategy == nil)"
    }
    #expect(Set(names).count == names.count, place)
    let ranks = resolved.orders.map { $0.members[0].priority }
    #expect(ranks == ranks.sorted(), place)
  }

  private func checkReservation(
    _ reserved: ReservationSequence, of given: RandomAccount, _ place: Comment
  ) throws {
    let before = given.state
    let after = reserved.state
    guard !reserved.orders.isEmpty else {
      #expect(after == before, place)
      return
    }
    #expect(before.equity > .zero && after.free >= .zero, place)
    let limits = before.limits
    if let share = limits.maxMarginUsage {
      #expect(after.marginUsed <= before.equity.applying(share, .floor), place)
    }
    if after.positions != before.positions, let most = limits.maxPositions {
      #expect(after.positions.count <= most, place)
    }
    var cost = USD.zero
    for order in reserved.orders {
      let wish = order.approved.request
      let market = try #require(wish.market)
      cost += wish.cost(takerFee: before.takerFee)
      #expect(market.instrument.accepts(wish.size), place)
      #expect(wish.notional >= (try Make.usd("10.2")), place)
      #expect(order.shares.reduce(.zero) { $0 + $1.size } == wish.size, place)
      #expect(order.shares.allSatisfy { market.instrument.accepts($0.size) }, place)
      #expect(order.shares.allSatisfy { $0.wish.wish.leverage == wish.leverage }, place)
      #expect(wish.leverage <= before.leverage[wish.coin] ?? wish.leverage, place)
      let whole = try #require(after.notional[wish.coin])
      if let share = limits.maxSymbol {
        #expect(whole <= before.equity.applying(share, .floor), place)
      }
      #expect(wish.leverage <= market.instrument.maxLeverage(forNotional: whole), place)
      for share in order.shares {
        let wished = try #require(
          given.wishes.first { $0.trader == share.trader && $0.index == share.wish.index })
        #expect(share.size <= wished.wish.size, place)
        #expect(share.wish.wish.leverage <= wished.wish.leverage, place)
      }
    }
    #expect(cost <= before.free, place)
  }
}
