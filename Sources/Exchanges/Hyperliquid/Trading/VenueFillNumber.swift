import CNettle
import Trading

/// The number we give an execution: the venue's own is not unique within an account.
enum VenueFillNumber {
  /// The first 8 bytes of the SHA-256 of `time|coin|tid|order|side`, without the top bit.
  static func of(
    at: Timestamp, coin: Coin, trade: Int64, order: Int64, side: OrderSide
  ) -> Int64 {
    number(of: "\(at.ms)|\(coin)|\(trade)|\(order)|\(side.rawValue)")
  }

  /// That of a position which an account held when it was first looked at.
  ///
  /// No time in it: looked at again before it is booked, it is the same.
  static func adopted(_ coin: Coin, by account: AccountID) -> Int64 {
    number(of: "adopted|\(account)|\(coin)")
  }

  private static func number(of text: String) -> Int64 {
    let message = Array(text.utf8)
    var context = sha256_ctx()
    nettle_sha256_init(&context)
    nettle_sha256_update(&context, message.count, message)
    var digest = [UInt8](repeating: 0, count: 32)
    nettle_sha256_digest(&context, digest.count, &digest)
    return Int64(digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } & (1 << 63 - 1))
  }
}
