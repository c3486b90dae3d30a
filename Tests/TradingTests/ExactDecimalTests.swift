import Testing
import Trading

@Suite struct ExactDecimalTests {
  @Test(arguments: [
    "", "-", "+", ".", "1e3", "1 ", " 1", "1,5", "0x1", "--1", "1-", "1.2.3", "nan", "inf",
    "0.000000001", "92233720368.54775808", "99999999999999999999", "１",
  ])
  func refusesWhatIsNotPlainDecimalText(text: String) {
    #expect(USD(text) == nil)
  }

  @Test(arguments: [
    ("0", "0"), ("-0", "0"), ("+1", "1"), ("1.50", "1.5"), ("0.00000001", "0.00000001"),
    ("-12.340000000000", "-12.34"), ("92233720368.54775807", "92233720368.54775807"),
    ("-92233720368.54775807", "-92233720368.54775807"), ("007", "7"),
  ])
  func readsAndWritesPlainDecimalText(text: String, written: String) {
    #expect(USD(text)?.description == written)
  }

  @Test func writesNumbersAsTheReferenceDoes() {
    #expect(RoundingVectors.numbers.count == 44)
    var beyond = 0
    for (input, wire) in RoundingVectors.numbers where !wire.isEmpty {
      guard let amount = USD(approximating: input) else {
        beyond += 1
        #expect(input > 92_233_720_368)
        continue
      }
      // The SDK writes -0.0 as -0, a quirk not to copy.
      #expect(amount.description == (wire == "-0" ? "0" : wire))
      #expect(USD(wire == "-0" ? "0" : wire) == amount)
    }
    // 123123123123, 1e15, 1e16 and 1e21 are more than the type holds.
    #expect(beyond == 4)
  }

  @Test(arguments: [
    // Of −1.75, −1.5, −1, 0, 1, 1.5 and 1.75.
    (Rounding.floor, [-2, -2, -1, 0, 1, 1, 1]), (.ceiling, [-1, -1, -1, 0, 1, 2, 2]),
    (.down, [-1, -1, -1, 0, 1, 1, 1]), (.up, [-2, -2, -1, 0, 1, 2, 2]),
    (.halfEven, [-2, -2, -1, 0, 1, 2, 2]),
  ])
  func roundsAsNamed(rounding: Rounding, expected: [Int]) {
    let quarters: [Int128] = [-7, -6, -4, 0, 4, 6, 7]
    #expect(quarters.map { Int(ExactMath.divide($0, by: 4, rounding)) } == expected)
  }

  @Test func breaksTiesTowardsTheEvenDigit() {
    let halves: [Int128] = [1, 3, 5, -1, -3, -5]
    #expect(halves.map { ExactMath.divide($0, by: 2, .halfEven) } == [0, 2, 2, 0, -2, -2])
    #expect(halves.map { ExactMath.divide($0, by: -2, .halfEven) } == [0, -2, -2, 0, 2, 2])
  }

  @Test func keepsPricesAboveZeroAndSizesFromZero() {
    #expect(Price("0") == nil && Price("-1") == nil)
    #expect(Quantity("-0.1") == nil && Quantity("0") == .zero)
    #expect(SignedQuantity("-0.1")?.side == .short)
  }

  @Test func multipliesUnitsIntoMoney() throws {
    let price = try #require(Price("65000.5"))
    let size = try #require(SignedQuantity("-0.00012"))
    #expect(price * size == USD("-7.80006"))
    #expect(price * size.magnitude == USD("7.80006"))
    let fee = try #require(Bps("4.5"))
    #expect(USD(whole: 1000).applying(fee) == USD("0.45"))
    #expect(USD("0.00001")?.applying(Bps(whole: 1), .up) == USD("0.00000001"))
    #expect(price.moved(by: Bps(whole: -10_000)) == nil)
    #expect(USD("100")?.buys(at: price) == Quantity("0.00153844"))
  }

  @Test(arguments: [
    ("0.0000125", "1", "50000", "-0.625"), ("-0.0000125", "1", "50000", "0.625"),
    ("0.0000125", "-1", "50000", "0.625"), ("0.000000000001", "0.00001", "1", "0"),
    // 0.0000125 · 0.03 · 12345.6 = 0.0046296
    ("0.0000125", "0.03", "12345.6", "-0.0046296"),
  ])
  func paysFundingAgainstTheSignOfRateAndSize(
    rate: String, size: String, oracle: String, received: String
  ) throws {
    let payment = try #require(FundingRate(rate)).payment(
      size: try #require(SignedQuantity(size)), oracle: try #require(Price(oracle)))
    #expect(payment == USD(received))
  }

  @Test(arguments: [
    ("0.0000125", "0.0000125"), ("-0.000000000001", "-0.000000000001"),
    ("0.00000001", "0.00000001"),
    ("1", "1"), ("0.00001250000000", "0.0000125"), ("-0", "0"),
  ])
  func readsFundingRatesToTwelveDecimals(text: String, written: String) {
    #expect(FundingRate(text)?.description == written)
  }

  @Test(arguments: ["", "-", ".", "x", "0.0000000000001", "2", "1e-5", "0.1.2"])
  func refusesOtherFundingRates(text: String) {
    #expect(FundingRate(text) == nil)
  }
}
