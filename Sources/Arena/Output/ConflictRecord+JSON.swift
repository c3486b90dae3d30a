import Trading

extension ConflictRecord {
  /// Writes its fields into the present object.
  func write(into json: inout CanonicalJSON) {
    json.field("account", account.name)
    json.field("reason", reason)
    json.field("resolution", resolution)
    json.field("severity", severity.rawValue)
    if let strategy {
      json.field("strategy", strategy.rawValue)
    } else {
      json.null("strategy")
    }
    if let coin {
      json.field("symbol", coin.name)
    } else {
      json.null("symbol")
    }
    json.array("traders", traders) { json, trader in json.value(trader.name) }
    json.field("type", kind.rawValue)
  }
}
