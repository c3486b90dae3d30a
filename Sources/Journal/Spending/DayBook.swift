import Trading

/// Calls and what they consumed; as a change its parts may be negative.
struct Spending: Equatable {
  var calls: Int
  var spent: Spent

  static let zero = Spending(calls: 0, spent: .zero)

  /// The sum; throws when it is more than can be kept, or less than nothing.
  func plus(_ other: Spending) throws -> Spending {
    let (tokens, tokensOver) = spent.tokens.addingReportingOverflow(other.spent.tokens)
    let (cost, costOver) = spent.cost.mantissa.addingReportingOverflow(other.spent.cost.mantissa)
    guard !tokensOver, !costOver, tokens >= 0, cost >= 0, calls + other.calls >= 0 else {
      throw JournalError.failed(
        operation: "book model calls",
        detail: "expected a day's total of at least 0 and at most 92 billion USD, was "
          + "\(self) and \(other)")
    }
    return Spending(
      calls: calls + other.calls, spent: Spent(tokens: tokens, cost: USD(mantissa: cost)))
  }

  /// The difference of two amounts, neither negative.
  func minus(_ other: Spending) -> Spending {
    Spending(
      calls: calls - other.calls,
      spent: Spent(tokens: spent.tokens - other.spent.tokens, cost: spent.cost - other.spent.cost))
  }
}

extension Spending: CustomStringConvertible {
  var description: String { "\(calls) calls, \(spent.tokens) tokens, \(spent.cost) USD" }
}

extension Spending {
  /// The amounts of the next columns `calls`, `tokens` and `cost`.
  init(_ row: inout RowReader) throws {
    self.init(calls: try row.next(), spent: Spent(tokens: try row.next(), cost: try row.next()))
  }

  /// The values of these columns.
  var values: [any Column] { [calls, spent.tokens, spent.cost] }
}

/// The running totals of days within one transaction: read when first needed, written once.
struct DayBook {
  /// What a total is kept for.
  struct Place: Hashable, Comparable {
    let day: CivilDay
    let trader: TraderID
    let model: ModelAlias

    static func < (left: Place, right: Place) -> Bool {
      if left.day != right.day { return left.day < right.day }
      return left.trader == right.trader ? left.model < right.model : left.trader < right.trader
    }
  }

  private struct TraderDay: Hashable {
    let day: CivilDay
    let trader: TraderID
  }

  private let session: Session
  private var days: [CivilDay: Spending] = [:]
  private var traders: [TraderDay: [ModelAlias: Spending]] = [:]
  private var changed: Set<Place> = []

  init(_ session: Session) { self.session = session }

  /// What all traders spent in a day.
  mutating func total(of day: CivilDay) throws -> Spending {
    if let known = days[day] { return known }
    let total =
      try session.first("SELECT calls, tokens, cost FROM llm_days WHERE day = ?", [day]) {
        try Spending(&$0)
      } ?? .zero
    days[day] = total
    return total
  }

  /// What a trader spent in a day.
  mutating func total(of trader: TraderID, on day: CivilDay) throws -> Spending {
    try models(of: trader, on: day).values.reduce(.zero) { try $0.plus($1) }
  }

  /// Adds a change.
  mutating func add(_ change: Spending, to place: Place) throws {
    guard change != .zero else { return }
    days[place.day] = try total(of: place.day).plus(change)
    var models = try models(of: place.trader, on: place.day)
    models[place.model] = try (models[place.model] ?? .zero).plus(change)
    traders[TraderDay(day: place.day, trader: place.trader)] = models
    changed.insert(place)
  }

  /// Writes what was changed.
  func save() throws {
    let places = changed.sorted()
    for day in Set(places.map(\.day)).sorted() {
      try session.run(Self.upsertDay, [day] + (days[day] ?? .zero).values + [true])
    }
    for place in places {
      let total = traders[TraderDay(day: place.day, trader: place.trader)]?[place.model] ?? .zero
      try session.run(Self.upsertTrader, [place.day, place.trader, place.model] + total.values)
    }
  }

  private static let upsertDay =
    Columns("llm_days", "day calls tokens cost has_calls").insert
      + """
       ON CONFLICT (day) DO UPDATE SET calls = excluded.calls, tokens = excluded.tokens,
        cost = excluded.cost
      """
  private static let upsertTrader = Columns(
    "llm_trader_days", "day trader model calls tokens cost"
  ).upsert(key: "day", "trader", "model")

  private mutating func models(
    of trader: TraderID, on day: CivilDay
  ) throws -> [ModelAlias: Spending] {
    let key = TraderDay(day: day, trader: trader)
    if let known = traders[key] { return known }
    let rows = try session.rows(
      "SELECT model, calls, tokens, cost FROM llm_trader_days WHERE day = ? AND trader = ?",
      [day, trader]
    ) { (try $0.next(ModelAlias.self), try Spending(&$0)) }
    let models = Dictionary(uniqueKeysWithValues: rows)
    traders[key] = models
    return models
  }
}

// MARK: - Caps

extension DayBook {
  /// Why a call may not be made; `nil` when it may.
  mutating func refusal(
    of wish: CallWish, on day: CivilDay, caps: SpendingCaps
  ) throws -> SpendingRefusal? {
    let arena = try total(of: day).spent
    let trader = try total(of: wish.trader, on: day).spent
    return refusal(
      "budget.daily_token_limit", wish.worst.tokens, used: arena.tokens, limit: caps.arenaTokens)
      ?? refusal("budget.daily_usd_limit", wish.worst.cost, used: arena.cost, limit: caps.arenaCost)
      ?? refusal(
        "budget.trader_daily_token_limit", wish.worst.tokens, used: trader.tokens,
        limit: caps.traderTokens)
      ?? refusal(
        "budget.trader_daily_usd_limit", wish.worst.cost, used: trader.cost,
        limit: caps.traderCost)
  }

  private func refusal(
    _ cap: String, _ needed: Int, used: Int, limit: Int?
  ) -> SpendingRefusal? {
    guard let limit, isOver(Int64(needed), Int64(used), Int64(limit)) else { return nil }
    return SpendingRefusal(
      cap: cap, limit: "\(limit) tokens", used: "\(used) tokens", needed: "\(needed) tokens")
  }

  private func refusal(
    _ cap: String, _ needed: USD, used: USD, limit: USD?
  ) -> SpendingRefusal? {
    guard let limit, isOver(needed.mantissa, used.mantissa, limit.mantissa) else { return nil }
    return SpendingRefusal(
      cap: cap, limit: "\(limit) USD", used: "\(used) USD", needed: "\(needed) USD")
  }

  private func isOver(_ needed: Int64, _ used: Int64, _ limit: Int64) -> Bool {
    let (sum, overflowed) = needed.addingReportingOverflow(used)
    return overflowed || sum > limit
  }
}
