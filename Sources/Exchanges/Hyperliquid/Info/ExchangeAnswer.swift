/// What `POST /exchange` ended with, as far as it is certain.
package enum ExchangeAnswer: Sendable, Equatable {
  /// Accepted for processing, with one word per order or cancel, or a single one for all of them
  /// when the whole batch failed a check; an accepted action can hold nothing but errors.
  case statuses([OrderStatusWord])
  /// Done; the action has nothing to tell about, such as a change of leverage.
  case done
  /// The venue refused the whole action, for this reason; nothing was executed.
  case refused(String)
  /// The venue has had these bytes, or this nonce, before: to be looked up, never taken for failed.
  case duplicateNonce
  /// It provably never left us, for this reason.
  case notSent(String)
  /// Nobody knows whether it was executed: to be looked up.
  case unknown(String)
}
