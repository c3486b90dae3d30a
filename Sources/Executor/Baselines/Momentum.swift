import Market
import Trading

/// Long the strongest coin over four hours, short the weakest; out when its move has turned.
enum Momentum {
  /// The least move worth an entry, in per cent over four hours.
  static let threshold = 0.4
  /// Distance of the stop.
  static let stop = Bps(whole: 200)

  private struct Move {
    let coin: Coin
    let pct: Double
  }

  static func decisions(in context: ExecutorContext) -> [Decision] {
    let known: [Move] = context.trader.coins.compactMap { coin in
      context.market.coins[coin]?.change4hPct.map { Move(coin: coin, pct: $0) }
    }
    let moves = known.sorted { left, right in
      left.pct == right.pct ? left.coin < right.coin : left.pct > right.pct
    }
    var decisions: [Decision] = []
    for held in context.positions {
      let coin = held.position.coin
      guard let move = moves.first(where: { $0.coin == coin }) else { continue }
      let words = "Moved \(Bracket.signedPct(move.pct)) over four hours."
      let hasTurned = held.position.side == .long ? move.pct < 0 : move.pct > 0
      decisions.append(
        hasTurned ? Bracket.close(coin, reasoning: words) : Bracket.hold(coin, reasoning: words))
    }
    if let strongest = moves.first, strongest.pct >= threshold {
      decisions += entry(.long, strongest.coin, strongest.pct, "strongest", in: context)
    }
    if let weakest = moves.last, weakest.pct <= -threshold {
      decisions += entry(.short, weakest.coin, weakest.pct, "weakest", in: context)
    }
    return decisions
  }

  private static func entry(
    _ side: PositionSide, _ coin: Coin, _ pct: Double, _ rank: String,
    in context: ExecutorContext
  ) -> [Decision] {
    guard context.position(in: coin) == nil else { return [] }
    let words =
      "The \(rank) of \(context.trader.coins.count) coins, "
      + "\(Bracket.signedPct(pct)) over four hours."
    return Bracket.entry(side, coin, stopBps: stop, in: context, reasoning: words).map { [$0] }
      ?? []
  }
}
