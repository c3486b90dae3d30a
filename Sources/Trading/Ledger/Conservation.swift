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

/// The identities that must hold exactly between our books of an account and a venue's.
package enum Conservation {
  /// Compares our books of one account with the venue's.
  ///
  /// Checked: Σ lots of every coin + what is held outside = the venue's signed size; Σ (flows +
  /// realised + funding − fees + unrealised) + unallocated + worth of what is held outside = the
  /// venue's equity, both at the same marks.
  ///
  /// - Parameters:
  ///   - ledgers: Every trader on the account.
  ///   - books: What the account holds that is no trader's; `nil` = nothing.
  ///   - snapshot: The venue's books.
  ///   - marks: The marks the venue valued its books with, where it does not tell them; must cover
  ///     every other open coin.
  /// - Returns: Empty when everything agrees to the last digit.
  package static func check(
    _ ledgers: [Ledger], books: AccountBooks? = nil, against snapshot: AccountSnapshot,
    marks: [Coin: Price]
  ) -> [Discrepancy] {
    let told = snapshot.positions.compactMap { position in
      position.mark.map { (position.coin, $0) }
    }
    let marks = marks.merging(told) { $1 }
    let place = snapshot.account.name
    var sizes = books?.outside ?? [:]
    for position in ledgers.flatMap(\.positions) {
      sizes[position.coin] = (sizes[position.coin] ?? .zero) + position.signedSize
    }
    let coins = Set(sizes.keys).union(snapshot.positions.map(\.coin)).sorted()
    var found = coins.compactMap { coin -> Discrepancy? in
      let ours = sizes[coin] ?? .zero
      let theirs = snapshot.position(in: coin)?.size ?? .zero
      guard ours != theirs else { return nil }
      return Discrepancy(
        place: place, quantity: "size of \(coin)", expected: ours.description,
        actual: theirs.description)
    }
    guard let total = equity(of: ledgers, books, marks: marks) else {
      let missing = coins.filter { marks[$0] == nil }.map(\.name).joined(separator: ", ")
      found.append(
        Discrepancy(
          place: place, quantity: "equity", expected: "a mark for \(missing)", actual: "none"))
      return found
    }
    if total != snapshot.equity {
      found.append(
        Discrepancy(
          place: place, quantity: "equity", expected: total.description,
          actual: snapshot.equity.description))
    }
    return found
  }

  /// What our books say the account is worth, USD; `nil` when a mark is missing.
  private static func equity(
    of ledgers: [Ledger], _ books: AccountBooks?, marks: [Coin: Price]
  ) -> USD? {
    var total = USD.zero
    for ledger in ledgers {
      guard let equity = ledger.equity(marks: marks) else { return nil }
      total += equity
    }
    guard let books else { return total }
    return books.outsideEquity(marks: marks).map { total + books.unallocated + $0 }
  }
}
