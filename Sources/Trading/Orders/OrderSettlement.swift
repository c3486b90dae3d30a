/// How a venue lets orders be settled whose outcome is not known.
package struct SettlementRules: Sendable, Hashable {
  /// How long after its expiry an order may still show up at the venue.
  package let grace: Span
  /// Whether the same bytes, sent twice, are carried out at most once.
  package let isRepeatable: Bool
  /// How long a run may wait for the outcome of an order it sent; zero = the next run asks.
  package let patience: Span

  /// Rules from their parts.
  package init(grace: Span, isRepeatable: Bool, patience: Span) {
    self.grace = grace
    self.isRepeatable = isRepeatable
    self.patience = patience
  }

  /// Those of a venue that knows at once whether it has an order.
  package static let immediate = SettlementRules(
    grace: .zero, isRepeatable: true, patience: .zero)
}

/// What a venue said when it was asked about an order.
package enum OrderEvidence: Sendable, Hashable {
  /// It has, or had, the order.
  case found(OrderOutcome)
  /// It does not have it now, and no fill carries its id.
  case absent
  /// It could not be asked, for this reason.
  case unavailable(String)
}

/// What is to be done next about an order whose outcome is not known.
package enum SettlementStep: Sendable, Hashable {
  /// This became of it; nothing more is to be done.
  case settled(OrderOutcome)
  /// Send the same bytes again, which the venue carries out at most once.
  case repeatRequest
  /// Ask again later; the text says what is known.
  case wait(String)
}

/// The safe-order rule: an order without an outcome is looked up, never blindly sent again, and
/// dead only when it is proven to be.
package enum OrderSettlement {
  /// The next step for an order.
  ///
  /// An order the venue knows has its outcome. One it does not have may still arrive until it
  /// expires: until then the same bytes may be sent once more, where that is harmless. It is proven
  /// dead once it is absent later than its expiry and the venue's grace. Only then may another
  /// order be made in its place.
  ///
  /// - Parameters:
  ///   - expiresAt: From then on the venue must refuse it.
  ///   - evidence: What the venue said.
  ///   - now: The venue's time when it was asked.
  ///   - mayRepeat: Whether the caller still wants it, and has not sent it again already.
  ///   - rules: The venue's.
  /// - Returns: What to do.
  package static func step(
    expiresAt: Timestamp, evidence: OrderEvidence, now: Timestamp, mayRepeat: Bool,
    rules: SettlementRules
  ) -> SettlementStep {
    switch evidence {
    case .found(let outcome) where outcome.isSettled: .settled(outcome)
    case .found(let outcome): .wait("the venue says \(outcome.label)")
    case .unavailable(let cause): .wait(cause)
    case .absent where now > expiresAt + rules.grace:
      .settled(.rejected("never reached the venue and has expired"))
    case .absent where now <= expiresAt && mayRepeat && rules.isRepeatable: .repeatRequest
    case .absent: .wait("the venue does not have it yet, and could until \(expiresAt)")
    }
  }
}
