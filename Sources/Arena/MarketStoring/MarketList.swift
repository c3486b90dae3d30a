import Journal
import Trading

/// The command `nof0 market list`.
package enum MarketList {
  /// Prints what the store has: first, last, count, gaps; with `showingGaps` each gap.
  ///
  /// Reads without the lock. Exit code 74 when there is no state.
  package static func execute(
    _ places: Places, _ output: Output, _ selection: MarketSelection, showingGaps: Bool,
    environment: [String: String] = ProcessID.environment
  ) async -> ExitStatus {
    await Failure.told {
      let coins = try selection.coins()
      let frames = try selection.frames()
      let store = try MarketPlaces.neededStore(places)
      let holdings = try store.marketHoldings(of: selection.providerID()).filter { holding in
        guard coins?.contains(holding.coin) ?? true else { return false }
        switch holding.kind {
        case .candles(let frame): return frames?.contains(frame) ?? true
        case .funding, .openInterest: return frames == nil
        }
      }
      switch output.format {
      case .json: StandardStreams.writeOut(json(holdings))
      case .text where output.isQuiet: break
      case .text:
        StandardStreams.writeOut(
          text(holdings, showingGaps, .ofStandardOutput(environment)))
      }
      return .success
    }
  }

  private static func text(
    _ holdings: [MarketHolding], _ showingGaps: Bool, _ style: TextStyle
  ) -> String {
    guard !holdings.isEmpty else {
      return "The store has none of that. `nof0 market import` or `nof0 market fetch` fills it.\n"
    }
    var table = TextTable(columns: [
      .init("PROVIDER", .left, drop: 1), .init("COIN", .left), .init("KIND", .left),
      .init("FIRST", .left), .init("LAST", .left), .init("COUNT", .right),
      .init("GAPS", .right), .init("MISSING", .right),
    ])
    for holding in holdings {
      let isWhole = holding.gaps.isEmpty
      table.add(
        [
          holding.provider.name, holding.coin.name, MarketTally.word(holding.kind),
          holding.first.description, holding.last.description, String(holding.count),
          isWhole ? "—" : String(holding.gaps.count), isWhole ? "—" : String(holding.missing),
        ], tints: isWhole ? [:] : [6: .warning, 7: .warning])
    }
    var text = table.render(style)
    guard showingGaps else { return text }
    for holding in holdings where !holding.gaps.isEmpty {
      text += "\(holding.provider) \(holding.coin) \(MarketTally.word(holding.kind))\n"
      text += MarketTally.text(holding.gaps)
    }
    return text
  }

  private static func json(_ holdings: [MarketHolding]) -> String {
    let bytes = CanonicalJSON.document { json in
      json.array("items", holdings) { json, holding in
        json.object { json in
          json.field("count", holding.count)
          json.field("first_ms", holding.first.ms)
          MarketTally.write(holding.gaps, into: &json)
          json.field("kind", MarketTally.word(holding.kind))
          json.field("last_ms", holding.last.ms)
          json.field("missing", holding.missing)
          json.field("provider", holding.provider.name)
          json.field("symbol", holding.coin.name)
        }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
