/// A place where two books that must agree do not.
package struct Discrepancy: Sendable, Hashable, CustomStringConvertible {
  /// The account or trader concerned.
  package let place: String
  /// What was compared, for example `size of BTC` or `equity`.
  package let quantity: String
  /// What the ledger says.
  package let expected: String
  /// What the venue says.
  package let actual: String

  /// A discrepancy from its parts.
  package init(place: String, quantity: String, expected: String, actual: String) {
    self.place = place
    self.quantity = quantity
    self.expected = expected
    self.actual = actual
  }

  /// The discrepancy in words.
  package var description: String {
    "\(place): expected \(quantity) \(expected) from the ledger, the venue has \(actual)"
  }
}

/// The identities that must hold exactly between the traders' ledgers and a venue's books.
package enum Conservation {
  /// Compares the ledgers of all traders of one account with the venue's books of it.
  ///
  /// Checked: Σ lots of every coin = the venue's signed size; Σ (flows + realised + funding − fees
  /// + unrealised) = the venue's equity, both at the same marks.
  ///
  /// - Parameters:
  ///   - ledgers: Every trader on the account.
  ///   - snapshot: The venue's books.
  ///   - marks: The marks the venue valued its books with; must cover every open coin.
  /// - Returns: Empty when everything agrees to the last digit.
  package static func check(
    _ ledgers: [Ledger], against snapshot: AccountSnapshot, marks: [Coin: Price]
  ) -> [Discrepancy] {
    var found: [Discrepancy] = []
    var sizes: [Coin: SignedQuantity] = [:]
    for position in ledgers.flatMap(\.positions) {
      sizes[position.coin] = (sizes[position.coin] ?? .zero) + position.signedSize
    }
    let coins = Set(sizes.keys).union(snapshot.positions.map(\.coin)).sorted()
    for coin in coins {
      let ours = sizes[coin] ?? .zero
      let theirs = snapshot.position(in: coin)?.size ?? .zero
      if ours != theirs {
        found.append(
          Discrepancy(
            place: snapshot.account.name, quantity: "size of \(coin)",
            expected: ours.description, actual: theirs.description))
      }
    }
    let equities = ledgers.map { $0.equity(marks: marks) }
    guard !equities.contains(nil) else {
      let missing = coins.filter { marks[$0] == nil }.map(\.name).joined(separator: ", ")
      found.append(
        Discrepancy(
          place: snapshot.account.name, quantity: "equity", expected: "a mark for \(missing)",
          actual: "none"))
      return found
    }
    let total = equities.compactMap { $0 }.reduce(.zero, +)
    if total != snapshot.equity {
      found.append(
        Discrepancy(
          place: snapshot.account.name, quantity: "equity", expected: total.description,
          actual: snapshot.equity.description))
    }
    return found
  }
}
