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

/// Items of one table by time, read page by page.
struct HistoryLane {
  /// Reads the next items, oldest first; none = the end.
  typealias Pages = () throws -> [HistoryItem]

  private let pages: Pages
  private var page: ArraySlice<HistoryItem> = []

  /// A lane that stands on its first item.
  init(_ pages: @escaping Pages) throws {
    self.pages = pages
    page = try pages()[...]
  }

  /// The item it stands on; `nil` = past the end.
  var head: HistoryItem? { page.first }

  /// Goes to the next item.
  mutating func advance() throws {
    guard page.popFirst() != nil else { return }
    if page.isEmpty { page = try pages()[...] }
  }
}
