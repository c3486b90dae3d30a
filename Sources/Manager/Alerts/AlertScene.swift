package import Trading

/// What alert rules look at: the arena as it is at the end of a cycle.
package struct AlertScene: Sendable, Equatable {
  /// The time of the cycle.
  package var now: Timestamp
  /// From where on figures are told.
  package var thresholds: AlertThresholds
  /// The traders, removed ones left out.
  package var traders: [Trader]
  /// The accounts with traders.
  package var accounts: [Account]
  /// The models that answered lately.
  package var models: [Model]
  /// Keys of the alerts that are open.
  package var open: Set<String>

  /// A scene from its parts; nothing is there by default.
  package init(
    now: Timestamp, thresholds: AlertThresholds = AlertThresholds(), traders: [Trader] = [],
    accounts: [Account] = [], models: [Model] = [], open: Set<String> = []
  ) {
    self.now = now
    self.thresholds = thresholds
    self.traders = traders
    self.accounts = accounts
    self.models = models
    self.open = open
  }

  /// A trader.
  package struct Trader: Sendable, Equatable {
    /// Its id.
    package var id: TraderID
    /// Whether it is a control trader: what its ratio is, is what it is there to show.
    package var isBaseline: Bool
    /// Equity, USD; `nil` = not known now.
    package var equity: USD?
    /// Margin that its positions take, USD; `nil` = not known now.
    package var marginUsed: USD?
    /// Return since inception in per cent, flows taken out; `nil` = not known now.
    package var returnPct: Double?
    /// Its Sharpe ratio of finished UTC days; `nil` = undefined.
    package var sharpe: Double?
    /// Finished UTC days with a return.
    package var days: Int
    /// Whether it takes turns.
    package var isRunning: Bool
    /// Whether turns were possible in this cycle: nobody asked for other traders only.
    package var wasAsked: Bool
    /// The time between its decisions.
    package var interval: Span
    /// When it last decided, or was started if that is later.
    package var decidedAt: Timestamp
    /// Its newest turns.
    package var turns: Int
    /// Those that failed.
    package var failures: Int

    /// A trader from its parts.
    package init(
      id: TraderID, isBaseline: Bool, equity: USD?, marginUsed: USD?, returnPct: Double?,
      sharpe: Double?, days: Int, isRunning: Bool, wasAsked: Bool, interval: Span,
      decidedAt: Timestamp, turns: Int, failures: Int
    ) {
      self.id = id
      self.isBaseline = isBaseline
      self.equity = equity
      self.marginUsed = marginUsed
      self.returnPct = returnPct
      self.sharpe = sharpe
      self.days = days
      self.isRunning = isRunning
      self.wasAsked = wasAsked
      self.interval = interval
      self.decidedAt = decidedAt
      self.turns = turns
      self.failures = failures
    }
  }

  /// An account.
  package struct Account: Sendable, Equatable {
    /// Its id.
    package var id: AccountID
    /// Margin in use in per cent of equity; `nil` = not known now.
    package var marginUsagePct: Double?
    /// Return since it was first looked at in per cent, flows taken out; `nil` = not known now.
    package var returnPct: Double?

    /// An account from its parts.
    package init(id: AccountID, marginUsagePct: Double?, returnPct: Double?) {
      self.id = id
      self.marginUsagePct = marginUsagePct
      self.returnPct = returnPct
    }
  }

  /// A model.
  package struct Model: Sendable, Equatable {
    /// Its alias.
    package var alias: String
    /// The mean time of its newest answers, ms.
    package var meanMs: Double
    /// How many answers these are.
    package var answers: Int

    /// A model from its parts.
    package init(alias: String, meanMs: Double, answers: Int) {
      self.alias = alias
      self.meanMs = meanMs
      self.answers = answers
    }
  }
}
