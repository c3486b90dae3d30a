import Trading

extension Export {
  /// The newest runs with their phases, newest first.
  ///
  /// Beside `metrics.prom` the only file that tells what the wall clock said: when runs began and
  /// ended. The run that publishes is among them, not ended yet.
  package static let runs = Export(
    name: "runs.json", summary: "The newest 50 runs: when, how long, and how they ended."
  ) { view in
    let shown = view.record.runs.sorted { $0.run > $1.run }.prefix(runsShown)
    return CanonicalJSON.document(capacity: 1024 + 900 * shown.count) { json in
      json.array("runs", shown) { json, run in json.object { $0.fields(of: run) } }
      json.field("serverTime", view.at.ms)
    }
  }

  /// Runs that the file shows at most.
  package static let runsShown = 50
}

extension CanonicalJSON {
  fileprivate mutating func fields(of run: RunRecord) {
    field("at", seconds: run.at)
    if let cycle = run.cycle { field("cycle", cycle) } else { null("cycle") }
    // What went wrong in full may name local files: only `nof0 status` tells that.
    if run.error != nil {
      let phase = run.phases.last.map { "\($0.phase): " } ?? ""
      field("error", phase + (run.failure ?? "the run failed"))
    } else {
      null("error")
    }
    field("finished_at", secondsOrNull: run.finishedAt)
    array("phases", run.phases) { json, phase in
      json.object { json in
        json.field("ms", finiteOrNull: rounded(phase.tookMs, decimals: 2))
        json.field("phase", phase.phase)
      }
    }
    field("run", run.run)
    field("started_at", seconds: run.startedAt)
    field("status", run.status.rawValue)
  }
}

/// A number rounded to so many decimals, for people.
func rounded(_ number: Double, decimals: Int) -> Double {
  let steps = Double(ExactMath.powerOfTen(decimals))
  let scaled = (number * steps).rounded(.toNearestOrEven)
  return scaled.isFinite ? scaled / steps : number
}
