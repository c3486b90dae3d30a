import Exchanges
import Foundation
import Testing
import Trading

/// Where the recorded payloads lie; they are not part of the repository.
private let recorded: String = {
  let shared =
    ProcessInfo.processInfo.environment["NOF0_SHARED"]
    ?? URL(filePath: #filePath).deletingLastPathComponent().path + "/../../../../../shared"
  return shared + "/hyperliquid/recorded"
}()

/// Every rounded price and size is one the venue takes, told from its text alone (fact sheet §7).
@Suite struct PriceGridPropertyTests {
  private let seed: UInt64 = 2026

  @Test(arguments: 0...6)
  func staysOnTheGridWithAnySizeDecimals(decimals: Int) throws {
    try check(coin: "X", decimals: decimals, perMagnitude: 40)
  }

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: recorded),
      "set NOF0_SHARED to the directory that holds hyperliquid/recorded"),
    arguments: ["obs_meta_excerpt_2026-09.json", "sdk_meta.json"])
  func staysOnTheGridForEveryInstrumentInMeta(file: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: recorded + "/" + file)))
    let universe = try JSONReader.value(of: bytes)["response"]?["universe"]?.elements ?? []

    #expect(universe.count >= 6)
    for asset in universe {
      try check(
        coin: asset.requiredText("name"), decimals: asset.requiredWhole("szDecimals"),
        perMagnitude: 3)
    }
  }

  private func check(coin name: String, decimals: Int, perMagnitude: Int) throws {
    let coin = try #require(Coin(name))
    let tiers = [MarginTier(lowerBound: .zero, maxLeverage: 10)]
    let instrument = try #require(Instrument(coin: coin, sizeDecimals: decimals, tiers: tiers))
    var random = SeededGenerator(seeds: seed, UInt64(decimals))
    // From 1e-6 to below 1e7: thirteen magnitudes.
    var low: Int64 = 100
    for _ in 0..<13 {
      for _ in 0..<perMagnitude {
        let price = try #require(Price(mantissa: .random(in: low..<low * 10, using: &random)))
        let size = try #require(Quantity(mantissa: .random(in: low..<low * 10, using: &random)))
        try check(price, size, on: instrument)
      }
      low *= 10
    }
  }

  private func check(_ price: Price, _ size: Quantity, on instrument: Instrument) throws {
    let decimals = instrument.sizeDecimals
    let lot = instrument.roundedDown(size)
    #expect(lot <= size, "seed \(seed): \(size) of \(instrument.coin)")
    #expect(Shape(lot.description).decimals <= decimals, "seed \(seed): \(size)")
    // Less than one lot is given away.
    #expect(size.mantissa - lot.mantissa < Self.step(decimals: decimals), "seed \(seed): \(size)")

    for rounding in [Rounding.halfEven, .down, .up] {
      guard let rounded = instrument.rounded(price, rounding) else { continue }
      let shape = Shape(rounded.description)
      #expect(
        shape.decimals == 0 || (shape.digits <= 5 && shape.decimals <= 6 - decimals),
        "seed \(seed): \(price) of \(instrument.coin) became \(rounded)")
      #expect(instrument.accepts(rounded))
      #expect(instrument.rounded(rounded, rounding) == rounded, "seed \(seed): \(price)")
      if rounding == .down { #expect(rounded <= price, "seed \(seed): \(price)") }
      if rounding == .up { #expect(rounded >= price, "seed \(seed): \(price)") }
      try survivesTheWire(rounded, lot)
    }
  }

  private func survivesTheWire(_ price: Price, _ size: Quantity) throws {
    let order = WireOrder(
      asset: 1, isBuy: true, price: price, size: size, reduceOnly: true,
      kind: .trigger(isMarket: true, at: price, isStop: true), id: nil)
    let sent = try JSONReader.value(of: VenueAction.order([order], grouping: .na).json.bytes)
    let read = try #require(sent["orders"]?[0])
    let trigger = try #require(read["t"]?["trigger"])

    for text in [try read.requiredText("p"), try trigger.requiredText("triggerPx")] {
      #expect(Price(text) == price, "seed \(seed)")
      #expect(Shape(text).isPlain, "seed \(seed): \(text)")
    }
    let text = try read.requiredText("s")
    #expect(Quantity(text) == size, "seed \(seed)")
    #expect(Shape(text).isPlain, "seed \(seed): \(text)")
  }

  private static func step(decimals: Int) -> Int64 {
    (0..<8 - decimals).reduce(1) { step, _ in step * 10 }
  }
}

/// What can be seen of a number from its text.
private struct Shape {
  /// Digits after the point.
  let decimals: Int
  /// Digits without zeros in front, and without those behind.
  let digits: Int
  /// Digits and at most one point, no needless zero, no point at the end.
  let isPlain: Bool

  init(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    decimals = parts.count > 1 ? parts[1].utf8.count : 0
    var significant = parts.joined().drop { $0 == "0" }
    while significant.last == "0" { significant = significant.dropLast() }
    digits = significant.utf8.count
    let isNumber = parts.allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) }
    }
    let hasNeedlessZero =
      (parts.count > 1 && text.hasSuffix("0")) || (parts[0].hasPrefix("0") && parts[0] != "0")
    isPlain = parts.count <= 2 && isNumber && !hasNeedlessZero
  }
}
