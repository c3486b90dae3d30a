import Trading

/// Aggregates of finished positions.
struct TradeMetrics: Sendable, Equatable, Archived {
  private(set) var all = TradeGroup()
  /// Trades with a net profit above zero.
  private(set) var winners = TradeGroup()
  /// All others.
  private(set) var losers = TradeGroup()
  private(set) var longs = TradeGroup()
  private(set) var shorts = TradeGroup()
  private(set) var gross = ExactSum()
  private(set) var grossSpread = Spread()
  private(set) var fees = ExactSum()
  private(set) var feesSpread = Spread()
  /// Funding received over the trades' lives.
  private(set) var funding = ExactSum()
  /// Entry notional in per cent of the equity then, where known.
  private(set) var portfolioPct = Spread()
  /// Distance of the stop in per cent of the entry, where there was one.
  private(set) var stopDistancePct = Spread()
  /// Distance of the target in per cent of the entry, where there was one.
  private(set) var targetDistancePct = Spread()
  /// The greatest net profit; `nil` without trades.
  private(set) var best: USD?
  /// The least net profit; `nil` without trades.
  private(set) var worst: USD?
  /// Wins in a row up to now; negative = losses in a row.
  private(set) var streak: Int64 = 0
  private(set) var longestWins: Int64 = 0
  private(set) var longestLosses: Int64 = 0
  /// How trades of either side ended, longs first.
  private(set) var sides = [TradeResults](repeating: TradeResults(), count: 2)
  /// How trades ended, by cause, in the order of its cases.
  private(set) var causes = [TradeResults](
    repeating: TradeResults(), count: FillCause.allCases.count)
  /// Results by coin, in the order of the coins' names.
  private(set) var coins: [CoinResults] = []
  /// Net profit of the newest UTC days on which trades ended, ascending.
  private(set) var days: [DayProfit] = []
  /// Net profit of the days before these.
  private(set) var earlierProfit = ExactSum()

  /// Days with exits that are kept.
  static let daysKept = 400

  /// The results of trades that ended by a cause.
  func results(of cause: FillCause) -> TradeResults { causes[cause.place] }

  /// The results of a side.
  func results(of side: PositionSide) -> TradeResults { sides[side == .long ? 0 : 1] }

  /// Takes in a trade; trades come in the order of their exits.
  mutating func fold(_ trade: Trade, equityAtEntry: USD?) {
    fold(TradeFigures(trade, equity: equityAtEntry))
    funding += trade.funding
    let held = max(0, (trade.closedAt - trade.openedAt).ms)
    let results = TradeResults(
      trades: 1, wins: trade.net > .zero ? 1 : 0, net: trade.net, heldMs: held)
    sides[trade.side == .long ? 0 : 1].add(results)
    causes[trade.exitCause.place].add(results)
    add(results, of: trade)
    add(trade.net, on: CivilDay(trade.closedAt))
  }

  /// Takes in what the tables need of a trade.
  mutating func fold(_ figures: TradeFigures) {
    let isWin = figures.net > .zero
    all.fold(figures)
    if isWin { winners.fold(figures) } else { losers.fold(figures) }
    if figures.side == .long { longs.fold(figures) } else { shorts.fold(figures) }
    gross += figures.gross
    grossSpread.add(figures.gross.double)
    fees += figures.fees
    feesSpread.add(figures.fees.double)
    if let share = figures.portfolioPct { portfolioPct.add(share) }
    if let distance = figures.stopDistancePct { stopDistancePct.add(distance) }
    if let distance = figures.targetDistancePct { targetDistancePct.add(distance) }
    best = max(best ?? figures.net, figures.net)
    worst = min(worst ?? figures.net, figures.net)
    streak = isWin ? max(0, streak) + 1 : min(0, streak) - 1
    longestWins = max(longestWins, streak)
    longestLosses = max(longestLosses, -streak)
  }

  private mutating func add(_ results: TradeResults, of trade: Trade) {
    let name = trade.coin.name
    let index = coins.firstIndex { $0.coin >= name } ?? coins.count
    if index == coins.count || coins[index].coin != name {
      coins.insert(CoinResults(coin: name), at: index)
    }
    coins[index].results.add(results)
  }

