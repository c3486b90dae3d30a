package import Trading

/// What an account holds of one token on the spot side.
package struct SpotBalance: Sendable, Hashable {
  /// The venue's name of the token: `USDC`.
  package let token: String
  /// All of it.
  package let total: SignedQuantity
  /// What of it is tied up.
  package let hold: SignedQuantity
}

extension SpotBalance {
  /// Balances in the venue's order; tokens other than USDC that cannot be read are left out.
  static func rows(_ payload: Payload) throws(PayloadProblem) -> [SpotBalance] {
    try payload.inside("balances") { rows throws(PayloadProblem) in
      try rows.each { row throws(PayloadProblem) in
        let token = try row.text("coin")
        do throws(PayloadProblem) {
          return SpotBalance(
            token: token, total: try row.signedSize("total"), hold: try row.signedSize("hold"))
        } catch {
          // Some tokens have more units than an exact decimal holds; they do not matter to us.
          guard token != "USDC" else { throw error }
          return nil
        }
      }
    }.compactMap { $0 }
  }
}
