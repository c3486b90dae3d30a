import Journal
import Market
import Trading

extension Cycle {
  /// Books one fill to those whose it is, and tells the operator of what nobody ordered.
  func book(_ fill: Fill, _ work: inout CycleWork) throws {
    let intent = try intent(of: fill, work)
    let owners = try owners(of: fill, intent, work)
    for (part, (owner, share)) in zip(owners, fill.parts(owners.map(\.size))).enumerated() {
      switch owner.trader {
      case .some(let trader):
        book(share, part: part, to: trader, claim: owner.claim, intent, &work)
      case nil:
        work.state.accounts[fill.account, default: AccountBooks(account: fill.account)]
          .bookOutside(share)
        work.changes.fills.append(
          BookedFill(fill: share, trader: nil, position: nil, part: part))
      }
    }
    if let intent {
      settle(intent, by: fill, &work)
      tellBystanders(of: intent, fill, owners, &work)
    } else if fill.cause == .liquidation || fill.cause == .deleveraging {
      work.alert(
        "forced.\(fill.account).\(fill.id)", .high,
        "account \(fill.account): the venue closed \(fill.size) \(fill.coin) at \(fill.price) "
          + "(\(fill.cause.rawValue))")
    } else if fill.cause == .order || fill.cause == .limit {
      let words = owners.map { "\($0.size) to \($0.trader?.name ?? "nobody (held outside)")" }
      work.alert(
        "manual.\(fill.account).\(fill.id)", .medium,
        "account \(fill.account): fill \(fill.id) (\(fill.side.rawValue) \(fill.size) "
          + "\(fill.coin) at \(fill.price)) has no order of ours; booked "
          + "\(words.joined(separator: ", "))")
    }
  }

  /// Tells when an order that only reduces has ended coins of others than its trader.
  private func tellBystanders(
    of intent: OrderIntent, _ fill: Fill, _ owners: [FillOwner], _ work: inout CycleWork
  ) {
    let own = intent.request.trader
    let others = owners.filter { $0.trader != own }
    guard intent.request.reduceOnly, !others.isEmpty else { return }
    let words = others.map { "\($0.size) of \($0.trader?.name ?? "nobody (held outside)")" }
    work.alert(
      "bystander.\(fill.account).\(fill.id)", .high, trader: own,
      "account \(fill.account): the \(intent.request.purpose.rawValue) of \(own) closed "
        + "\(words.joined(separator: ", ")) in \(fill.coin), as its own position was gone")
  }

  /// The order of ours behind a fill; `nil` = none.
  func intent(of fill: Fill, _ work: CycleWork) throws -> OrderIntent? {
    guard let id = fill.clientOrderID else { return nil }
    return try work.sent[id] ?? ports.store.intent(for: id)
  }

  /// Whose parts of a fill are, in order; the sizes sum up to the fill's.
  private func owners(
    of fill: Fill, _ intent: OrderIntent?, _ work: CycleWork
  ) throws -> [FillOwner] {
    let attribution = FillAttribution(
      fill: fill, holders: work.residents(of: fill.account).map(\.ledger),
      outside: work.state.accounts[fill.account]?.outside[fill.coin] ?? .zero,
      lot: lot(of: fill.coin, on: fill.account, work))
    guard let intent else { return attribution.unordered() }
    if intent.request.reduceOnly { return attribution.reduction(by: intent.request.trader) }
    guard !intent.shares.isEmpty else {
      return [FillOwner(trader: intent.request.trader, size: fill.size, claim: intent.claim)]
    }
    return attribution.shared(intent.shares, filled: try filled(of: intent, work))
  }

  /// What each trader already has of a shared order.
  private func filled(
    of intent: OrderIntent, _ work: CycleWork
  ) throws -> [TraderID: Quantity] {
    let id = intent.request.clientOrderID
    var filled = try ports.store.filledSizes(of: id)
    for booked in work.changes.fills where booked.fill.clientOrderID == id {
      guard let trader = booked.trader else { continue }
      filled[trader] = (filled[trader] ?? .zero) + booked.fill.size
    }
    return filled
  }