  private mutating func add(_ profit: USD, on day: CivilDay) {
    let index = days.lastIndex { $0.day <= day }.map { $0 + 1 } ?? 0
    if index > 0, days[index - 1].day == day {
      days[index - 1].profit += profit
    } else {
      days.insert(DayProfit(day: day, profit: profit), at: index)
    }
    while days.count > Self.daysKept { earlierProfit += days.removeFirst().profit }
  }

  mutating func archive(in archive: inout some MetricsArchive) {
    archive.value("all", &all)
    archive.value("winners", &winners)
    archive.value("losers", &losers)
    archive.value("longs", &longs)
    archive.value("shorts", &shorts)
    archive.value("gross", &gross)
    archive.value("gross_spread", &grossSpread)
    archive.value("fees", &fees)
    archive.value("fees_spread", &feesSpread)
    archive.value("funding", &funding)
    archive.value("portfolio_pct", &portfolioPct)
    archive.value("stop_distance_pct", &stopDistancePct)
    archive.value("target_distance_pct", &targetDistancePct)
    archive.value("best", &best)
    archive.value("worst", &worst)
    archive.value("streak", &streak)
    archive.value("longest_wins", &longestWins)
    archive.value("longest_losses", &longestLosses)
    for index in sides.indices { archive.value("side", &sides[index]) }
    for index in causes.indices { archive.value("cause", &causes[index]) }
    archive.list("coins", &coins, blank: CoinResults(coin: ""))
    archive.list("days", &days, blank: DayProfit())
    archive.value("earlier_profit", &earlierProfit)
  }
}

/// Net profit, size and duration of some trades.
struct TradeGroup: Sendable, Equatable, Archived {
  private(set) var net = ExactSum()
  private(set) var netSpread = Spread()
  private(set) var notional = ExactSum()
  private(set) var notionalSpread = Spread()
  private(set) var holdingMinutes = Spread()

  /// How many there were.
  var count: Int64 { netSpread.count }

  mutating func fold(_ figures: TradeFigures) {
    net += figures.net
    netSpread.add(figures.net.double)
    notional += figures.notional
    notionalSpread.add(figures.notional.double)
    holdingMinutes.add(figures.holdingMinutes)
  }

  mutating func archive(in archive: inout some MetricsArchive) {
    archive.value("net", &net)
    archive.value("net_spread", &netSpread)
    archive.value("notional", &notional)
    archive.value("notional_spread", &notionalSpread)
    archive.value("holding_minutes", &holdingMinutes)
  }
}

/// What some trades came to.
struct TradeResults: Sendable, Equatable, Archived {
  private(set) var trades: Int64 = 0
  private(set) var wins: Int64 = 0
  private(set) var net = ExactSum()
  /// From the first entry to flat, ms.
  private(set) var heldMs: Int64 = 0

  init() {}

  init(trades: Int64, wins: Int64, net: USD, heldMs: Int64) {
    self.trades = trades
    self.wins = wins
    self.net += net
    self.heldMs = heldMs
  }

  mutating func add(_ other: TradeResults) {
    trades += other.trades
    wins += other.wins
    net = net + other.net
    heldMs += other.heldMs
  }

  mutating func archive(in archive: inout some MetricsArchive) {
    archive.value("trades", &trades)
    archive.value("wins", &wins)
    archive.value("net", &net)
    archive.value("held_ms", &heldMs)
  }
}

/// What the trades of a coin came to.
struct CoinResults: Sendable, Equatable, Archived {
  var coin: String
  var results = TradeResults()

  mutating func archive(in archive: inout some MetricsArchive) {
    archive.value("coin", &coin)
    archive.value("results", &results)
  }
}

/// The net profit of the trades that ended on a day.
struct DayProfit: Sendable, Equatable, Archived {
  var day = CivilDay(number: 0)
  var profit = USD.zero

  mutating func archive(in archive: inout some MetricsArchive) {
    var number = day.number
    archive.value("day", &number)
    day = CivilDay(number: number)
    archive.value("profit", &profit)
  }
}

extension FillCause {
  /// Its place among the cases; the stored order of results.
  fileprivate var place: Int {
    switch self {
    case .order: 0
    case .stop: 1
    case .target: 2
    case .limit: 3
    case .liquidation: 4
    case .deleveraging: 5
    case .adopted: 6
    case .residue: 7
    }
  }
}
