import Trading

/// One turn as `conversations.json` tells it, its texts cut so that many fit into the file.
///
/// The newest turn of each trader comes first and shows up to 20,000 bytes of each text, or less
/// where many traders share the room; the older ones show up to 1,000. A text that is cut says so
/// at its end.
struct ConversationEntry {
  /// What the trader answered about one coin.
  struct Answer {
    let coin: Coin
    let decision: Decision
    let invalidation: String
    let justification: String
  }

  /// The turn.
  let view: TurnView
  /// The word for the executor.
  let executor: String
  /// How the trader's dollars are quoted.
  let scale: DollarScale
  /// What it was told.
  let prompt: String
  /// How it reasoned, or each decision on a line.
  let trace: String
  /// The reasons in short.
  let summary: String
  /// What was said, in order.
  let messages: [(role: String, content: String)]
  /// The last decision about each coin, by coin.
  let answers: [Answer]
  /// Bytes it takes in the file at most.
  let size: Int

  /// The entries of turns, newest first, that fit into a number of bytes.
  static func fitting(
    _ turns: [(view: TurnView, executor: String, scale: DollarScale)], into bytes: Int
  ) -> [ConversationEntry] {
    func entry(of index: Int, _ cut: TextCut) -> ConversationEntry {
      let turn = turns[index]
      return ConversationEntry(turn.view, executor: turn.executor, scale: turn.scale, cut: cut)
    }
    var left = bytes
    var entries: [Int: ConversationEntry] = [:]
    var seen: Set<TraderID> = []
    let newest = turns.indices.filter { seen.insert(turns[$0].view.turn.trader).inserted }
    // Half of the room for these, so that the file shows what went before as well.
    var share = bytes / 2 / max(1, newest.count)
    for (place, index) in newest.enumerated() {
      let fit = TextCut.tiers.lazy.map { entry(of: index, $0) }.first { $0.size <= share }
      let next = fit ?? entry(of: index, .short)
      guard next.size <= left else { break }
      left -= next.size
      entries[index] = next
      // What one leaves goes to those after it.
      share += (share - min(share, next.size)) / max(1, newest.count - place - 1)
    }
    for index in turns.indices where entries[index] == nil {
      let next = entry(of: index, .short)
      guard next.size <= left else { break }
      left -= next.size
      entries[index] = next
    }
    return entries.sorted { $0.key < $1.key }.map(\.value)
  }

  private init(_ view: TurnView, executor: String, scale: DollarScale, cut: TextCut) {
    var cut = cut
    let turn = view.turn
    self.view = view
    self.executor = executor
    self.scale = scale
    summary = cut.words(turn.summary)
    answers = turn.lastDecisions.map { coin, decision in
      Answer(
        coin: coin, decision: decision, invalidation: cut.words(decision.invalidation),
        justification: cut.words(decision.reasoning))
    }
    guard let said = turn.conversation else {
      prompt = turn.absence(executor: executor)
      trace = cut.text(turn.trace)
      messages = [
        ("system", Self.introduction(executor)), ("user", prompt), ("assistant", trace),
      ]
      size = cut.used * 2 + 2000 + answers.count * Self.bytesOfAnswer
      return
    }
    let before = cut.used
    prompt = cut.text(said.user)
    let bytesOfPrompt = cut.used - before
    trace = cut.text(said.reasoning.isEmpty ? turn.trace : said.reasoning)
    var messages: [(role: String, content: String)] = []
    if !said.system.isEmpty { messages.append(("system", cut.text(said.system))) }
    // The same text once more, cut alike, for readers of the other shape.
    messages.append(("user", prompt))
    messages.append(("assistant", cut.text(said.reply.isEmpty ? turn.summary : said.reply)))
    self.messages = messages
    size = cut.used + bytesOfPrompt + 2000 + answers.count * Self.bytesOfAnswer
  }

  /// An answer without its words: keys and numbers.
  private static let bytesOfAnswer = 500

  private static func introduction(_ executor: String) -> String {
    asksOutside(executor)
      ? "Trader with the executor \(executor)."
      : "Control trader with the fixed rule \(executor); no language model is asked."
  }
}

/// Whether an executor of that label asks somebody outside the program.
///
/// These are the labels of ``Trading/ExecutorSpec`` that are no baseline's.
private func asksOutside(_ executor: String) -> Bool {
  ["llm", "http", "command"].contains(executor)
}

