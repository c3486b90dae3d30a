import CSecp256k1
import Trading
import VenueStandIn

/// A throw-away key that signs as the fact sheet says, for tests of the stand-in only.
struct TestKey: Sendable {
  let secret: [UInt8]
  let address: VenueAddress

  /// The key of 32 bytes that all hold the same number, 1 to 254.
  init(_ byte: UInt8) {
    secret = [UInt8](repeating: byte, count: 32)
    guard let context = secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE)) else {
      preconditionFailure("expected a context")
    }
    defer { secp256k1_context_destroy(context) }
    var key = secp256k1_pubkey()
    precondition(secp256k1_ec_pubkey_create(context, &key, secret) == 1)
    var bytes = [UInt8](repeating: 0, count: 65)
    var count = 65
    secp256k1_ec_pubkey_serialize(
      context, &bytes, &count, &key, UInt32(SECP256K1_EC_UNCOMPRESSED))
    address = VenueAddress(publicKey: Array(bytes.dropFirst()))
  }

  /// The body of POST /exchange for an action in JSON, whose keys are in the official order.
  func body(
    _ action: String, nonce: Int64, vault: VenueAddress? = nil, expiresAfter: Int64? = nil,
    isMainnet: Bool = false
  ) -> String {
    guard let value = try? JSONReader.value(of: action), let packed = ActionShapes.packed(value)
    else { return signed(action, hash: Keccak.hash([]), nonce: nonce, isMainnet: isMainnet) }
    let hash = SignerRecovery.actionHash(
      packed, nonce: UInt64(nonce), vault: vault, expiresAfter: expiresAfter.map { UInt64($0) })
    var envelope = signed(action, hash: hash, nonce: nonce, isMainnet: isMainnet).dropLast()
    if let vault { envelope += ",\"vaultAddress\":\"\(vault)\"" }
    if let expiresAfter { envelope += ",\"expiresAfter\":\(expiresAfter)" }
    return envelope + "}"
  }

  private func signed(
    _ action: String, hash: [UInt8], nonce: Int64, isMainnet: Bool
  ) -> String {
    guard let context = secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE)) else {
      preconditionFailure("expected a context")
    }
    defer { secp256k1_context_destroy(context) }
    var signature = secp256k1_ecdsa_recoverable_signature()
    let digest = SignerRecovery.digest(of: hash, isMainnet: isMainnet)
    precondition(
      secp256k1_ecdsa_sign_recoverable(context, &signature, digest, secret, nil, nil) == 1)
    var bytes = [UInt8](repeating: 0, count: 64)
    var recovery: Int32 = 0
    secp256k1_ecdsa_recoverable_signature_serialize_compact(
      context, &bytes, &recovery, &signature)
    return "{\"action\":\(action),\"nonce\":\(nonce),\"signature\":{"
      + "\"r\":\"\(hex(bytes[..<32]))\",\"s\":\"\(hex(bytes[32...]))\",\"v\":\(27 + recovery)}}"
  }
}

/// `0x` and the bytes in hex.
func hex(_ bytes: some Sequence<UInt8>) -> String {
  bytes.reduce(into: "0x") { $0 += ($1 < 16 ? "0" : "") + String($1, radix: 16) }
}
