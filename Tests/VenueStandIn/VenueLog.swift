package import Trading

/// A POST /exchange that reached the server.
package struct ReceivedAction: Sendable, Hashable {
  /// Its place among them, from 0.
  package let number: Int
  /// When, in venue time.
  package let at: Timestamp
  /// The type of the action; empty when unreadable.
  package let type: String
  /// The body as it came.
  package let body: [UInt8]
  /// The action; null when unreadable.
  package let action: JSONValue
  /// Its nonce; `nil` when unreadable.
  package let nonce: UInt64?
  /// Who signed it; `nil` when nobody was recovered or it was not looked at.
  package internal(set) var signer: VenueAddress?
  /// For which account or vault; `nil` when none was found.
  package internal(set) var account: VenueAddress?
  /// What became of it.
  package internal(set) var outcome: Outcome
  /// What was done to it; `nil` = nothing.
  package let fault: VenueFault?

  /// What became of an action.
  package enum Outcome: Sendable, Hashable {
    /// It was executed; its orders may have been refused one by one.
    case accepted
    /// It was refused as a whole, with this text.
    case refused(String)
    /// Its body does not fit the schema, and why.
    case unreadable(String)
    /// A fault kept it from the venue.
    case unseen
  }
}

/// A POST /info that reached the server.
package struct ReceivedQuestion: Sendable, Hashable {
  /// When, in venue time.
  package let at: Timestamp
  /// Its type; empty when unreadable.
  package let type: String
  /// The body as it came.
  package let body: String
  /// Its weight.
  package let weight: Int
  /// The HTTP status of the answer; 0 = none was sent.
  package let status: Int
}

/// What the venue saw.
struct VenueLog: Sendable {
  var actions: [ReceivedAction] = []
  var questions: [ReceivedQuestion] = []
  /// Weight spent since the start.
  var weight = 0
  /// Whether more than 1200 per minute is refused.
  var enforcesWeight = false
  private var recent: [(at: Timestamp, weight: Int)] = []

  static let weightPerMinute = 1200

  /// Spends weight; whether it was within the limit.
  mutating func spend(_ amount: Int, at instant: Timestamp) -> Bool {
    recent.removeAll { $0.at <= instant - .minute }
    let used = recent.reduce(0) { $0 + $1.weight }
    if enforcesWeight, used + amount > Self.weightPerMinute { return false }
    recent.append((instant, amount))
    weight += amount
    return true
  }
}
