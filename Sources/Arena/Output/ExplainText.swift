import Manager
import Trading

/// A trader's way from what it saw to what was ordered, for `--explain` and `--dump-prompt`.
package enum ExplainText {
  /// What the trader was sent, word by word.
  package static func prompt(of line: TraderLine) -> String {
    guard let said = line.conversation else {
      return "== \(line.trader): \(absence(line))\n"
    }
    let version = said.promptVersion.isEmpty ? "no version" : "version \(said.promptVersion)"
    var text = "== \(line.trader) → \(Readable.harmlessLine(said.answeredBy)) (prompt \(version)"
    if !said.templateDigest.isEmpty { text += ", templates \(said.templateDigest.prefix(12))" }
    text += ", question \(said.questionDigest.prefix(12)))\n"
    if !said.system.isEmpty { text += block("system message", said.system) }
    return text + block("user message", said.user)
  }

  /// The whole way: prompt, calls, reply, repairs, decisions, rules, orders, fills.
  package static func way(of line: TraderLine) -> String {
    var text = prompt(of: line)
    for call in line.calls { text += describe(call) }
    if let said = line.conversation {
      if said.isCached { text += "the answer was given before and is used again\n" }
      if !said.reasoning.isEmpty { text += block("reasoning", said.reasoning) }
      if !said.reply.isEmpty { text += block("reply", said.reply) }
      if !said.repairs.isEmpty {
        let repairs = said.repairs.joined(separator: ", ")
        text += "read with repairs: \(Readable.harmlessLine(repairs))\n"
      }
    }
    if let failure = line.failure {
      text += "outcome: it holds: \(Readable.harmlessLine(failure))\n"
    }
    for record in line.decisions { text += describe(record) }
    for fill in line.fills {
      text +=
        "fill: \(fill.side.rawValue) \(fill.size) \(fill.coin) at \(fill.price), "
        + "fee \(fill.fee) USD (\(fill.cause.rawValue))\n"
    }
    for trouble in line.troubles { text += "trouble: \(Readable.harmlessLine(trouble))\n" }
    return text
  }

  private static func absence(_ line: TraderLine) -> String {
    if let failure = line.failure { return Readable.harmlessLine(failure) }
    return line.wasDue
      ? "decides inside the program (no prompt, no model)" : "was not due (--force asks it)"
  }

  /// A text between two marks, indented, so that nothing in it looks like ours.
  private static func block(_ title: String, _ text: String) -> String {
    let lines = Readable.harmless(text).split(separator: "\n", omittingEmptySubsequences: false)
    return "-- \(title), \(text.utf8.count) bytes\n" + lines.map { "   | \($0)\n" }.joined()
  }

  private static func describe(_ call: CallSettlement) -> String {
    var text =
      "call \(call.call): \(call.status.rawValue) in \(Int(call.latencyMs.rounded())) ms, "
      + "\(call.usage.prompt) + \(call.usage.completion) tokens"
      + (call.usage.isEstimated ? " (estimated)" : "") + ", \(call.cost) USD"
    if !call.answeredBy.isEmpty { text += ", by \(Readable.harmlessLine(call.answeredBy))" }
    if !call.finishReason.isEmpty { text += ", \(Readable.harmlessLine(call.finishReason))" }
    if !call.error.isEmpty { text += ": \(Readable.harmlessLine(call.error))" }
    return text + "\n"
  }

  private static func describe(_ record: DecisionRecord) -> String {
    let decision = record.decision
    var text =
      "decision \(record.index + 1): \(decision.action.rawValue)"
      + (decision.coin.map { " \($0)" } ?? "") + " → \(record.verdict.rawValue)\n"
    let claims: [(String, String?)] = [
      ("size", decision.positionSize.map { "\($0) USD" }),
      ("leverage", decision.leverage.map { "\($0)x" }),
      ("entry", decision.entryPrice?.description), ("stop", decision.stopLoss?.description),
      ("target", decision.takeProfit?.description),
      ("confidence", decision.confidence.map { "\($0)" }),
      ("risk claimed", decision.riskUSD.map { "\($0) USD" }),
    ]
    let said = claims.compactMap { name, value in value.map { "\(name) \($0)" } }
    if !said.isEmpty { text += "   said: \(said.joined(separator: ", "))\n" }
    if !decision.reasoning.isEmpty {
      text += "   because: \(Readable.harmlessLine(decision.reasoning))\n"
    }
    text += passed(record)
    for note in record.notes {
      text += "   rule \(note.rule): \(Readable.harmlessLine(note.text))\n"
    }
    if let order = record.order { text += "   order \(order.text)\n" }
    return text
  }

  /// The rules that had nothing against it, up to the one that refused it.
  private static func passed(_ record: DecisionRecord) -> String {
    let table: [String]
    switch record.decision.action {
    case .buyToEnter, .sellToEnter:
      table =
        AdmissionTable.entry.map(\.id) + ConflictRule.summaries.map(\.id)
        + AdmissionTable.account.map(\.id)
    case .close: table = AdmissionTable.close.map(\.id)
    case .updateProtection: table = AdmissionTable.protection.map(\.id)
    case .hold: return ""
    }
    let named = Set(record.notes.map(\.rule))
    let last =
      record.verdict == .rejected
      ? record.notes.last.flatMap { note in table.firstIndex(of: note.rule) } : nil
    let asked = table[..<(last ?? table.count)].filter { !named.contains($0) }
    return asked.isEmpty ? "" : "   passed: \(asked.joined(separator: ", "))\n"
  }
}
