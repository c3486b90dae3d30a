import Trading

/// A coin as a model wrote it.
enum ReplySymbol: Equatable {
  /// A coin, ours or not; an unknown one is left to admission.
  case coin(Coin)
  /// Nothing that could be a coin, and why.
  case problem(String)

  /// What venues append to a coin to name a market of it.
  private static let endings = [
    "/USDT:USDT", "/USDC:USDC", "-USDT-SWAP", "-USD-PERP", "-PERP", "_PERP", "/USDT", "/USDC",
    "/USD", "-USDT", "-USDC", "-USD", "_USDT", "_USDC", "_USD", "USDT", "USDC", "USD",
  ]

  /// Reads a name: exactly, then whatever its case, then without what names a market.
  init(_ text: String, coins: [Coin], _ notes: inout ReplyNotes) {
    if let exact = coins.first(where: { $0.name == text }) {
      self = .coin(exact)
      return
    }
    guard text.utf8.count <= 80 else {
      self = .problem("expected a coin, was \(PlainText.quoted(text))")
      return
    }
    let name = PlainText.folded(text, &notes)
    for stem in Self.stems(of: name.uppercased()) {
      let matches = coins.filter { $0.name == name || $0.name.uppercased() == stem }
      if let exact = matches.first(where: { $0.name == name }) {
        self = .coin(exact)
        return
      }
      guard let match = matches.first else { continue }
      guard Set(matches).count == 1 else {
        self = .problem(
          "expected one of the coins as they are spelled, was \(PlainText.quoted(text)), which "
            + "could be \(matches.map(\.name).sorted().joined(separator: " or "))")
        return
      }
      notes.add(.alias("symbol"))
      self = .coin(match)
      return
    }
    self =
      Coin(name).map(Self.coin)
      ?? .problem("expected a coin, was \(PlainText.quoted(text))")
  }

  /// The name and what is left of it without a market's ending, at least two characters.
  private static func stems(of name: String) -> [String] {
    let endings = endings.filter { name.hasSuffix($0) && name.utf8.count >= $0.utf8.count + 2 }
    return [name] + endings.prefix(1).map { String(name.dropLast($0.utf8.count)) }
  }
}
