import Analytics
import Testing
import Trading

/// A made-up record of a trader: everything its aggregates are made of, in time order.
struct RandomRecord {
  static let inception = Timestamp(ms: 1_763_633_400_000)  // 2025-11-20T10:10:00Z

  /// One thing that happened.
  enum Item {
    case point(EquityPoint)
    case trade(Trade, equity: USD?)
    case turn(TurnRecord, Timestamp)
    case fill(Fill, OrderPurpose?, Price?)
    case funding(FundingPayment)
  }

  private(set) var items: [Item] = []
  private(set) var end = Self.inception
  private var random: SeededGenerator
  private let trader: TraderID
  private let account: AccountID
  private let coins: [Coin]

  init(seed: UInt64, steps: Int = 1500) throws {
    random = SeededGenerator(seed: seed)
    trader = try #require(TraderID("alpha"))
    account = try #require(AccountID("sim.main"))
    coins = try ["BTC", "ETH", "SOL"].map { try #require(Coin($0)) }
    var nav = 10_000.0
    for _ in 0..<steps {
      // Now and then the arena is down, for up to two days.
      end = end + .seconds(Int64(random.below(200) == 0 ? random.below(172_800) : 900))
      nav *= 1 + (Double(random.below(2001)) - 995) / 100_000
      if random.below(3) == 0 { items.append(try turn()) }
      if random.below(8) == 0 { items.append(try fill()) }
      if random.below(10) == 0 { items.append(try trade()) }
      if random.below(5) == 0 { items.append(try payment()) }
      items.append(try point(nav))
    }
  }

  var points: [EquityPoint] {
    items.compactMap { if case .point(let point) = $0 { point } else { nil } }
  }

  /// Takes in some of the items.
  static func fold(_ items: some Sequence<Item>, into metrics: inout TraderMetrics) {
    for item in items {
      switch item {
      case .point(let point): metrics.fold(point)
      case .trade(let trade, let equity): metrics.fold(trade, equityAtEntry: equity)
      case .turn(let turn, let at): metrics.fold(turn, at: at)
      case .fill(let fill, let purpose, let mid):
        metrics.fold(fill, of: purpose, decisionMid: mid)
      case .funding(let payment): metrics.fold(payment)
      }
    }
  }

  /// An amount between two, in steps of a cent with some odd digits.
  private mutating func usd(_ from: Int64, _ to: Int64) -> USD {
    let cents = from + Int64(random.below(Int(to - from)))
    return USD(mantissa: cents * 1_000_000 + Int64(random.below(1_000_000)))
  }

  private mutating func price() throws -> Price {
    try #require(
      Price(mantissa: 5_000_000_000 + Int64(random.below(500_000)) * 10_000 + 7))
  }

  private mutating func oneOf<Choice>(_ choices: [Choice]) -> Choice {
    choices[Int(random.below(choices.count))]
  }

  private mutating func point(_ nav: Double) throws -> Item {
    let amount = try #require(USD(approximating: nav))
    return .point(
      EquityPoint(
        trader: trader, at: end, equity: amount.divided(by: 4), nav: amount, cash: amount,
        unrealised: .zero, marginUsed: random.below(3) == 0 ? .zero : usd(0, 50_000)))
  }

  private mutating func turn() throws -> Item {
    if random.below(10) == 0 {
      return .turn(
        TurnRecord(trader: trader, era: 1, slot: 1, failure: "timed out", decisions: []), end)
    }
    let decisions = try (0..<Int(random.below(4))).map { index in
      let entry = try price()
      let stop = try price()
      return DecisionRecord(
        trader: trader, index: index,
        decision: Decision(
          oneOf(DecisionAction.allCases), coin: oneOf(coins),
          leverage: random.below(3) == 0 ? nil : Int(random.below(40)),
          positionSize: usd(1, 100_000), entryPrice: entry, stopLoss: stop,
          riskUSD: random.below(3) == 0 ? nil : usd(1, 1000),
          confidence: random.below(3) == 0 ? nil : Int(random.below(101))),
        verdict: oneOf(AdmissionVerdict.allCases), notes: [], order: nil)
    }
    return .turn(
      TurnRecord(trader: trader, era: 1, slot: 1, failure: nil, decisions: decisions), end)
  }

  private mutating func fill() throws -> Item {
    let fill = Fill(
      id: 1, account: account, coin: oneOf(coins), side: oneOf(OrderSide.allCases),
      price: try price(), size: try #require(Quantity(mantissa: 1 + Int64(random.below(999_999)))),
      fee: usd(-1, 10), isTaker: random.below(2) == 0, at: end, orderID: 1, clientOrderID: nil,
      cause: oneOf(FillCause.allCases))
    return .fill(
      fill, random.below(4) == 0 ? nil : oneOf(OrderPurpose.allCases),
      random.below(4) == 0 ? nil : try price())
  }

  private mutating func trade() throws -> Item {
    let (entry, exit) = (usd(10_000, 100_000), usd(10_000, 100_000))
    let claim = EntryClaim(
      cycle: 1, leverage: 3, confidence: random.below(4) == 0 ? nil : Int(random.below(101)),
      riskUSD: random.below(4) == 0 ? .zero : usd(10, 1000),
      exitPlan: ExitPlan(
        stop: random.below(4) == 0 ? nil : try price(),
        target: random.below(4) == 0 ? nil : try price(),
        invalidation: random.below(2) == 0 ? "" : "close below the average"))
    let trade = Trade(
      position: 1, trader: trader, coin: oneOf(coins), side: oneOf(PositionSide.allCases),
      size: try #require(Quantity("10")), entryNotional: entry, exitNotional: exit,
      entryFees: usd(0, 100), exitFees: usd(0, 100), funding: usd(-100, 100),
      openedAt: end - .minutes(1 + Int64(random.below(3000))), closedAt: end, entryOrderID: 1,
      entryFillID: 1, exitOrderID: 1, exitFillID: 1, exitCause: oneOf(FillCause.allCases),
      claim: claim)
    return .trade(trade, equity: random.below(4) == 0 ? nil : usd(100_000, 300_000))
  }

  private mutating func payment() throws -> Item {
    .funding(
      FundingPayment(
        account: account, coin: oneOf(coins), at: end.floored(to: .hour), size: .zero,
        rate: .zero, amount: usd(-100, 100)))
  }
}
