import Testing
import Trading
import VenueStandIn

/// Holds the books of accounts against their fills, funding and money moves.
func audit(_ venue: VenueServer, _ accounts: [VenueAddress], seed: UInt64) throws {
  let fills = venue.fills
  for address in accounts {
    let account = try #require(venue.account(address))
    let own = fills.filter { $0.account == address }
    var raw = account.moves.reduce(USD.zero) { $0 + $1.amount }
    raw = account.fundings.reduce(raw) { $0 + $1.amount }
    var sizes: [Coin: SignedQuantity] = [:]
    for fill in own {
      raw += fill.cash - fill.fee
      #expect(fill.startPosition == sizes[fill.coin] ?? .zero, "seed \(seed)")
      sizes[fill.coin] = (sizes[fill.coin] ?? .zero) + fill.size.signed(fill.side)
    }
    #expect(venue.rawUSD(address) == raw, "seed \(seed)")
    var equity = raw
    for (coin, position) in venue.positions(address) {
      #expect(position.size == sizes[coin], "seed \(seed)")
      equity += try #require(venue.price(coin)) * position.size
    }
    #expect(venue.equity(address) == equity, "seed \(seed)")
    #expect(sizes.values.filter { $0 != .zero }.count == venue.positions(address).count)
  }
}
