import Trading

extension Export {
  /// When and with what every trader and the benchmark began, sorted by id.
  ///
  /// `nav_since_inception` is the starting NAV, as in nof1's files; `id` is the model's id.
  package static let sinceInceptionValues = Export(
    name: "since-inception-values.json", summary: "When each trader began, and its first NAV."
  ) { view in
    CanonicalJSON.document { json in
      json.field("serverTime", view.at.ms)
      json.array("sinceInceptionValues", view.holders) { json, holder in
        json.object { json in
          json.field("id", holder.id.name)
          switch holder {
          case .trader(let trader):
            json.field("inception_date", seconds: trader.record.runtime.inceptionAt)
          case .benchmark(let held):
            json.field("inception_date", seconds: held.benchmark.boughtAt)
          }
          json.field("model_id", holder.id.name)
          json.field("nav_since_inception", view.navBase ?? EquityRow.navStart)
          switch holder {
          case .trader(let trader):
            json.field("num_invocations", trader.record.runtime.invocations)
          case .benchmark: json.field("num_invocations", 0)
          }
        }
      }
    }
  }
}
