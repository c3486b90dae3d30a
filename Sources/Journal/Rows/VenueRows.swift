import Trading

extension VenueStanding.SignerRole: Column {}

extension VenueStanding {
  static let columns = Columns(
    "venue_standing",
    "account checked_at_ms mode role signer approved_until_ms taker_fee_bps maker_fee_bps")
  static let upsert = columns.upsert(key: "account")

  /// The values of the columns after account.
  var values: [any Column] { [checkedAt, mode, role, signer, approvedUntil, takerFee, makerFee] }

  /// The standing of the columns after account.
  init(_ row: inout RowReader) throws {
    self.init(
      checkedAt: try row.next(), mode: try row.next(), role: try row.next(),
      signer: try row.next(), approvedUntil: try row.next(), takerFee: try row.next(),
      makerFee: try row.next())
  }
}
