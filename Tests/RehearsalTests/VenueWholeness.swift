import Foundation
import Testing
import Trading
import VenueStandIn

extension VenueStage {
  /// The keys of the alerts that are open.
  var alerts: [String] {
    get throws {
      try books.texts("SELECT key FROM alerts WHERE resolved_at_ms IS NULL ORDER BY key")
    }
  }

  /// The messages of the alerts that are open.
  var warnings: [String] {
    get throws {
      try books.texts(
        "SELECT key || ': ' || message FROM alerts WHERE resolved_at_ms IS NULL ORDER BY key")
    }
  }

  /// What the lots and what is held outside of nof0 add up to, by coin; never zero.
  var held: [String: Int64] {
    get throws {
      let parts = try books.texts(
        """
        SELECT coin || ' ' || CASE side WHEN 'long' THEN '' ELSE '-' END || size
        FROM positions JOIN lots USING (position) WHERE status = 'open'
        UNION ALL SELECT coin || ' ' || size FROM outside_positions
        """)
      var sums: [String: Int64] = [:]
      for part in parts {
        let words = part.split(separator: " ")
        let size = try #require(SignedQuantity(words[1]), "\(part)")
        sums[String(words[0]), default: 0] += size.mantissa
      }
      return sums.filter { $0.value != 0 }
    }
  }

  /// What the venue holds, by coin; never zero.
  var heldAtVenue: [String: Int64] {
    Dictionary(
      venue.positions(Self.account).map { ($0.coin.name, $0.position.size.mantissa) }
    ) { first, _ in first }
  }

  /// Expects that our books are the venue's and that nothing is naked, orphaned or done twice.
  ///
  /// Meant after a run that nothing disturbed.
  func expectWhole(_ note: String) throws {
    let check = try stage.run("state", "check")
    #expect(check.code == 0 && check.out.contains("whole"), "\(note): \(check.out)\(check.error)")
    #expect(try held == heldAtVenue, "\(note): lots and positions")
    let troubles = try warnings.filter {
      $0.hasPrefix("conservation.") || $0.hasPrefix("residue.")
        || $0.hasPrefix("unknown_outcome.")
    }
    #expect(troubles == [], "\(note)")
    try expectProtection(note)
    try expectOrders(note)
    try expectFills(note)
  }

  /// Expects one stop of its size for each position, and no trigger for anything else.
  private func expectProtection(_ note: String) throws {
    let open = venue.openOrders(Self.account)
    let alerts = try alerts
    let ours = try books.texts(
      "SELECT trader || ' ' || coin FROM positions WHERE status = 'open' ORDER BY position")
    for line in ours {
      let words = line.split(separator: " ").map(String.init)
      let stops = open.filter { order in
        guard case .trigger(_, _, isStop: true) = order.kind else { return false }
        return order.coin.name == words[1]
      }
      let size = heldAtVenue[words[1]].map { $0.magnitude }
      let isCovered =
        stops.count == 1 && stops[0].isReduceOnly && stops[0].remaining.mantissa.magnitude == size
      let isTold = alerts.contains("no_stop.\(words[0]).\(words[1])")
      #expect(isCovered || isTold, "\(note): \(line) of \(size ?? 0) has the stops \(stops)")
    }
    let coins = Set(ours.compactMap { $0.split(separator: " ").last.map(String.init) })
    let orphans = open.filter { $0.cloid != nil && !coins.contains($0.coin.name) }
    #expect(orphans == [], "\(note): orphans")
    let targets = open.filter { order in
      if case .trigger(_, _, isStop: false) = order.kind { order.cloid != nil } else { false }
    }
    #expect(targets.count == Set(targets.map(\.coin)).count, "\(note): targets \(targets)")
  }

  /// Expects every order of ours at the venue on record, once, with the same outcome.
  private func expectOrders(_ note: String) throws {
    let recorded = try books.texts(
      "SELECT client_order_id || ' ' || coalesce(outcome, 'none') || ' ' "
        + "|| coalesce(outcome_size, '0') || ' ' || purpose FROM orders")
    let ours = venue.orders.filter { $0.cloid != nil && $0.account == Self.account }
    let named = Dictionary(grouping: ours) { $0.cloid ?? "" }
    for (cloid, orders) in named.sorted(by: { $0.key < $1.key }) where orders.count > 1 {
      Issue.record("\(note): \(cloid) was taken \(orders.count) times: \(orders)")
    }
    let known = Set(recorded.compactMap { $0.split(separator: " ").first.map(String.init) })
    #expect(Set(named.keys).subtracting(known) == [], "\(note): orders that are not on record")
    for line in recorded {
      let words = line.split(separator: " ").map(String.init)
      let order = named[words[0]]?.first
      let fits =
        switch words[1] {
        case "filled": order?.filled.description == words[2] && order?.isOpen == false
        case "resting": order != nil
        case "rejected": order.map { $0.filled == .zero && !$0.isOpen } ?? true
        default: false
        }
      let seen = order.map { "\($0.status) \($0.filled)" } ?? "nothing"
      #expect(fits, "\(note): on record \(line), at the venue \(seen)")
    }
  }

  /// Expects every fill of the account on record, once, in full.
  private func expectFills(_ note: String) throws {
    let recorded = try books.texts(
      "SELECT fill_id || ' ' || size FROM fills WHERE fill_id > 0")
    #expect(recorded.count == venue.fills.filter { $0.account == Self.account }.count, "\(note)")
  }

  /// Expects that each order was filled at most once and none of these purposes more often than
  /// told.
  func executed(_ purpose: String) throws -> Int {
    try books.number(
      "SELECT count(*) FROM orders WHERE purpose = '\(purpose)' AND outcome = 'filled'")
  }
}
