import Trading

extension Export {
  /// The open positions of every trader and of the benchmark, sorted by id; the same values as in
  /// their newest account-totals rows.
  package static let positions = Export(
    name: "positions.json", summary: "The open positions of every trader."
  ) { view in
    let holders = view.holders
    return CanonicalJSON.document { json in
      json.array("accountTotals", holders) { json, holder in
        json.object { json in
          json.field("model_id", holder.id.name)
          json.positions(of: holder, in: view)
        }
      }
      json.field("serverTime", view.at.ms)
    }
  }
}
