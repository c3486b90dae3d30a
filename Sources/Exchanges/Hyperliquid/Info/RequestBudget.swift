package import Trading

/// How many requests an account may still make (`userRateLimit`).
package struct RequestBudget: Sendable, Hashable {
  /// Requests made.
  package let used: Int
  /// Requests allowed.
  package let cap: Int
  /// Requests bought on top; `nil` = not told.
  package let surplus: Int?
  /// Traded in all, USD; more than USD holds counts as the most it holds.
  package let volume: USD
}

extension RequestBudget {
  init(_ payload: Payload) throws(PayloadProblem) {
    // Volumes beyond 92 billion exist: read whole dollars, cut what does not fit.
    guard let dollars = Payload.steps(payload.member("cumVlm"), decimals: 6), dollars >= 0 else {
      throw payload.expected("cumVlm", "an amount of USD", payload.value["cumVlm"])
    }
    let (mantissa, isTooMuch) = dollars.multipliedReportingOverflow(by: 100)
    self.init(
      used: Int(try payload.whole("nRequestsUsed")), cap: Int(try payload.whole("nRequestsCap")),
      surplus: try payload.ifPresent("nRequestsSurplus", payload.whole).map { Int($0) },
      volume: USD(mantissa: isTooMuch ? .max : mantissa))
  }
}
