import Manager
import Testing
import Trading

@Suite("Limits of an account")
struct LimitWatchTests {
  private static let off = GlobalLimits(
    maxMarginUsage: nil, maxPositions: nil, maxSymbol: nil, maxUnrealisedLoss: nil)

  /// An account of positions told as `coin size entry unrealised`.
  private func measures(
    equity: String, margin: String = "0", positions: String = "", marks: String = "",
    books: AccountBooks? = nil
  ) throws -> AccountMeasures {
    let held = try positions.split(separator: ",").map { text in
      let words = text.split(separator: " ").map(String.init)
      return VenuePosition(
        coin: try Make.coin(words[0]), size: try #require(SignedQuantity(words[1])),
        entryPrice: try Make.price(words[2]), leverage: 5, marginUsed: .zero,
        unrealised: try Make.usd(words[3]), liquidationPrice: nil)
    }
    var prices: [Coin: Price] = [:]
    for text in marks.split(separator: ",") {
      let words = text.split(separator: " ").map(String.init)
      prices[try Make.coin(words[0])] = try Make.price(words[1])
    }
    return AccountMeasures(
      AccountSnapshot(
        account: try #require(AccountID("sim.a")), at: Make.now, equity: try Make.usd(equity),
        marginUsed: try Make.usd(margin), maintenanceMargin: .zero, positions: held, orders: []),
      marks: prices, books: books)
  }

  /// Books that began with 1000 USD, were worth `peak` at best, `start` at the day's beginning and
  /// are worth `now`.
  private func books(peak: String, start: String, now: String) throws -> AccountBooks {
    var books = AccountBooks(account: try #require(AccountID("sim.a")))
    books.book(transfer: USD(whole: 1000), equity: .zero)
    let day = CivilDay(Make.now).start
    books.observe(equity: try Make.usd(peak), at: day - .hours(2))
    books.observe(equity: try Make.usd(start), at: day - .hours(1))
    books.observe(equity: try Make.usd(now), at: day)
    return books
  }

  @Test(
    "breaches above the limit and not at it",
    arguments: [
      // equity, margin, positions, marks, breached: rule measured
      ("1000", "0", "", "", ""),
      ("1000", "850", "", "", ""),
      // 85.000000001 %, rounded up.
      ("1000", "850.00000001", "", "", "global_margin 85.00000001"),
      ("0", "0", "", "", ""),
      ("-5", "0", "", "", ""),
      ("0", "1", "", "", "global_margin 1000000"),
      ("-5", "1", "", "", "global_margin 1000000"),
      ("0.00000001", "9000000", "", "", "global_margin 1000000"),
      ("1000", "0", "SOL 1 100 0,BTC 1 100 0", "", ""),
      ("1000", "0", "SOL 1 1 0,BTC 1 1 0,XRP 1 1 0", "", "global_positions 3"),
      // 5 · 100 is 50 %; a short counts as much; without a mark the venue's profit tells.
      ("1000", "0", "SOL 5 90 0", "SOL 100", ""),
      ("1000", "0", "SOL 5 90 0", "SOL 100.1", "global_symbol 50.05"),
      ("1000", "0", "SOL -5 90 0", "SOL 100.1", "global_symbol 50.05"),
      ("1000", "0", "SOL 5 90 50.5", "", "global_symbol 50.05"),
      ("1000", "0", "SOL -5 110 49.5", "", "global_symbol 50.05"),
      (
        "1000", "0", "SOL 1 1 0,BTC 1 1 0", "SOL 600,BTC 700",
        "global_symbol 70, global_symbol 60"
      ),
      // Gains and losses of positions add up.
      ("1000", "0", "SOL 1 1 -200,BTC 1 1 0", "", ""),
      ("1000", "0", "SOL 1 1 -250,BTC 1 1 50", "SOL 1,BTC 1", ""),
      ("1000", "0", "SOL 1 1 -250,BTC 1 1 49", "SOL 1,BTC 1", "global_unrealised_loss 20.1"),
      ("1000", "0", "SOL 1 1 300", "SOL 1", ""),
    ])
  func breaches(
    equity: String, margin: String, positions: String, marks: String, breached: String
  ) throws {
    let limits = GlobalLimits(
      maxMarginUsage: Pct(whole: 85), maxPositions: 2, maxSymbol: Pct(whole: 50),
      maxUnrealisedLoss: Pct(whole: 20))
    let measures = try measures(
      equity: equity, margin: margin, positions: positions, marks: marks)

    let found = LimitWatch.breaches(of: limits, by: measures)

    #expect(found.map { "\($0.rule) \($0.measured)" }.joined(separator: ", ") == breached)
    #expect(found.allSatisfy { $0.measured > $0.threshold })
    #expect(LimitWatch.breaches(of: Self.off, by: measures).isEmpty)
  }

  @Test(
    "daily loss and drawdown are those of the books",
    arguments: [
      // peak, start of day, now, breached
      ("1000", "1000", "1000", ""),
      ("1000", "1000", "950", ""),
      ("1000", "1000", "949.99", "global_daily_loss 5.001"),
      ("1250", "1000", "1000", ""),
      ("1250", "1000", "999", "global_drawdown 20.08"),
      ("1250", "1000", "900", "global_daily_loss 10, global_drawdown 28"),
      ("1000", "900", "1100", ""),
    ])
  func losses(peak: String, start: String, now: String, breached: String) throws {
    var limits = Self.off
    limits.maxDailyLoss = Pct(whole: 5)
    limits.maxDrawdown = Pct(whole: 20)
    let books = try books(peak: peak, start: start, now: now)

    let found = LimitWatch.breaches(
      of: limits, by: try measures(equity: now, books: books))

    #expect(found.map { "\($0.rule) \($0.measured)" }.joined(separator: ", ") == breached)
    #expect(LimitWatch.breaches(of: limits, by: try measures(equity: now)).isEmpty)
  }

  @Test func tellsWhatIsWrong() throws {
    let limits = GlobalLimits(
      maxMarginUsage: Pct(whole: 85), maxPositions: 0, maxSymbol: Pct(whole: 50),
      maxUnrealisedLoss: Pct(whole: 20), maxDailyLoss: Pct(whole: 5), maxDrawdown: Pct(whole: 20))
    let measures = try measures(
      equity: "1234.5", margin: "2345.678", positions: "SOL 100 20 -500", marks: "SOL 15",
      books: try books(peak: "2000", start: "1500", now: "1234.5"))

    let found = LimitWatch.breaches(of: limits, by: measures)

    #expect(found.map(\.rule) == LimitWatch.rules)
    #expect(
      found.map(\.text) == [
        "margin in use is 2,345.68 USD of 1,234.50 USD equity, expected at most 85 %",
        "1 positions are open, expected at most 0",
        "SOL is worth 1,500.00 USD, expected at most 50 % of equity",
        "the unrealised loss is 500.00 USD, expected at most 20 % of equity",
        "17.7 % were lost since the UTC day began, expected at most 5 %",
        "the account is 38.28 % below its highest value, expected at most 20 %",
      ])
  }

