package import Trading

/// Signs actions of one account on one network.
package struct ActionSigner: Sendable {
  /// The vault or sub-account that is traded for; `nil` = the account itself.
  package let vault: EthereumAddress?
  /// The network the signatures are good for.
  package let network: HyperliquidNetwork

  private let key: SigningKey

  /// A signer with a key, for a network, and for a vault if there is one.
  package init(key: SigningKey, network: HyperliquidNetwork, vault: EthereumAddress?) {
    self.key = key
    self.network = network
    self.vault = vault
  }

  /// Whom the venue takes for the signer.
  package var address: EthereumAddress { key.address }

  /// The 32 bytes that stand for an action sent with that nonce and expiry.
  package func hash(of action: VenueAction, nonce: Int64, expiresAt: Timestamp?) -> [UInt8] {
    Keccak256.hash(
      ActionDigest.preimage(
        of: action.messagePack, nonce: nonce, vault: vault, expiresAt: expiresAt))
  }

  /// The whole body of a `POST /exchange`; the same bytes for the same arguments.
  ///
  /// - Parameters:
  ///   - action: What is asked for.
  ///   - nonce: Unique for the signer, near the milliseconds since 1970; not negative.
  ///   - expiresAt: From then on the venue refuses it; `nil` = never.
  /// - Returns: JSON without spaces; `vaultAddress` and `expiresAfter` are there only if hashed.
  package func request(_ action: VenueAction, nonce: Int64, expiresAt: Timestamp?) -> [UInt8] {
    let hash = hash(of: action, nonce: nonce, expiresAt: expiresAt)
    let signature = key.sign(digest: ActionDigest.digest(of: hash, on: network))
    var members = [
      JSONMember("action", action.json),
      JSONMember("nonce", .number("\(nonce)")),
      JSONMember(
        "signature",
        .object([
          JSONMember("r", .text(Hexadecimal.text(signature.r))),
          JSONMember("s", .text(Hexadecimal.text(signature.s))),
          JSONMember("v", .number(signature.v)),
        ])),
    ]
    if let vault { members.append(JSONMember("vaultAddress", .text(vault.description))) }
    if let expiresAt { members.append(JSONMember("expiresAfter", .number("\(expiresAt.ms)"))) }
    return JSONValue.object(members).bytes
  }
}
