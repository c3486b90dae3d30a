package import Exchanges
package import Trading

/// An account on Hyperliquid; all traders of the provider share it.
///
/// The account is named like the provider.
package struct HyperliquidSection: Sendable, Equatable {
  /// Where the key that signs is; `nil` = none is named, which ``isLive`` rules out.
  package let key: SecretReference?
  /// The master account: `0x` and 40 hex digits in lower case.
  package let mainAddress: String
  /// The vault or sub-account that is traded for, in the same form; `nil` = the master account.
  package let vaultAddress: String?
  /// Which of the two networks.
  package let network: HyperliquidNetwork
  /// Where requests go, without a slash at the end: the network's own server unless overridden.
  package let baseURL: String
  /// Whether requests go to this very machine: a stand-in or a proxy.
  package let isStandIn: Bool
  /// Whether real orders are wanted here; `--live` is needed too, see ``LiveRule``.
  package let isLive: Bool
  /// Whether the key may be the master account's own, which can withdraw its money.
  package let allowsMasterKey: Bool
  /// How long one request may take, from 100 ms to 60 s.
  package let timeout: Span
  /// How long a run waits for the outcome of an order, at least zero.
  package let answerPatience: Span

  /// The account that is queried and traded for.
  package var account: String { vaultAddress ?? mainAddress }
}

extension HyperliquidSection {
  /// Reads a checked group of keys; `nil` when something in it was refused.
  init?(_ section: Section, key: SecretReference?) {
    guard let main = section.text("main_address"), let isLive = section.flag("live"),
      let allowsMasterKey = section.flag("allow_master_key"),
      let timeout = section.span("timeout"), let patience = section.span("answer_patience")
    else { return nil }
    let place = HyperliquidPlace(section)
    self.init(
      key: key, mainAddress: main.lowercased(),
      vaultAddress: section.text("vault_address")?.lowercased(), network: place.network,
      baseURL: place.baseURL, isStandIn: place.isStandIn, isLive: isLive,
      allowsMasterKey: allowsMasterKey, timeout: timeout, answerPatience: patience)
  }
}

/// Which network a group of keys means, and where its requests go.
struct HyperliquidPlace {
  let network: HyperliquidNetwork
  let baseURL: String
  let isStandIn: Bool

  /// Reads `network`, nof0's `testnet` and `base_url`.
  ///
  /// Where they are wrong, which has an issue of its own, the defaults stand in.
  init(_ section: Section) {
    let named = section.word("network").flatMap(HyperliquidNetwork.init(rawValue:))
    network = named ?? (section.flag("testnet") == true ? .testnet : .mainnet)
    let address = section.address("base_url")
    baseURL = address?.text ?? network.baseURL
    isStandIn = address?.isLoopback ?? false
  }
}
