import Market
import Trading

/// Seeded coin flips: the yardstick for luck.
///
/// The flips follow from the seed, the trader and the slot alone, so that a repeated run decides
/// the same. With a peer it opens about as often as that trader does; without one it opens once in
/// twenty turns. An open position is closed with one fifth of that chance per slot of its own, so
/// that positions last.
enum RandomEntries {
  /// Chance of an entry per turn when there is no peer.
  static let entryChance = 0.05
  /// Distance of the stop.
  static let stop = Bps(whole: 200)

  static func decisions(seed: UInt64, in context: ExecutorContext) -> [Decision] {
    var flips = SeededGenerator(
      seeds: seed, stableHash(context.trader.id.name), UInt64(bitPattern: context.slot))
    let chance = entryChance(context.peer.map { (opens: $0.opens, invocations: $0.invocations) })
    var decisions: [Decision] = []
    for held in context.positions {
      let coin = held.position.coin
      decisions.append(
        flips.unit() < chance / 5
          ? Bracket.close(coin, reasoning: "The coin said out.")
          : Bracket.hold(coin, reasoning: "The coin said stay."))
    }
    let wantsEntry = flips.unit() < chance
    let flat = context.trader.coins.filter {
      context.position(in: $0) == nil && context.market.coins[$0] != nil
    }
    guard wantsEntry, !flat.isEmpty else {
      return decisions.isEmpty
        ? [Decision(.hold, coin: nil, reasoning: "The coin said wait.")] : decisions
    }
    let coin = flat[flips.below(flat.count)]
    let side: PositionSide = flips.below(2) == 0 ? .long : .short
    let confidence = 50 + flips.below(50)
    if let entry = Bracket.entry(
      side, coin, stopBps: stop, confidence: max(confidence, context.trader.risk.minConfidence),
      in: context, reasoning: "The coin said \(side.rawValue).")
    {
      decisions.append(entry)
    }
    return decisions
  }

  /// The chance of an entry in a turn beside a peer that opened so often in so many turns.
  static func entryChance(_ peer: (opens: Int, invocations: Int)?) -> Double {
    guard let peer else { return entryChance }
    guard peer.invocations > 0 else { return 0 }
    return min(1, Double(peer.opens) / Double(peer.invocations))
  }
}
