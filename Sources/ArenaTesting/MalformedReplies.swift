/// One way in which models answer badly, and what a reader must make of it.
package struct MalformedReply: Sendable, CustomStringConvertible {
  /// A short name, unique in the table.
  package let name: String
  /// The reply.
  package let text: String
  /// Whether an answer can be read from it without guessing.
  package let isReadable: Bool
  /// The decisions read, as `action coin`; empty when unreadable.
  package let decisions: [String]
  /// Ids of the repairs that reading takes, sorted; empty when unreadable.
  package let repairs: [String]
  /// Names of numbers that were given but cannot be meant.
  package let malformed: [String]

  /// The name.
  package var description: String { name }

  private init(
    _ name: String, _ text: String, isReadable: Bool, decisions: [String], repairs: [String],
    malformed: [String]
  ) {
    self.name = name
    self.text = text
    self.isReadable = isReadable
    self.decisions = decisions
    self.repairs = repairs
    self.malformed = malformed
  }

  /// A reply that is read as these decisions after these repairs.
  private static func readable(
    _ name: String, _ text: String, as decisions: String..., repairs: [String] = [],
    malformed: [String] = []
  ) -> MalformedReply {
    MalformedReply(
      name, text, isReadable: true, decisions: decisions, repairs: repairs.sorted(),
      malformed: malformed)
  }

  /// A reply from which nothing may be read.
  private static func unreadable(_ name: String, _ text: String) -> MalformedReply {
    MalformedReply(
      name, text, isReadable: false, decisions: [], repairs: [], malformed: [])
  }

  /// The coins these replies are about.
  package static let coins = ["BTC", "ETH", "SOL", "kPEPE"]

  /// A reply of exactly the form: a long in BTC and a hold of ETH.
  package static let wellFormed =
    "{\"decisions\":["
    + #"{"reasoning":"Higher lows.","symbol":"BTC","signal":"buy_to_enter","leverage":3,"#
    + #""position_size_usd":150.5,"entry_price":100,"stop_loss":95,"take_profit":115,"#
    + #""risk_usd":8,"confidence":80,"close_fraction":null,"#
    + #""invalidation_condition":"4h close below 94"},"#
    + #"{"reasoning":"No edge.","symbol":"ETH","signal":"hold","leverage":null,"#
    + #""position_size_usd":null,"entry_price":null,"stop_loss":null,"take_profit":null,"#
    + #""risk_usd":null,"confidence":40,"close_fraction":null,"invalidation_condition":""}]}"#

  /// A short reply whose one decision, a long in BTC at 100, is worth trading.
  package static let trading = answer()

  private static let long = "buy_to_enter BTC"

  /// A list with one long in BTC, one piece of it exchanged for another.
  private static func answer(_ piece: String = "", _ other: String = "") -> String {
    let fields =
      #"{"decisions":[{"signal":"buy_to_enter","symbol":"BTC","leverage":3,"#
      + #""position_size_usd":150,"entry_price":100,"stop_loss":95,"take_profit":115,"#
      + #""confidence":80,"reasoning":"Up"}]}"#
    guard !piece.isEmpty, let range = fields.firstRange(of: piece) else { return fields }
    return fields.replacingCharacters(in: range, with: other)
  }

  /// Every kind, the well-formed one first.
  package static let all: [MalformedReply] =
    [
      readable("well_formed", wellFormed, as: long, "hold ETH"),
      readable("no_decisions", #"{"decisions":[]}"#),
    ] + wrapped + spelled + shaped + numbers + refused
}

extension MalformedReply {
  private static let wrapped = [
    readable("white_space", "\r\n\t " + wellFormed + "\n\n", as: long, "hold ETH"),
    readable(
      "fence", "```json\n\(wellFormed)\n```", as: long, "hold ETH", repairs: ["fence_stripped"]),
    readable(
      "prose_and_fence", "Here is my decision:\n```\n\(answer())\n```\nGood luck!", as: long,
      repairs: ["fence_stripped", "prose_around"]),
    readable(
      "think_tag", "<think>maybe \(answer("buy_to", "sell_to")) or not</think>\(answer())",
      as: long, repairs: ["reasoning_tag_stripped"]),
    readable(
      "think_tag_opened_in_the_prompt", "Let me see {\"signal\": …</think>\n\(answer())", as: long,
      repairs: ["prose_around", "reasoning_tag_stripped"]),
    readable(
      "reasoning_tag_in_a_text", answer("\"Up\"", #""</think> <think> {\"a\" ```""#), as: long),
    readable(
      "set_in_the_prose", "Coins {BTC, ETH} [both], so: \(answer()) [1]", as: long,
      repairs: ["prose_around"]),
    readable(
      "byte_order_mark", "\u{FEFF}\(answer())\u{200B}", as: long, repairs: ["zero_width_removed"]),
    readable(
      "draft_that_agrees", "\(answer())\nFinal answer:\n\(answer("Up", "Still up"))", as: long,
      repairs: ["earlier_answer_ignored", "prose_around"]),
    readable(
      "broken_draft", "\(answer(":100,", ":~100,")) No, this way: \(answer())", as: long,
      repairs: ["broken_answer_ignored", "prose_around"]),
    readable(
      "json_lines",
      "{\"signal\":\"close\",\"symbol\":\"BTC\"}\n{\"signal\":\"hold\",\"symbol\":\"ETH\"}",
      as: "close BTC", "hold ETH", repairs: ["json_lines", "single_object"]),
  ]

  private static let spelled = [
    readable(
      "smart_quotes", answer().smart, as: long, repairs: ["smart_quotes"]),
    readable("full_width", answer().wide, as: long, repairs: ["full_width"]),
    readable(
      "zero_width_inside", answer("\"BTC\"", "\u{200B}\"BTC\u{200D}\""), as: long,
      repairs: ["zero_width_removed"]),
    readable(
      "no_break_space", answer(":95,", ":\u{A0}95,"), as: long, repairs: ["unicode_space"]),
    readable("trailing_comma", answer("]}", ",]}"), as: long, repairs: ["trailing_comma"]),
    readable(
      "line_break_in_text", answer("\"Up\"", "\"Up\nand\tup\""), as: long,
      repairs: ["line_break_in_text"]),
    readable(
      "spelling_of_names", answer("stop_loss", "stopLoss"), as: long,
      repairs: ["alias:field_spelling"]),
    readable(
      "spelling_of_the_signal", answer("buy_to_enter", "Buy To Enter"), as: long,
      repairs: ["alias:signal_spelling"]),
    readable(
      "symbol_of_a_market", answer("\"BTC\"", "\"btc/usdt\""), as: long,
      repairs: ["alias:symbol"]),
    readable("coin_not_offered", answer("\"BTC\"", "\"DOGE\""), as: "buy_to_enter DOGE"),
    readable(
      "extra_fields", answer("\"leverage\"", "\"mood\":\"bold\",\"leverage\""), as: long,
      repairs: ["extra_fields"]),
  ]

  private static let shaped = [
    readable(
      "nof1_keyed_by_coin",
      #"{"BTC":{"coin":"BTC","signal":"hold","quantity":0.05,"leverage":20,"profit_target":120,"#
        + #""stop_loss":90,"invalidation_condition":"","justification":"","confidence":0.62,"#
        + #""risk_usd":150},"ETH":{"signal":"close_position","justification":"done"}}"#,
      as: "hold BTC", "close ETH",
      repairs: [
        "alias:close_position", "alias:coin", "alias:justification", "alias:profit_target",
        "confidence_fraction", "extra_fields", "root_object_keyed_by_coin",
      ]),
    readable(
      "nof1_trade_signal_args",
      #"{"SOL":{"trade_signal_args":{"coin":"SOL","signal":"hold","confidence":0.7}}}"#,
      as: "hold SOL",
      repairs: [
        "alias:coin", "confidence_fraction", "nested_trade_signal_args",
        "root_object_keyed_by_coin",
      ]),
    readable(
      "nof0_one_object",
      #"{"signal":"hold","symbol":"BTC","leverage":0,"position_size_usd":0,"entry_price":0,"#
        + #""stop_loss":0,"take_profit":0,"risk_usd":0,"confidence":0,"#
        + #""invalidation_condition":"","reasoning":"flat"}"#,
      as: "hold BTC", repairs: ["single_object"]),
    readable(
      "nofx_list_after_prose",
      "The trend is up.\n\n[{\"symbol\":\"BTCUSDT\",\"action\":\"open_long\",\"leverage\":3,"
        + "\"position_size_usd\":100,\"stop_loss\":95,\"take_profit\":120,\"confidence\":85,"
        + "\"risk_usd\":5,\"reasoning\":\"x\"},{\"symbol\":\"ALL\",\"action\":\"wait\"}]",
      as: long, "hold ALL",
      repairs: [
        "alias:action", "alias:open_long", "alias:symbol", "alias:wait", "prose_around",
        "root_array",
      ]),
    readable(
      "hold_without_symbol", #"{"signal":"hold"}"#, as: "hold -",
      repairs: ["hold_without_symbol", "single_object"]),
    readable(
      "unknown_action_beside_a_good_one",
      #"{"decisions":[{"signal":"sell","symbol":"BTC"},{"signal":"close","symbol":"ETH"}]}"#,
      as: "close ETH"),
    readable(
      "two_sides_beside_a_close",
      #"[{"signal":"buy_to_enter","symbol":"BTC"},{"signal":"sell_to_enter","symbol":"BTC"},"#
        + #"{"signal":"close","symbol":"ETH"}]"#,
      as: "close ETH", repairs: ["root_array"]),
  ]

  private static let numbers = [
    readable(
      "number_as_text", answer(":95,", ":\"95.0\","), as: long, repairs: ["number_as_text"]),
    readable(
      "many_decimals", answer(":95,", ":94.999999999999,"), as: long,
      repairs: ["rounded_to_8_decimals"]),
    readable("exponent", answer(":95,", ":9.5e1,"), as: long),
    readable(
      "confidence_with_decimals", answer(":80,", ":80.5,"), as: long,
      repairs: ["confidence_rounded"]),
    readable(
      "approximate_number", answer(":95,", ":\"~95\","), as: long, malformed: ["stop_loss"]),
    readable("range", answer(":95,", ":\"90-95\","), as: long, malformed: ["stop_loss"]),
    readable("wave_range", answer(":95,", ":\"90~95\","), as: long, malformed: ["stop_loss"]),
    readable(
      "thousands", answer(":150,", ":\"1,500\","), as: long, malformed: ["position_size_usd"]),
    readable("unit", answer(":3,", ":\"3x\","), as: long, malformed: ["leverage"]),
    readable("negative", answer(":95,", ":-95,"), as: long, malformed: ["stop_loss"]),
    readable("half_leverage", answer(":3,", ":2.5,"), as: long, malformed: ["leverage"]),
    readable(
      "beyond_range", answer(":150,", ":1e300,"), as: long, malformed: ["position_size_usd"]),
    readable(
      "bare_nan", answer(":95,", ":NaN,"), as: long, repairs: ["bare_nan"],
      malformed: ["stop_loss"]),
    readable(
      "bare_infinity", answer(":115,", ":-Infinity,"), as: long, repairs: ["bare_nan"],
      malformed: ["take_profit"]),
    readable("list_as_number", answer(":95,", ":[95],"), as: long, malformed: ["stop_loss"]),
    readable("flag_as_number", answer(":95,", ":true,"), as: long, malformed: ["stop_loss"]),
    readable("confidence_of_150", answer(":80,", ":150,"), as: long, malformed: ["confidence"]),
    readable("missing_stop", answer("\"stop_loss\":95,", ""), as: long),
    readable(
      "two_names_for_one_number",
      answer("\"take_profit\":115", "\"take_profit\":115,\"profit_target\":130"), as: long,
      repairs: ["alias:profit_target"], malformed: ["take_profit"]),
  ]

  private static let refused = [
    unreadable("empty", ""),
    unreadable("prose", "I would rather wait for a better entry in BTC."),
    unreadable("html", "<html><body><h1>502 Bad Gateway</h1></body></html>"),
    unreadable("error_object", #"{"error":{"message":"overloaded","type":"server_error"}}"#),
    unreadable("null", "null"),
    unreadable("bare_empty_list", "[]"),
    unreadable("cut", String(answer().dropLast(3))),
    unreadable("cut_after_a_decision", String(wellFormed.dropLast(90))),
    unreadable("cut_in_the_reasoning", "<think>\(answer())"),
    unreadable("bare_approximate_number", answer(":95,", ":~95,")),
    unreadable("bare_range", answer(":95,", ":90-95,")),
    unreadable("bare_thousands", answer(":150,", ":1,500,")),
    unreadable("duplicate_name", answer(":95,", ":95,\"stop_loss\":90,")),
    unreadable("single_quotes", "{'signal': 'buy_to_enter', 'symbol': 'BTC'}"),
    unreadable("names_without_quotes", "{decisions: [{\"signal\":\"close\",\"symbol\":\"BTC\"}]}"),
    unreadable("comment", answer("\"leverage\"", "/* bold */\"leverage\"")),
    unreadable("missing_comma", answer(":3,", ":3")),
    unreadable("one_bracket_too_many", answer("}]}", "}}]}")),
    unreadable("unknown_action", answer("buy_to_enter", "sell")),
    unreadable("two_actions", answer("\"leverage\"", "\"action\":\"hold\",\"leverage\"")),
    unreadable("coin_with_a_dex", answer("\"BTC\"", "\"xyz:TSLA\"")),
    unreadable("entry_without_symbol", #"{"signal":"buy_to_enter","leverage":3}"#),
    unreadable("key_and_coin_differ", #"{"BTC":{"coin":"ETH","signal":"close"}}"#),
    unreadable("contradiction", answer() + "\nor rather\n" + answer("buy_to", "sell_to")),
    unreadable("contradicting_sizes", answer() + "\nor\n" + answer(":150,", ":900,")),
    unreadable(
      "two_shares_to_close",
      #"[{"signal":"close","symbol":"BTC","close_fraction":0.2},{"signal":"close","symbol":"BTC"}]"#
    ),
    unreadable(
      "two_stops",
      #"[{"signal":"update_protection","symbol":"BTC","stop_loss":95},"#
        + #"{"signal":"update_protection","symbol":"BTC","stop_loss":90}]"#),
    unreadable("broken_correction", answer() + "\nNo:\n" + answer(":95,", ":~90,")),
    unreadable("deep", String(repeating: "[", count: 10_000)),
    unreadable("half_surrogate", answer("\"Up\"", #""\ud83d""#)),
    unreadable("json_in_a_text", #""{\"signal\":\"close\",\"symbol\":\"BTC\"}""#),
    unreadable(
      "too_many",
      "["
        + Array(repeating: #"{"signal":"hold","symbol":"BTC"}"#, count: 51)
        .joined(separator: ",") + "]"),
  ]
}

extension String {
  /// The text with typographic quotes, opening and closing in turn.
  fileprivate var smart: String {
    var isOpen = false
    return String(
      map { character in
        guard character == "\"" else { return character }
        isOpen.toggle()
        return isOpen ? "\u{201C}" : "\u{201D}"
      })
  }

  /// The text in full-width characters, underscores and letters too.
  fileprivate var wide: String {
    var scalars = UnicodeScalarView()
    for scalar in unicodeScalars {
      scalars.append(
        (0x21...0x7E).contains(scalar.value)
          ? Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar : scalar)
    }
    return String(scalars)
  }

  fileprivate func replacingCharacters(in range: Range<Index>, with other: String) -> String {
    self[..<range.lowerBound] + other + self[range.upperBound...]
  }
}
