/// A signature that tells its signer, in the parts the venue wants.
package struct EthereumSignature: Sendable, Hashable {
  /// 32 bytes, the highest first.
  package let r: [UInt8]
  /// 32 bytes, the highest first; the lower of the two that are valid when we made it.
  package let s: [UInt8]
  /// 27 or 28: which of two public keys.
  package let v: Int

  /// A signature from its parts; `nil` unless r and s have 32 bytes each and v is 27 or 28.
  package init?(r: [UInt8], s: [UInt8], v: Int) {
    guard r.count == 32, s.count == 32, v == 27 || v == 28 else { return nil }
    self.r = r
    self.s = s
    self.v = v
  }

  /// Who made the signature of a digest of 32 bytes; `nil` when nobody can have.
  package func signer(of digest: [UInt8]) -> EthereumAddress? {
    Secp256k1.signer(self, of: digest)
  }
}
