import Trading

/// The fields of a decision in an answer: schema, words, example and reader all follow from these.
enum DecisionField: String, CaseIterable, Hashable {
  /// First, so that a model thinks before it decides.
  case reasoning
  case symbol
  case signal
  case leverage
  case positionSize = "position_size_usd"
  case entryPrice = "entry_price"
  case stopLoss = "stop_loss"
  case takeProfit = "take_profit"
  case riskUSD = "risk_usd"
  case confidence
  case closeFraction = "close_fraction"
  case invalidation = "invalidation_condition"

  /// What may stand in it.
  enum Kind: Equatable {
    /// One of our words.
    case choice
    /// Words for people.
    case text
    /// A whole number from one bound to another; may be null.
    case whole(min: Int, max: Int)
    /// A number above zero up to a bound, if there is one; may be null.
    case amount(max: USD?)
  }

  /// What may stand in it under a form's limits.
  func kind(under form: DecisionForm) -> Kind {
    switch self {
    case .symbol, .signal: .choice
    case .reasoning, .invalidation: .text
    case .leverage: .whole(min: 1, max: form.maxLeverage)
    case .confidence: .whole(min: 0, max: 100)
    case .positionSize: .amount(max: form.maxPositionSize)
    case .closeFraction: .amount(max: USD(whole: 1))
    case .entryPrice, .stopLoss, .takeProfit, .riskUSD: .amount(max: nil)
    }
  }

  /// What it means, in a sentence for the model.
  var meaning: String {
    switch self {
    case .reasoning: "Why, in a few sentences."
    case .symbol: "The coin, spelled exactly as listed."
    case .signal:
      "buy_to_enter opens a long, sell_to_enter opens a short, hold does nothing, close ends the "
        + "position or a part of it, update_protection replaces its stop and target."
    case .leverage: "For entries; null otherwise."
    case .positionSize: "Notional in USD (coins times price, not the margin) for entries."
    case .entryPrice: "The price you reckon with for an entry; it fills at the market."
    case .stopLoss: "Price that ends the loss, for entries and update_protection (null keeps it)."
    case .takeProfit: "Price that takes the profit, for entries and update_protection."
    case .riskUSD: "Loss at the stop in USD by your reckoning."
    case .confidence: "How sure you are, 0 to 100 (75, not 0.75)."
    case .closeFraction: "Share of the position to close, 1 for all; null unless closing."
    case .invalidation: "When the idea no longer holds; empty when there is none."
    }
  }

  /// Other names under which models write it.
  private var aliases: [String] {
    switch self {
    case .reasoning: ["justification", "reason", "rationale"]
    case .symbol: ["coin", "asset", "ticker"]
    case .signal: ["action"]
    case .takeProfit: ["profit_target"]
    case .invalidation: ["invalidation"]
    case .leverage, .positionSize, .entryPrice, .stopLoss, .riskUSD, .confidence, .closeFraction:
      []
    }
  }

  /// The field of a name as a model wrote it, and the word under which that is recorded.
  ///
  /// - Returns: `nil` for names that mean none; no alias for the exact name.
  static func named(
    _ name: String, _ notes: inout ReplyNotes
  ) -> (field: DecisionField, alias: String?)? {
    if let field = DecisionField(rawValue: name) { return (field, nil) }
    if name.utf8.count > 80 { return nil }
    let folded = PlainText.folded(name, &notes)
    guard let (field, word) = bySquashedName[squash(folded)] else { return nil }
    if folded == field.rawValue { return (field, nil) }
    return (field, word == field.rawValue ? "field_spelling" : word)
  }

  private static let bySquashedName: [String: (DecisionField, String)] = {
    var table: [String: (DecisionField, String)] = [:]
    for field in allCases {
      for word in [field.rawValue] + field.aliases { table[squash(word)] = (field, word) }
    }
    return table
  }()

  /// `stopLoss`, `Stop-Loss` and `stop_loss` are one name.
  private static func squash(_ name: String) -> String {
    String(name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " })
  }
}
