package import Manager
package import Trading

/// From where on alerts are told, and to whom.
package struct AlertSection: Sendable, Equatable {
  /// After this time an alert that still holds is told again; `nil` = never.
  package let repeatAfter: Span?
  /// From where on figures are told.
  package let thresholds: AlertThresholds
  /// Who is told, at most one of each name.
  package let channels: [AlertChannelDraft]

  /// Who is told, as far as the record needs it.
  package var routing: AlertRouting {
    AlertRouting(
      routes: channels.map { AlertRoute(channel: $0.name, least: $0.leastSeverity) },
      repeatAfter: repeatAfter)
  }
}

/// One channel as configured, its secrets not resolved.
package struct AlertChannelDraft: Sendable, Equatable {
  /// What it is called in records and messages.
  package let name: String
  /// It is told of alerts at least that urgent.
  package let leastSeverity: AlertSeverity
  /// How it is told.
  package let door: Door

  /// A channel from its parts.
  package init(name: String, leastSeverity: AlertSeverity, door: Door) {
    self.name = name
    self.leastSeverity = leastSeverity
    self.door = door
  }

  /// How a channel is told.
  package enum Door: Sendable, Equatable {
    /// A Slack-compatible webhook at a secret address.
    case slack(SecretReference)
    /// A server that gets everything as JSON, at a secret address, with secret header lines.
    case webhook(SecretReference, headers: [Header])
    /// A Telegram chat, told by a bot with a secret token.
    case telegram(token: SecretReference, chat: String, baseURL: String)
  }

  /// A header line whose value is a secret.
  package struct Header: Sendable, Equatable {
    /// Its name.
    package let name: String
    /// Where its value is.
    package let value: SecretReference
  }
}

extension AlertThresholds {
  init?(_ section: Section) {
    self.init()
    guard let margin = section.pct("margin_usage_pct"),
      let trader = section.pct("trader_loss_pct"), let account = section.pct("account_loss_pct"),
      let sharpe = section.factor("sharpe"), let sharpeFor = section.span("sharpe_for"),
      let days = section.whole("sharpe_days"), let silence = section.span("no_decision_for"),
      let failed = section.pct("failed_decisions_pct"), let latency = section.span("call_latency")
    else { return nil }
    marginUsagePct = margin.double
    traderLossPct = trader.double
    accountLossPct = account.double
    self.sharpe = sharpe <= Factor(whole: -1000) ? nil : sharpe.double
    self.sharpeFor = sharpeFor
    sharpeDays = days
    noDecisionFor = silence
    failedDecisionsPct = failed.double
    callLatency = latency
  }
}
