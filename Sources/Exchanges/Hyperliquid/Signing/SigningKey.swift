import Synchronization

/// A private key that signs and never shows itself.
///
/// Its bytes lie in memory of their own, which is overwritten when the last user lets go; texts and
/// mirrors of it hold its address only. The text it is read from is the caller's to forget.
package final class SigningKey: Sendable {
  /// The account the key belongs to.
  package let address: EthereumAddress

  private let memory: Mutex<KeyMemory>

  /// Reads a key of 64 hexadecimal digits in either case, with or without `0x`.
  ///
  /// No space or line feed around it. Refuses zero and what is not below the order of the curve;
  /// no error holds any of the text.
  package init(hex: String) throws(SigningKeyError) {
    let key = try KeyMemory(hex: hex)
    address = key.address
    memory = Mutex(key)
  }

  /// The signature of a digest of exactly 32 bytes; the same one each time (RFC 6979).
  package func sign(digest: [UInt8]) -> EthereumSignature {
    memory.withLock { $0.sign(digest) }
  }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Names the address, never the key.
  package var description: String { "the key of \(address)" }

  /// Names the address, never the key.
  package var debugDescription: String { description }

  /// Shows the address, never the key.
  package var customMirror: Mirror { Mirror(self, children: ["address": address]) }
}
