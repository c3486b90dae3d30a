package import Trading

/// What an account of a real venue told in an earlier run, in the venue's own words.
package struct VenueStanding: Sendable, Hashable {
  /// When it was asked.
  package let checkedAt: Timestamp
  /// The account mode.
  package let mode: String
  /// Who signs for the account, in the provider's word.
  package let role: String
  /// When the signer's approval ends; `nil` = not known, or never.
  package let approvedUntil: Timestamp?
  /// Fee of orders that take liquidity.
  package let takerFee: Bps
  /// Fee of orders that provide it.
  package let makerFee: Bps

  /// A standing from its parts.
  package init(
    checkedAt: Timestamp, mode: String, role: String, approvedUntil: Timestamp?, takerFee: Bps,
    makerFee: Bps
  ) {
    self.checkedAt = checkedAt
    self.mode = mode
    self.role = role
    self.approvedUntil = approvedUntil
    self.takerFee = takerFee
    self.makerFee = makerFee
  }
}

extension VenueStanding {
  static let columns = Columns(
    "venue_standing",
    "account checked_at_ms mode role approved_until_ms taker_fee_bps maker_fee_bps")
  static let upsert = columns.upsert(key: "account")

  /// The values of the columns after account.
  var values: [any Column] { [checkedAt, mode, role, approvedUntil, takerFee, makerFee] }

  /// The standing of the columns after account.
  init(_ row: inout RowReader) throws {
    self.init(
      checkedAt: try row.next(), mode: try row.next(), role: try row.next(),
      approvedUntil: try row.next(), takerFee: try row.next(), makerFee: try row.next())
  }
}