extension TurnRecord {
  /// The reasons of the decisions, each once, or why there are none.
  fileprivate var summary: String {
    if let failure { return "No decision: \(failure)" }
    var words: [String] = []
    for reason in decisions.map(\.decision.reasoning)
    where !reason.isEmpty && !words.contains(reason) {
      words.append(reason)
    }
    return words.isEmpty ? "Nothing to do." : words.joined(separator: " ")
  }

  /// One line per decision: coin, action, reception, reason.
  fileprivate var trace: String {
    if let failure { return "No decision: \(failure)" }
    return decisions.map { record in
      let decision = record.decision
      let coin = decision.coin?.name ?? "all coins"
      let notes = record.notes.map { "\($0.rule): \($0.text)" }.joined(separator: "; ")
      let reception = record.verdict.rawValue + (notes.isEmpty ? "" : ", " + notes)
      return "- \(coin): \(decision.action.rawValue) (\(reception)) \(decision.reasoning)"
    }.joined(separator: "\n")
  }

  /// The last decision about each coin, by coin.
  fileprivate var lastDecisions: [(Coin, Decision)] {
    var byCoin: [Coin: Decision] = [:]
    for record in decisions {
      if let coin = record.decision.coin { byCoin[coin] = record.decision }
    }
    return byCoin.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Why there is nothing to show of what was said.
  fileprivate func absence(executor: String) -> String {
    asksOutside(executor)
      ? "No prompt: nobody was asked, or what was said is not shown any more."
      : "No prompt: this control trader follows a fixed rule, \(executor)."
  }
}

/// Cuts texts and counts the bytes they take in JSON.
struct TextCut {
  private let textBytes: Int
  private let wordBytes: Int
  /// Bytes that the texts so far take at most.
  private(set) var used = 0

  /// For turns that are shown at length, the longest first.
  static let tiers = [
    TextCut(textBytes: 20_000, wordBytes: 4000), TextCut(textBytes: 8000, wordBytes: 2000),
    TextCut(textBytes: 4000, wordBytes: 1000), TextCut(textBytes: 2000, wordBytes: 600),
  ]
  /// For messages of alerts and runs.
  static let notes = TextCut(textBytes: 1000, wordBytes: 600)
  /// For turns that are shown in short.
  static let short = TextCut(textBytes: 1000, wordBytes: 300)

  private init(textBytes: Int, wordBytes: Int) {
    self.textBytes = textBytes
    self.wordBytes = wordBytes
  }

  /// A long text: a prompt, an answer, a train of thought.
  mutating func text(_ text: String) -> String { cut(text, to: textBytes) }

  /// A few words: a reason, a summary.
  mutating func words(_ text: String) -> String { cut(text, to: wordBytes) }

  private mutating func cut(_ text: String, to limit: Int) -> String {
    var text = text
    let (count, size) = text.withUTF8 { Self.prefix(of: $0, taking: limit) }
    guard count < text.utf8.count else {
      used += size
      return text
    }
    let mark = "\n[cut here: \(text.utf8.count) bytes in all]"
    used += size + mark.utf8.count + 1
    return String(text[..<text.utf8.index(text.startIndex, offsetBy: count)]) + mark
  }

  /// The bytes at the start that take at most `limit` bytes in JSON, ending with a whole character.
  private static func prefix(
    of utf8: UnsafeBufferPointer<UInt8>, taking limit: Int
  ) -> (count: Int, size: Int) {
    var size = 0
    var offset = 0
    while offset < utf8.count, size <= limit {
      size += Self.size(of: utf8[offset])
      offset += 1
    }
    guard size > limit else { return (utf8.count, size) }
    repeat {
      offset -= 1
      size -= Self.size(of: utf8[offset])
      // A cut before a byte that begins a character splits none.
    } while offset > 0 && utf8[offset] & 0xC0 == 0x80
    return (offset, size)
  }

  /// Bytes that a byte takes at most in a string of ``Trading/CanonicalJSON``.
  private static func size(of byte: UInt8) -> Int {
    switch byte {
    // Most bytes are letters and digits.
    case UInt8(ascii: "?")..<UInt8(ascii: "\\"), UInt8(ascii: "]")..<0xE2,
      UInt8(ascii: "'")..<UInt8(ascii: "<"):
      1
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
      UInt8(ascii: "\t"):
      2
    case ..<0x20, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): 6
    // The first byte of U+2028 and U+2029, six bytes in place of three.
    case 0xE2: 4
    default: 1
    }
  }
}
