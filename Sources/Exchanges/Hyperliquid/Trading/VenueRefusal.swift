/// What a refusal of Hyperliquid means for us, told from its text (protocol fact sheet §4).
///
/// Texts are matched by what they contain, whatever their case; a new text is ``other``.
enum VenueRefusal: Sendable, Hashable, CaseIterable {
  /// The signer is not known: no agent, an agent that expired, or a wrong signature.
  case unknownSigner
  /// It came too late; the same bytes may have been carried out before.
  case expired
  /// Its number was used or is too old; the same bytes may have been carried out before.
  case staleNonce
  /// The account has used up its requests.
  case tooManyRequests
  /// The order to be taken back no longer rests, or never did.
  case noSuchOrder
  /// Anything else.
  case other

  /// The meaning of a text.
  init(_ text: String) {
    let text = text.lowercased()
    self = Self.marks.first { text.contains($0.mark) }?.meaning ?? .other
  }

  private static let marks: [(mark: String, meaning: VenueRefusal)] = [
    ("does not exist", .unknownSigner),
    ("unable to recover signer", .unknownSigner),
    ("already expired", .expired),
    ("invalid nonce", .staleNonce),
    ("too many cumulative requests", .tooManyRequests),
    ("never placed, already canceled, or filled", .noSuchOrder),
  ]

  /// Whether bytes that are answered so may have been carried out when they were sent before.
  var mayHaveBeenDone: Bool {
    switch self {
    case .expired, .staleNonce: true
    case .unknownSigner, .tooManyRequests, .noSuchOrder, .other: false
    }
  }

  /// Whether what is remembered of the account's standing is to be asked anew.
  var doubtsStanding: Bool {
    switch self {
    case .unknownSigner, .tooManyRequests: true
    case .expired, .staleNonce, .noSuchOrder, .other: false
    }
  }
}
