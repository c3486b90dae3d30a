package import Trading

/// What was done to a reply before it could be read; each has an id that never changes.
package enum ReplyRepair: Sendable, Hashable, CustomStringConvertible {
  /// A code fence around the answer was ignored.
  case fenceStripped
  /// Reasoning in tags, or before a closing tag, was ignored.
  case reasoningTagStripped
  /// Words before or after the answer were ignored.
  case proseAround
  /// Typographic quotes stood for plain ones.
  case smartQuotes
  /// Full-width characters stood for plain ones.
  case fullWidth
  /// Characters without width (BOM, zero-width space, …) were dropped.
  case zeroWidthRemoved
  /// Spaces other than those of JSON were taken for spaces.
  case unicodeSpace
  /// A text held control characters, such as line breaks, that were not escaped.
  case lineBreakInText
  /// A comma before a closing bracket was dropped.
  case trailingComma
  /// A bare NaN or Infinity was read as a number that is not finite.
  case bareNaN
  /// The answer was one decision, not a list.
  case singleObject
  /// The answer was a bare list.
  case rootArray
  /// The answer was an object with a member for each coin.
  case rootObjectKeyedByCoin
  /// The answer was several decisions, one after the other.
  case jsonLines
  /// A decision's fields stood one level deeper, in `trade_signal_args`.
  case nestedTradeSignalArgs
  /// An answer that does not contradict the last one came before it and was ignored.
  case earlierAnswerIgnored
  /// A broken answer came before the last one and was ignored.
  case brokenAnswerIgnored
  /// Another known word stood for ours, for example `coin` or `open_long`.
  case alias(String)
  /// A number was given as a text.
  case numberAsText
  /// Confidence was given as a fraction and multiplied by 100, rounded down.
  case confidenceFraction
  /// Confidence had decimals and was rounded down.
  case confidenceRounded
  /// A number had more than eight decimals: prices go to the nearest, amounts are cut.
  case roundedTo8Decimals
  /// Members that are no part of the form were ignored.
  case extraFields
  /// A text field held something else, which was written down as JSON.
  case textFromValue
  /// A text field was longer than ``ReplyReader/maxTextLength`` and was cut.
  case textCut
  /// A hold named no coin.
  case holdWithoutSymbol

  /// The word used for it in records, for example `trailing_comma` or `alias:open_long`.
  package var id: String {
    switch self {
    case .fenceStripped: "fence_stripped"
    case .reasoningTagStripped: "reasoning_tag_stripped"
    case .proseAround: "prose_around"
    case .smartQuotes: "smart_quotes"
    case .fullWidth: "full_width"
    case .zeroWidthRemoved: "zero_width_removed"
    case .unicodeSpace: "unicode_space"
    case .lineBreakInText: "line_break_in_text"
    case .trailingComma: "trailing_comma"
    case .bareNaN: "bare_nan"
    case .singleObject: "single_object"
    case .rootArray: "root_array"
    case .rootObjectKeyedByCoin: "root_object_keyed_by_coin"
    case .jsonLines: "json_lines"
    case .nestedTradeSignalArgs: "nested_trade_signal_args"
    case .earlierAnswerIgnored: "earlier_answer_ignored"
    case .brokenAnswerIgnored: "broken_answer_ignored"
    case .alias(let word): "alias:\(word)"
    case .numberAsText: "number_as_text"
    case .confidenceFraction: "confidence_fraction"
    case .confidenceRounded: "confidence_rounded"
    case .roundedTo8Decimals: "rounded_to_8_decimals"
    case .extraFields: "extra_fields"
    case .textFromValue: "text_from_value"
    case .textCut: "text_cut"
    case .holdWithoutSymbol: "hold_without_symbol"
    }
  }

  /// The id.
  package var description: String { id }
}

/// What a reply says.
package struct ReplyReading: Sendable, Equatable {
  /// Whether an answer was found and has one meaning; otherwise ``problems`` says why not.
  package let isReadable: Bool
  /// Its decisions in the order given; empty when unreadable or when it decides nothing.
  package let decisions: [Decision]
  /// What was done to read it, each once, in the order found; empty when it had the exact form.
  package let repairs: [ReplyRepair]
  /// What a new answer should do better, each with path, expectation and what was there.
  ///
  /// May be filled beside decisions: those it names were left out, or will fail in admission. At
  /// most ``ReplyReader/maxProblems``.
  package let problems: [String]

  /// A reading from its parts.
  package init(
    isReadable: Bool, decisions: [Decision], repairs: [ReplyRepair], problems: [String]
  ) {
    self.isReadable = isReadable
    self.decisions = decisions
    self.repairs = repairs
    self.problems = problems
  }
}

/// What is noted while a reply is read.
struct ReplyNotes: Equatable {
  private(set) var repairs: [ReplyRepair] = []
  private(set) var problems: [String] = []

  mutating func add(_ repair: ReplyRepair) {
    if !repairs.contains(repair) { repairs.append(repair) }
  }

  mutating func add(_ problem: String) {
    if problems.count < ReplyReader.maxProblems { problems.append(problem) }
  }

  mutating func add(_ other: ReplyNotes) {
    for repair in other.repairs { add(repair) }
    for problem in other.problems { add(problem) }
  }
}
