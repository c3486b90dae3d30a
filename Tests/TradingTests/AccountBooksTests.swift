import Testing
import Trading

@Suite("Account books")
struct AccountBooksTests {
  /// What happens to an account, told as lines; times are days with a fraction.
  ///
  /// `see DAY EQUITY` observes, `move AMOUNT before EQUITY` books a transfer, `forget` forgets.
  private func told(_ story: String) throws -> AccountBooks {
    var books = AccountBooks(account: try #require(AccountID("sim.a")))
    for line in story.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      switch words[0] {
      case "see":
        let day = try #require(Double(words[1]))
        books.observe(
          equity: try #require(USD(words[2])), at: Timestamp(ms: Int64(day * 86_400_000)))
      case "move":
        books.book(
          transfer: try #require(USD(words[1])), equity: try #require(USD(words[3])))
      case "forget": books.forgetLosses()
      default: Issue.record("expected see, move or forget, was \(line)")
      }
    }
    return books
  }

  @Test(
    "ruin, emptiness and clocks that go back are survived",
    arguments: [
      // story, last NAV, daily loss, drawdown
      ("see 1 0", nil, nil, nil),
      ("move 0.5 before 0\nsee 1 0.5", nil, nil, nil),
      ("see 1 -5", nil, nil, nil),
      // Nobody booked the money that is there: it starts at 10,000.
      ("see 1 500\nsee 1.1 400", "8000", "20", "20"),
      // Everything is lost: never divided by nothing, and new money heals nothing.
      ("move 1000 before 0\nsee 1 1000\nsee 1.1 0", "1", "99.99", "99.99"),
      ("move 1000 before 0\nsee 1 1000\nsee 1.1 -50", "1", "99.99", "99.99"),
      (
        "move 1000 before 0\nsee 1 1000\nsee 1.1 -50\nmove 550 before -50\nsee 1.2 500", "1",
        "99.99", "99.99"
      ),
      (
        "move 1000 before 0\nsee 1 1000\nsee 1.1 -50\nmove 30 before -50\nsee 1.2 -20", "1",
        "99.99", "99.99"
      ),
      // The new money doubles: 1 becomes 2.
      (
        "move 1000 before 0\nsee 1 1000\nmove 500 before -50\nsee 1.2 900", "2", "99.98", "99.98"
      ),
      // Emptied at a gain of 10 %, refilled days later: 11,000 goes on, and 5 % are lost.
      (
        "move 1000 before 0\nsee 1 1000\nmove -1100 before 1100\nsee 4 0\n"
          + "move 55 before 0\nsee 4.5 52.25",
        "10450", "5", "5"
      ),
      // Emptied at a loss: the loss of the day ends with the day, the drawdown does not.
      ("move 1000 before 0\nsee 1 1000\nmove -900 before 900\nsee 1.5 0", "9000", "10", "10"),
      ("move 1000 before 0\nsee 1 1000\nmove -900 before 900\nsee 2 0", "9000", "0", "10"),
      // A rest below 1 USD is no base: it may double without anybody noticing.
      (
        "move 1000 before 0\nsee 1 1000\nmove -999.99999999 before 1000\n"
          + "see 1.5 0.00000002\nsee 1.6 0",
        "10000", "0", "0"
      ),
      // The clock goes back a day and comes again: the day does not begin anew.
      (
        "move 1000 before 0\nsee 2 1000\nsee 2.1 900\nsee 1.9 900\nsee 2.2 900", "9000", "10",
        "10"
      ),
    ] as [(String, String?, String?, String?)])
  func survives(story: String, nav: String?, daily: String?, drawdown: String?) throws {
    let books = try told(story)

    #expect(books.lastNAV?.description == nav, "\(story)")
    #expect(books.dailyLossPct?.description == daily, "\(story)")
    #expect(books.drawdownPct?.description == drawdown, "\(story)")
  }

  @Test(
    "money that moves is no gain and no loss",
    arguments: [
      // A deposit and a withdrawal at a loss of 10 %.
      ("move 1000 before 0\nsee 1 1000\nmove 9000 before 900\nsee 1.5 9900", "9000", "10", "10"),
      ("move 1000 before 0\nsee 1 1000\nmove -450 before 900\nsee 1.5 450", "9000", "10", "10"),
      // Then half of what is left is lost: 4,500; 55 % below the beginning.
      (
        "move 1000 before 0\nsee 1 1000\nmove -450 before 900\nsee 1.5 225", "4500", "55", "55"
      ),
      // A gain first: the peak is 12,000; down to 9,600 is 20 % below it and 4 % in the day.
      (
        "move 1000 before 0\nsee 1 1000\nsee 1.2 1200\nmove 1200 before 1200\nsee 1.5 1920",
        "9600", "4", "20"
      ),
      // A new day begins with the last value of the day before, be it long ago.
      ("move 1000 before 0\nsee 1 1000\nsee 1.9 1100\nsee 2 990", "9900", "10", "10"),
      ("move 1000 before 0\nsee 1 1000\nsee 1.9 800\nsee 7 760", "7600", "5", "24"),
      // The first moment of a day belongs to it; a gain is a negative loss.
      ("move 1000 before 0\nsee 1 1000\nsee 2 1000\nsee 2.5 1050", "10500", "-5", "0"),
      // What is lost before the first look is lost.
      ("move 1000 before 0\nsee 1 900", "9000", "10", "10"),
      // Forgotten losses are gone; later ones count from there.
      ("move 1000 before 0\nsee 1 1000\nsee 1.5 500\nforget", "5000", "0", "0"),
      ("move 1000 before 0\nsee 1 1000\nsee 1.5 500\nforget\nsee 1.6 450", "4500", "10", "10"),
      ("forget", nil, nil, nil),
    ] as [(String, String?, String?, String?)])
  func takesFlowsOut(story: String, nav: String?, daily: String?, drawdown: String?) throws {
    let books = try told(story)

    #expect(books.lastNAV?.description == nav, "\(story)")
    #expect(books.dailyLossPct?.description == daily, "\(story)")
    #expect(books.drawdownPct?.description == drawdown, "\(story)")
  }

  @Test func extremeAmountsEndAtTheRange() throws {
    let most = "90000000000"

    let books = try told(
      "move 1000000 before 0\nsee 1 1000000\nsee 1.1 0\nmove \(most) before 0\nsee 1.2 \(most)"
        + "\nmove -1 before 1\nsee 1.3 1\nsee 1.4 \(most)\nsee 1.5 0")

    #expect(books.lastNAV == AccountBooks.least)
    #expect((try #require(books.drawdownPct)) <= Pct(whole: 100))
  }

  /// Values in floating point: the product of the growths between flows.
  private struct NaiveAccount {
    var nav = 10_000.0
    var equity = 0.0
    var peak = 0.0
    var start = 10_000.0
    var day = Int64.min

    mutating func move(_ amount: Double) { equity += amount }
    mutating func grow(_ factor: Double) {
      equity *= factor
      nav *= factor
    }
    mutating func see(day now: Int64, last: Double) {
      if now > day { start = last }
      day = max(day, now)
      peak = max(peak, nav)
    }
  }

  @Test("measures what a naive account measures", arguments: 1...60 as ClosedRange<UInt64>)
  func agreesWithANaiveAccount(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var books = AccountBooks(account: try #require(AccountID("sim.a")))
    var naive = NaiveAccount()
    var equity = USD.zero
    var moved = USD.zero
    var now = Timestamp(ms: 20_000 * Span.day.ms)
    var lastSeen: Double?

    for step in 0..<300 {
      let choice = random.below(10)
      if equity == .zero || choice == 0 {
        let amount = USD(mantissa: Int64(1_000_000_000 + random.below(2_000_000_000)) * 100)
        books.book(transfer: amount, equity: equity)
        naive.move(amount.double)
        equity += amount
        moved += amount
      } else if choice == 1 {
        let share = Int64(random.below(4) == 0 ? 100 : 1 + random.below(80))
        let amount = equity.applying(Pct(whole: share), .down)
        books.book(transfer: -amount, equity: equity)
        naive.move(-amount.double)
        equity -= amount
        moved -= amount
      } else {
        let factor = Factor(mantissa: Int64(90_000_000 + random.below(21_000_000)))
        equity = equity.multiplied(by: factor)
        naive.grow(factor.double)
      }
      now = now + Span.minutes(Int64(random.below(600)))
      books.observe(equity: equity, at: now)
      naive.see(day: CivilDay(now).number, last: lastSeen ?? naive.nav)
      lastSeen = naive.nav

      #expect(books.unallocated == moved, "seed \(seed), step \(step)")
      let daily = try #require(books.dailyLossPct?.double)
      let drawdown = try #require(books.drawdownPct?.double)
      let wanted = (100 * (1 - naive.nav / naive.start), 100 * (1 - naive.nav / naive.peak))
      #expect(abs(daily - wanted.0) < 1e-4, "seed \(seed), step \(step)")
      #expect(abs(drawdown - wanted.1) < 1e-4, "seed \(seed), step \(step)")
    }
  }

  @Test("no transfer moves the measures", arguments: 1...200 as ClosedRange<UInt64>)
  func transfersAreNeutral(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let start = USD(mantissa: Int64(1 + random.below(4_000_000)) * 1_000_000 + 100_000_000)
    var books = AccountBooks(account: try #require(AccountID("sim.a")))
    books.book(transfer: start, equity: .zero)
    books.observe(equity: start, at: Timestamp(ms: 0))
    let equity = start.multiplied(by: Factor(mantissa: Int64(random.below(200_000_000))))
    books.observe(equity: equity, at: Timestamp(ms: 1000))
    let before = books
    let amount = USD(mantissa: Int64(random.below(8_000_000)) * 1_000_000 - equity.mantissa)

    books.book(transfer: amount, equity: equity)
    books.observe(equity: equity + amount, at: Timestamp(ms: 2000))

    for measure in [\AccountBooks.dailyLossPct, \AccountBooks.drawdownPct] {
      let was = try #require(before[keyPath: measure]?.double)
      let now = try #require(books[keyPath: measure]?.double)
      #expect(abs(was - now) < 1e-5, "seed \(seed): \(was) became \(now)")
    }
  }

  @Test func keepsWhatIsNoTraders() throws {
    var books = AccountBooks(account: try #require(AccountID("sim.a")))
    let coin = try #require(Coin("SOL"))
    books.book(transfer: USD(whole: 1000), equity: .zero)
    books.give(USD(whole: 400))

    books.bookOutside(try fill(.buy, "3", "100", fee: "1"))
    books.bookOutside(
      FundingPayment(
        account: books.account, coin: coin, at: Timestamp(ms: 1),
        size: try #require(SignedQuantity("3")), rate: .zero, amount: USD(whole: -2)))
    books.bookOutside(try fill(.sell, "5", "110", fee: "1"))

    // Cash: −300 − 1 − 2 + 550 − 1 = 246; 2 short at 120 are −240.
    #expect(books.unallocated == USD(whole: 600))
    #expect(books.outside == [coin: try #require(SignedQuantity("-2"))])
    #expect(books.outsideEquity(marks: [:]) == nil)
    #expect(books.outsideEquity(marks: [coin: try #require(Price("120"))]) == USD(whole: 6))
    books.bookOutside(try fill(.buy, "2", "120", fee: "0"))
    #expect(books.outside.isEmpty)
    #expect(books.outsideEquity(marks: [:]) == USD(whole: 6))
  }

  private func fill(
    _ side: OrderSide, _ size: String, _ price: String, fee: String
  ) throws -> Fill {
    Fill(
      id: 1, account: try #require(AccountID("sim.a")), coin: try #require(Coin("SOL")),
      side: side, price: try #require(Price(price)), size: try #require(Quantity(size)),
      fee: try #require(USD(fee)), isTaker: true, at: Timestamp(ms: 0), orderID: 1,
      clientOrderID: nil, cause: .order)
  }
}
