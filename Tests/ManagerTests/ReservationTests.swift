import Manager
import Market
import Testing
import Trading

/// One row of the account table's test: an account, a wish, and what one rule makes of it.
struct ReservationCase: Sendable, CustomTestStringConvertible {
  let name: String
  /// The rule under test; without it the outcome is another one.
  let rule: String
  let expected: Expected
  let state: @Sendable (inout AccountState) throws -> Void
  let wish: @Sendable () throws -> OpenWish

  init(
    _ name: String, _ rule: String, _ expected: Expected,
    state: @escaping @Sendable (inout AccountState) throws -> Void = { _ in },
    wish: @escaping @Sendable () throws -> OpenWish = { try Clash.wish("bold", 0, leverage: 5) }
  ) {
    self.name = name
    self.rule = rule
    self.expected = expected
    self.state = state
    self.wish = wish
  }

  var testDescription: String { "\(rule): \(name)" }

  /// What the given rules make of the wish: size and leverage, then notes; or the refusal.
  func outcome(under rules: [AccountRule]) throws -> String {
    let state = try Reserve.state(state)
    let result = Reservation.reserve(
      JointWish(members: [try wish()]), under: rules, in: state)
    if let order = result.order {
      let wish = order.approved.request
      let notes = order.shares.flatMap(\.notes).map(\.rule).joined(separator: " ")
      return "\(wish.size) \(wish.leverage)x \(notes)"
    }
    return "refused \(result.refused.map(\.note.rule).joined(separator: " "))"
  }

  var expectedOutcome: String {
    switch expected {
    case .accepted: "2 5x "
    case .rejected(let rule): "refused \(rule)"
    case .clamped(let rule, let size, let leverage): "\(size) \(leverage)x \(rule)"
    }
  }
}

/// Accounts for these tests.
enum Reserve {
  /// 1000 USD of equity, all free, no limits, nothing open, no fee.
  static func state(
    _ change: (inout AccountState) throws -> Void = { _ in }
  ) throws -> AccountState {
    var state = AccountState(
      account: try Clash.account(), equity: USD(whole: 1000), marginUsed: .zero,
      free: USD(whole: 1000), takerFee: .zero,
      limits: GlobalLimits(
        maxMarginUsage: nil, maxPositions: nil, maxSymbol: nil, maxUnrealisedLoss: nil),
      notional: [:], positions: [], leverage: [:])
    try change(&state)
    return state
  }
}

extension AccountState {
  /// The same account with an open position at a leverage.
  fileprivate mutating func hold(_ name: String, _ notional: Int64, at leverage: Int) throws {
    let coin = try Make.coin(name)
    positions.insert(coin)
    self.notional[coin] = USD(whole: notional)
    self.leverage[coin] = leverage
  }
}

// Unless a row says otherwise: a long of 2 SOL at 100 = 200 USD at 5x = 40 USD of margin.
@Suite("Reservation on the account")
struct ReservationTests {
  @Test(arguments: cases) func judgesByTheAccountTable(row: ReservationCase) throws {
    #expect(try row.outcome(under: AdmissionTable.account) == row.expectedOutcome)
  }

  @Test(arguments: cases.filter { !$0.expected.isAcceptance })
  func missesEveryRuleThatIsTakenOut(row: ReservationCase) throws {
    let without = AdmissionTable.account.filter { $0.id != row.rule }

    #expect(without.count == AdmissionTable.account.count - 1)
    #expect(try row.outcome(under: without) != row.expectedOutcome)
  }

  @Test func everyRuleHasARowThatBitesAndOneThatDoesNot() {
    for rule in AdmissionTable.account {
      let rows = Self.cases.filter { $0.rule == rule.id }
      #expect(rows.contains { $0.expected.isAcceptance }, "\(rule.id)")
      #expect(rows.contains { !$0.expected.isAcceptance }, "\(rule.id)")
      #expect(!rule.summary.isEmpty)
    }
  }

