/// What a decision wants to happen with a coin.
package enum DecisionAction: String, Sendable, CaseIterable {
  /// Open a long position.
  case buyToEnter = "buy_to_enter"
  /// Open a short position.
  case sellToEnter = "sell_to_enter"
  /// Do nothing.
  case hold
  /// Reduce or end the position.
  case close
  /// Replace the resting stop and target of the position.
  case updateProtection = "update_protection"

  /// The side of the position it opens; `nil` for actions that open nothing.
  package var entrySide: PositionSide? {
    switch self {
    case .buyToEnter: .long
    case .sellToEnter: .short
    case .hold, .close, .updateProtection: nil
    }
  }
}

/// One decision of an executor about one coin.
///
/// Numbers are what it claims, not what will happen.
package struct Decision: Sendable, Equatable {
  /// What should happen.
  package var action: DecisionAction
  /// The coin; `nil` only for a hold that names none.
  package var coin: Coin?
  /// Leverage wanted; `nil` = not given.
  package var leverage: Int?
  /// Notional wanted, USD; `nil` = not given.
  package var positionSize: USD?
  /// Coins wanted exactly, whatever ``positionSize`` says; `nil` = as many as that buys.
  ///
  /// Only rules inside the program give it.
  package var quantity: Quantity?
  /// The entry it reckons with.
  package var entryPrice: Price?
  /// Where the loss ends.
  package var stopLoss: Price?
  /// Where the profit is taken.
  package var takeProfit: Price?
  /// Loss at the stop by its own reckoning, USD; recorded, not believed.
  package var riskUSD: USD?
  /// 0–100; `nil` = not given.
  package var confidence: Int?
  /// Share of the position to close, above 0 up to 1.
  package var closeFraction: Factor
  /// The side of the position a close means; `nil` = whichever is held.
  package var closedSide: PositionSide?
  /// When the idea behind the position no longer holds, in words.
  package var invalidation: String
  /// Why, in words.
  package var reasoning: String
  /// Fields that were given but are not finite numbers above zero.
  package var malformedFields: [String]

  /// A decision from its parts.
  package init(
    _ action: DecisionAction, coin: Coin?, leverage: Int? = nil, positionSize: USD? = nil,
    entryPrice: Price? = nil, stopLoss: Price? = nil, takeProfit: Price? = nil,
    riskUSD: USD? = nil, confidence: Int? = nil, closeFraction: Factor = .one,
    invalidation: String = "", reasoning: String = "", malformedFields: [String] = [],
    quantity: Quantity? = nil
  ) {
    self.quantity = quantity
    self.action = action
    self.coin = coin
    self.leverage = leverage
    self.positionSize = positionSize
    self.entryPrice = entryPrice
    self.stopLoss = stopLoss
    self.takeProfit = takeProfit
    self.riskUSD = riskUSD
    self.confidence = confidence
    self.closeFraction = closeFraction
    self.invalidation = invalidation
    self.reasoning = reasoning
    self.malformedFields = malformedFields
  }
}

/// Why a trader that was due decided nothing.
package enum TurnFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// It did not answer in time.
  case timedOut(after: Span)
  /// The run was told to stop, or its deadline passed, before it was asked or could answer.
  case cutOff
  /// It answered with an error.
  case failed(String)
  /// It answered with something that cannot be read as decisions.
  case unparseable(String)
  /// It was not asked because a budget is used up.
  case overBudget(SpendingRefusal)

  /// The failure in words.
  package var description: String {
    switch self {
    case .timedOut(let span): "timed out after \(span)"
    case .cutOff: "cut off by the end of the run"
    case .failed(let reason): reason
    case .unparseable(let reason): "unparseable: \(reason)"
    case .overBudget(let refusal): refusal.description
    }
  }
}
