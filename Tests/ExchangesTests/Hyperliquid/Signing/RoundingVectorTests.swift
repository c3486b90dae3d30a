import Exchanges
import Testing
import Trading

/// Prices, sizes and wire numbers of Vectors/rounding_vectors.json against the grid of Trading.
@Suite struct RoundingVectorTests {
  @Test func roundsEveryPrice() throws {
    let rows = try VectorFile.rows("rounding_vectors.json", "prices")
    var compared = 0
    for row in rows {
      // A spot price may have 8 − szDecimals decimals, a perpetual's 6 − szDecimals: the former is
      // the latter of an instrument with two size decimals less. Three rows (spot with 0 and 1)
      // are finer than any perpetual and not ours to trade.
      let decimals = try row.requiredWhole("szDecimals") - (row["market"]?.text == "spot" ? 2 : 0)
      guard decimals >= 0 else { continue }
      compared += 1
      let instrument = try perpetual(decimals)
      let input = try row.requiredText("input")
      guard let price = Price(plain(input)) else {
        #expect(row["error"]?.text == "nonpositive", "\(input)")
        continue
      }
      // Digits that a price cannot hold make it unreadable, so such a row is invalid as well.
      let isValid = Price(plain(input, digits: 20)) != nil && instrument.accepts(price)
      #expect(isValid == row["valid"]?.flag, "\(row.document)")
      let nearest = instrument.rounded(price, .halfEven)?.description
      #expect(nearest == row["round_nearest"]?.text, "\(row.document)")
      let down = instrument.rounded(price, .down)?.description
      #expect(down == row["round_down"]?.text, "\(row.document)")
      let up = instrument.rounded(price, .up)?.description
      #expect(up == row["round_up"]?.text, "\(row.document)")
      if let wire = row["wire"]?.text { #expect(price.description == wire) }
    }

    #expect(rows.count == 90)
    #expect(compared == 87)
  }

  @Test func roundsEverySizeDown() throws {
    let rows = try VectorFile.rows("rounding_vectors.json", "sizes")
    #expect(rows.count == 38)
    for row in rows {
      let instrument = try perpetual(row.requiredWhole("szDecimals"))
      guard let size = Quantity(plain(try row.requiredText("input"))) else {
        #expect(row["error"]?.text == "nonpositive", "\(row.document)")
        continue
      }
      #expect(instrument.accepts(size) == row["valid"]?.flag, "\(row.document)")
      let rounded = instrument.roundedDown(size)
      #expect((rounded == .zero ? nil : rounded.description) == row["round_down"]?.text)
      if let wire = row["wire"]?.text { #expect(size.description == wire) }
    }
  }

  /// Where the rule departs from the SDK: zero has no sign, and what is not zero never becomes it;
  /// beyond ±92 billion and beyond eight decimals there is no number instead of a wrong one.
  @Test func writesEveryNumberForTheWire() throws {
    let rows = try VectorFile.rows("rounding_vectors.json", "float_to_wire_sdk")
    let departures: [String: String?] = [
      "-0.0": "0", "5e-324": nil, "0.30000000000000004": nil, "123123123123.0": nil,
      "1000000000000000.0": nil, "1e+16": nil, "1e+21": nil,
    ]
    var departed = 0
    for row in rows {
      let input = try row.requiredText("input_repr")
      let wire = SignedQuantity(plain(input, digits: 400))?.description
      if let ours = departures[input] {
        departed += 1
        #expect(wire == ours, "\(input)")
        #expect(wire != row["wire"]?.text, "\(input)")
      } else {
        #expect(wire == row["wire"]?.text, "\(input)")
      }
    }

    #expect(rows.count == 44)
    #expect(departed == departures.count)
  }

  /// The SDK multiplies and rounds in binary, and to five digits even above 100000; what it makes
  /// of these rows is not the nearest valid price.
  @Test func movesEveryMidByTheSlippage() throws {
    let rows = try VectorFile.rows("rounding_vectors.json", "market_slippage")
    var departed: [String] = []
    for row in rows {
      let isBuy = try row.requiredFlag("is_buy")
      let share = try #require(Bps(row.requiredText("slippage")))
      let shift = Bps(mantissa: share.mantissa * 10_000 * (isBuy ? 1 : -1))
      let mid = try #require(Price(row.requiredText("mid")))
      let instrument = try perpetual(row.requiredWhole("szDecimals"))

      let moved = try #require(mid.moved(by: shift))
      let nearest = try #require(instrument.rounded(moved, .halfEven))

      #expect(moved == Price(try row.requiredText("exact_product")), "\(row.document)")
      #expect(nearest.description == row["exact_round_nearest"]?.text, "\(row.document)")
      let towardMid = instrument.rounded(moved, isBuy ? .down : .up)
      #expect(towardMid?.description == row["exact_round_toward_mid"]?.text, "\(row.document)")
      #expect(instrument.accepts(nearest))
      if nearest.description != row["sdk_wire"]?.text {
        departed.append("\(mid) \(instrument.sizeDecimals) \(shift)")
      }
    }

    #expect(rows.count == 40)
    let expected = [
      "1 5 500", "1 5 -500", "117050 1 500", "117050 1 -500",
    ]
    #expect(departed == expected)
  }

  private func perpetual(_ decimals: Int) throws -> Instrument {
    let coin = try #require(Coin("X"))
    let tiers = [MarginTier(lowerBound: .zero, maxLeverage: 10)]
    return try #require(Instrument(coin: coin, sizeDecimals: decimals, tiers: tiers))
  }

  /// A number without exponent, cut after some decimals.
  private func plain(_ text: String, digits: Int = 8) -> String {
    let parts = text.split(separator: "e")
    var number = parts[0].split(separator: ".")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let isNegative = number[0].hasPrefix("-")
    if isNegative { number[0] = number[0].dropFirst() }
    let decimals = number.count > 1 ? String(number[1]) : ""
    let zeros = String(repeating: "0", count: abs(exponent))
    let all = exponent < 0 ? zeros + number[0] + decimals : number[0] + decimals + zeros
    let point = number[0].utf8.count + max(exponent, 0)
    return (isNegative ? "-" : "") + all.prefix(point) + "."
      + all.dropFirst(point).prefix(digits)
  }
}
