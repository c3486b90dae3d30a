import Journal
import Trading

/// `nof0 replay --counterfactual`: judges the recorded answers under other rules and tells what
/// each rule would have saved or cost.
enum CounterfactualCommand {
  static func execute(
    _ folder: JournalFolder, _ choice: RecordedCycles.Choice, _ rules: [OtherRule],
    _ output: Output
  ) async throws -> ExitStatus {
    do {
      var cycles = try RecordedCycles(folder, .all)
      var inputs = RecordedInputs(folder)
      var found = try Counterfactual(rules)
      while let recorded = try cycles.next() {
        var recorded = recorded
        if case .cycle(let trader, _) = choice {
          recorded.records.removeAll { $0.trader != trader }
        }
        try await found.add(
          recorded, &inputs, isWanted: isWanted(recorded, choice))
      }
      print(found, rules, output)
    } catch let fault as TapeFault {
      throw RunFailure(.internalFailure, fault.description)
    }
    return .success
  }

  private static func isWanted(
    _ recorded: RecordedCycle, _ choice: RecordedCycles.Choice
  ) -> Bool {
    switch choice {
    case .all: true
    case .run(let run): recorded.run == run
    case .cycle(_, let cycle): recorded.cycle == cycle
    }
  }

  private static func print(_ found: Counterfactual, _ rules: [OtherRule], _ output: Output) {
    switch output.format {
    case .json: StandardStreams.writeOut(String(decoding: json(found, rules), as: UTF8.self))
    case .text: StandardStreams.writeOut(text(found, rules, isQuiet: output.isQuiet))
    }
  }

  // MARK: Text

  private static func text(
    _ found: Counterfactual, _ rules: [OtherRule], isQuiet: Bool
  ) -> String {
    let names = rules.map(\.description).joined(separator: ", ")
    var lines = [
      "Under \(names), \(found.verdicts.count) of \(found.judged) decisions would have gone "
        + "otherwise."
    ]
    if !isQuiet {
      for verdict in found.verdicts {
        let note = verdict.note.isEmpty ? "" : ": \(verdict.note)"
        lines.append(
          "  cycle \(verdict.cycle), \(verdict.trader): \(verdict.action) \(verdict.coin) "
            + "\(verdict.recorded.verdict) → \(verdict.other.verdict), "
            + "\(saving(verdict.saved)) (\(verdict.rule)\(note))")
      }
    }
    for sum in sums(found) {
      lines.append("\(sum.rule): \(sum.count), \(saving(sum.saved))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func saving(_ amount: Double?) -> String {
    guard let amount else { return "what came of it is not known" }
    let cents = USD(approximating: amount.magnitude).map { Readable.usd($0) } ?? "?"
    return amount >= 0 ? "saves \(cents) USD" : "costs \(cents) USD"
  }

  // MARK: Sums

  private struct Sum {
    let rule: String
    var count = 0
    var saved = 0.0
  }

  private static func sums(_ found: Counterfactual) -> [Sum] {
    var sums: [String: Sum] = [:]
    for verdict in found.verdicts {
      sums[verdict.rule, default: Sum(rule: verdict.rule)].count += 1
      sums[verdict.rule, default: Sum(rule: verdict.rule)].saved += verdict.saved ?? 0
    }
    return sums.values.sorted { $0.rule < $1.rule }
  }

  // MARK: JSON

  private static func json(_ found: Counterfactual, _ rules: [OtherRule]) -> [UInt8] {
    CanonicalJSON.document { json in
      json.field("decisions", found.judged)
      json.array("differences", found.verdicts) { json, verdict in
        json.object { json in
          json.field("action", verdict.action)
          json.field("coin", verdict.coin)
          json.field("cycle", verdict.cycle)
          json.field("index", verdict.index)
          json.field("note", verdict.note)
          side("other", verdict.other, verdict.otherResult, &json)
          side("recorded", verdict.recorded, verdict.recordedResult, &json)
          json.field("rule", verdict.rule)
          if let saved = verdict.saved { json.field("saved_usd", saved) }
          json.field("trader", verdict.trader.name)
        }
      }
      json.array("rules", sums(found)) { json, sum in
        json.object { json in
          json.field("decisions", sum.count)
          json.field("rule", sum.rule)
          json.field("saved_usd", sum.saved)
        }
      }
      json.array("under", rules) { json, rule in json.value(rule.description) }
    }
  }

  private static func side(
    _ name: String, _ side: (verdict: String, size: Double), _ result: Double?,
    _ json: inout CanonicalJSON
  ) {
    json.object(name) { json in
      if let result { json.field("result_usd", result) }
      json.field("size", side.size)
      json.field("verdict", side.verdict)
    }
  }
}
