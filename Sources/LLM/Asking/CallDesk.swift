package import Trading
package import Wire

/// Where calls are reserved before they are made and settled afterwards.
package struct CallDesk: Sendable {
  /// Reserves the worst case of a call, or says which cap forbids it.
  package let reserve: @Sendable (CallWish) async -> Result<CallNumber, SpendingRefusal>
  /// Books what became of a reserved call.
  ///
  /// Called exactly once for each reservation, also in a cancelled task; it must not give up then.
  package let settle: @Sendable (CallSettlement) async -> Void

  /// A desk from its parts.
  package init(
    reserve: @escaping @Sendable (CallWish) async -> Result<CallNumber, SpendingRefusal>,
    settle: @escaping @Sendable (CallSettlement) async -> Void
  ) {
    self.reserve = reserve
    self.settle = settle
  }
}

/// The places that models have for calls at the same time and within a minute.
///
/// Where they are scarce, who ranks first gets one first.
package struct ModelPermits: Sendable {
  /// Says that somebody of this rank will soon wait for a place of a model; those behind it leave
  /// it one until it does or withdraws.
  package let announce: @Sendable (ModelAlias, RateRank) -> Void
  /// Takes an announcement back; without effect where there is none any more.
  package let withdraw: @Sendable (ModelAlias, RateRank) -> Void
  /// Waits for a place of a model, at most that long; throws when none came free in time or the
  /// task is cancelled, and then holds none.
  ///
  /// Who has no rank comes after all who have one.
  package let acquire: @Sendable (ModelAlias, RateRank?, Duration) async throws -> Void
  /// Gives a place back; called once for each acquired one, also in a cancelled task.
  package let release: @Sendable (ModelAlias) async -> Void

  /// Permits from their parts.
  package init(
    announce: @escaping @Sendable (ModelAlias, RateRank) -> Void,
    withdraw: @escaping @Sendable (ModelAlias, RateRank) -> Void,
    acquire: @escaping @Sendable (ModelAlias, RateRank?, Duration) async throws -> Void,
    release: @escaping @Sendable (ModelAlias) async -> Void
  ) {
    self.announce = announce
    self.withdraw = withdraw
    self.acquire = acquire
    self.release = release
  }

  /// No limits.
  package static let unlimited = ModelPermits(
    announce: { _, _ in }, withdraw: { _, _ in }, acquire: { _, _, _ in }, release: { _ in })
}

/// Places of a model that somebody will soon wait for.
package struct PermitClaim: Sendable {
  private let permits: ModelPermits
  private let model: ModelAlias
  private let ranks: [RateRank]

  /// A claim of the first calls to a model, with the rank of each.
  package init(_ permits: ModelPermits, model: ModelAlias, ranks: [RateRank]) {
    self.permits = permits
    self.model = model
    self.ranks = ranks
  }

  /// Announces the calls, before those that rank behind them are asked.
  package func announce() { for rank in ranks { permits.announce(model, rank) } }

  /// Takes back what was announced and not asked for.
  package func withdraw() { for rank in ranks { permits.withdraw(model, rank) } }
}

/// The time by which questions are asked.
package struct AskClock: Sendable {
  /// Milliseconds from any fixed instant; never runs backwards.
  package let nowMs: @Sendable () -> Double
  /// Waits; throws when the task is cancelled.
  package let sleep: @Sendable (Duration) async throws -> Void

  /// A clock from its parts.
  package init(
    nowMs: @escaping @Sendable () -> Double,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.nowMs = nowMs
    self.sleep = sleep
  }
}

/// How patiently questions are asked.
package struct AskRules: Sendable, Hashable {
  /// The longest a single call may take.
  package let timeout: Duration
  /// How often each model is asked, and how long to wait in between.
  package let retry: RetryPolicy
  /// A call with less time than this is not begun.
  package let leastTime: Duration
  /// What the waits are drawn from, together with trader, cycle, purpose and model.
  package let seed: UInt64

  /// The longest chain of a model and its fallbacks.
  package static let longestChain = 3

  /// Rules from their parts.
  ///
  /// `maxRetries` is how often each model is asked again after a failure that may pass; a negative
  /// number counts as none.
  package init(
    timeout: Duration, maxRetries: Int, firstWait: Duration = .milliseconds(500),
    longestWait: Duration = .seconds(20), leastTime: Duration = .milliseconds(250), seed: UInt64
  ) {
    self.timeout = timeout
    retry = RetryPolicy(
      maxAttempts: max(0, maxRetries) + 1, baseDelay: firstWait, maxDelay: longestWait)
    self.leastTime = leastTime
    self.seed = seed
  }
}
