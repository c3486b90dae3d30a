import Synchronization
package import Trading

/// What stands in the way of trading on the account.
extension HyperliquidExchange {
  /// How far the clocks may be apart while positions are opened.
  static let greatestSkew = Span.seconds(5)
  /// How long before the end of an agent's approval people are told.
  static let expiryNotice = Span.day * 14

  /// What stands in the way of trading, the most urgent first; empty = nothing.
  ///
  /// Costs nothing but a look at the clock while the standing is of today and good.
  package func readiness(of account: AccountID, at now: Timestamp) async -> [VenueFinding] {
    var findings: [VenueFinding] = []
    do throws(ExchangeError) {
      try own(account)
      let standing = try await standing(at: now)
      findings += judged(standing, at: now)
      _ = try await learnedUniverse()
      // Everything was remembered: one cheap question tells the venue's time.
      if clock.skew == nil { _ = try await state("the venue's time") }
    } catch {
      findings.append(.blocking("venue_unreachable", "\(error)"))
    }
    if access.key == nil && !access.isDry {
      findings.append(
        .blocking(
          "key_missing",
          "no key signs for account \(access.account). Give the agent's key in the environment "
            + "or in a file with mode 0600, or run with --dry-run"))
    }
    if let skew = clock.skew, max(skew, Span(ms: -skew.ms)) > Self.greatestSkew {
      findings.append(
        .blocking(
          "clock_skew",
          "the clock of \(name) is \(skew) ahead of ours, expected at most "
            + "\(Self.greatestSkew) apart. Synchronise this machine's clock (NTP)"))
    }
    return findings.filter(\.blocksOpens) + findings.filter { !$0.blocksOpens }
  }

  /// What a standing means for trading.
  private func judged(_ standing: VenueStanding, at now: Timestamp) -> [VenueFinding] {
    var findings: [VenueFinding] = []
    if !Self.isSupported(mode: standing.mode) {
      findings.append(.blocking("unified_account", Self.advice(onMode: standing.mode)))
    }
    let (owner, left) = course.withLock { ($0.owner, $0.requestsLeft) }
    if let owner {
      findings.append(
        .blocking(
          "account_is_agent",
          "main_address \(access.mainAddress) is an agent of \(owner), whose books would look "
            + "empty. Put \(owner) there"))
    } else {
      findings += judged(role: standing, at: now)
    }
    if let left, left < Self.fewRequests {
      findings.append(
        VenueFinding(
          id: "request_budget", severity: .medium,
          message: "account \(access.account) may send \(left) more requests until it trades "
            + "more (one per USD traded). Run less often or trade larger"
            + (left < Self.tooFewRequests ? "; nothing is opened, the rest is for closing" : ""),
          blocksOpens: left < Self.tooFewRequests))
    }
    return findings
  }

  private func judged(
    role standing: VenueStanding, at now: Timestamp
  ) -> [VenueFinding] {
    guard let key = access.key else { return [] }
    let unknown =
      "the key's address \(key.address) is no approved agent of \(access.mainAddress). Approve "
      + "it in the venue's settings (API wallets), or check main_address, network and the key"
    switch standing.role {
    case .agent:
      guard let end = standing.approvedUntil, end - now < Self.expiryNotice else { return [] }
      guard end > now else {
        return [.blocking("agent_unknown", "the approval ended at \(end): \(unknown)")]
      }
      return [
        VenueFinding(
          id: "agent_expiring", severity: .low,
          message: "the approval of agent \(key.address) ends at \(end). Approve a new key "
            + "before then", blocksOpens: false)
      ]
    case .master where access.allowsMasterKey: return []
    case .master:
      return [
        .blocking(
          "master_key",
          "the key is that of the account itself and could move its money out. Use an agent's "
            + "key, or set allow_master_key: true")
      ]
    case .stranger, .absent: return [.blocking("agent_unknown", unknown)]
    }
  }
}

extension VenueFinding {
  /// Something that forbids to open positions.
  fileprivate static func blocking(_ id: String, _ message: String) -> VenueFinding {
    VenueFinding(id: id, severity: .high, message: message, blocksOpens: true)
  }
}
