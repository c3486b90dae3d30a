/// Which of Hyperliquid's two networks; never guessed from an address.
package enum HyperliquidNetwork: String, Sendable, CaseIterable {
  /// Real money.
  case mainnet
  /// Play money.
  case testnet

  /// Where its requests go, without a path (protocol fact sheet §1).
  package var baseURL: String {
    switch self {
    case .mainnet: "https://api.hyperliquid.xyz"
    case .testnet: "https://api.hyperliquid-testnet.xyz"
    }
  }

  /// What signatures say about it (`source` of the phantom agent).
  package var source: String {
    switch self {
    case .mainnet: "a"
    case .testnet: "b"
    }
  }
}
