import Testing
import Trading

@Suite struct InstrumentTests {
  static func instrument(_ decimals: Int, _ tiers: [(Int64, Int)] = [(0, 10)]) throws -> Instrument
  {
    let coin = try #require(Coin("ETH"))
    return try #require(
      Instrument(
        coin: coin, sizeDecimals: decimals,
        tiers: tiers.map { MarginTier(lowerBound: USD(whole: $0.0), maxLeverage: $0.1) }))
  }

  /// ETH on the mainnet.
  static let ether: [(Int64, Int)] = [(0, 25), (100_000_000, 15)]

  @Test(arguments: [
    [], [(1, 10)], [(0, 0)], [(0, 10), (0, 5)], [(0, 10), (5, 20)], [(0, 10), (7, 5), (6, 3)],
  ])
  func refusesATierTableThatDoesNotStartAtZeroOrAscend(tiers: [(Int64, Int)]) throws {
    let coin = try #require(Coin("ETH"))
    #expect(
      Instrument(
        coin: coin, sizeDecimals: 4,
        tiers: tiers.map { MarginTier(lowerBound: USD(whole: $0.0), maxLeverage: $0.1) }) == nil)
  }

  @Test func refusesSizeDecimalsOutsideZeroToSix() throws {
    let coin = try #require(Coin("ETH"))
    let tiers = [MarginTier(lowerBound: .zero, maxLeverage: 3)]
    #expect(Instrument(coin: coin, sizeDecimals: 7, tiers: tiers) == nil)
    #expect(Instrument(coin: coin, sizeDecimals: -1, tiers: tiers) == nil)
  }

  @Test func acceptsAndRoundsPricesAsTheReferenceDoes() throws {
    #expect(RoundingVectors.prices.count == 87)
    for (input, decimals, isValid, rounded) in RoundingVectors.prices {
      let instrument = try Self.instrument(decimals)
      guard let price = Price(input) else {
        // Zero, negative, or more than eight decimals: never valid.
        #expect(!isValid, "\(input)")
        continue
      }
      #expect(instrument.accepts(price) == isValid, "\(input) with \(decimals)")
      let ours = [Rounding.halfEven, .floor, .ceiling].map {
        instrument.rounded(price, $0)?.description ?? ""
      }
      #expect(ours == rounded, "\(input) with \(decimals)")
      for text in rounded where !text.isEmpty {
        let grid = try #require(Price(text))
        #expect(instrument.accepts(grid), "\(text) with \(decimals)")
      }
    }
  }

  @Test func acceptsAndRoundsSizesAsTheReferenceDoes() throws {
    #expect(RoundingVectors.sizes.count == 38)
    for (input, decimals, isValid, rounded) in RoundingVectors.sizes {
      let instrument = try Self.instrument(decimals)
      guard let size = Quantity(input) else {
        #expect(!isValid, "\(input)")
        continue
      }
      #expect(instrument.accepts(size) == isValid, "\(input) with \(decimals)")
      let ours = instrument.roundedDown(size)
      #expect((ours == .zero ? "" : ours.description) == rounded, "\(input) with \(decimals)")
    }
  }

  @Test(arguments: [
    // 1/50 up to 100 million, 1/30 of what is above.
    ("0", "0"), ("2500", "50"), ("100000000", "2000000"),
    ("100000000.00000001", "2000000.00000001"),
    ("100000030", "2000001"), ("130000000", "3000000"), ("0.00000001", "0.00000001"),
  ])
  func growsMaintenanceMarginWithoutAJumpAtATier(notional: String, margin: String) throws {
    let instrument = try Self.instrument(4, Self.ether)

    let maintenance = instrument.maintenanceMargin(notional: try #require(USD(notional)))

    #expect(maintenance == USD(margin))
  }

  @Test func lowersLeverageFromTheBoundOn() throws {
    let instrument = try Self.instrument(4, Self.ether)
    #expect(instrument.maxLeverage == 25)
    #expect(instrument.maxLeverage(forNotional: try #require(USD("99999999.99999999"))) == 25)
    #expect(instrument.maxLeverage(forNotional: USD(whole: 100_000_000)) == 15)
    #expect(instrument.initialMargin(notional: USD(whole: 100), leverage: 3) == USD("33.33333334"))
  }

  @Test(arguments: [
    // 50,000 − (1,977.5 − 625) / (1 − 1/80), with 40x.
    ("1", "50000", "1352.5", 40, "48630.37974684"),
    ("-1", "50000", "1352.5", 40, "51335.80246914"),
    ("1", "50000", "60000", 40, nil), ("0", "50000", "10", 40, nil),
    // Under water already: the price is beyond the mark.
    ("1", "50000", "-79", 40, "50080"),
  ])
  func liquidatesWhereEquityMeetsMaintenance(
    size: String, mark: String, available: String, leverage: Int, expected: String?
  ) throws {
    let instrument = try Self.instrument(5, [(0, leverage)])

    let price = instrument.liquidationPrice(
      size: try #require(SignedQuantity(size)), mark: try #require(Price(mark)),
      available: try #require(USD(available)))

    #expect(price == expected.flatMap { Price($0) })
  }

  @Test(arguments: [
    // Short 40,000 at 2,400 (96 million) backed by 10 million, i.e. 8.08 above 1.92 maintenance:
    // 10 − (N − 96) = 2 + (N − 100) / 30 million at N = 3220 / 31; N / 40,000.
    ("-40000", "2400", "8080000", "2596.77419355"),
    // Long 50,000 at 2,400 (120 million) backed by 30, maintenance 8/3 million:
    // 30 + (N − 120) = N / 50 at N = 90 · 50 / 49 million, below the bound; N / 50,000.
    ("50000", "2400", "27333333.33333333", "1836.73469388"),
  ])
  func liquidatesInTheTierItFallsInto(
    size: String, mark: String, available: String, expected: String
  ) throws {
    let instrument = try Self.instrument(4, Self.ether)

    let price = instrument.liquidationPrice(
      size: try #require(SignedQuantity(size)), mark: try #require(Price(mark)),
      available: try #require(USD(available)))

    #expect(price == Price(expected))
  }

  @Test func meetsMaintenanceAtTheLiquidationPriceForAnySeed() throws {
    let instrument = try Self.instrument(4, Self.ether)
    for seed in UInt64(1)...200 {
      var dice = SeededGenerator(seed: seed)
      let units = Int64(dice.next() % 1_000_000_000) + 10_000
      let size = SignedQuantity(mantissa: (dice.next() % 2 == 0 ? 1 : -1) * units * 10_000)
      let mark = try #require(Price(mantissa: Int64(dice.next() % 500_000) * 1_000_000 + 1_000_000))
      let value = (mark * size).magnitude
      let backing = USD(mantissa: value.mantissa / 100 * Int64(dice.next() % 90 + 3))
      let available = backing - instrument.maintenanceMargin(notional: value)
      guard let level = instrument.liquidationPrice(size: size, mark: mark, available: available)
      else { continue }

      let equity = backing + level * size - mark * size
      let rest = equity - instrument.maintenanceMargin(notional: (level * size).magnitude)

      // The price is rounded to 1e-8, half a step of it times the size is what may be missing.
      let rounding = USD(mantissa: abs(size.mantissa) / 100_000_000 + 4)
      #expect(rest.magnitude <= rounding, "seed \(seed)")
    }
  }
}
