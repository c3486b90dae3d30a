import Trading

/// The wishes for one coin while they are resolved.
struct CoinClash {
  let coin: Coin
  let account: SharedAccount
  let rules: ConflictRules
  /// What is left, in priority order.
  var wishes: [OpenWish]
  var refused: [RefusedWish] = []
  var records: [ConflictRecord] = []

  /// A coin held outside of nof0 takes no entries: whether one would grow or close it is not ours
  /// to decide.
  mutating func yieldToOutside() {
    guard account.outside.contains(coin), !wishes.isEmpty else { return }
    let reason = "\(coin) is held on account \(account.account) outside of nof0"
    record(
      .direction, wishes.map(\.trader), strategy: nil,
      resolution: "refused: \(texts(wishes)); the position outside of nof0 stays as it is",
      reason: reason)
    refuse(wishes, ConflictRule.symbolOwned, "\(reason); it takes no entries until that is closed")
  }

  /// Whoever holds the coin keeps it; without exclusive coins others may join its side.
  mutating func yieldToHolders() {
    yield(.direction, ConflictRule.direction) { $0.opposite }
    if rules.exclusiveSymbols { yield(.duplicate, ConflictRule.duplicate) { $0 } }
  }

  /// Opposite sides of several traders: one side goes on, or none.
  mutating func settleDirection() {
    guard Set(wishes.map(\.trader)).count > 1, Set(wishes.map(\.wish.side)).count > 1,
      let winner = winner(by: rules.direction)
    else { return }
    let reason = "opposite sides of \(coin): \(texts(wishes))"
    let losers: [OpenWish]
    let resolution: String
    let cause: String
    switch rules.direction {
    case .firstCome, .proportional, .highestConfidence:
      let kept = wishes.filter { $0.wish.side == winner.wish.side }
      losers = wishes.filter { $0.wish.side != winner.wish.side }
      resolution =
        "the \(winner.wish.side.rawValue) side goes on: \(texts(kept)); "
        + "refused: \(texts(losers))"
      cause =
        "\(winner.trader) goes first with a \(winner.wish.side.rawValue) of "
        + "\(winner.wish.sizeText)\(advantage(of: winner, by: rules.direction))"
    case .aggregate:
      losers = wishes
      resolution = "all refused: \(texts(losers))"
      cause = "opposite wishes drop each other: \(texts(wishes))"
    }
    record(
      .direction, wishes.map(\.trader), strategy: rules.direction, resolution: resolution,
      reason: reason)
    refuse(losers, ConflictRule.direction, cause)
  }

  /// The same side of several traders: one trader goes on, or all in one order.
  ///
  /// - Returns: The orders of the coin.
  mutating func settleDuplicates() -> [JointWish] {
    guard Set(wishes.map(\.trader)).count > 1 else {
      return wishes.map { JointWish(members: [$0]) }
    }
    let strategy: ConflictStrategy =
      rules.duplicate == .aggregate && rules.exclusiveSymbols ? .firstCome : rules.duplicate
    let reason =
      "\(wishes[0].wish.side.rawValue) entries of several traders on \(coin): "
      + texts(wishes)
    let traders = wishes.map(\.trader)
    switch strategy {
    case .aggregate:
      let joint = JointWish(members: wishes)
      record(
        .duplicate, traders, strategy: strategy,
        resolution: "one order of \(joint.combined.sizeText) at \(joint.combined.leverage)x for "
          + "\(texts(joint.members))", reason: reason)
      return [joint]
    case .firstCome, .proportional, .highestConfidence:
      guard let winner = winner(by: strategy) else { return [] }
      let kept = wishes.filter { $0.trader == winner.trader }
      let losers = wishes.filter { $0.trader != winner.trader }
      record(
        .duplicate, traders, strategy: strategy,
        resolution: "goes on: \(texts(kept)); refused: \(texts(losers))", reason: reason)
      refuse(
        losers, ConflictRule.duplicate,
        "\(winner.trader) goes first with a \(winner.wish.side.rawValue) of "
          + "\(winner.wish.sizeText)\(advantage(of: winner, by: strategy))")
      return kept.map { JointWish(members: [$0]) }
    }
  }
}

extension CoinClash {
  /// Refuses the wishes against which others hold a side of the coin, with one record for all.
  private mutating func yield(
    _ kind: ConflictKind, _ rule: String, toHoldersOf side: (PositionSide) -> PositionSide
  ) {
    let losers = wishes.filter { !holders(of: side($0.wish.side), but: $0.trader).isEmpty }
    guard let first = losers.first else { return }
    let held = side(first.wish.side)
    let owners = Set(losers.flatMap { holders(of: side($0.wish.side), but: $0.trader) }).sorted()
    let reason =
      "\(names(owners)) already held a \(held.rawValue) of \(coin) on account "
      + "\(account.account)"
    record(
      kind, owners + losers.map(\.trader).filter { !owners.contains($0) }, strategy: nil,
      resolution: "\(names(owners)) kept \(coin); refused: \(texts(losers))", reason: reason)
    refuse(losers, rule, reason)
  }

  /// Who else holds that side of the coin, by id.
  private func holders(of side: PositionSide, but trader: TraderID) -> [TraderID] {
    (account.holders[coin] ?? [:]).filter { $0.key != trader && $0.value == side }.keys.sorted()
  }

  private func winner(by strategy: ConflictStrategy) -> OpenWish? {
    switch strategy {
    case .firstCome, .aggregate, .proportional: wishes.first
    case .highestConfidence: wishes.min(by: OpenWish.isSurer)
    }
  }

  /// What the winner has that the others lack, in words.
  private func advantage(of winner: OpenWish, by strategy: ConflictStrategy) -> String {
    switch strategy {
    case .firstCome, .aggregate, .proportional: ", first by priority"
    case .highestConfidence: ", confidence \(winner.confidence)"
    }
  }

  private mutating func refuse(_ losers: [OpenWish], _ rule: String, _ text: String) {
    refused += losers.map { RefusedWish(wish: $0, note: RuleNote(rule: rule, text: text)) }
    wishes.removeAll { losers.contains($0) }
  }

  private mutating func record(
    _ kind: ConflictKind, _ traders: [TraderID], strategy: ConflictStrategy?, resolution: String,
    reason: String
  ) {
    records.append(
      ConflictRecord(
        account: account.account, kind: kind, severity: kind.severity, coin: coin,
        traders: traders.withoutRepeats, strategy: strategy, resolution: resolution,
        reason: reason))
  }

  private func texts(_ wishes: [OpenWish]) -> String {
    wishes.map(\.text).joined(separator: ", ")
  }

  private func names(_ traders: [TraderID]) -> String {
    traders.map(\.name).joined(separator: ", ")
  }
}

extension ConflictKind {
  /// How urgent a conflict of this kind is.
  var severity: AlertSeverity {
    switch self {
    case .direction: .high
    case .resource: .medium
    case .duplicate: .low
    }
  }
}

extension [TraderID] {
  /// Each trader once, where it comes first.
  var withoutRepeats: [TraderID] {
    var seen: Set<TraderID> = []
    return filter { seen.insert($0).inserted }
  }
}
