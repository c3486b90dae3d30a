/// Whether a trader takes part in cycles.
package enum TraderStatus: String, Sendable, CaseIterable {
  /// Decides when due.
  case running
  /// Keeps its positions and makes no decisions.
  case paused
  /// Not started, or ended by command.
  case stopped
  /// Taken out by a rule or a command; opens nothing.
  case isolated
  /// Ended by a failure that needs a person.
  case error

  /// What a command may do to a trader.
  package enum Move: String, Sendable, CaseIterable {
    /// Begin deciding.
    case start
    /// Stop deciding for a while.
    case pause
    /// Go on after a pause.
    case resume
    /// End.
    case stop
    /// Take out.
    case isolate
    /// End an isolation.
    case release
  }

  /// The status after a move, or `nil` when the move is not allowed from here.
  package func after(_ move: Move) -> TraderStatus? {
    switch (self, move) {
    case (.stopped, .start): .running
    case (.running, .pause): .paused
    case (.paused, .resume): .running
    case (.running, .stop), (.paused, .stop), (.error, .stop): .stopped
    case (.isolated, .isolate): nil
    case (_, .isolate): .isolated
    case (.isolated, .release): .stopped
    case (_, .start), (_, .pause), (_, .resume), (_, .stop), (_, .release): nil
    }
  }

  /// The moves that are allowed from here, in the order of their declaration; never empty.
  package var allowedMoves: [Move] { Move.allCases.filter { after($0) != nil } }
}

/// A stretch of a trader's life with one configuration.
package struct TraderEra: Sendable, Equatable {
  /// Counted from 1 within the trader.
  package let number: Int
  /// When it began.
  package let startedAt: Timestamp
  /// Digest of the configuration it ran with.
  package let configDigest: String

  /// An era from its parts.
  package init(number: Int, startedAt: Timestamp, configDigest: String) {
    self.number = number
    self.startedAt = startedAt
    self.configDigest = configDigest
  }
}

/// What a trader remembers between cycles beside its ledger.
package struct TraderRuntime: Sendable, Equatable {
  /// Whether it takes part.
  package var status: TraderStatus
  /// When a pause ends by itself; `nil` when it does not, or is not paused.
  package var pausedUntil: Timestamp?
  /// Why it is in this status, in words; empty while running normally.
  package var reason: String
  /// The slot of its last decision; `nil` before the first.
  package var lastSlot: Int64?
  /// Decisions asked for since inception.
  package var invocations: Int
  /// Decisions in a row that failed.
  package var failuresInARow: Int
  /// When its record began.
  package var inceptionAt: Timestamp
  /// The present era.
  package var era: TraderEra
  /// Turns in a row with a decision that broke a rule the trader knew.
  package var breachesInARow: Int
  /// Daily returns on record when its Sharpe ratio last paused it; `nil` = never.
  package var sharpePauseDays: Int?
  /// The money its configuration says it has and that it was really given, USD.
  package var capital: USD
  /// When it was removed by command; `nil` = it was not.
  package var removedAt: Timestamp?

  /// A memory from its parts.
  package init(
    status: TraderStatus, pausedUntil: Timestamp? = nil, reason: String = "",
    lastSlot: Int64? = nil, invocations: Int = 0, failuresInARow: Int = 0,
    inceptionAt: Timestamp, era: TraderEra, breachesInARow: Int = 0,
    sharpePauseDays: Int? = nil, capital: USD = .zero, removedAt: Timestamp? = nil
  ) {
    self.status = status
    self.pausedUntil = pausedUntil
    self.reason = reason
    self.lastSlot = lastSlot
    self.invocations = invocations
    self.failuresInARow = failuresInARow
    self.inceptionAt = inceptionAt
    self.era = era
    self.breachesInARow = breachesInARow
    self.sharpePauseDays = sharpePauseDays
    self.capital = capital
    self.removedAt = removedAt
  }
}
