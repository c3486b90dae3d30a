import Testing
import Trading

@Suite("Apportionment")
struct ApportionmentTests {
  @Test(
    "splits by weight, the rest to whoever was cut most",
    arguments: [
      // size, weights, lot, parts
      ("0", "", "0.1", ""),
      ("0", "0 0", "0.1", "0 0"),
      ("0", "1 2", "0.1", "0 0"),
      ("3", "1 2", "0.1", "1 2"),
      ("1", "1 1 1", "0.1", "0.4 0.3 0.3"),
      // 0.66…, 0.33…: cut by 0.06… and 0.03…
      ("1", "2 1", "0.1", "0.7 0.3"),
      ("1", "1 2", "0.1", "0.3 0.7"),
      // A trader without a wish gets nothing.
      ("1", "0 2", "0.1", "0 1"),
      // A rest finer than the lot: 0.05 of 0.15.
      ("0.15", "0.1 0.1", "0.1", "0.1 0.05"),
      ("0.05", "1 1", "0.1", "0.05 0"),
      // All of it: every part is its weight.
      ("0.35", "0.15 0.2", "0.1", "0.15 0.2"),
    ])
  func splits(size: String, weights: String, lot: String, parts: String) throws {
    let found = Apportionment.split(
      try #require(Quantity(size)),
      among: try weights.split(separator: " ").map { try #require(Quantity($0)) },
      lot: try #require(Quantity(lot)))

    #expect(found.map(\.description).joined(separator: " ") == parts)
  }

  @Test func refusesMoreThanTheWeights() async {
    await #expect(processExitsWith: .failure) {
      let one = Quantity(mantissa: 1) ?? .zero
      _ = Apportionment.split(one + one, among: [one], lot: one)
    }
  }

  @Test("loses nothing and passes no weight", arguments: 1...300 as ClosedRange<UInt64>)
  func losesNothing(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let lot = ExactMath.powerOfTen(random.below(9))
    let isOnGrid = random.below(4) > 0
    let weights = try (0...random.below(7)).map { _ in
      let lots = Int64(random.below(1000))
      return try #require(Quantity(mantissa: isOnGrid ? lots * lot : lots * lot / 3))
    }
    let total = weights.reduce(Quantity.zero, +)
    var mantissa = Int64(Double(total.mantissa) * random.unit())
    if isOnGrid { mantissa = mantissa / lot * lot }
    let size = try #require(Quantity(mantissa: mantissa))

    let parts = Apportionment.split(
      size, among: weights, lot: try #require(Quantity(mantissa: lot)))

    #expect(parts.count == weights.count, "seed \(seed)")
    #expect(parts.reduce(Quantity.zero, +) == size, "seed \(seed)")
    for (part, weight) in zip(parts, weights) {
      #expect(part <= weight, "seed \(seed)")
      guard isOnGrid, total > .zero else { continue }
      #expect(part.mantissa % lot == 0, "seed \(seed)")
      let fair = Double(size.mantissa) * Double(weight.mantissa) / Double(total.mantissa)
      #expect(abs(Double(part.mantissa) - fair) <= Double(lot), "seed \(seed)")
    }
  }

  @Test("parts of fills and funding add up", arguments: 1...200 as ClosedRange<UInt64>)
  func partsAddUp(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let account = try #require(AccountID("sim.a"))
    let coin = try #require(Coin("SOL"))
    let sizes = try (0...random.below(5)).map { _ in
      try #require(Quantity(mantissa: Int64(1 + random.below(1_000_000))))
    }
    let fee = USD(mantissa: Int64(random.below(1000)) - 100)
    let fill = Fill(
      id: 7, account: account, coin: coin, side: .sell, price: try #require(Price("100")),
      size: sizes.reduce(.zero, +), fee: fee, isTaker: true, at: Timestamp(ms: 5), orderID: 3,
      clientOrderID: nil, cause: .order)
    let payment = FundingPayment(
      account: account, coin: coin, at: Timestamp(ms: 5), size: fill.size.signed(.short),
      rate: .zero, amount: fee)

    let fills = fill.parts(sizes)
    let payments = payment.parts(sizes.map { $0.signed(.short) })

    #expect(fills.map(\.size) == sizes, "seed \(seed)")
    #expect(fills.reduce(USD.zero) { $0 + $1.fee } == fee, "seed \(seed)")
    #expect(fills.allSatisfy { $0.id == 7 && $0.side == .sell && $0.at == fill.at })
    #expect(payments.map(\.size) == sizes.map { $0.signed(.short) }, "seed \(seed)")
    #expect(payments.reduce(USD.zero) { $0 + $1.amount } == fee, "seed \(seed)")
  }
}
