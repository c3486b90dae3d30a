package import Trading

/// What is hashed and signed of an action (fact sheet §6).
package enum ActionDigest {
  /// The bytes whose hash stands for an action: the action, its nonce, the vault and the expiry.
  ///
  /// - Parameters:
  ///   - action: The action with its keys in order.
  ///   - nonce: Milliseconds since 1970, more or less; not negative.
  ///   - vault: The vault or sub-account it trades for; `nil` = the account itself.
  ///   - expiresAt: From then on the venue refuses it; `nil` = never.
  /// - Returns: The bytes to hash.
  package static func preimage(
    of action: MessagePack, nonce: Int64, vault: EthereumAddress?, expiresAt: Timestamp?
  ) -> [UInt8] {
    precondition(nonce >= 0, "expected a nonce of at least zero, was \(nonce)")
    var bytes = action.bytes
    BigEndian.append(UInt64(nonce), bytes: 8, to: &bytes)
    if let vault {
      bytes.append(1)
      bytes.append(contentsOf: vault.bytes)
    } else {
      bytes.append(0)
    }
    if let expiresAt {
      // The mark of the expiry is a zero, unlike the vault's.
      BigEndian.append(UInt64(bitPattern: expiresAt.ms), bytes: 8, after: 0, to: &bytes)
    }
    return bytes
  }

  /// The 32 bytes to sign (EIP-712) for an action whose preimage has that hash.
  package static func digest(of hash: [UInt8], on network: HyperliquidNetwork) -> [UInt8] {
    let agent = Keccak256.hash(
      text("Agent(string source,bytes32 connectionId)") + text(network.source) + hash)
    return Keccak256.hash([0x19, 0x01] + domain + agent)
  }

  /// The hash of the domain; its chain is the same on both networks, its contract has no address.
  private static let domain: [UInt8] = {
    var chain = [UInt8](repeating: 0, count: 24)
    BigEndian.append(1337, bytes: 8, to: &chain)
    let fields = "string name,string version,uint256 chainId,address verifyingContract"
    return Keccak256.hash(
      text("EIP712Domain(\(fields))") + text("Exchange") + text("1") + chain
        + [UInt8](repeating: 0, count: 32))
  }()

  private static func text(_ text: String) -> [UInt8] { Keccak256.hash(Array(text.utf8)) }
}
