/// Why a text is no private key; never holds any of it.
package enum SigningKeyError: Error, Sendable, Hashable, CustomStringConvertible {
  /// It has that many characters after `0x`, not 64.
  case length(Int)
  /// A character is not a hexadecimal digit; the first such, counted from 1 after `0x`.
  case digit(position: Int)
  /// It is zero.
  case zero
  /// It is not below the order of the curve.
  case tooGreat

  /// The error in words.
  package var description: String {
    switch self {
    case .length(let count):
      "expected a private key of 64 hexadecimal digits, with or without 0x, was \(count) characters"
        + (count == 40 ? " as an address has; give the key of the agent, not its address" : "")
    case .digit(let position):
      "expected a private key of hexadecimal digits, was something else at digit \(position)"
    case .zero: "expected a private key above zero, was zero; make a new agent key"
    case .tooGreat:
      "expected a private key below the order of secp256k1, was not; make a new agent key"
    }
  }
}
