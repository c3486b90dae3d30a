import Trading

extension Export {
  /// The latest prices.
  ///
  /// The contract wants at least one; a view without prices gives none.
  package static let cryptoPrices = Export(
    name: "crypto-prices.json", summary: "The latest price of every traded coin."
  ) { view in
    CanonicalJSON.document { json in
      json.object("prices") { json in
        for (coin, seen) in view.prices.sorted(by: { $0.key < $1.key }) {
          json.object(coin.name) { json in
            json.field("price", seen.price)
            json.field("symbol", coin.name)
            json.field("timestamp", seen.at.ms)
          }
        }
      }
      json.field("serverTime", view.at.ms)
    }
  }
}
