import Journal
import Market
import Trading

/// What a command did with one kind of one coin's market, for its report.
struct MarketTally {
  /// What it is called: a file, or `BTC 1m`.
  let name: String
  let coin: Coin
  /// `1m`, or `funding`.
  let kind: String
  /// How many were looked at.
  let count: Int
  /// The time of the first and of the last; `nil` = none.
  let bounds: ClosedRange<Timestamp>?
  /// What became of them in the store; `nil` = nothing was to be written there.
  let merge: MarketMerge?
  let gaps: [MarketGap]

  /// Gaps named one by one at the most.
  static let gapsShown = 5

  /// The words for a kind.
  static func word(_ kind: MarketHolding.Kind) -> String {
    switch kind {
    case .candles(let timeframe): timeframe.rawValue
    case .funding: "funding"
    case .openInterest: "open interest"
    }
  }

  /// One line, and one for each of the first gaps.
  var text: String {
    var parts = ["\(name): \(count) \(kind == "funding" ? "rates" : "candles")"]
    if let bounds { parts[0] += " from \(bounds.lowerBound) to \(bounds.upperBound)" }
    if let merge {
      parts.append("\(merge.added) new")
      if merge.same > 0 { parts.append("\(merge.same) known") }
      if merge.differing > 0 { parts.append("\(merge.differing) differing") }
    }
    let missing = gaps.reduce(0) { $0 + $1.count }
    parts.append(
      gaps.isEmpty
        ? "no gaps" : "\(gaps.count) gap\(gaps.count == 1 ? "" : "s"), \(missing) missing")
    return parts.joined(separator: ", ") + "\n" + Self.text(gaps)
  }

  /// One line for each of the first gaps.
  static func text(_ gaps: [MarketGap]) -> String {
    var text = gaps.prefix(gapsShown).map { gap in
      "  missing \(gap.count): \(gap.first)" + (gap.count > 1 ? " to \(gap.last)" : "") + "\n"
    }.joined()
    if gaps.count > gapsShown { text += "  and \(gaps.count - gapsShown) more gaps\n" }
    return text
  }

  func write(into json: inout CanonicalJSON) {
    if let merge { json.field("added", merge.added) }
    json.field("count", count)
    if let merge { json.field("differing", merge.differing) }
    json.optional("first_ms", bounds?.lowerBound.ms)
    Self.write(gaps, into: &json)
    json.field("kind", kind)
    json.optional("last_ms", bounds?.upperBound.ms)
    json.field("name", name)
    if let merge { json.field("same", merge.same) }
    json.field("symbol", coin.name)
  }

  /// The fields about gaps.
  static func write(_ gaps: [MarketGap], into json: inout CanonicalJSON) {
    json.array("gaps", gaps) { json, gap in
      json.object { json in
        json.field("count", gap.count)
        json.field("first_ms", gap.first.ms)
        json.field("last_ms", gap.last.ms)
      }
    }
  }

  /// A report of several, for people or programs.
  static func report(
    _ tallies: [MarketTally], of provider: ProviderID, notices: [String], _ output: Output
  ) -> String {
    switch output.format {
    case .text:
      return output.isQuiet
        ? "" : tallies.map(\.text).joined() + notices.map { "notice: \($0)\n" }.joined()
    case .json:
      let bytes = CanonicalJSON.document { json in
        json.array("items", tallies) { json, tally in
          json.object { tally.write(into: &$0) }
        }
        json.array("notices", notices) { json, notice in json.value(notice) }
        json.field("provider", provider.name)
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
