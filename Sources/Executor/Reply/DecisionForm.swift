package import Trading

/// The form an answer must have, for one trader at one time: as JSON Schema and in words.
///
/// Both, and what ``ReplyReader`` accepts, come from one table of fields.
package struct DecisionForm: Sendable, Equatable {
  /// The coins a decision may name.
  package let coins: [Coin]
  /// The greatest leverage of any of them, at least 1.
  package let maxLeverage: Int
  /// The greatest notional of one position, USD.
  package let maxPositionSize: USD

  /// The name under which structured output asks for it.
  package static let name = "decisions"

  /// A form from its parts.
  package init(coins: [Coin], maxLeverage: Int, maxPositionSize: USD) {
    self.coins = coins
    self.maxLeverage = max(1, maxLeverage)
    self.maxPositionSize = maxPositionSize
  }

  /// The form for what a trader sees: its candidates and its limits.
  package init(_ context: ExecutorContext) {
    // By name: in the order of the moment's strongest moves the form, and with it every question,
    // would be another one in each cycle.
    let coins = context.candidates.sorted()
    let risk = context.trader.risk
    self.init(
      coins: coins, maxLeverage: coins.map(risk.leverage).max() ?? risk.majorLeverage,
      maxPositionSize: risk.maxPositionSize)
  }

  /// The form as JSON Schema, strict enough for OpenAI's structured output.
  ///
  /// Nothing besides the fields is allowed and all of them are required; what may be left out is
  /// null.
  package var schema: JSONValue {
    let fields = DecisionField.allCases
    let decision = Self.object(fields.map { JSONMember($0.rawValue, schema(of: $0)) })
    let list = JSONValue.object([
      JSONMember("type", .text("array")),
      JSONMember("maxItems", .number(ReplyReader.maxDecisions)),
      JSONMember("items", decision),
    ])
    return Self.object([JSONMember("decisions", list)])
  }

  /// The form in words with one example, for models without structured output.
  package var words: String {
    var lines = [
      "Answer with one JSON object and nothing else: no prose, no code fence, no comments.",
      "It has one member, \"decisions\": a list with one object for each coin you decide on, at "
        + "most \(ReplyReader.maxDecisions); coins left out are held.",
      "Each object has exactly these members, with null where a number does not apply:",
    ]
    for field in DecisionField.allCases {
      lines.append("- \(field.rawValue) (\(bounds(of: field))): \(field.meaning)")
    }
    lines.append("Write numbers as plain digits: no ~, no ranges, no units, no 1,000.")
    lines.append("Example of the form, not of a trade:")
    lines.append(example.document)
    return lines.joined(separator: "\n")
  }

  /// An answer that has the form: one entry in the first coin.
  package var example: JSONValue {
    let members = DecisionField.allCases.map { JSONMember($0.rawValue, example(of: $0)) }
    return .object([JSONMember("decisions", .array([.object(members)]))])
  }
}

extension DecisionForm {
  private static func object(_ properties: [JSONMember]) -> JSONValue {
    .object([
      JSONMember("type", .text("object")),
      JSONMember("properties", .object(properties)),
      JSONMember("required", .array(properties.map { .text($0.name) })),
      JSONMember("additionalProperties", .flag(false)),
    ])
  }

  private func schema(of field: DecisionField) -> JSONValue {
    let nullable: (String) -> JSONMember = {
      JSONMember("type", .array([.text($0), .text("null")]))
    }
    let meaning = JSONMember("description", .text(field.meaning))
    switch field.kind(under: self) {
    case .text: return .object([JSONMember("type", .text("string")), meaning])
    case .choice:
      let words = choices(of: field)
      let type = JSONMember("type", .text("string"))
      guard !words.isEmpty else { return .object([type, meaning]) }
      return .object([type, JSONMember("enum", .array(words.map(JSONValue.text))), meaning])
    case .whole(let min, let max):
      return .object([
        nullable("integer"), JSONMember("minimum", .number(min)),
        JSONMember("maximum", .number(max)), meaning,
      ])
    case .amount(let max):
      let bound = max.map { [JSONMember("maximum", .number($0.description))] } ?? []
      return .object(
        [nullable("number"), JSONMember("exclusiveMinimum", .number(0))] + bound + [meaning])
    }
  }

  private func choices(of field: DecisionField) -> [String] {
    field == .signal ? DecisionAction.allCases.map(\.rawValue) : coins.map(\.name)
  }

  private func bounds(of field: DecisionField) -> String {
    switch field.kind(under: self) {
    case .text: "text"
    case .choice:
      choices(of: field).isEmpty
        ? "text" : "one of " + choices(of: field).joined(separator: ", ")
    case .whole(let min, let max): "whole number \(min) to \(max), or null"
    case .amount(nil): "number above 0, or null"
    case .amount(let max?): "number above 0, at most \(max), or null"
    }
  }

  private func example(of field: DecisionField) -> JSONValue {
    switch field {
    case .reasoning: .text("Higher lows on 4h, pullback to the 20-bar average.")
    case .symbol: .text(coins.first?.name ?? "BTC")
    case .signal: .text(DecisionAction.buyToEnter.rawValue)
    case .leverage: .number(min(2, maxLeverage))
    case .positionSize: .number(min(USD(whole: 100), maxPositionSize).description)
    case .entryPrice: .number(200)
    case .stopLoss: .number("194.5")
    case .takeProfit: .number("217.5")
    case .riskUSD: .number("2.75")
    case .confidence: .number(75)
    case .closeFraction: .null
    case .invalidation: .text("A 4h close below 195.")
    }
  }
}
