/// What may be spent on model calls in one UTC day; `nil` = no limit.
package struct SpendingCaps: Sendable, Hashable {
  /// Tokens of all traders together.
  package let arenaTokens: Int?
  /// Cost of all traders together, USD.
  package let arenaCost: USD?
  /// Tokens of each trader.
  package let traderTokens: Int?
  /// Cost of each trader, USD.
  package let traderCost: USD?
  /// The share of a cap at which to warn.
  package let alertAt: Pct
  /// Whether a call beyond a cap is refused; if not, it only warns.
  package let isStrict: Bool

  /// Caps from their parts.
  package init(
    arenaTokens: Int?, arenaCost: USD?, traderTokens: Int?, traderCost: USD?, alertAt: Pct,
    isStrict: Bool
  ) {
    self.arenaTokens = arenaTokens
    self.arenaCost = arenaCost
    self.traderTokens = traderTokens
    self.traderCost = traderCost
    self.alertAt = alertAt
    self.isStrict = isStrict
  }

  /// No limits.
  package static let none = SpendingCaps(
    arenaTokens: nil, arenaCost: nil, traderTokens: nil, traderCost: nil,
    alertAt: Pct(whole: 80), isStrict: true)
}

/// Tokens and money.
package struct Spent: Sendable, Hashable {
  /// Tokens of questions and answers.
  package var tokens: Int
  /// USD.
  package var cost: USD

  /// An amount from its parts.
  package init(tokens: Int, cost: USD) {
    self.tokens = tokens
    self.cost = cost
  }

  /// Nothing.
  package static let zero = Spent(tokens: 0, cost: .zero)

  /// The sum.
  package static func + (left: Spent, right: Spent) -> Spent {
    Spent(tokens: left.tokens + right.tokens, cost: left.cost + right.cost)
  }
}

/// What a model call was for.
package enum CallPurpose: String, Sendable, CaseIterable {
  /// A trader's decision.
  case decision
  /// The same, after the first answer could not be read.
  case reask
  /// A repetition that only measures how much answers vary.
  case replica
}

/// The number of a model call of this arena, counted from 1.
package typealias CallNumber = Int64

/// A model call that is about to be made and what it may consume.
package struct CallWish: Sendable, Hashable {
  /// The trader it is for.
  package let trader: TraderID
  /// The model that will be asked.
  package let model: ModelAlias
  /// What it is for.
  package let purpose: CallPurpose
  /// The cycle it is for.
  package let cycle: CycleNumber
  /// The most it can consume: what is reserved.
  package let worst: Spent
  /// What it will about consume: what is booked when nobody learns what it did.
  package let estimate: Spent
  /// SHA-256 of model, parameters and messages in hexadecimal.
  package let questionDigest: String

  /// A wish from its parts.
  package init(
    trader: TraderID, model: ModelAlias, purpose: CallPurpose, cycle: CycleNumber, worst: Spent,
    estimate: Spent, questionDigest: String
  ) {
    self.trader = trader
    self.model = model
    self.purpose = purpose
    self.cycle = cycle
    self.worst = worst
    self.estimate = estimate
    self.questionDigest = questionDigest
  }
}

/// Why a call may not be made.
package struct SpendingRefusal: Error, Sendable, Hashable, CustomStringConvertible {
  /// The key of the cap in llm.yaml, for example `budget.daily_usd_limit`.
  package let cap: String
  /// What it allows, in words with its unit.
  package let limit: String
  /// What is spent and reserved of it, in words with its unit.
  package let used: String
  /// What the call might have taken, in words with its unit.
  package let needed: String

  /// A refusal from its parts.
  package init(cap: String, limit: String, used: String, needed: String) {
    self.cap = cap
    self.limit = limit
    self.used = used
    self.needed = needed
  }

  /// The refusal in words.
  package var description: String {
    "over budget: the call may take \(needed), \(used) of \(limit) are used today "
      + "(\(cap) of llm.yaml); it resumes at 00:00 UTC"
  }
}

/// How a model call ended.
package enum CallStatus: String, Sendable, CaseIterable {
  /// It is reserved, and nobody knows yet.
  case reserved
  /// An answer came.
  case answered
  /// It failed; what it consumed is known or estimated.
  case failed
  /// It was never sent; it consumed nothing.
  case released
  /// Its run died; the estimate is booked.
  case abandoned
}

/// What became of a reserved call.
package struct CallSettlement: Sendable, Hashable {
  /// The call.
  package let call: CallNumber
  /// How it ended; never `reserved`.
  package let status: CallStatus
  /// What it consumed; zero for a released one.
  package let usage: TokenUsage
  /// What it cost, USD.
  package let cost: USD
  /// Milliseconds from sending to the end; 0 for a released one.
  package let latencyMs: Double
  /// The provider's name of the model that answered; empty when none did.
  package let answeredBy: String
  /// Why the model stopped, in its provider's word; empty when it did not say.
  package let finishReason: String
  /// What went wrong; empty when nothing did.
  package let error: String

  /// A settlement from its parts.
  package init(
    call: CallNumber, status: CallStatus, usage: TokenUsage, cost: USD, latencyMs: Double,
    answeredBy: String, finishReason: String, error: String
  ) {
    self.call = call
    self.status = status
    self.usage = usage
    self.cost = cost
    self.latencyMs = latencyMs
    self.answeredBy = answeredBy
    self.finishReason = finishReason
    self.error = error
  }
}

/// What was spent in one UTC day, reservations counted with their worst case.
package struct DaySpending: Sendable, Equatable {
  /// By all traders.
  package let arena: Spent
  /// By each trader that spent something.
  package let traders: [TraderID: Spent]
  /// Calls made, released ones not counted.
  package let calls: Int

  /// A day from its parts.
  package init(arena: Spent, traders: [TraderID: Spent], calls: Int) {
    self.arena = arena
    self.traders = traders
    self.calls = calls
  }
}
