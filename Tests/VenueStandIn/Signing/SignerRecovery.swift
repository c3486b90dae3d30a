import CSecp256k1

/// Who signed an action, after fact sheet §6.
package enum SignerRecovery {
  /// What is hashed before it is signed: the action, its nonce, vault and expiry.
  ///
  /// - Parameters:
  ///   - action: The action as msgpack in the official key order.
  ///   - nonce: Unix milliseconds.
  ///   - vault: The vault or sub-account traded for; `nil` = the account itself.
  ///   - expiresAfter: Unix milliseconds; `nil` = never.
  /// - Returns: Its hash, 32 bytes.
  package static func actionHash(
    _ action: [UInt8], nonce: UInt64, vault: VenueAddress?, expiresAfter: UInt64?
  ) -> [UInt8] {
    var bytes = action + big(nonce)
    if let vault { bytes += [1] + vault.bytes } else { bytes += [0] }
    if let expiresAfter { bytes += [0] + big(expiresAfter) }
    return Keccak.hash(bytes)
  }

  /// The digest that is signed for an action hash.
  package static func digest(of actionHash: [UInt8], isMainnet: Bool) -> [UInt8] {
    let type = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    let domain = Keccak.hash(
      text(type) + text("Exchange") + text("1") + [UInt8](repeating: 0, count: 24) + big(1337)
        + [UInt8](repeating: 0, count: 32))
    let message = Keccak.hash(
      text("Agent(string source,bytes32 connectionId)") + text(isMainnet ? "a" : "b") + actionHash)
    return Keccak.hash([0x19, 0x01] + domain + message)
  }

  /// The address that signed a digest; `nil` when the signature recovers nothing.
  package static func signer(
    of digest: [UInt8], r: [UInt8], s: [UInt8], v: Int
  ) -> VenueAddress? {
    guard digest.count == 32, let r = padded(r), let s = padded(s), v == 27 || v == 28,
      let context = secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE))
    else { return nil }
    defer { secp256k1_context_destroy(context) }
    var signature = secp256k1_ecdsa_recoverable_signature()
    var key = secp256k1_pubkey()
    guard
      secp256k1_ecdsa_recoverable_signature_parse_compact(
        context, &signature, r + s, Int32(v - 27)) == 1,
      secp256k1_ecdsa_recover(context, &key, &signature, digest) == 1
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: 65)
    var count = 65
    secp256k1_ec_pubkey_serialize(
      context, &bytes, &count, &key, UInt32(SECP256K1_EC_UNCOMPRESSED))
    return VenueAddress(publicKey: Array(bytes.dropFirst()))
  }

  /// Leading zeros may be left out on the wire.
  private static func padded(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.count <= 32 else { return nil }
    return [UInt8](repeating: 0, count: 32 - bytes.count) + bytes
  }

  private static func text(_ text: String) -> [UInt8] { Keccak.hash(Array(text.utf8)) }

  private static func big(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
  }
}
