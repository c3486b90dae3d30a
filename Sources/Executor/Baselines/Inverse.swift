import Market
import Trading

/// Does the opposite of another trader: its longs are our shorts, with stop and target mirrored.
enum Inverse {
  static func decisions(of peer: TraderID, in context: ExecutorContext) -> [Decision] {
    let mirrored = (context.peer?.decisions ?? []).compactMap { mirror($0, of: peer) }
    guard mirrored.isEmpty else { return mirrored }
    return [Decision(.hold, coin: nil, reasoning: "\(peer) decided nothing.")]
  }

  private static func mirror(_ decision: Decision, of peer: TraderID) -> Decision? {
    var mirrored = decision
    mirrored.reasoning = "The opposite of \(peer): \(decision.reasoning)"
    switch decision.action {
    case .hold, .close: return mirrored
    case .updateProtection: return nil
    case .buyToEnter: mirrored.action = .sellToEnter
    case .sellToEnter: mirrored.action = .buyToEnter
    }
    guard let entry = decision.entryPrice else { return mirrored }
    mirrored.stopLoss = decision.stopLoss.flatMap { reflect($0, at: entry) }
    mirrored.takeProfit = decision.takeProfit.flatMap { reflect($0, at: entry) }
    return mirrored
  }

  /// The price as far on the other side of the entry; `nil` when that is not above zero.
  private static func reflect(_ price: Price, at entry: Price) -> Price? {
    Price(mantissa: 2 * entry.mantissa - price.mantissa)
  }
}