  private func lot(of coin: Coin, on account: AccountID, _ work: CycleWork) -> Quantity {
    let venue = work.residents(of: account).first?.exchange
    let market = venue.flatMap { ports.valuation[$0] }.flatMap { work.markets[$0] }
    return market?.coins[coin]?.instrument.lot ?? Quantity(mantissa: 1) ?? .zero
  }

  private func book(
    _ fill: Fill, part: Int, to trader: TraderID, claim: EntryClaim?, _ intent: OrderIntent?,
    _ work: inout CycleWork
  ) {
    var record = work.record(of: trader)
    let held = record.ledger.position(in: fill.coin)
    let claim =
      claim ?? held?.claim
      ?? EntryClaim(
        cycle: work.cycle, leverage: 1, confidence: nil, riskUSD: .zero,
        exitPlan: ExitPlan(stop: nil, target: nil))
    let events = record.ledger.book(
      fill, claim: claim, nextPosition: &work.state.nextPosition)
    var position = held?.number ?? work.state.nextPosition
    for event in events {
      switch event {
      case .opened(let opened):
        position = opened.number
        record.recentOpens.append(fill.at)
      case .changed(let changed): position = changed.number
      case .closed(let trade):
        position = trade.position
        record.lastCloses[fill.coin] = fill.at
        record.totals.fold(trade)
        work.changes.trades.append(trade)
      }
    }
    work.state.traders[trader] = record
    work.changes.nextPosition = work.state.nextPosition
    work.changes.fills.append(
      BookedFill(fill: fill, trader: trader, position: position, part: part))
    work.fills[trader, default: []].append(fill)
  }

  /// Fills tell the outcome of their order, also of one whose answer was lost, and what it cost.
  private func settle(_ intent: OrderIntent, by fill: Fill, _ work: inout CycleWork) {
    let id = intent.request.clientOrderID
    var sum = work.booked[id] ?? FillSum()
    sum.add(fill)
    work.booked[id] = sum
    if case .filled(let size, _, let fee, _)? = intent.outcome,
      size > sum.size || (size == sum.size && fee != nil)
    {
      return
    }
    var settled = intent
    settled.outcome = .filled(
      size: sum.size, averagePrice: sum.averagePrice ?? fill.price, fee: sum.fee,
      orderID: fill.orderID)
    work.sent[id] = settled
    note(settled, in: &work)
    work.resolve("unknown_outcome.\(id)")
    work.unbar(id)
  }

  /// Books funding to those who held the coin, each its part.
  func book(_ payment: FundingPayment, _ work: inout CycleWork) {
    let residents = work.residents(of: payment.account)
    var holders: [(trader: TraderID?, size: SignedQuantity)] = residents.compactMap { record in
      record.ledger.position(in: payment.coin).map { (record.ledger.trader, $0.signedSize) }
    }
    if let outside = work.state.accounts[payment.account]?.outside[payment.coin] {
      holders.append((nil, outside))
    }
    if holders.isEmpty {
      holders = [(residents.count == 1 ? residents[0].ledger.trader : nil, payment.size)]
    }
    if holders.reduce(.zero, { $0 + $1.size }) != payment.size {
      holders = Self.scaled(holders, to: payment.size)
    }
    for (part, (holder, share)) in zip(holders, payment.parts(holders.map(\.size))).enumerated() {
      if let trader = holder.trader {
        work.state.traders[trader]?.ledger.book(share)
      } else {
        work.state.accounts[payment.account, default: AccountBooks(account: payment.account)]
          .bookOutside(share)
      }
      work.changes.funding.append(
        BookedFunding(payment: share, trader: holder.trader, part: part))
    }
  }

  /// The same shares of another size; the rounding goes to the last.
  private static func scaled(
    _ holders: [(trader: TraderID?, size: SignedQuantity)], to size: SignedQuantity
  ) -> [(trader: TraderID?, size: SignedQuantity)] {
    let total = holders.reduce(SignedQuantity.zero) { $0 + $1.size }
    var rest = size
    return holders.enumerated().map { index, holder in
      let isLast = index == holders.count - 1
      let part =
        isLast || total == .zero
        ? (isLast ? rest : .zero)
        : SignedQuantity(
          mantissa: ExactMath.scale(
            size.mantissa, by: holder.size.mantissa, over: total.mantissa, .halfEven))
      rest = rest - part
      return (holder.trader, part)
    }
  }
}

