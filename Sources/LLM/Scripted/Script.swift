import Trading

/// The replies of a scripted model, read from a file.
///
/// The file holds JSON objects, one after the other (usually one a line; lines that begin with `#`
/// are comments), or one JSON list of them. For each question the entries are tried from the top;
/// the first that fits and is not used up answers. An entry has
///
/// - `when`: `{"contains": "TEXT"}` or `{"contains": ["A", "B"]}`: fits only when each text stands
///   somewhere in the messages; without it the entry fits every question;
/// - `model`: fits only for that alias, when several models share a script;
/// - `times`: how often it answers within one process; without it always. Entries with
///   `"times": 1` one below the other give replies in order;
///
/// and either a reply or `one_of`, a list of replies of which the question's hash picks one: the
/// same question gets the same reply in every process, whoever asks first. A reply has
///
/// - `text`: the answer as text; or `json`: the answer as any JSON value; or `failure`: a kind of
///   failure (`refused`, `rate_limited`, `unavailable`, `bad_request`, `network`, `timed_out`,
///   `bad_answer`, `truncated`, `cancelled`) with `message` and `retry_after_ms` if wanted; or
///   `"hang": true`, which never answers;
/// - `reasoning`: how the model reasoned;
/// - `usage`: `{"prompt": N, "cached": N, "completion": N}`, as if the provider reported it;
///   without it an answer is estimated, a failure consumes nothing;
/// - `delay_ms`: how long it takes.
///
/// ```
/// # Long BTC when its trend is up, else nothing.
/// {"when": {"contains": ["BTC", "uptrend"]}, "json": {"action": "hold", "symbol": "BTC"}}
/// {"text": "I would rather wait.", "delay_ms": 200}
/// ```
package struct Script: Sendable {
  /// The name of the file, for messages.
  package let name: String
  /// The entries in order, at least one.
  let entries: [Entry]

  /// One entry.
  struct Entry: Sendable {
    /// Texts that must stand in the question.
    let contains: [String]
    /// The model it is for; `nil` = all.
    let model: ModelAlias?
    /// How often it answers; `nil` = always.
    let times: Int?
    /// At least one.
    let replies: [Reply]
  }

  /// One reply.
  struct Reply: Sendable {
    var text = ""
    var reasoning = ""
    var usage: TokenUsage?
    var failure: ModelFailure.Kind?
    var message = "the script says so"
    var retryAfter: Duration?
    var delay = Duration.zero
    var hangs = false
  }

  /// A script from the bytes of its file.
  ///
  /// Throws a ``ScriptProblem`` that names the line.
  package init(_ bytes: [UInt8], named name: String) throws(ScriptProblem) {
    self.name = name
    entries = try ScriptReader(bytes, named: name).entries()
  }

  /// The reply to a question, counted in `uses`; `nil` when no entry fits.
  func reply(to question: ModelQuestion, model: ModelAlias, uses: inout [Int]) -> Reply? {
    let said = question.messages.map { Array($0.text.utf8) }
    for (index, entry) in entries.enumerated() {
      guard entry.model.map({ $0 == model }) ?? true,
        entry.times.map({ uses[index] < $0 }) ?? true,
        entry.contains.allSatisfy({ text in said.contains { $0.holds(Array(text.utf8)) } })
      else { continue }
      uses[index] += 1
      guard entry.replies.count > 1 else { return entry.replies.first }
      let hash = question.messages.map { stableHash($0.text) }
        .reduce(stableHash(model.name)) { ($0 ^ $1) &* 0x100_0000_01B3 }
      var generator = SeededGenerator(seed: hash)
      return entry.replies[generator.below(entry.replies.count)]
    }
    return nil
  }
}

/// What is wrong in a script.
package struct ScriptProblem: Error, Sendable, Hashable, CustomStringConvertible {
  /// The name of the file.
  package let file: String
  /// The line, from 1.
  package let line: Int
  /// What was expected and what was there.
  package let problem: String

  /// The problem in words.
  package var description: String { "\(file):\(line): \(problem)" }
}

extension [UInt8] {
  /// Whether other bytes stand somewhere in these.
  fileprivate func holds(_ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    guard count >= part.count else { return false }
    return (0...(count - part.count)).contains {
      self[$0] == first && self[$0..<($0 + part.count)].elementsEqual(part)
    }
  }
}
