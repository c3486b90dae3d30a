package import Trading

/// How one account at Hyperliquid is reached, and what may be done with it.
package struct HyperliquidAccess: Sendable {
  /// The provider, as it calls itself in errors.
  package let id: ProviderID
  /// The account, as nof0 calls it.
  package let account: AccountID
  /// Which network; orders are signed for it.
  package let network: HyperliquidNetwork
  /// The account at the venue; never the address of an agent.
  package let mainAddress: EthereumAddress
  /// The vault or sub-account that is traded instead; `nil` = the main account.
  package let vault: EthereumAddress?
  /// What signs; `nil` = nothing can be sent, as in a dry run.
  package let key: SigningKey?
  /// Whether the key of the account itself, which could also move money out, is allowed.
  package let allowsMasterKey: Bool
  /// Whether nothing is ever sent.
  package let isDry: Bool
  /// How long a run may wait for the outcome of an order it sent.
  package let patience: Span
  /// Time for one send, from finding the host to the last byte read.
  package let httpTimeout: Duration

  /// Settings from their parts.
  package init(
    id: ProviderID, account: AccountID, network: HyperliquidNetwork,
    mainAddress: EthereumAddress, vault: EthereumAddress?, key: SigningKey?,
    allowsMasterKey: Bool, isDry: Bool, patience: Span = .seconds(25),
    httpTimeout: Duration = .seconds(10)
  ) {
    self.id = id
    self.account = account
    self.network = network
    self.mainAddress = mainAddress
    self.vault = vault
    self.key = key
    self.allowsMasterKey = allowsMasterKey
    self.isDry = isDry
    self.patience = patience
    self.httpTimeout = httpTimeout
  }

  /// The address whose books are read: the vault, or the main account.
  package var queryAddress: EthereumAddress { vault ?? mainAddress }
}
