import CSecp256k1
import Glibc

/// A private key in memory of its own, overwritten with zeros when it goes.
///
/// Nothing copies it; only libsecp256k1 reads it.
struct KeyMemory: ~Copyable {
  static let length = 32

  private let bytes: UnsafeMutablePointer<UInt8>
  private let context: OpaquePointer

  /// Reads 64 hexadecimal digits in either case, with or without `0x`.
  init(hex text: String) throws(SigningKeyError) {
    guard let context = secp256k1_context_create(UInt32(SECP256K1_FLAGS_TYPE_CONTEXT)) else {
      preconditionFailure("expected memory for the curve, was none")
    }
    self.context = context
    bytes = .allocate(capacity: Self.length)
    bytes.initialize(repeating: 0, count: Self.length)
    // From here on deinit cleans up whatever is thrown.
    try read(text)
    guard secp256k1_ec_seckey_verify(context, bytes) == 1 else {
      let isZero = (0..<Self.length).allSatisfy { bytes[$0] == 0 }
      throw isZero ? .zero : .tooGreat
    }
  }

  deinit {
    explicit_bzero(bytes, Self.length)
    bytes.deallocate()
    secp256k1_context_destroy(context)
  }

  /// The address of the key.
  var address: EthereumAddress {
    var key = secp256k1_pubkey()
    guard secp256k1_ec_pubkey_create(context, &key, bytes) == 1 else {
      preconditionFailure("expected a verified key to have a public key, had none")
    }
    return Secp256k1.address(of: &key, context)
  }

  /// The signature of 32 bytes, by RFC 6979 and with the lower s: the same one each time.
  func sign(_ digest: [UInt8]) -> EthereumSignature {
    precondition(digest.count == 32, "expected a digest of 32 bytes, was \(digest.count)")
    var signature = secp256k1_ecdsa_recoverable_signature()
    guard secp256k1_ecdsa_sign_recoverable(context, &signature, digest, bytes, nil, nil) == 1
    else { preconditionFailure("expected a verified key to sign, did not") }
    return Secp256k1.serialised(&signature, context)
  }

  private func read(_ text: String) throws(SigningKeyError) {
    // Digit by digit from the text itself, without an array that would stay behind in memory.
    let digits = text.utf8.dropFirst(text.hasPrefix("0x") ? 2 : 0)
    let count = digits.count
    guard count == 2 * Self.length else { throw .length(count) }
    var index = 0
    for digit in digits {
      guard let value = Hexadecimal.value(digit) else { throw .digit(position: index + 1) }
      bytes[index / 2] = bytes[index / 2] << 4 | value
      index += 1
    }
  }
}
