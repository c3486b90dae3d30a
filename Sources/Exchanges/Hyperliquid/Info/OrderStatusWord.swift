package import Trading

/// What the venue says of one order or cancel of an action.
package enum OrderStatusWord: Sendable, Hashable {
  /// It filled at once, possibly in part; nothing of it rests.
  case filled(size: Quantity, averagePrice: Price, number: Int64)
  /// It rests.
  case resting(number: Int64)
  /// It waits for its parent to fill or its trigger to be reached; its number is not told.
  case waiting
  /// It is cancelled.
  case success
  /// It was refused, for this reason.
  case error(String)
}

extension OrderStatusWord {
  init(_ value: JSONValue) throws(PayloadProblem) {
    let payload = Payload(value)
    if let word = value.text {
      switch word {
      case "success": self = .success
      case "waitingForFill", "waitingForTrigger": self = .waiting
      default: throw payload.expected("", "a status", value)
      }
    } else if payload.has("error") {
      self = .error(Excerpt.of(try payload.text("error"), atMost: 300))
    } else if payload.has("resting") {
      self = .resting(
        number: try payload.inside("resting") { inner throws(PayloadProblem) in
          try inner.whole("oid")
        })
    } else {
      self = try payload.inside("filled") { inner throws(PayloadProblem) in
        .filled(
          size: try inner.size("totalSz"), averagePrice: try inner.price("avgPx"),
          number: try inner.whole("oid"))
      }
    }
  }
}
