import Manager
import Market
import Testing
import Trading

@Suite("Admission holds every cap")
struct AdmissionPropertyTests {
  @Test("for any decisions", arguments: UInt64(1)...12)
  func holdsEveryCap(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var opened = 0
    for round in 0..<500 {
      let state = try anyState(&random)
      let decisions = try (0..<(1 + random.pick(6))).map { _ in try anyDecision(in: state, &random)
      }

      let result = Admission.review(decisions, in: state)

      opened += result.opens.count
      #expect(result.entries.count == decisions.count)
      try check(result, from: state, "seed \(seed), round \(round)")
    }
    #expect(opened > 100, "seed \(seed) opened \(opened): too few to mean anything")
  }

  private func check(
    _ result: AdmissionResult, from state: AdmissionState, _ place: Comment
  ) throws {
    let wishes = result.opens.map(\.request)
    let coins = Set(state.positions.map(\.coin)).union(wishes.map(\.coin))
    let isOver = state.positions.count > state.limits.maxPositions
    #expect(isOver || coins.count <= state.limits.maxPositions, place)
    var cost = USD.zero
    var margin = USD.zero
    for wish in wishes {
      let market = try #require(wish.market)
      let held = state.position(in: wish.coin)
      let notional = market.sizing * wish.size
      #expect(market.instrument.accepts(wish.size), place)
      #expect(wish.stop.map(market.instrument.accepts) ?? true, place)
      #expect(notional + (held?.notional ?? .zero) <= state.limits.maxPositionSize, place)
      #expect(
        state.limits.sizing.method != .model
          || wish.size <= (wish.decision.positionSize ?? .zero).buys(at: market.mid), place)
      #expect(
        wish.leverage >= 1 && wish.leverage <= state.limits.leverage(for: wish.coin)
          && wish.leverage <= (wish.decision.leverage ?? 0), place)
      // Independent of the code under test: loss at the stop in floating point, to 1e-6.
      let stop = wish.stop?.double ?? 0
      let fees = state.takerFee.double / 10_000 * (market.entry.double + stop)
      let loss = (abs(market.entry.double - stop) + fees) * wish.size.double
      let share = state.limits.maxRisk?.double ?? 100
      #expect(loss <= state.equity.double * share / 100 + 1e-6, place)
      let own = notional.divided(by: wish.leverage, .ceiling)
      margin += own
      cost += own + notional.applying(state.takerFee, .ceiling)
    }
    #expect(wishes.isEmpty || cost <= state.free, place)
    if let share = state.limits.maxMarginUsage, !wishes.isEmpty {
      #expect(state.marginUsed + margin <= state.equity.applying(share, .floor), place)
    }
    if let share = state.guards.maxTotal, !wishes.isEmpty {
      let total = result.state.positions.reduce(USD.zero) { $0 + $1.notional }
      #expect(total <= state.equity.applying(share, .floor), place)
    }
    #expect(result.state.free == state.free - spent(wishes, in: state), place)
  }

  private func spent(_ wishes: [EntryWish], in state: AdmissionState) -> USD {
    wishes.reduce(.zero) { $0 + $1.cost(takerFee: state.takerFee) }
  }

  private func anyState(_ random: inout SeededGenerator) throws -> AdmissionState {
    let mids = ["0.0312345", "1.23456", "64.0005", "3456.75", "67891.5"]
    let coins = try ["SOL", "BTC", "ETH", "XRP"].map { name in
      let digits = random.pick(5)
      return try Make.snapshot(
        name, mid: mids[digits], sizeDecimals: [0, 1, 2, 4, 5][digits],
        tiers: [(0, 40), (300, 10)], candles: anyCandles(around: mids[digits], &random))
    }
    let positions = random.pick(3) == 0 ? [try Make.held("XRP", size: "0.5")] : []
    return try Make.state(coins: coins, positions: positions) {
      $0.equity = USD(mantissa: Int64(random.pick(200_000_000)) * 997)
      $0.free = USD(mantissa: $0.equity.mantissa / Int64(1 + random.pick(5)))
      $0.marginUsed = USD(whole: Int64(random.pick(100)))
      $0.takerFee = try Make.bps("4.5")
      $0.expectedSlippage = Bps(whole: Int64(random.pick(20)))
      try $0.setRisk {
        $0.maxPositions = 1 + random.pick(4)
        $0.maxPositionSize = USD(mantissa: 1_000_000_000 + Int64(random.pick(50_000_000)) * 1_003)
        $0.maxMarginUsage = random.pick(2) == 0 ? nil : Pct(whole: Int64(random.pick(90)))
        $0.maxRisk = random.pick(2) == 0 ? nil : Pct(whole: Int64(1 + random.pick(5)))
        $0.minRewardRisk = try Make.factor("0.1")
        $0.allowsScaleIn = random.pick(2) == 0
        $0.sizing = SizingSpec(
          method: SizingMethod.allCases[random.pick(4)],
          fraction: Pct(whole: Int64(1 + random.pick(40))),
          atrMultiple: try Make.factor(["0.5", "2", "30"][random.pick(3)]))
      }
      $0.totals = anyRecord(&random)
      try $0.setGuards {
        $0.maxTotal = random.pick(2) == 0 ? nil : Pct(whole: Int64(random.pick(150)))
        $0.maxCorrelated = random.pick(2) == 0 ? nil : Pct(whole: Int64(random.pick(150)))
      }
    }
  }

  /// A quiet, a wild or a short past.
  private func anyCandles(
    around mid: String, _ random: inout SeededGenerator
  ) throws -> CandleSeries {
    let price = try Make.price(mid).double
    let swing = [0, 0.01, 0.4][random.pick(3)]
    return try Make.candles(
      (0..<(12 + random.pick(6))).map { _ in
        let range = price * swing * random.unit()
        return (price + range, price - range, price)
      }, endedAgo: .hour)
  }

  private func anyRecord(_ random: inout SeededGenerator) -> PerformanceTotals {
    let trades = random.pick(80)
    let wins = random.pick(trades + 1)
    return PerformanceTotals(
      trades: trades, wins: wins, winnings: USD(whole: Int64(wins * (1 + random.pick(50)))),
      losings: USD(whole: -Int64((trades - wins) * random.pick(50))), dayStartNAV: nil,
      lastNAV: nil, lastDay: nil, days: 0, meanDaily: 0, sumSquares: 0, peakNAV: .zero,
      maxDrawdown: 0)
  }

  /// Mostly sensible decisions, some with absurd numbers.
  private func anyDecision(
    in state: AdmissionState, _ random: inout SeededGenerator
  ) throws -> Decision {
    let coin = try Make.coin(["SOL", "BTC", "ETH", "XRP"][random.pick(4)])
    let mid = try #require(state.market.coins[coin]).quote.mid.double
    let isLong = random.pick(2) == 0
    let away = 1 + random.unit() * 0.08
    let gain = 1 + random.unit() * 0.3
    let isAbsurd = random.pick(20) == 0
    let size = isAbsurd ? USD(mantissa: Int64.max) : USD(approximating: random.unit() * 2000)
    return Decision(
      isLong ? .buyToEnter : .sellToEnter,
      coin: coin,
      leverage: isAbsurd ? Int.max : random.pick(30), positionSize: size,
      stopLoss: Price(approximating: isLong ? mid / away : mid * away),
      takeProfit: isAbsurd
        ? Price(mantissa: Int64.max)
        : Price(approximating: isLong ? mid * gain : mid / gain),
      confidence: 60 + random.pick(41))
  }
}

extension SeededGenerator {
  /// A number in 0..<bound, from `unit()`.
  fileprivate mutating func pick(_ bound: Int) -> Int { Int(unit() * Double(bound)) }
}
