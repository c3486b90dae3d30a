import Manager
import Testing
import Trading

@Suite("Allocation")
struct AllocationTests {
  /// A member told as `name share sharpe days equity free`, `-` for nothing; `!` after the name
  /// for one that is not entitled; later words may be left out.
  private func member(_ text: String) throws -> AllocationMember {
    let words = text.split(separator: " ").map(String.init) + Array(repeating: "-", count: 6)
    let isOut = words[0].hasSuffix("!")
    func word(_ index: Int) -> String? { words[index] == "-" ? nil : words[index] }
    let equity = try word(4).map { try #require(USD($0)) } ?? .zero
    return AllocationMember(
      trader: try #require(TraderID(isOut ? String(words[0].dropLast()) : words[0])),
      share: try word(1).map { try #require(Pct($0)) },
      sharpe: try word(2).map { try #require(Double($0)) },
      days: try word(3).map { try #require(Int($0)) } ?? 0, equity: equity,
      freeCash: try word(5).map { try #require(USD($0)) } ?? equity, isEntitled: !isOut)
  }

  private func members(_ text: String) throws -> [AllocationMember] {
    try text.split(separator: ",").map { try member(String($0.drop { $0 == " " })) }
  }

  private func rules(
    _ strategy: AllocationStrategy, total: String = "1000", reserve: String = "10",
    minimum: String = "100", own: String = "0"
  ) throws -> AllocationRules {
    AllocationRules(
      strategy: strategy, total: try Make.usd(total), reserve: try #require(Pct(reserve)),
      minimum: try Make.usd(minimum), interval: .hour, mayReduce: false, members: [:],
      ownMoney: try Make.usd(own))
  }

  private func told(_ amounts: [TraderID: USD]) -> String {
    amounts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }

  @Test(
    "splits what there is",
    arguments: [
      // Nobody, nothing, less than nothing.
      (.equal, "", "900", ""),
      (.equal, "a,b", "0", "a 0, b 0"),
      (.custom, "a 50,b 40", "-5", "a 0, b 0"),
      (.performanceBased, "a - 2 30,b - 1 30", "-5", "a 0, b 0"),
      // Cents, rounded down.
      (.equal, "a,b,c", "100", "a 33.33, b 33.33, c 33.33"),
      (.equal, "a,b,c", "0.02", "a 0, b 0, c 0"),
      (.equal, "a", "900.009", "a 900"),
      // Isolated and removed traders keep 1 USD; there may not even be that.
      (.equal, "a,b!,c", "901", "a 450, b 1, c 450"),
      (.equal, "a!,b!", "1.5", "a 1, b 0.5"),
      (.equal, "a!", "900", "a 1"),
      // Shares of the configured total of 1000, with 900 of it to split.
      (.custom, "a 50,b 40", "900", "a 500, b 400"),
      (.custom, "a 50,b", "900", "a 500, b 0"),
      (.custom, "a 50,b -40", "900", "a 500, b 0"),
      // Losses hit all alike: 720 of 900; gains stay in the treasury.
      (.custom, "a 50,b 40", "720", "a 400, b 320"),
      (.custom, "a 50,b 40", "1500", "a 500, b 400"),
      (.custom, "a 33.333", "900", "a 333.33"),
      // By Sharpe only with two records of 20 days, and one ratio above zero.
      (.performanceBased, "a - 3 19,b - 1 30", "900", "a 450, b 450"),
      (.performanceBased, "a - -1 30,b - 0 30", "900", "a 450, b 450"),
      (.performanceBased, "a - - 30,b - nan 30", "900", "a 450, b 450"),
      (.performanceBased, "a - 2 20,b - 1 20", "900", "a 600, b 300"),
      // Three to one of 900: 675 and 225; the newcomer's ratio does not count: the minimum.
      (.performanceBased, "a - 3 30,b - 1 30,c - 9 3", "900", "a 600, b 200, c 100"),
      (.performanceBased, "a - 3 30,b - -1 30", "900", "a 800, b 100"),
      // 10 : 1 : 0 of 330: 300, 30, 0; both below get 100, the best what is left.
      (.performanceBased, "a - 10 30,b - 1 30,c - 0 30", "330", "a 130, b 100, c 100"),
      // Raising c pushes b below: 5 : 2 : 0.1 of 400: 281, 112, 5; then 5 : 2 of 300: 214, 85.
      (.performanceBased, "a - 5 30,b - 2 30,c - 0.1 30", "400", "a 200, b 100, c 100"),
      // Not enough for all minima: equal.
      (.performanceBased, "a - 5 30,b - 1 30", "199.99", "a 99.99, b 99.99"),
      (.performanceBased, "a - 5 30,b - 1 30", "200", "a 100, b 100"),
      (.performanceBased, "a - inf 30,b - 1 30", "900", "a 100, b 800"),
    ] as [(AllocationStrategy, String, String, String)])
  func splits(
    strategy: AllocationStrategy, members text: String, available: String, targets: String
  ) throws {
    let members = try members(text)
    let available = try #require(USD(available))

    let found = Allocation.targets(
      members: members, rules: try rules(strategy), available: available)
    let reversed = Allocation.targets(
      members: members.reversed(), rules: try rules(strategy), available: available)

    #expect(told(found) == targets)
    #expect(reversed == found)
  }

  @Test func thePoolIsTheTreasuryAndWhatTradersMadeOfTheRest() throws {
    let rules = try rules(.equal, total: "10000", reserve: "10", own: "2000")
    let members = try members("a - - - 3300,b - - - 2500")

    // 10,000 − 2,000 of others − 6,000 given = 2,000; + 3,300 + 2,500 = 7,800; − 1,000.
    let treasury = Allocation.treasury(rules, netFlows: USD(whole: 6000))
    let pool = Allocation.pool(treasury: treasury, members: members)
    let available = Allocation.available(pool: pool, rules: rules)

    #expect(treasury == USD(whole: 2000))
    #expect(pool == USD(whole: 7800))
    #expect(Allocation.reserve(rules) == USD(whole: 1000))
    #expect(available == USD(whole: 6800))
    #expect(Allocation.available(pool: USD(whole: 900), rules: rules) == .zero)
  }

  @Test(
    "is due when time has passed, a Sharpe ratio or the set changed, or money is wanted",
    arguments: [
      // members now, minutes since, pending, reason
      ("a - 1,b - 0.5", 0, false, nil),
      ("a - 1,b - 0.5", 59, false, nil),
      ("a - 1,b - 0.5", -600, false, nil),
      ("a - 1,b - 0.5", 60, false, "1h have passed"),
      ("a - 1,b - 0.5", 14, true, nil),
      ("a - 1,b - 0.5", 15, true, "money that was not free is still to be moved"),
      ("a - 1.2,b - 0.3", 0, false, nil),
      ("a - 1.21,b - 0.5", 0, false, "the Sharpe ratio of a changed by more than 0.2"),
      ("a - 1,b - 0.29", 0, false, "the Sharpe ratio of b changed by more than 0.2"),
      ("a - 1,b", 0, false, "the Sharpe ratio of b changed by more than 0.2"),
      ("a - 1", 0, false, "the set of traders changed"),
      ("a - 1,b! - 0.5", 0, false, "the set of traders changed"),
      ("a - 1,b - 0.5,c", 0, false, "the set of traders changed"),
      ("a - 1,b - 0.5,c! - 7", 0, false, nil),
    ] as [(String, Int64, Bool, String?)])
  func isDue(members text: String, minutes: Int64, isPending: Bool, reason: String?) throws {
    let record = Allocation.record(
      of: try members("b - 0.5,a - 1,x! - 3"), at: Make.now, isPending: isPending)

    let found = Allocation.isDue(
      record: record, rules: try rules(.equal), members: try members(text),
      now: Make.now + .minutes(minutes))

    #expect(found == reason)
  }

  @Test func theFirstSplitIsOnlyPutOnRecord() throws {
    let members = try members("b - nan,a - 1,c")

    let due = Allocation.isDue(
      record: nil, rules: try rules(.equal), members: members, now: Make.now)
    let record = Allocation.record(of: members, at: Make.now, isPending: false)

    #expect(due == nil)
    #expect(record.members.map(\.name) == ["a", "b", "c"])
    #expect(record.sharpes == [try #require(TraderID("a")): 1])
    #expect(
      Allocation.isDue(record: record, rules: try rules(.equal), members: members, now: Make.now)
        == nil)
  }

  @Test(
    "moves free money only, and never more than there is",
    arguments: [
      // members (name share sharpe days equity free), targets, spare, moves, reductions
      ("a - - - 500", "", "100", "", ""),
      ("a - - - 500", "a 500", "100", "", ""),
      // Not free, or not all of it.
      ("a - - - 500 0", "a 400", "0", "", "a 100"),
      ("a - - - 500 -50", "a 400", "0", "", "a 100"),
      ("a - - - 500 30", "a 400", "0", "a -30", "a 70"),
      ("a - - - -20 50", "a 0", "0", "", ""),
      ("a - - - 500 900", "a 0", "0", "a -500", ""),
      // Withdrawals come first and pay the deposits.
      ("a - - - 100,b - - - 500", "a 300,b 300", "0", "b -200, a 200", ""),
      ("a - - - 100,b - - - 500 50", "a 300,b 300", "0", "b -50, a 50", "b 150"),
      // Deposits share what is there: 90 for 200 and 100.
      ("a - - - 100,b - - - 200", "a 300,b 300", "90", "a 60, b 30", ""),
      ("a - - - 100", "a 300", "-50", "", ""),
      // The reserve is filled first: 200 come, 50 of it stay.
      ("a - - - 100,b - - - 500", "a 300,b 300", "-50", "b -200, a 150", ""),
      // Trifles stay where they are: below 1 USD, below 0.5 % of the target.
      ("a - - - 100.99", "a 100", "0", "", ""),
      ("a - - - 101", "a 100", "0", "a -1", ""),
      ("a - - - 1004.99", "a 1000", "0", "", ""),
      ("a - - - 1005", "a 1000", "0", "a -5", ""),
      ("a - - - 995.01", "a 1000", "100", "", ""),
      ("a - - - 995", "a 1000", "100", "a 5", ""),
      // Four of the ten that are wanted are free, and too little to be moved.
      ("a - - - 1010 4", "a 1000", "0", "", "a 10"),
      // Isolated traders are left 1 USD, whatever trifle that is, and are given nothing.
      ("a! - - - 1.4", "a 1", "0", "a -0.4", ""),
      ("a! - - - 0.2", "a 1", "100", "", ""),
      ("a! - - - -7", "a 1", "100", "", ""),
      ("a! - - - 500 20", "a 1", "0", "a -20", "a 479"),
      ("a! - - - 1.5 0", "a 1", "0", "", ""),
    ])
  func moves(
    members text: String, targets: String, spare: String, moves: String, reductions: String
  ) throws {
    var wanted: [TraderID: USD] = [:]
    for target in targets.split(separator: ",") {
      let words = target.split(separator: " ")
      wanted[try #require(TraderID(String(words[0])))] = try Make.usd(String(words[1]))
    }

    let plan = Allocation.moves(
      to: wanted, members: try members(text), spare: try #require(USD(spare)))

    let found = plan.moves.map { "\($0.trader) \($0.amount)" }.joined(separator: ", ")
    #expect(found == moves)
    #expect(told(plan.reductions) == reductions)
    #expect(plan.isPending == !reductions.isEmpty)
  }

  private static func random(
    _ random: inout SeededGenerator, _ index: Int
  ) throws -> AllocationMember {
    let equity = USD(mantissa: Int64(random.below(2_000_000_000)) * 1000 - 50_000_000_000)
    return AllocationMember(
      trader: try #require(TraderID("t\(index)")),
      share: random.below(5) == 0 ? nil : Pct(whole: Int64(random.below(40))),
      sharpe: random.below(5) == 0 ? nil : random.unit() * 6 - 3, days: random.below(60),
      equity: equity,
      freeCash: USD(mantissa: equity.mantissa - Int64(random.below(500_000_000)) * 1000),
      isEntitled: random.below(6) > 0)
  }

  @Test("10,000 random splits conserve money", arguments: 1...20 as ClosedRange<UInt64>)
  func conservesMoney(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for round in 0..<500 {
      let place = Comment("seed \(seed), round \(round)")
      let strategy = AllocationStrategy.allCases[random.below(3)]
      var members = try (0..<random.below(9)).map { try Self.random(&random, $0) }
      let rules = AllocationRules(
        strategy: strategy, total: USD(whole: Int64(1 + random.below(50_000))),
        reserve: Pct(whole: Int64(random.below(50))),
        minimum: USD(whole: Int64(random.below(800))), interval: .hour, mayReduce: false,
        members: [:], ownMoney: .zero)
      let treasury = USD(mantissa: Int64(random.below(2_000_000_000)) * 500 - 100_000_000_000)
      let pool = Allocation.pool(treasury: treasury, members: members)
      let available = Allocation.available(pool: pool, rules: rules)

      let targets = Allocation.targets(members: members, rules: rules, available: available)
      let spare = treasury - Allocation.reserve(rules)
      let plan = Allocation.moves(to: targets, members: members, spare: spare)

      #expect(Set(targets.keys) == Set(members.map(\.trader)), place)
      #expect(targets.values.allSatisfy { $0 >= .zero && $0.mantissa % 1_000_000 == 0 }, place)
      #expect(targets.values.reduce(.zero, +) <= available, place)
      checkMinimum(members, rules, targets, available, place)
      let taken = plan.moves.filter { $0.amount < .zero }.reduce(USD.zero) { $0 - $1.amount }
      let given = plan.moves.filter { $0.amount > .zero }.reduce(USD.zero) { $0 + $1.amount }
      #expect(given <= max(.zero, spare + taken), place)
      for (index, member) in members.enumerated() {
        let moves = plan.moves.filter { $0.trader == member.trader }
        #expect(moves.count <= 1, place)
        guard let move = moves.first else { continue }
        #expect(-move.amount <= max(.zero, min(member.freeCash, member.equity)), place)
        #expect(move.amount < .zero || member.isEntitled, place)
        let after = member.equity + move.amount
        #expect(move.amount > .zero || after >= targets[member.trader] ?? .zero, place)
        #expect(move.amount < .zero || after <= targets[member.trader] ?? .zero, place)
        members[index] = AllocationMember(
          trader: member.trader, share: member.share, sharpe: member.sharpe, days: member.days,
          equity: after, freeCash: member.freeCash + move.amount, isEntitled: member.isEntitled)
      }
      // Once moved, nothing is left to move but what was not free.
      #expect(
        Allocation.pool(treasury: treasury + taken - given, members: members) == pool, place)
    }
  }

  private func checkMinimum(
    _ members: [AllocationMember], _ rules: AllocationRules, _ targets: [TraderID: USD],
    _ available: USD, _ place: Comment
  ) {
    let entitled = members.filter(\.isEntitled)
    let rest = available - USD(whole: Int64(members.count - entitled.count))
    guard rules.strategy == .performanceBased, rest.mantissa > 0 else { return }
    let needed = USD(mantissa: rules.minimum.mantissa * Int64(entitled.count))
    guard needed <= rest else { return }
    for member in entitled {
      #expect(targets[member.trader] ?? .zero >= rules.minimum, place)
    }
  }
}
