import FoundationEssentials
import Trading

/// A JSON file that says how coins are traded, for coins that are not built in or differ.
///
/// A list of objects, one a coin; the last two keys may be left out:
/// ```json
/// [{"coin": "HYPE", "size_decimals": 2,
///   "tiers": [{"lower_bound_usd": "0", "max_leverage": 10}],
///   "min_notional_usd": "10", "delisted": false}]
/// ```
/// Amounts are numbers or, to be exact, text.
enum InstrumentsFile {
  /// The instruments of a file, by coin.
  static func read(_ path: String) throws(MarketDataError) -> [Coin: Instrument] {
    let bytes = try MarketFile.contents(of: path)
    let rows: [InstrumentRow]
    do {
      rows = try JSONDecoder().decode([InstrumentRow].self, from: Data(bytes))
    } catch {
      throw .unreadable(path: path, cause: cause(of: error))
    }
    var instruments: [Coin: Instrument] = [:]
    for (index, row) in rows.enumerated() {
      guard let instrument = row.instrument else {
        throw .unreadable(
          path: path,
          cause: "expected entry \(index + 1) (\(row.coin)) to have 0 to 6 size_decimals, tiers "
            + "that begin at 0 with ascending bounds and falling leverage of at least 1, and "
            + "min_notional_usd of at least 0")
      }
      guard instruments.updateValue(instrument, forKey: instrument.coin) == nil else {
        throw .unreadable(path: path, cause: "expected \(instrument.coin) once, was twice")
      }
    }
    return instruments
  }

  /// How an entry for a coin may look.
  static func example(_ coin: Coin) -> String {
    "{\"coin\": \"\(coin)\", \"size_decimals\": 1, \"tiers\": [{\"lower_bound_usd\": \"0\", "
      + "\"max_leverage\": 10}]} with the venue's numbers to the list in that file"
  }

  private static func cause(of error: any Error) -> String {
    let expected = "expected a JSON list of instruments"
    guard let error = error as? DecodingError else { return expected }
    switch error {
    case .keyNotFound(let key, let context):
      return "\(expected), key \"\(key.stringValue)\" is missing in \(place(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(expected), \(place(context)) is of another kind"
    case .dataCorrupted(let context):
      return "\(expected), \(place(context)): \(context.debugDescription)"
    @unknown default: return expected
    }
  }

  private static func place(_ context: DecodingError.Context) -> String {
    let path = context.codingPath.map { key in
      key.intValue.map { "entry \($0 + 1)" } ?? "\"\(key.stringValue)\""
    }
    return path.isEmpty ? "the file" : path.joined(separator: ", ")
  }
}

/// An entry of the instruments file.
private struct InstrumentRow: Decodable {
  let coin: String
  let sizeDecimals: Int
  let tiers: [TierRow]
  let minNotional: Amount?
  let isDelisted: Bool?

  enum CodingKeys: String, CodingKey {
    case coin
    case sizeDecimals = "size_decimals"
    case tiers
    case minNotional = "min_notional_usd"
    case isDelisted = "delisted"
  }

  struct TierRow: Decodable {
    let lowerBound: Amount
    let maxLeverage: Int

    enum CodingKeys: String, CodingKey {
      case lowerBound = "lower_bound_usd"
      case maxLeverage = "max_leverage"
    }
  }

  var instrument: Instrument? {
    guard let coin = Coin(coin) else { return nil }
    return Instrument(
      coin: coin, sizeDecimals: sizeDecimals,
      tiers: tiers.map { MarginTier(lowerBound: $0.lowerBound.usd, maxLeverage: $0.maxLeverage) },
      minNotional: minNotional?.usd ?? USD(whole: 10), isDelisted: isDelisted ?? false)
  }
}

/// An amount in USD as a JSON number or text.
private struct Amount: Decodable {
  let usd: USD

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    // Not text is no error here: then it must be a number.
    let text = try? container.decode(String.self)
    let amount =
      if let text { USD(text) } else { USD(approximating: try container.decode(Double.self)) }
    guard let amount else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected an amount in USD with at most 8 decimals")
    }
    usd = amount
  }
}
