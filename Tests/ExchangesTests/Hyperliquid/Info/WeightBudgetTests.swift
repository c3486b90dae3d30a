import Exchanges
import Testing
import Trading

@Suite("The venue's limit of requests per minute")
struct WeightBudgetTests {
  private let clock = InfoClock()
  private let budget: WeightBudget

  init() {
    let clock = clock
    budget = WeightBudget(perMinute: 100, now: { clock.now }, sleep: { clock.sleep($0) })
  }

  @Test func refusesWhatNeverFits() async {
    #expect(await !budget.spend(101, within: .seconds(1_000)))
    #expect(budget.used == 0)
  }

  @Test func refusesAtOnceWhatDoesNotFitInTime() async {
    let start = clock.now
    #expect(await budget.spend(100, within: .zero))
    #expect(await !budget.spend(1, within: .seconds(59)))
    #expect(clock.now == start)
    #expect(budget.used == 100)
  }

  @Test func waitsUntilEnoughIsAMinuteOld() async {
    let start = clock.now
    #expect(await budget.spend(40, within: .zero))
    clock.advance(.seconds(10))
    #expect(await budget.spend(60, within: .zero))

    #expect(await budget.spend(30, within: .seconds(60)))
    #expect(clock.now - start == .seconds(60))
    #expect(await budget.spend(11, within: .seconds(60)))
    #expect(clock.now - start == .seconds(70))
    #expect(budget.used == 141)
  }

  @Test func whatAnswersCostCountsAsWell() async {
    budget.charge(99)
    #expect(await budget.spend(1, within: .zero))
    #expect(await !budget.spend(1, within: .zero))
  }

  @Test func aPenaltyBarsEverythingForAWhile() async {
    budget.penalise()
    #expect(await !budget.spend(1, within: .seconds(4)))
    #expect(await budget.spend(1, within: .seconds(5)))
  }

  @Test func aCancelledWaitTakesNothing() async {
    let clock = clock
    let budget = WeightBudget(
      perMinute: 10, now: { clock.now }, sleep: { _ in throw CancellationError() })
    #expect(await budget.spend(10, within: .zero))
    #expect(await !budget.spend(1, within: .seconds(100)))
    #expect(budget.used == 10)
  }

  @Test func noMinuteHoldsMoreThanTheLimit() async {
    var generator = SeededGenerator(seed: 5)
    var taken: [(at: Timestamp, weight: Int)] = []
    for _ in 0..<2_000 {
      let weight = 1 + generator.below(40)
      if await budget.spend(weight, within: .milliseconds(Int64(generator.below(30_000)))) {
        taken.append((clock.now, weight))
      }
      clock.advance(Span(ms: Int64(generator.below(3_000))))
    }

    for (index, last) in taken.enumerated() {
      let minute = taken[...index].filter { $0.at + .minute > last.at }
      #expect(minute.reduce(0) { $0 + $1.weight } <= 100)
    }
    #expect(taken.count > 500)
  }
}
