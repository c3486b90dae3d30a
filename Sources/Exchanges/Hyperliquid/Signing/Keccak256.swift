import CNettle

/// The hash of Ethereum: Keccak with the padding from before SHA-3 was a standard.
package enum Keccak256 {
  /// Bytes taken in between two permutations.
  private static let rate = 136

  /// The 32 bytes of the hash.
  package static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var padded = bytes
    padded.append(contentsOf: [UInt8](repeating: 0, count: rate - bytes.count % rate))
    padded[bytes.count] ^= 0x01
    padded[padded.count - 1] ^= 0x80
    var state = sha3_state()
    for block in stride(from: 0, to: padded.count, by: rate) {
      withUnsafeMutableBytes(of: &state) { lanes in
        for index in 0..<rate / 8 {
          let offset = index * 8
          let lane = lanes.load(fromByteOffset: offset, as: UInt64.self)
          lanes.storeBytes(
            of: lane ^ word(padded, at: block + offset), toByteOffset: offset, as: UInt64.self)
        }
      }
      nettle_sha3_permute(&state)
    }
    return withUnsafeBytes(of: &state) { lanes in
      (0..<32).map { index in
        let lane = lanes.load(fromByteOffset: index / 8 * 8, as: UInt64.self)
        return UInt8(truncatingIfNeeded: lane >> UInt64(index % 8 * 8))
      }
    }
  }

  /// Eight bytes as a number, the lowest first.
  private static func word(_ bytes: [UInt8], at index: Int) -> UInt64 {
    bytes[index..<index + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
