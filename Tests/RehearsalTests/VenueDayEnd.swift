import Foundation
import Testing
import Trading
import VenueStandIn

/// What must be true of an account at the end of a day.
struct VenueDayEnd {
  let stage: VenueDayStage
  let desk: VenueDayStage.Desk
  let note: String

  private var books: Books { stage.books }
  private var venue: VenueServer { stage.venue }
  /// The traders of the account in SQL.
  private var mine: String { "(SELECT trader FROM traders WHERE account = '\(desk.name)')" }

  /// Lots and what is held outside = positions; money of traders and of nobody = raw USD.
  func expectSameBooks() throws {
    var held: [String: Decimal] = [:]
    var raw = try sum("SELECT unallocated FROM account_books WHERE account = '\(desk.name)'")
    raw += try sum("SELECT outside_cash FROM account_books WHERE account = '\(desk.name)'")
    for column in ["flows", "realised", "funding"] {
      raw += try sum("SELECT \(column) FROM ledgers WHERE trader IN \(mine)")
    }
    raw -= try sum("SELECT fees FROM ledgers WHERE trader IN \(mine)")
    let lots = try books.texts(
      "SELECT coin || ' ' || side || ' ' || lots.size || ' ' || lots.price FROM positions "
        + "JOIN lots USING (position) WHERE status = 'open' AND trader IN \(mine)")
    for lot in lots.map({ $0.split(separator: " ").map(String.init) }) {
      let size = try decimal(lot[2]) * (lot[1] == "long" ? 1 : -1)
      held[lot[0], default: 0] += size
      raw -= size * (try decimal(lot[3]))
    }
    let outside = try books.texts(
      "SELECT coin || ' ' || size FROM outside_positions WHERE account = '\(desk.name)'")
    for row in outside.map({ $0.split(separator: " ").map(String.init) }) {
      held[row[0], default: 0] += try decimal(row[1])
    }
    let positions = try venue.positions(desk.account).map {
      ($0.coin.name, try decimal($0.position.size.description))
    }
    #expect(
      held.filter { $0.value != 0 } == Dictionary(uniqueKeysWithValues: positions), "\(note)")
    #expect(raw == (try decimal(venue.rawUSD(desk.account).description)), "\(note): raw USD")
  }

  /// Fills, fees, funding and transfers since the opening, as the venue has them.
  func expectSameSums() throws {
    let fills = venue.fills.filter { $0.account == desk.account }
    let taken = try books.texts(
      "SELECT fill_id FROM fills WHERE account = '\(desk.name)' AND fill_id > 0")
    #expect(Set(taken).count == fills.count, "\(note): fills")
    for (column, theirs) in [
      ("fee", fills.map(\.fee.description)), ("size", fills.map(\.size.description)),
    ] {
      let ours = try sum("SELECT \(column) FROM fills WHERE account = '\(desk.name)'")
      #expect(ours == (try theirs.reduce(0) { try $0 + decimal($1) }), "\(note): \(column)")
    }
    let account = try #require(venue.account(desk.account))
    let funding = try sum(
      "SELECT amount FROM funding_payments WHERE account = '\(desk.name)'")
    let paid = try account.fundings.reduce(Decimal(0)) {
      try $0 + decimal($1.amount.description)
    }
    #expect(funding == paid, "\(note): funding")
    let transfers = try sum(
      "SELECT amount FROM account_transfers WHERE account = '\(desk.name)' AND status = 'done'")
    let moved = try account.moves.reduce(Decimal(0)) { try $0 + decimal($1.amount.description) }
    #expect(transfers == moved, "\(note): transfers")
  }

  /// Each position of a trader has one stop of its size, and nothing else of ours rests but one
  /// target for some of them.
  func expectProtection() throws {
    let names = try books.texts(
      "SELECT client_order_id || ' ' || trader || ' ' || coin FROM orders "
        + "WHERE account = '\(desk.name)'")
    let owners = Dictionary(
      uniqueKeysWithValues: names.map { line in
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        return (words[0], words[1])
      })
    var sizes: [String: Decimal] = [:]
    let lots = try books.texts(
      "SELECT trader || ' ' || coin || ' ' || lots.size FROM positions JOIN lots USING (position)"
        + " WHERE status = 'open' AND trader IN \(mine)")
    for line in lots.map({ $0.split(separator: " ").map(String.init) }) {
      sizes["\(line[0]) \(line[1])", default: 0] += try decimal(line[2])
    }
    var stops: [String: [Decimal]] = [:]
    var targets: [String: Int] = [:]
    for order in venue.openOrders(desk.account) {
      guard let cloid = order.cloid else { continue }
      let owner = try #require(owners[cloid], "\(note): \(order) is not on record")
      #expect(sizes[owner] != nil && order.isReduceOnly, "\(note): orphan \(owner): \(order)")
      if case .trigger(_, _, isStop: true) = order.kind {
        stops[owner, default: []].append(try decimal(order.remaining.description))
      } else {
        targets[owner, default: 0] += 1
      }
    }
    #expect(stops == sizes.mapValues { [$0] }, "\(note): stops and positions")
    #expect(targets.values.allSatisfy { $0 == 1 }, "\(note): \(targets)")
  }

  /// Each order of ours was taken at most once, is on record, and ended as the record says.
  func expectOrdersOnce() throws {
    let ours = venue.orders.filter { $0.cloid != nil && $0.account == desk.account }
    let named = Dictionary(grouping: ours) { $0.cloid ?? "" }
    for (cloid, orders) in named.sorted(by: { $0.key < $1.key }) where orders.count > 1 {
      Issue.record("\(note): \(cloid) was taken \(orders.count) times: \(orders)")
    }
    let recorded = try books.texts(
      "SELECT client_order_id || ' ' || coalesce(outcome, 'none') || ' ' "
        + "|| coalesce(outcome_size, '0') || ' ' || purpose FROM orders "
        + "WHERE account = '\(desk.name)'")
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

  /// No residue was taken over, and no alert says that something is not known or not right.
  func expectNothingUnexplained() throws {
    let residue = try books.texts(
      "SELECT fill_id || ' ' || coin || ' ' || size FROM fills WHERE cause = 'residue' "
        + "AND account = '\(desk.name)'")
    #expect(residue == [], "\(note): residue")
    let money = try books.texts(
      "SELECT id || ' ' || amount FROM account_transfers WHERE id LIKE 'residue%' "
        + "AND account = '\(desk.name)'")
    #expect(money == [], "\(note): residue")
    let troubles = try books.texts(
      "SELECT key || ': ' || message FROM alerts WHERE resolved_at_ms IS NULL ORDER BY key"
    ).filter { line in
      ["conservation.", "residue.", "unknown_outcome.", "no_stop.", "unreachable."].contains {
        line.hasPrefix($0)
      }
    }
    #expect(troubles == [], "\(note)")
  }

  private func sum(_ sql: String) throws -> Decimal {
    try books.texts(sql).reduce(0) { try $0 + decimal($1) }
  }

  private func decimal(_ text: String) throws -> Decimal {
    try #require(Decimal(string: text), "expected a decimal, was \(text)")
  }
}
