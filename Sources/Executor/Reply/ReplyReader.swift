package import Trading

/// Reads the decisions in a model's, a program's or a server's reply.
///
/// A reply of exactly the form (``DecisionForm``) is read as it is. Otherwise the last complete
/// answer in it counts, whatever stands around it; each repair is recorded. What has no single
/// meaning is unreadable: broken or cut answers, names that appear twice, answers that contradict
/// each other. Noise around a valid answer never changes what is read of it.
package enum ReplyReader {
  /// Decisions one answer may hold.
  package static let maxDecisions = 50
  /// Unicode scalars of a text that are kept.
  package static let maxTextLength = 4_000
  /// Bytes of a reply that are read.
  package static let maxBytes = 1_000_000
  /// Problems that are reported.
  package static let maxProblems = 20

  /// Reads a reply.
  ///
  /// - Parameters:
  ///   - text: The reply as received.
  ///   - coins: The coins on offer; others are read as they are and left to admission.
  /// - Returns: What it says; never throws, for what cannot be read is a reading as well.
  package static func read(_ text: String, coins: [Coin]) -> ReplyReading {
    guard text.utf8.count <= maxBytes else {
      return unreadable("expected at most \(maxBytes) bytes, was \(text.utf8.count)")
    }
    let bytes = Array(text.utf8)
    let scan = ReplyScan(bytes)
    if scan.endsInReasoning {
      return unreadable("expected an answer behind the reasoning, was the end of the reply")
    }
    guard let last = scan.blocks.last else {
      return unreadable(
        scan.broken.map { "expected valid JSON: \($0.problem)" }
          ?? "expected an object with a list named decisions, was none")
    }
    var notes = scan.notes
    if let broken = scan.broken {
      guard broken.start < last.range.lowerBound else {
        return unreadable("expected valid JSON behind the first answer: \(broken.problem)")
      }
      notes.add(.brokenAnswerIgnored)
    }
    let answers = joined(scan.blocks.map { Answer($0, coins: coins) }, in: bytes)
    return chosen(from: answers, notes)
  }
}

extension ReplyReader {
  /// One answer as read.
  private struct Answer {
    var range: Range<Int>
    var decisions: [Decision] = []
    var notes: ReplyNotes
    var isSingle: Bool
    var isTooLong = false

    init(_ block: ReplyBlock, coins: [Coin]) {
      let shape = ReplyShape(block.value)
      range = block.range
      notes = block.notes
      notes.add(shape.notes)
      isSingle = shape.isSingle
      guard shape.entries.count <= ReplyReader.maxDecisions else {
        isTooLong = true
        notes.add("expected at most \(maxDecisions) decisions, was \(shape.entries.count)")
        return
      }
      for entry in shape.entries {
        var reader = EntryReader(entry, coins: coins)
        let decision = reader.decision()
        notes.add(reader.notes)
        if let decision { decisions.append(decision) }
      }
      dropContradictions()
    }

    /// Takes out what the answer says in two ways about one coin.
    mutating func dropContradictions() {
      dropEntries()
      drop(.close, contradictedByHold: true)
      drop(.updateProtection, contradictedByHold: false)
    }

    /// Takes out all of an action in a coin for which it comes in two forms, or beside a hold.
    private mutating func drop(_ action: DecisionAction, contradictedByHold: Bool) {
      for decision in decisions where decision.action == action {
        let others = decisions.filter {
          $0.coin == decision.coin && ($0.action == action || $0.action == .hold)
        }
        let isClear = others.allSatisfy {
          $0.action == .hold ? !contradictedByHold : $0.trades(like: decision)
        }
        guard !isClear else { continue }
        let coin = decision.coin?.name ?? "no coin"
        notes.add(
          "\(coin): expected decisions that agree, was "
            + others.map(\.action.rawValue).joined(separator: ", "))
        decisions.removeAll { $0.action == action && $0.coin == decision.coin }
        return drop(action, contradictedByHold: contradictedByHold)
      }
    }

    private mutating func dropEntries() {
      var dropped: Set<Coin> = []
      for decision in decisions where decision.action.entrySide != nil {
        guard let coin = decision.coin, !dropped.contains(coin) else { continue }
        let others = decisions.filter { $0.coin == coin }
        let isClear = others.allSatisfy {
          $0.action == .close || $0.action == .updateProtection || $0.trades(like: decision)
        }
        guard !isClear else { continue }
        dropped.insert(coin)
        let words = others.map(\.action.rawValue).joined(separator: ", ")
        notes.add("\(coin): expected decisions that agree, was \(words)")
      }
      guard !dropped.isEmpty else { return }
      decisions.removeAll { decision in
        decision.action.entrySide != nil && (decision.coin.map(dropped.contains) ?? false)
      }
    }
  }

  /// The answers, single decisions one right after the other taken together.
  private static func joined(_ answers: [Answer], in bytes: [UInt8]) -> [Answer] {
    var joined: [Answer] = []
    for answer in answers {
      guard var last = joined.last, last.isSingle, answer.isSingle,
        bytes[last.range.upperBound..<answer.range.lowerBound].allSatisfy({
          $0 <= 0x20 || $0 == UInt8(ascii: ",")
        }),
        last.decisions.count < maxDecisions,
        Set(last.decisions.map(\.coin)).isDisjoint(with: answer.decisions.map(\.coin))
      else {
        joined.append(answer)
        continue
      }
      last.range = last.range.lowerBound..<answer.range.upperBound
      last.decisions += answer.decisions
      last.notes.add(answer.notes)
      last.notes.add(.jsonLines)
      joined[joined.count - 1] = last
    }
    return joined
  }

  private static func chosen(from answers: [Answer], _ around: ReplyNotes) -> ReplyReading {
    var notes = around
    guard let last = answers.last else {
      return unreadable("expected an object with a list named decisions, was none")
    }
    for earlier in answers.dropLast() {
      guard !contradict(earlier.decisions, last.decisions) else {
        return unreadable("expected one answer, was two that contradict each other")
      }
      notes.add(.earlierAnswerIgnored)
    }
    notes.add(last.notes)
    let isHeard = !last.decisions.isEmpty || notes.problems.isEmpty
    guard isHeard, !last.isTooLong else {
      return ReplyReading(
        isReadable: false, decisions: [], repairs: [], problems: notes.problems)
    }
    return ReplyReading(
      isReadable: true, decisions: last.decisions, repairs: notes.repairs,
      problems: notes.problems)
  }

  /// Whether two answers say different things about some coin.
  private static func contradict(_ left: [Decision], _ right: [Decision]) -> Bool {
    left.contains { one in
      right.contains { $0.coin == one.coin && !$0.trades(like: one) }
    }
  }

  private static func unreadable(_ problem: String) -> ReplyReading {
    ReplyReading(isReadable: false, decisions: [], repairs: [], problems: [problem])
  }
}

extension Decision {
  /// Whether another decision does the same, whatever its words.
  fileprivate func trades(like other: Decision) -> Bool {
    var same = other
    same.reasoning = reasoning
    same.invalidation = invalidation
    return self == same
  }
}
