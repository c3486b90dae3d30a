import Trading

/// What a made-up coin is like.
struct SyntheticTraits {
  /// The price that the coin moves around, USD.
  let basePrice: Double
  /// How much of the market's path it takes up.
  let beta: Double
  /// Deviation of a minute's own change.
  let ownVolatility: Double
  /// What is traded in a usual day, USD.
  let dayVolumeUSD: Double
  /// What is open in usual times, USD.
  let openInterestUSD: Double

  init(_ coin: Coin) {
    let dice = SeededNoise(seed: 0, name: coin.name)
    switch coin.name {
    case "BTC": self.init(100_000, 1.0, 0.000_2, 3e9, 2.5e9)
    case "ETH": self.init(3500, 1.2, 0.000_36, 1.6e9, 1.5e9)
    case "SOL": self.init(180, 1.3, 0.000_52, 6e8, 7e8)
    case "BNB": self.init(700, 0.8, 0.000_36, 1e8, 1e8)
    case "XRP": self.init(2.5, 1.1, 0.000_6, 2.5e8, 2e8)
    case "DOGE": self.init(0.2, 1.4, 0.000_62, 1.5e8, 1.2e8)
    // From 0.1 to 100 dollars, as often below as above 3.
    default: self.init(0.1 * portableExp(dice.unit(0) * 6.907_755), 1.2, 0.000_65, 2e7, 2e7)
    }
  }

  private init(
    _ basePrice: Double, _ beta: Double, _ ownVolatility: Double, _ dayVolumeUSD: Double,
    _ openInterestUSD: Double
  ) {
    self.basePrice = basePrice
    self.beta = beta
    self.ownVolatility = ownVolatility
    self.dayVolumeUSD = dayVolumeUSD
    self.openInterestUSD = openInterestUSD
  }

  /// The deviation of a minute's change in usual times.
  var typicalVolatility: Double {
    let shared = beta * 0.000_42
    return (shared * shared + ownVolatility * ownVolatility).squareRoot()
  }
}
