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

  /// The alerts that are open, as `key: message`.
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

  /// How many orders for a purpose were filled, by our books.
  func executed(_ purpose: String) throws -> Int {
    try books.number(
      "SELECT count(*) FROM orders WHERE purpose = '\(purpose)' AND outcome = 'filled'")
  }

  /// Expects that our books are the venue's and that nothing is naked, orphaned or done twice.
  ///
  /// Meant after a run that nothing disturbed.
  func expectWhole(_ note: String) throws {
    let flaws = try flaws()
    #expect(flaws == [], "\(note)")
  }

  /// Where our books are not the venue's, and what is naked, orphaned or done twice.
  func flaws() throws -> [String] {
    var flaws: [String] = []
    let check = try stage.run("state", "check")
    if check.code != 0 || !check.out.contains("whole") {
      flaws.append("state check: \(check.out)\(check.error)")
    }
    let (ours, theirs) = (try held, heldAtVenue)
    if ours != theirs { flaws.append("expected lots of \(theirs), was \(ours)") }
    flaws += try warnings.filter { warning in
      ["conservation.", "residue.", "unknown_outcome."].contains { warning.hasPrefix($0) }
    }
    return try flaws + protectionFlaws() + orderFlaws() + fillFlaws()
  }

  /// Positions without one stop of their size, and triggers for nothing.
  private func protectionFlaws() throws -> [String] {
    var flaws: [String] = []
    let open = venue.openOrders(Self.account)
    let alerts = try alerts
    let ours = try books.texts(
      "SELECT trader || ' ' || coin FROM positions WHERE status = 'open' ORDER BY position")
    for line in ours {
      let words = line.split(separator: " ").map(String.init)
      let stops = open.filter { $0.coin.name == words[1] && $0.isStop }
      let size = heldAtVenue[words[1]].map { $0.magnitude }
      let isCovered =
        stops.count == 1 && stops[0].isReduceOnly && stops[0].remaining.mantissa.magnitude == size
      if !isCovered, !alerts.contains("no_stop.\(words[0]).\(words[1])") {
        flaws.append("expected one stop for \(line) of \(size ?? 0), was \(stops)")
      }
    }
    let coins = Set(ours.compactMap { $0.split(separator: " ").last.map(String.init) })
    let orphans = open.filter { $0.cloid != nil && !coins.contains($0.coin.name) }
    if !orphans.isEmpty { flaws.append("expected no orphans, was \(orphans)") }
    let targets = open.filter { $0.cloid != nil && !$0.isStop }
    if targets.count > Set(targets.map(\.coin)).count {
      flaws.append("expected one target for each coin, was \(targets)")
    }
    return flaws
  }

  /// Orders of ours at the venue that are not on record once and with the same outcome.
  private func orderFlaws() throws -> [String] {
    var flaws: [String] = []
    let recorded = try books.texts(
      "SELECT client_order_id || ' ' || coalesce(outcome, 'none') || ' ' "
        + "|| coalesce(outcome_size, '0') || ' ' || purpose FROM orders")
    let ours = venue.orders.filter { $0.cloid != nil && $0.account == Self.account }
    let named = Dictionary(grouping: ours) { $0.cloid ?? "" }
    for (cloid, orders) in named.sorted(by: { $0.key < $1.key })
    where orders.count(where: { $0.filled > .zero || $0.isOpen || $0.isTriggerOrder }) > 1 {
      flaws.append("expected \(cloid) once at the venue, was \(orders)")
    }
    let known = Set(recorded.compactMap { $0.split(separator: " ").first.map(String.init) })
    for cloid in Set(named.keys).subtracting(known).sorted() {
      flaws.append("expected \(cloid) on record: \(named[cloid] ?? [])")
    }
    for line in recorded {
      let words = line.split(separator: " ").map(String.init)
      let orders = named[words[0]] ?? []
      let order = orders.first { $0.filled > .zero || $0.isOpen } ?? orders.first
      let fits =
        switch words[1] {
        case "filled": order?.filled.description == words[2] && order?.isOpen == false
        case "resting": order != nil
        case "rejected": order.map { $0.filled == .zero && !$0.isOpen } ?? true
        default: false
        }
      if !fits {
        let seen = order.map { "\($0.status) \($0.filled)" } ?? "nothing"
        flaws.append("on record \(line), at the venue \(seen)")
      }
    }
    return flaws
  }

  /// Fills of the account that are not on record, in full, once.
  private func fillFlaws() throws -> [String] {
    let recorded = try books.number(
      "SELECT count(DISTINCT fill_id) FROM fills WHERE fill_id > 0")
    let happened = venue.fills.count { $0.account == Self.account }
    return recorded == happened ? [] : ["expected \(happened) fills on record, was \(recorded)"]
  }
}

extension VenueOrder {
  /// Whether it is, or was, a stop or a target.
  var isTriggerOrder: Bool {
    if case .trigger = kind { true } else { false }
  }

  /// Whether it is, or was, a stop.
  var isStop: Bool {
    if case .trigger(_, _, isStop: true) = kind { true } else { false }
  }
}