  // MARK: Kill switches

  private func breaches() throws -> [LimitBreach] {
    let limits = GlobalLimits(
      maxMarginUsage: Pct(whole: 85), maxPositions: 1, maxSymbol: Pct(whole: 50),
      maxUnrealisedLoss: Pct(whole: 20), maxDailyLoss: Pct(whole: 5), maxDrawdown: Pct(whole: 20))
    return LimitWatch.breaches(
      of: limits,
      by: try measures(
        equity: "500", margin: "450", positions: "SOL 1 300 -100,BTC 1 400 -100",
        marks: "SOL 300,BTC 400", books: try books(peak: "1000", start: "600", now: "500")))
  }

  private func firing(
    _ action: BreachAction, active: [KillSwitch] = [], only rules: Set<String>? = nil
  ) throws -> [KillSwitch] {
    var limits = Self.off
    limits.onBreach = action
    limits.reset = .after(.hours(4))
    return LimitWatch.firing(
      try breaches().filter { rules?.contains($0.rule) ?? true }, limits: limits, active: active,
      account: try #require(AccountID("sim.a")), at: Make.now, nextNumber: 7)
  }

  private func killSwitch(
    _ cause: String, account: String = "sim.a", trader: String? = nil,
    reset: KillSwitchReset = .manual, resetAt: Timestamp? = nil
  ) throws -> KillSwitch {
    KillSwitch(
      number: 1, account: try #require(AccountID(account)),
      trader: try trader.map { try #require(TraderID($0)) }, cause: cause, measured: nil,
      threshold: nil, action: .flatten, reset: reset, firedAt: Make.now, reason: "so",
      resetAt: resetAt)
  }

  @Test func blockingFiresOnlyForLosses() throws {
    let fired = try firing(.block)

    #expect(fired.map(\.cause) == ["global_daily_loss", "global_drawdown"])
    #expect(fired.map(\.number) == [7, 8])
    #expect(try firing(.block, only: ["global_margin", "global_symbol"]).isEmpty)
  }

  @Test(arguments: [BreachAction.flatten, .flattenLosers])
  func reducingFiresForEveryLimitOnce(action: BreachAction) throws {
    let fired = try firing(action)

    #expect(fired.map(\.cause) == LimitWatch.rules)
    #expect(fired.map(\.number) == [7, 8, 9, 10, 11, 12])
    #expect(fired.allSatisfy { $0.action == action && $0.isActive && $0.trader == nil })
    #expect(fired.allSatisfy { $0.firedAt == Make.now && $0.reset == .after(.hours(4)) })
    // Of SOL with 60 % and BTC with 80 %, the worse one.
    let symbol = try #require(fired.first { $0.cause == "global_symbol" })
    #expect(symbol.measured == Factor(whole: 80))
    #expect(symbol.threshold == Factor(whole: 50))
    #expect(symbol.reason == "BTC is worth 400.00 USD, expected at most 50 % of equity")
  }

  @Test func noneFiresASecondTimeWhileItHolds() throws {
    let held = try killSwitch("global_drawdown")
    let others = [
      try killSwitch("global_drawdown", account: "sim.b"),
      try killSwitch("global_drawdown", trader: "bold"),
      try killSwitch("global_drawdown", resetAt: Make.now), try killSwitch("manual"),
    ]

    #expect(try firing(.block, active: [held]).map(\.cause) == ["global_daily_loss"])
    #expect(try firing(.block, active: others).count == 2)
    #expect(try firing(.flatten, active: try firing(.flatten)).isEmpty)
  }

  @Test(
    "resets by itself when its time has passed",
    arguments: [(-1, false), (0, true), (1, true)] as [(Int64, Bool)])
  func resets(offsetMs: Int64, isReset: Bool) throws {
    let timed = try killSwitch("global_drawdown", reset: .after(.hours(4)))
    let active = [
      try killSwitch("manual"), timed,
      try killSwitch("global_margin", reset: .after(.hour), resetAt: Make.now),
    ]
    let now = Make.now + .hours(4) + Span(ms: offsetMs)

    let found = LimitWatch.resets(active, at: now)

    var wanted = timed
    wanted.resetAt = now
    wanted.resetBy = "itself, after 4h"
    #expect(found == (isReset ? [wanted] : []))
  }

  @Test(
    "ends what its action says",
    arguments: [
      // SOL long from 100, BTC short from 100, XRP without a mark.
      (.block, "90", "90", ""),
      (.flatten, "90", "90", "SOL BTC XRP"),
      (.flattenLosers, "90", "90", "SOL"),
      (.flattenLosers, "110", "110", "BTC"),
      (.flattenLosers, "100", "100", ""),
      (.flattenLosers, "99.999", "100.001", "SOL BTC"),
    ] as [(BreachAction, String, String, String)])
  func flattens(action: BreachAction, sol: String, btc: String, ended: String) throws {
    let positions = [
      try Make.position("SOL", .long), try Make.position("BTC", .short),
      try Make.position("XRP", .long),
    ]

    let found = LimitWatch.flattening(
      action, positions: positions,
      marks: [
        try Make.coin("SOL"): try Make.price(sol), try Make.coin("BTC"): try Make.price(btc),
      ])

    #expect(found.map(\.coin.name).joined(separator: " ") == ended)
  }

  @Test("fires exactly when the measure crosses", arguments: 1...40 as ClosedRange<UInt64>)
  func firesExactlyAtTheCrossing(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let account = try #require(AccountID("sim.a"))
    var limits = Self.off
    limits.maxMarginUsage = Pct(mantissa: Int64(1 + random.below(9_999_999)) * 1000)
    limits.maxDrawdown = Pct(whole: Int64(5 + random.below(20)))
    limits.maxDailyLoss = Pct(whole: Int64(2 + random.below(8)))
    limits.onBreach = [.block, .flatten][random.below(2)]
    limits.reset = random.below(2) == 0 ? .manual : .after(.hours(Int64(1 + random.below(30))))
    var books = AccountBooks(account: account)
    books.book(transfer: USD(whole: 1000), equity: .zero)
    var naive = NaiveLosses()
    var held: [KillSwitch] = []
    var number: Int64 = 1

    for step in 0..<400 {
      let place = Comment("seed \(seed), step \(step)")
      let now = Timestamp(ms: Int64(step) * 5 * Span.hour.ms)
      let resets = LimitWatch.resets(held, at: now)
      let isOver = held.filter { $0.firedAt + Self.span(of: $0) <= now }
      #expect(resets.map(\.number) == isOver.map(\.number), place)
      if !resets.isEmpty {
        held.removeAll { kill in resets.contains { $0.number == kill.number } }
        books.forgetLosses()
        naive.forget()
      }
      let next = naive.equity * (0.95 + 0.1 * random.unit())
      naive.see(max(50, (next * 100).rounded() / 100), day: CivilDay(now).number)
      let equity = try #require(USD(approximating: naive.equity))
      let margin = USD(mantissa: Int64(Double(equity.mantissa) * random.unit()))
      books.observe(equity: equity, at: now)

      let breaches = LimitWatch.breaches(
        of: limits,
        by: try measures(
          equity: equity.description, margin: margin.description, books: books))
      let fired = LimitWatch.firing(
        breaches, limits: limits, active: held, account: account, at: now, nextNumber: number)

      for (rule, isBreached) in try naive.crossed(limits, margin: margin, equity: equity) {
        #expect(breaches.contains { $0.rule == rule } == isBreached, "\(place) \(rule)")
        let mayFire = rule != "global_margin" || limits.onBreach != .block
        let isNew = isBreached && mayFire && !held.contains { $0.cause == rule }
        #expect(fired.contains { $0.cause == rule } == isNew, "\(place) \(rule)")
      }
      number += Int64(fired.count)
      held += fired
      #expect(Set(held.map(\.cause)).count == held.count, place)
    }
  }

  /// Losses in floating point, and which limits they cross.
  private struct NaiveLosses {
    var equity = 1000.0
    var peak = 1000.0
    var start = 1000.0
    var day = Int64(0)

    mutating func forget() { (peak, start) = (equity, equity) }

    mutating func see(_ next: Double, day today: Int64) {
      if today > day { (day, start) = (today, equity) }
      equity = next
      peak = max(peak, next)
    }

    /// Which rules are crossed; those too near to tell in floating point are left out.
    func crossed(
      _ limits: GlobalLimits, margin: USD, equity exact: USD
    ) throws -> [(rule: String, isBreached: Bool)] {
      // margin · 100 > limit · equity, in whole numbers.
      let limit = try #require(limits.maxMarginUsage)
      let isOver =
        Int128(margin.mantissa) * 10_000_000_000
        > Int128(limit.mantissa) * Int128(exact.mantissa)
      let losses = [
        ("global_daily_loss", 100 * (1 - equity / start), try #require(limits.maxDailyLoss)),
        ("global_drawdown", 100 * (1 - equity / peak), try #require(limits.maxDrawdown)),
      ].filter { abs($0.1 - $0.2.double) > 1e-6 }
      return [("global_margin", isOver)] + losses.map { ($0.0, $0.1 > $0.2.double) }
    }
  }

  private static func span(of killSwitch: KillSwitch) -> Span {
    switch killSwitch.reset {
    case .manual: Span(ms: 1 << 60)
    case .after(let span): span
    }
  }
}

extension Make {
  /// One coin from 100, with a peak gain as a fraction.
  static func position(
    _ coin: String, _ side: PositionSide, peak: Double = 0, openedAt: Timestamp = now
  ) throws -> Position {
    let trader = try #require(TraderID("bold"))
    var ledger = Ledger(trader: trader)
    var number: PositionNumber = 1
    let fill = Fill(
      id: 1, account: try #require(AccountID("sim.a")), coin: try self.coin(coin),
      side: side == .long ? .buy : .sell, price: try price("100"), size: try size("1"), fee: .zero,
      isTaker: true, at: openedAt, orderID: 1, clientOrderID: nil, cause: .order)
    let claim = EntryClaim(
      cycle: 1, leverage: 5, confidence: nil, riskUSD: .zero,
      exitPlan: ExitPlan(stop: nil, target: nil))
    _ = ledger.book(fill, claim: claim, nextPosition: &number)
    var position = try #require(ledger.positions.first)
    position.peakGain = peak
    return position
  }
}
