package import Trading

/// All coins of the venue (`meta`).
package struct VenueUniverse: Sendable, Equatable {
  /// Coins we can trade or could once, ascending by asset id; those of ``skipped`` are missing.
  package let assets: [VenueAsset]
  /// Entries that cannot be used, each with its reason.
  package let skipped: [String]
  /// How many entries the venue lists, usable or not.
  package let entries: Int

  private let places: [Coin: Int]

  /// The coin's entry; `nil` = the venue does not list it, or not in a way we can use.
  ///
  /// Of two entries of one name the one that is not delisted counts.
  package subscript(coin: Coin) -> VenueAsset? { places[coin].map { assets[$0] } }
}

extension VenueUniverse {
  init(_ payload: Payload) throws(PayloadProblem) {
    let tables = try Self.marginTables(payload)
    var assets: [VenueAsset] = []
    var skipped: [String] = []
    var index = 0
    try payload.inside("universe") { universe throws(PayloadProblem) in
      _ = try universe.each { row throws(PayloadProblem) in
        defer { index += 1 }
        let name = try row.text("name")
        do throws(PayloadProblem) {
          assets.append(try Self.asset(row, named: name, at: index, tables))
        } catch {
          skipped.append("asset \(index) \"\(Excerpt.of(name, atMost: 40))\": \(error)")
        }
      }
    }
    var places: [Coin: Int] = [:]
    for (place, asset) in assets.enumerated() {
      let known = places[asset.instrument.coin].map { assets[$0] }
      if let known, !known.instrument.isDelisted { continue }
      places[asset.instrument.coin] = place
    }
    self.init(assets: assets, skipped: skipped, entries: index, places: places)
  }

  private static func asset(
    _ row: Payload, named name: String, at index: Int, _ tables: [Int64: [MarginTier]]
  ) throws(PayloadProblem) -> VenueAsset {
    guard let coin = Coin(name) else {
      throw PayloadProblem("name", "expected letters and digits")
    }
    let decimals = try row.whole("szDecimals")
    guard (0...Int64(Instrument.maxPriceDecimals)).contains(decimals) else {
      throw row.expected(
        "szDecimals", "0 to \(Instrument.maxPriceDecimals)", row.value["szDecimals"])
    }
    let mode = row.member("marginMode")?.text
    guard
      let instrument = Instrument(
        coin: coin, sizeDecimals: Int(decimals), tiers: try tiers(of: row, tables),
        isDelisted: try row.flag("isDelisted"))
    else { throw PayloadProblem("", "expected tiers that ascend from zero with falling leverage") }
    return VenueAsset(
      index: index, instrument: instrument,
      onlyIsolated: try row.flag("onlyIsolated") || mode == "strictIsolated" || mode == "noCross")
  }

  /// The tiers of a coin: those of its table, or a single one.
  private static func tiers(
    of row: Payload, _ tables: [Int64: [MarginTier]]
  ) throws(PayloadProblem) -> [MarginTier] {
    let id = try row.ifPresent("marginTableId", row.whole)
    if let id, let tiers = tables[id] { return tiers }
    // An id below 50 is the leverage of its only tier (fact sheet §3).
    if let id, !(1..<50).contains(id) {
      throw row.expected("marginTableId", "the id of a margin table", row.value["marginTableId"])
    }
    let only = if let id { id } else { try row.whole("maxLeverage") }
    return [MarginTier(lowerBound: .zero, maxLeverage: try leverage(only))]
  }

  private static func leverage(_ value: Int64) throws(PayloadProblem) -> Int {
    guard (1...1000).contains(value) else {
      throw PayloadProblem("maxLeverage", "expected 1 to 1000, was \(value)")
    }
    return Int(value)
  }

  private static func marginTables(
    _ payload: Payload
  ) throws(PayloadProblem) -> [Int64: [MarginTier]] {
    guard payload.has("marginTables") else { return [:] }
    let rows = try payload.inside("marginTables") { tables throws(PayloadProblem) in
      try tables.each { row throws(PayloadProblem) in try marginTable(row) }
    }
    var tables: [Int64: [MarginTier]] = [:]
    for (id, tiers) in rows { tables[id] = tiers }
    return tables
  }

  private static func marginTable(
    _ row: Payload
  ) throws(PayloadProblem) -> (Int64, [MarginTier]) {
    guard let id = row.value[0]?.whole, let table = row.value[1] else {
      throw row.expected("", "an id and a table", row.value)
    }
    let tiers = try Payload(table).inside("marginTiers") { tiers throws(PayloadProblem) in
      try tiers.each { tier throws(PayloadProblem) in
        MarginTier(
          lowerBound: try tier.money("lowerBound"),
          maxLeverage: try leverage(tier.whole("maxLeverage")))
      }
    }
    return (Int64(id), tiers)
  }
}
