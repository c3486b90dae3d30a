package import Trading

/// Something that running aggregates are made of, as it is on record for ever.
package enum HistoryItem: Sendable, Equatable {
  /// The trader's part of a funding payment.
  case funding(FundingPayment)
  /// The trader's part of a fill, what its order was for, and the mid its decision was taken at;
  /// `nil` = no order of ours.
  case fill(Fill, purpose: OrderPurpose?, decisionMid: Price?)
  /// A finished position, and the trader's equity at the last hourly total of an hour that was over
  /// when it was opened, raw USD; `nil` = none was.
  case trade(Trade, equityAtEntry: USD?)
  /// A turn without its words, notes, conversation and replicas, and when it was taken.
  case turn(TurnRecord, cycle: CycleNumber, at: Timestamp)
  /// The last point of an hour since inception, or of a UTC day.
  case point(EquityPoint)

  /// When it happened.
  package var at: Timestamp {
    switch self {
    case .funding(let payment): payment.at
    case .fill(let fill, purpose: _, decisionMid: _): fill.at
    case .trade(let trade, equityAtEntry: _): trade.closedAt
    case .turn(_, cycle: _, let at): at
    case .point(let point): point.at
    }
  }

  /// Which of two at the same instant comes first.
  var rank: Int {
    switch self {
    case .funding: 0
    case .fill: 1
    case .trade: 2
    case .turn: 3
    case .point: 4
    }
  }
}

/// Where an item stands among others: by time, then by what it is.
struct HistoryPlace {
  let at: Timestamp
  let rank: Int

  static func <= (left: HistoryPlace, right: HistoryPlace) -> Bool {
    left.at == right.at ? left.rank <= right.rank : left.at < right.at
  }
}

/// Items of one table by time, read page by page.
struct HistoryLane {
  /// Reads the next items, oldest first; none = the end.
  typealias Pages = () throws -> [HistoryItem]

  private let pages: Pages
  private var page: [HistoryItem] = []
  private var index = 0
  /// Where the item it stands on belongs; `nil` = past the end.
  private(set) var place: HistoryPlace?

  /// A lane that stands on its first item.
  init(_ pages: @escaping Pages) throws {
    self.pages = pages
    page = try pages()
    findPlace()
  }

  /// The item it stands on, and goes to the one after it; `nil` = past the end.
  mutating func next() throws -> HistoryItem? {
    guard index < page.count else { return nil }
    let item = page[index]
    index += 1
    if index == page.count {
      page = try pages()
      index = 0
    }
    findPlace()
    return item
  }

  private mutating func findPlace() {
    place =
      index < page.count ? HistoryPlace(at: page[index].at, rank: page[index].rank) : nil
  }
}
