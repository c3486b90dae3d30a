package import Trading

/// What a control trader can know without looking at everything: whether this turn asks for
/// anything.
///
/// For those who walk through years of turns of which most are holds.
package struct BaselineOutlook: Sendable {
  /// The trader's coins, sorted as configured.
  package let coins: [Coin]
  /// Which side is held of each coin: 1 long, −1 short, 0 flat.
  package var held: [Int8]
  /// Whether a position in each coin was closed before.
  package var wasClosed: [Bool]

  /// An outlook of a trader that holds nothing.
  package init(coins: [Coin]) {
    self.coins = coins
    held = coins.map { _ in 0 }
    wasClosed = coins.map { _ in false }
  }

  /// Holds of a turn of rule `buy_and_hold` that asks for nothing; `nil` = it may ask for more.
  package var holdsOfBuyAndHold: Int? {
    var holds = 0
    for index in held.indices {
      if held[index] != 0 { holds += 1 } else if !wasClosed[index] { return nil }
    }
    return holds
  }

  /// Holds of a turn of rule `ema_cross`.
  ///
  /// - Parameters:
  ///   - rule: The rule.
  ///   - side: Where the averages of each coin stand: 1, −1, or 0 for not known.
  ///   - hasCrossed: Whether those of a coin have just crossed.
  /// - Returns: How many, if it asks for nothing; `nil` = it may ask for something.
  package func holds(
    of rule: EMACrossRule, side: (Int) -> Int8, hasCrossed: (Int) -> Bool
  ) -> Int? {
    var holds = 0
    for index in held.indices {
      let stands = side(index)
      guard stands != 0 else { continue }
      if held[index] == 0 {
        guard rule.entersOnCrossOnly, !hasCrossed(index) else { return nil }
      } else if held[index] != stands {
        return nil
      }
      holds += 1
    }
    return holds
  }

  /// Holds of a turn of rule `momentum`.
  ///
  /// - Parameter move: The change of each coin within four hours, per cent; not a number = not
  ///   known.
  /// - Returns: How many, if it asks for nothing; `nil` = it may ask for something.
  package func holdsOfMomentum(move: (Int) -> Double) -> Int? {
    var holds = 0
    var strongest: Int?
    var weakest: Int?
    for index in held.indices {
      let pct = move(index)
      guard !pct.isNaN else { continue }
      if held[index] != 0 {
        if held[index] > 0 ? pct < 0 : pct > 0 { return nil }
        holds += 1
      }
      if precedes(index, pct, strongest.map { ($0, move($0)) }) { strongest = index }
      if let last = weakest {
        weakest = precedes(index, pct, (last, move(last))) ? last : index
      } else {
        weakest = index
      }
    }
    if let strongest, move(strongest) >= Momentum.threshold, held[strongest] == 0 { return nil }
    if let weakest, move(weakest) <= -Momentum.threshold, held[weakest] == 0 { return nil }
    return holds
  }

  /// Whether a coin comes before another one in the order of their moves.
  private func precedes(_ index: Int, _ pct: Double, _ other: (Int, Double)?) -> Bool {
    guard let (rival, best) = other else { return true }
    return pct == best ? coins[index] < coins[rival] : pct > best
  }

  /// Holds of a turn of rule `random` that asks for nothing; `nil` = it may ask for something.
  package func holdsOfRandom(
    seed: UInt64, traderHash: UInt64, slot: Int64, peer: (opens: Int, invocations: Int)?
  ) -> Int? {
    var flips = SeededGenerator(seeds: seed, traderHash, UInt64(bitPattern: slot))
    let chance = RandomEntries.entryChance(
      peer.map { (opens: $0.opens, invocations: $0.invocations) })
    var holds = 0
    for side in held where side != 0 {
      if flips.unit() < chance / 5 { return nil }
      holds += 1
    }
    if flips.unit() < chance, held.contains(0) { return nil }
    return max(1, holds)
  }
}
