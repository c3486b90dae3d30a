import CSecp256k1

/// What of libsecp256k1 needs no private key.
enum Secp256k1 {
  /// The last 20 bytes of the hash of the uncompressed public key without its first byte.
  static func address(of key: inout secp256k1_pubkey, _ context: OpaquePointer) -> EthereumAddress {
    var point = [UInt8](repeating: 0, count: 65)
    var count = point.count
    let flags = UInt32(SECP256K1_FLAGS_TYPE_COMPRESSION)
    guard secp256k1_ec_pubkey_serialize(context, &point, &count, &key, flags) == 1, count == 65,
      let address = EthereumAddress(
        bytes: Array(Keccak256.hash(Array(point.dropFirst())).suffix(20)))
    else { preconditionFailure("expected a public key of 65 bytes, was \(count)") }
    return address
  }

  /// The parts of a signature.
  static func serialised(
    _ signature: inout secp256k1_ecdsa_recoverable_signature, _ context: OpaquePointer
  ) -> EthereumSignature {
    var compact = [UInt8](repeating: 0, count: 64)
    var recovery: Int32 = 0
    secp256k1_ecdsa_recoverable_signature_serialize_compact(
      context, &compact, &recovery, &signature)
    guard
      let parts = EthereumSignature(
        r: Array(compact.prefix(32)), s: Array(compact.suffix(32)), v: 27 + Int(recovery))
    else { preconditionFailure("expected a recovery of 0 or 1, was \(recovery)") }
    return parts
  }

  /// Who made the signature; `nil` when nobody can have.
  static func signer(_ signature: EthereumSignature, of digest: [UInt8]) -> EthereumAddress? {
    guard digest.count == 32,
      let context = secp256k1_context_create(UInt32(SECP256K1_FLAGS_TYPE_CONTEXT))
    else { return nil }
    defer { secp256k1_context_destroy(context) }
    var parsed = secp256k1_ecdsa_recoverable_signature()
    var key = secp256k1_pubkey()
    guard
      secp256k1_ecdsa_recoverable_signature_parse_compact(
        context, &parsed, signature.r + signature.s, Int32(signature.v - 27)) == 1,
      secp256k1_ecdsa_recover(context, &key, &parsed, digest) == 1
    else { return nil }
    return address(of: &key, context)
  }
}