  static let cases: [ReservationCase] = [
    // global_margin: 30 USD of margin buy 150 USD = 1.5 coins at 5x.
    .init("within", "global_margin", .accepted) { $0.limits.maxMarginUsage = Pct(whole: 4) },
    .init(
      "cuts", "global_margin", .clamped("global_margin", size: "1.5", leverage: 5),
      state: {
        $0.limits.maxMarginUsage = Pct(whole: 5)
        $0.marginUsed = USD(whole: 20)
      }),
    // 2 USD of margin buy 10 USD, less than 10.2 USD.
    .init(
      "below the venue's minimum", "global_margin", .rejected("global_margin"),
      state: {
        $0.limits.maxMarginUsage = Pct(whole: 5)
        $0.marginUsed = USD(whole: 48)
      }),
    .init(
      "used up", "global_margin", .rejected("global_margin"),
      state: {
        $0.limits.maxMarginUsage = Pct(whole: 5)
        $0.marginUsed = USD(whole: 60)
      }),
    // The open 300 USD go from 10x to 5x: 30 USD more; 20 of 50 USD are left = 100 USD = 1 coin.
    .init(
      "counts what lower leverage takes", "global_margin",
      .clamped("global_margin", size: "1", leverage: 5),
      state: {
        $0.limits.maxMarginUsage = Pct(whole: 8)
        $0.marginUsed = USD(whole: 30)
        try $0.hold("SOL", 300, at: 10)
      }),
    // global_positions
    .init("one more fits", "global_positions", .accepted) {
      $0.limits.maxPositions = 2
      try $0.hold("ETH", 100, at: 5)
    },
    .init("the same coin again", "global_positions", .accepted) {
      $0.limits.maxPositions = 1
      try $0.hold("SOL", 100, at: 5)
    },
    .init(
      "full", "global_positions", .rejected("global_positions"),
      state: {
        $0.limits.maxPositions = 1
        try $0.hold("ETH", 100, at: 5)
      }),
    // global_symbol: 20 % of 1000 USD
    .init("within", "global_symbol", .accepted) { $0.limits.maxSymbol = Pct(whole: 20) },
    .init("another coin", "global_symbol", .accepted) {
      $0.limits.maxSymbol = Pct(whole: 20)
      try $0.hold("ETH", 200, at: 5)
    },
    .init(
      "cuts to what others leave", "global_symbol",
      .clamped("global_symbol", size: "0.5", leverage: 5),
      state: {
        $0.limits.maxSymbol = Pct(whole: 20)
        try $0.hold("SOL", 150, at: 5)
      }),
    .init(
      "below the venue's minimum", "global_symbol", .rejected("global_symbol"),
      state: {
        $0.limits.maxSymbol = Pct(whole: 20)
        try $0.hold("SOL", 190, at: 5)
      }),
    .init(
      "negative equity", "global_symbol", .rejected("global_symbol"),
      state: {
        $0.limits.maxSymbol = Pct(whole: 20)
        $0.equity = USD(whole: -3)
      }),
    // account_free_margin: 30 USD buy 150 USD at 5x
    .init("exactly enough", "account_free_margin", .accepted) { $0.free = USD(whole: 40) },
    .init(
      "cuts", "account_free_margin", .clamped("account_free_margin", size: "1.5", leverage: 5),
      state: { $0.free = USD(whole: 30) }),
    // With a fee of 1 %, 1 coin costs 20 + 1 = 21 USD; 30 USD buy 1.42857… coins.
    .init(
      "reckons the fee", "account_free_margin",
      .clamped("account_free_margin", size: "1.4285", leverage: 5),
      state: {
        $0.free = USD(whole: 30)
        $0.takerFee = Bps(whole: 100)
      }),
    .init(
      "below the venue's minimum", "account_free_margin", .rejected("account_free_margin"),
      state: { $0.free = USD(whole: 2) }),
    .init(
      "nothing free", "account_free_margin", .rejected("account_free_margin"),
      state: { $0.free = USD(whole: -1) }),
    .init(
      "no equity", "account_free_margin", .rejected("account_free_margin"),
      state: { $0.equity = .zero }),
    // account_leverage
    .init("the same leverage", "account_leverage", .accepted) { try $0.hold("SOL", 100, at: 5) },
    .init("open at more", "account_leverage", .accepted) { try $0.hold("SOL", 100, at: 9) },
    .init(
      "open at less", "account_leverage", .clamped("account_leverage", size: "2", leverage: 3),
      state: { try $0.hold("SOL", 100, at: 3) }),
    // 900 + 200 USD pass the bound of 1000 USD, where 2x is the most.
    .init(
      "the venue's maximum for both", "account_leverage",
      .clamped("account_leverage", size: "2", leverage: 2),
      state: { try $0.hold("SOL", 900, at: 5) },
      wish: { try Clash.wish("bold", 0, leverage: 5, tiers: [(0, 40), (1000, 2)]) }),
  ]