/// One owner of a part of a fill.
struct FillOwner: Equatable {
  /// Whose it is; `nil` = nobody's, held outside of nof0.
  let trader: TraderID?
  /// Coins, above zero.
  let size: Quantity
  /// What its decision claimed; `nil` for parts that open nothing by decision.
  let claim: EntryClaim?
}

/// Finds out whose the parts of a fill are.
///
/// An account is netted at its venue: what reduces it reduces what somebody holds, and nobody may
/// be left with the opposite of what it held.
struct FillAttribution {
  let fill: Fill
  /// The books of everybody on the account, sorted by id.
  let holders: [Ledger]
  /// What is held of the coin outside of nof0.
  let outside: SignedQuantity
  let lot: Quantity

  /// The parts of an order that several traders share, none more than its share.
  func shared(_ shares: [OrderShare], filled: [TraderID: Quantity]) -> [FillOwner] {
    let rooms = shares.map { $0.size.less(filled[$0.trader] ?? .zero) }
    let room = rooms.reduce(Quantity.zero) { $0 + $1 }
    // A venue that fills more than was ordered would leave the rest to the first.
    let within = min(fill.size, room)
    var sizes = Apportionment.split(within, among: rooms, lot: lot)
    if within < fill.size, !sizes.isEmpty { sizes[0] = sizes[0] + fill.size.less(within) }
    return zip(shares, sizes).compactMap { share, size in
      size > .zero ? FillOwner(trader: share.trader, size: size, claim: share.claim) : nil
    }
  }

  /// A reduce-only order of a trader: its own lots first, then those of the others.
  func reduction(by trader: TraderID) -> [FillOwner] {
    var rest = fill.size
    var owners: [FillOwner] = []
    let own = closable(by: trader)
    take(min(rest, own), by: trader, &owners, &rest)
    takeProRata(from: holders.map(\.trader).filter { $0 != trader }, &owners, &rest)
    takeOutside(&owners, &rest)
    return owners
  }

  /// A fill nobody here ordered: of what the venue forced everybody has a part; otherwise whoever
  /// trades by hand first ends what was opened by hand, and then what the traders hold.
  func unordered() -> [FillOwner] {
    var rest = fill.size
    var owners: [FillOwner] = []
    let isForced = fill.cause == .liquidation || fill.cause == .deleveraging
    if !isForced, outsideClosable > .zero {
      take(min(rest, outsideClosable), by: nil, &owners, &rest)
    }
    takeProRata(from: holders.map(\.trader), &owners, &rest)
    takeOutside(&owners, &rest)
    return owners
  }

  private func closable(by trader: TraderID) -> Quantity {
    guard let position = holders.first(where: { $0.trader == trader })?.position(in: fill.coin),
      position.side.closing == fill.side
    else { return .zero }
    return position.size
  }

  private var outsideClosable: Quantity {
    outside.side?.closing == fill.side ? outside.magnitude : .zero
  }

  private func take(
    _ size: Quantity, by trader: TraderID?, _ owners: inout [FillOwner], _ rest: inout Quantity
  ) {
    guard size > .zero else { return }
    if let index = owners.firstIndex(where: { $0.trader == trader }) {
      owners[index] = FillOwner(trader: trader, size: owners[index].size + size, claim: nil)
    } else {
      owners.append(FillOwner(trader: trader, size: size, claim: nil))
    }
    rest = rest.less(size)
  }

  private func takeProRata(
    from traders: [TraderID], _ owners: inout [FillOwner], _ rest: inout Quantity
  ) {
    let sizes = traders.map { closable(by: $0) }
    let total = sizes.reduce(Quantity.zero) { $0 + $1 }
    guard rest > .zero, total > .zero else { return }
    let parts = Apportionment.split(min(rest, total), among: sizes, lot: lot)
    for (trader, part) in zip(traders, parts) { take(part, by: trader, &owners, &rest) }
  }

  private func takeOutside(_ owners: inout [FillOwner], _ rest: inout Quantity) {
    take(rest, by: nil, &owners, &rest)
  }
}
