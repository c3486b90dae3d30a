package import Trading

/// An order and what became of it.
package struct VenueOrderStatus: Sendable, Hashable {
  /// The order.
  package let order: VenueOrder
  /// The venue's word, such as `open`, `filled`, `canceled` or `iocCancelRejected`.
  package let status: String
  /// When that happened.
  package let at: Timestamp

  /// Whether it can still fill; words we do not know count as no.
  package var isOpen: Bool { status == "open" || status == "triggered" }

  /// Whether all of it filled.
  package var isFilled: Bool { status == "filled" }

  /// Whether the venue refused it.
  package var isRejected: Bool { status.lowercased().hasSuffix("rejected") }

  /// Whether it was taken back, by whomever; a part of it may have filled before.
  package var isCancelled: Bool {
    let word = status.lowercased()
    return ["canceled", "cancelled", "cancel"].contains { word.hasSuffix($0) }
  }
}

extension VenueOrderStatus {
  /// A row of `historicalOrders`, or the `order` of `orderStatus`; `nil` when it is in something we
  /// cannot trade.
  static func read(_ row: Payload) throws(PayloadProblem) -> VenueOrderStatus? {
    let order = try row.inside("order") { inner throws(PayloadProblem) in
      try VenueOrder.read(inner)
    }
    guard let order else { return nil }
    return VenueOrderStatus(
      order: order, status: try row.text("status"), at: try row.time("statusTimestamp"))
  }

  /// The answer to `orderStatus`; `nil` = the venue does not know the order.
  static func answer(_ payload: Payload) throws(PayloadProblem) -> VenueOrderStatus? {
    switch try payload.text("status") {
    case "unknownOid": return nil
    case "order":
      let status = try payload.inside("order") { inner throws(PayloadProblem) in
        try read(inner)
      }
      guard let status else {
        // Were it taken for absent, it could be sent a second time.
        throw PayloadProblem("order.order.coin", "expected a coin that can be traded")
      }
      return status
    default:
      throw payload.expected("status", "\"order\" or \"unknownOid\"", payload.value["status"])
    }
  }

  /// Rows of `historicalOrders`: of each order the newest, sorted by number.
  static func rows(_ payload: Payload) throws(PayloadProblem) -> [VenueOrderStatus] {
    var newest: [Int64: VenueOrderStatus] = [:]
    let rows = try payload.each { row throws(PayloadProblem) in try read(row) }
    for row in rows.compactMap({ $0 }) {
      if let known = newest[row.order.number], !row.isNewer(than: known) { continue }
      newest[row.order.number] = row
    }
    return newest.values.sorted { $0.order.number < $1.order.number }
  }

  /// Within one millisecond an end is newer than an order that is open.
  private func isNewer(than other: VenueOrderStatus) -> Bool {
    at == other.at ? other.isOpen && !isOpen : at > other.at
  }
}