  @Test func refusalsCarryNumbers() throws {
    let wish = JointWish(members: [try Clash.wish("bold", 0, leverage: 5)])
    let state = try Reserve.state {
      $0.limits.maxPositions = 1
      try $0.hold("ETH", 100, at: 5)
    }

    let result = Reservation.reserve(wish, in: state)

    #expect(
      result.refused.first?.note.text
        == "expected fewer than 1 open positions on account shared (global max_positions), was 1")
    #expect(result.next == state)
  }

  @Test func foldsEachOrderIntoTheNext() throws {
    let orders = try [
      Clash.wish("bold", 0, "SOL", leverage: 5), Clash.wish("calm", 1, "ETH", leverage: 5),
      Clash.wish("dark", 2, "BTC", leverage: 5),
    ].map { JointWish(members: [$0]) }
    let state = try Reserve.state { $0.free = USD(whole: 70) }

    let result = Reservation.reserve(orders, in: state)

    // 40 of 70 USD, then 30 = 1.5 coins, then nothing.
    #expect(result.orders.map(\.approved.request.size.description) == ["2", "1.5"])
    #expect(result.refused.map(\.wish.trader.name) == ["dark"])
    #expect(result.state.free == .zero)
    #expect(result.state.marginUsed == USD(whole: 70))
    #expect(result.state.positions == Set(try ["SOL", "ETH"].map(Make.coin)))
    #expect(result.state.notional[try Make.coin("ETH")] == USD(whole: 150))
    #expect(result.state.leverage[try Make.coin("ETH")] == 5)
  }

  @Test func lowerLeverageTakesMarginForWhatIsOpen() throws {
    let state = try Reserve.state {
      $0.free = USD(whole: 500)
      $0.marginUsed = USD(whole: 30)
      try $0.hold("SOL", 300, at: 10)
    }

    let next = state.approving(try Clash.wish("bold", 0, leverage: 5).wish)

    // The open 300 USD take 60 instead of 30 USD, the new 200 USD take 40.
    #expect(next.free == USD(whole: 430))
    #expect(next.marginUsed == USD(whole: 100))
    #expect(next.leverage[try Make.coin("SOL")] == 5)
    #expect(next.notional[try Make.coin("SOL")] == USD(whole: 500))
    #expect(next.positions == state.positions)
  }

  @Test(arguments: [(PositionSide.long, "99"), (.short, "100")])
  func aJointOrderFillsAtTheStrictestPrice(side: PositionSide, mid: String) throws {
    let members = try [
      Clash.wish("bold", 0, "SOL", side, mid: "100"), Clash.wish("calm", 1, "SOL", side, mid: "99"),
    ]

    let combined = JointWish(members: members).combined

    #expect(combined.market?.mid == (try Make.price(mid)))
    #expect(combined.size == members[0].wish.size + members[1].wish.size)
  }

  @Test func splitsACutOfAJointOrderProRata() throws {
    let joint = try JointWish(members: [
      Clash.wish("bold", 0, usd: "400", leverage: 10), Clash.wish("calm", 1, usd: "300"),
    ])
    let state = try Reserve.state { $0.free = USD(whole: 500) }

    let result = Reservation.reserve(joint, in: state)

    // 5 of 7 coins: 4 · 5/7 = 2.85714… and 3 · 5/7 = 2.14285…; the odd lot goes to the second,
    // which lost 0.857 of a lot to the first's 0.428.
    let order = try #require(result.order)
    #expect(order.approved.request.size == (try Make.size("5")))
    #expect(order.approved.request.leverage == 1)
    #expect(order.shares.map(\.size.description) == ["2.8571", "2.1429"])
    #expect(
      order.shares.map { $0.notes.map(\.rule) } == [
        ["conflict_duplicate", "account_free_margin"], ["account_free_margin"],
      ])
    #expect(
      order.shares.last?.notes.last?.text
        == "joint order: 700 USD (7 SOL) → 500 USD (5 SOL), as account shared has 500 USD free; "
        + "calm has 2.1429 SOL of it")
    #expect(result.next.free == .zero)
  }
}

extension Expected {
  fileprivate var isAcceptance: Bool { if case .accepted = self { true } else { false } }
}
