package import Trading

extension CloseRule {
  /// A close needs the trading rules of its coin; its quote may be old or missing.
  package static let symbolUnknown = CloseRule(
    id: "symbol_unknown", summary: "The coin must be known at the venue."
  ) { wish, state in
    state.instruments[wish.coin] == nil
      ? .rejected(reason: "\(wish.coin) is not known at the venue") : .passed
  }
}

extension ProtectionRule {
  /// A new protection needs the trading rules of its coin.
  package static let symbolUnknown = ProtectionRule(
    id: "symbol_unknown", summary: "The coin must be known at the venue."
  ) { wish, state in
    state.instruments[wish.coin] == nil
      ? .rejected(reason: "\(wish.coin) is not known at the venue") : .passed
  }
}
