import CNettle

/// The SHA-256 digest of bytes (FIPS 180-4), through nettle.
package enum SHA256Digest {
  /// The 32 bytes of the digest.
  package static func bytes(of message: [UInt8]) -> [UInt8] {
    var context = sha256_ctx()
    nettle_sha256_init(&context)
    nettle_sha256_update(&context, message.count, message)
    var digest = [UInt8](repeating: 0, count: 32)
    nettle_sha256_digest(&context, digest.count, &digest)
    return digest
  }

  /// The digest as 64 lower-case hexadecimal digits.
  package static func hex(of message: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes(of: message).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
