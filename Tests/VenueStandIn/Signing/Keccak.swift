import CNettle

/// Keccak-256 with the padding of 2011, over nettle's permutation.
package enum Keccak {
  private static let rate = 136

  /// The 32 bytes of the hash.
  package static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var padded = bytes
    padded.append(contentsOf: [UInt8](repeating: 0, count: rate - bytes.count % rate))
    padded[bytes.count] ^= 0x01
    padded[padded.count - 1] ^= 0x80
    var state = sha3_state()
    return withUnsafeMutablePointer(to: &state) { state in
      let lanes = UnsafeMutableRawPointer(state).assumingMemoryBound(to: UInt64.self)
      for start in stride(from: 0, to: padded.count, by: rate) {
        for index in 0..<rate {
          let bits = UInt64(padded[start + index]) << UInt64(8 * (index % 8))
          lanes[index / 8] ^= bits
        }
        nettle_sha3_permute(state)
      }
      return (0..<32).map { UInt8(truncatingIfNeeded: lanes[$0 / 8] >> UInt64(8 * ($0 % 8))) }
    }
  }
}
