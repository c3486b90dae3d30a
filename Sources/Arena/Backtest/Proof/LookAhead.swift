import Trading

/// Finds what a trader was told or decided otherwise in two runs of one cycle.
enum LookAhead {
  /// The first difference, in words that name the trader; `nil` = there is none.
  ///
  /// What traders were told comes before what they decided, which follows from it.
  static func first(in whole: CycleReport, _ short: CycleReport) -> String? {
    let others = Dictionary(short.lines.map { ($0.trader, $0) }) { first, _ in first }
    let lines = whole.lines.sorted { $0.trader < $1.trader }
    for look in [told, decided] {
      for line in lines {
        guard let other = others[line.trader] else {
          return "\(line.trader) does not take part without the future"
        }
        if let found = look(line, other) { return "\(line.trader): \(found)" }
      }
    }
    return nil
  }

  private static func told(_ line: TraderLine, _ other: TraderLine) -> String? {
    guard line.wasDue == other.wasDue else { return "its turn comes otherwise" }
    guard let said = line.conversation, let again = other.conversation else { return nil }
    if let found = first(in: said.system, again.system) { return "its instructions, \(found)" }
    return first(in: said.user, again.user).map { "its prompt, \($0)" }
  }

  private static func decided(_ line: TraderLine, _ other: TraderLine) -> String? {
    guard line.failure == other.failure else {
      return "its turn: \(line.failure ?? "it decided"), without the future "
        + "\(other.failure ?? "it decided")"
    }
    guard line.decisions.count == other.decisions.count else {
      return "\(line.decisions.count) decisions, without the future \(other.decisions.count)"
    }
    for (one, two) in zip(line.decisions, other.decisions) {
      let name = "decision \(one.index + 1)"
      guard one.decision == two.decision else {
        let why =
          line.conversation == nil
          ? "" : "; it was told the same, so its executor may not be deterministic"
        return "\(name): \(one.decision), without the future \(two.decision)\(why)"
      }
      guard one.verdict == two.verdict, one.notes == two.notes else {
        return "\(name) is \(one.verdict.rawValue), without the future \(two.verdict.rawValue)"
      }
    }
    return nil
  }

  /// The first line in which two texts differ.
  private static func first(in text: String, _ other: String) -> String? {
    guard text != other else { return nil }
    let (left, right) = (lines(text), lines(other))
    let place =
      zip(left, right).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      ?? min(left.count, right.count)
    func shown(_ lines: [Substring]) -> String {
      place < lines.count ? "“\(Readable.cut(String(lines[place]), to: 160))”" : "nothing"
    }
    return "line \(place + 1): \(shown(left)), without the future \(shown(right))"
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}
