package import Trading

/// The ids of what a conflict does to a wish.
package enum ConflictRule {
  /// Another trader has, or gets, the other side of the coin.
  package static let direction = "conflict_direction"
  /// Another trader has, or gets, the same side of the coin, or the order is shared with it.
  package static let duplicate = "conflict_duplicate"
  /// The account has less than its traders ask for.
  package static let resource = "conflict_resource"
  /// The coin is held on the account outside of nof0.
  package static let symbolOwned = "symbol_owned"

  /// Every id with what it does and what it demands, in one sentence.
  package static let summaries: [(id: String, effect: RuleEffect, text: String)] = [
    (symbolOwned, .rejects, "A coin held on the account outside of nof0 takes no entries."),
    (
      direction, .rejects,
      "Traders of one account never hold or open opposite sides of one coin."
    ),
    (
      duplicate, .clampsOrRejects,
      "Entries of several traders on the same side of one coin are resolved to one."
    ),
    (
      resource, .clampsOrRejects,
      "Entries that need more than the account has free are cut or refused."
    ),
  ]
}

/// A wish that will not be carried out.
package struct RefusedWish: Sendable, Equatable {
  /// The wish in the form in which it was refused.
  package let wish: OpenWish
  /// The rule and its reason in words.
  package let note: RuleNote

  /// A refusal from its parts.
  package init(wish: OpenWish, note: RuleNote) {
    self.wish = wish
    self.note = note
  }
}

/// How the wishes of the traders of one account came together.
package struct ConflictResolution: Sendable, Equatable {
  /// What goes on, in the order of reservation: priority, then confidence, then coin.
  package internal(set) var orders: [JointWish] = []
  /// What does not; every wish is here or in one order, once.
  package internal(set) var refused: [RefusedWish] = []
  /// Every clash: by coin, then scarce money.
  package internal(set) var conflicts: [ConflictRecord] = []
}
