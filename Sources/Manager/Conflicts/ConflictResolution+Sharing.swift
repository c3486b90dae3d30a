import Trading

extension ConflictResolution {
  /// Cuts the orders of several traders until they fit into what the account has free.
  ///
  /// One trader alone has no conflict: the account's own rules cut it.
  mutating func share(_ account: SharedAccount, by strategy: ConflictStrategy) {
    let fee = account.takerFee
    let traders = orders.flatMap(\.members).map(\.trader).withoutRepeats
    let needs = orders.map { $0.cost(takerFee: fee) }
    let needed = needs.reduce(.zero, +)
    guard traders.count > 1, needed > account.free else { return }
    let before = orders
    var budgets = Budgets(account: account, needed: needed, strategy: strategy)
    var after: [Int: JointWish] = [:]
    for place in turns(of: before, by: strategy) {
      let cut = before[place].cut(to: budgets.next(for: needs[place]), budgets.cause, fee: fee)
      refused += cut.refused
      after[place] = cut.order
      budgets.left -= cut.order?.cost(takerFee: fee) ?? .zero
    }
    orders = before.indices.compactMap { after[$0] }
    conflicts.append(
      ConflictRecord(
        account: account.account, kind: .resource, severity: ConflictKind.resource.severity,
        coin: nil, traders: traders, strategy: strategy,
        resolution: before.indices.map { place in
          let given = after[place]?.cost(takerFee: fee) ?? .zero
          return "\(before[place].names) gets \(given) of \(needs[place]) USD for "
            + "\(before[place].combined.coin)"
        }.joined(separator: ", "),
        reason: "\(needed) USD are needed for entries, the account has \(account.free) USD free"))
  }

  /// The places of the orders, the one that is served first in front.
  private func turns(of orders: [JointWish], by strategy: ConflictStrategy) -> [Int] {
    switch strategy {
    case .firstCome, .aggregate, .proportional: Array(orders.indices)
    case .highestConfidence:
      orders.indices.sorted { OpenWish.isSurer(orders[$0].surest, orders[$1].surest) }
    }
  }
}

/// What is left of the free margin while orders are cut.
private struct Budgets {
  let free: USD
  let needed: USD
  let strategy: ConflictStrategy
  var left: USD

  init(account: SharedAccount, needed: USD, strategy: ConflictStrategy) {
    free = max(.zero, account.free)
    self.needed = needed
    self.strategy = strategy
    left = free
  }

  /// What the next order may cost, USD.
  func next(for need: USD) -> USD {
    switch strategy {
    case .firstCome, .aggregate, .highestConfidence: left
    case .proportional:
      USD(
        mantissa: ExactMath.scale(need.mantissa, by: free.mantissa, over: needed.mantissa, .floor))
    }
  }

  /// Why an order is cut, in words.
  var cause: String {
    switch strategy {
    case .firstCome, .aggregate:
      "\(left) USD of \(free) USD free are left after those with priority"
    case .highestConfidence:
      "\(left) USD of \(free) USD free are left after those with more confidence"
    case .proportional: "\(free) USD free are shared by needs of \(needed) USD"
    }
  }
}

extension JointWish {
  /// The member with the highest confidence.
  fileprivate var surest: OpenWish { members.min(by: OpenWish.isSurer) ?? members[0] }

  /// Its traders in words.
  fileprivate var names: String { members.map(\.trader.name).joined(separator: " + ") }

  /// What is left of it for an amount of money; nothing when that is below the venue's minimum.
  fileprivate func cut(
    to budget: USD, _ cause: String, fee: Bps
  ) -> (order: JointWish?, refused: [RefusedWish]) {
    let whole = combined
    guard let market = whole.market else { return (self, []) }
    let allowed = market.size(costing: budget, leverage: whole.leverage, takerFee: fee)
    switch whole.cut(to: allowed, because: cause) {
    case .passed: return (self, [])
    case .rejected(let reason): return (nil, members.map { $0.refused(reason) })
    case .clamped(let next, _, _):
      let (kept, dropped) = splitting(next.size)
      let reason = "\(cause), which leaves nothing of its part of a joint order"
      return (with(kept, because: cause), dropped.map { $0.refused(reason) })
    }
  }

  /// The same order with smaller members, each with a note of its cut.
  private func with(_ kept: [OpenWish], because cause: String) -> JointWish {
    let before = Dictionary(members.map { ($0.trader, $0.wish) }) { first, _ in first }
    var next = self
    next.members = kept
    next.notes = notes.filter { note in kept.contains { $0.trader == note.key } }
    for member in kept {
      let from = before[member.trader]?.sizeText ?? ""
      next.notes[member.trader, default: []].append(
        RuleNote(
          rule: ConflictRule.resource,
          text: "\(from) → \(member.wish.sizeText), as \(cause)"))
    }
    return next
  }
}

extension OpenWish {
  /// Its refusal for want of money.
  fileprivate func refused(_ reason: String) -> RefusedWish {
    RefusedWish(wish: self, note: RuleNote(rule: ConflictRule.resource, text: reason))
  }
}
