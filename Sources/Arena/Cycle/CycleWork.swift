import Analytics
import Executor
import Journal
import Manager
import Market
import Trading

/// What tells the generations of an order apart within a cycle.
struct GenerationKey: Hashable {
  let trader: TraderID
  let coin: Coin
  let purpose: OrderPurpose
}

/// What was booked of one order.
struct FillSum {
  /// Coins.
  var size = Quantity.zero
  /// Size times price, USD.
  var notional = USD.zero
  /// Fees, USD.
  var fee = USD.zero

  /// Notional over size; `nil` before the first fill.
  var averagePrice: Price? {
    guard size > .zero else { return nil }
    return Price(
      mantissa: ExactMath.scale(
        notional.mantissa, by: exactDecimalScale, over: size.mantissa, .halfEven))
  }

  mutating func add(_ fill: Fill) {
    size = size + fill.size
    notional += fill.notional
    fee += fill.fee
  }
}

/// What a cycle knows so far: each phase adds to it, none looks ahead.
struct CycleWork {
  /// The time of the cycle.
  let now: Timestamp
  /// The run.
  let run: RunNumber
  /// The cycle; becomes the state's once the plan is committed.
  let cycle: CycleNumber
  /// The arena as loaded and as changed since.
  var state: ArenaState
  /// The alerts that were open when the cycle began, by key, and since when.
  var earlierAlerts: [String: Timestamp] = [:]
  /// Keys of the alerts that this cycle found to hold.
  var raisedAlertKeys: Set<String> = []
  /// Keys of the alerts that are on record as open.
  var openAlertKeys: Set<String> = []
  /// The running aggregates of every trader's record, and of the benchmark's.
  var metrics: [TraderID: TraderMetrics] = [:]
  /// Traders whose aggregates are to be made anew from the record: nothing is taken into them.
  var staleMetrics: Set<TraderID> = []
  /// The traders as they are on record.
  var saved: [TraderID: TraderRecord]
  /// The books of accounts as they are on record.
  var savedAccounts: [AccountID: AccountBooks]
  /// What is not committed yet.
  var changes: StateChanges
  /// What was committed, where the cycle is kept in the journal.
  var written: [StateChanges] = []
  /// Prices by market provider.
  var markets: [ProviderID: MarketSnapshot] = [:]
  /// Accounts as last reported.
  var accounts: [AccountID: AccountSnapshot] = [:]
  /// Orders whose outcome is not known: their coins are barred from opens, and nothing is sent in
  /// their place.
  private(set) var unsettled: [ClientOrderID: OrderRequest] = [:]
  /// Orders of ours that were taken back in this cycle.
  var cancelled: Set<ClientOrderID> = []
  /// Orders for real venues that a dry run made and did not send.
  var withheld: [OrderIntent] = []
  /// Accounts that could not be read: their traders hold.
  var unreadable: [AccountID: String] = [:]
  /// Turns to take, in priority order.
  var turns: [TraderTurn] = []
  /// What the due traders decided, in the same order.
  var answers: [TraderID: TurnOutcome] = [:]
  /// Whether anybody decided something that prices are needed for.
  var wantsToTrade: Bool {
    answers.values.contains { answer in
      guard case .success(let decisions) = answer.result else { return false }
      return decisions.contains { $0.action != .hold }
    }
  }
  /// The newest turns before this cycle, newest first, one less than the files show; only of
  /// traders that were asked, as they were read meanwhile.
  var earlierTurns: [TraderID: [PastTurn]] = [:]
  /// What model calls consumed, to be written with the plan; `nil` = nothing.
  var spending: SpendingChanges?
  /// Records of the turns.
  var turnRecords: [TraderID: TurnRecord] = [:]
  /// Approved orders of this cycle, in the order they are sent.
  var orders: [RiskApproved<OrderIntent>] = []
  /// Fills booked in this cycle, by trader, in time order.
  var fills: [TraderID: [Fill]] = [:]
  /// Orders refused or unknown, in words, by trader.
  var troubles: [TraderID: [String]] = [:]
  /// Things the operator should know.
  var notices: [String] = []
  /// Orders made in this cycle so far, by what tells their generations apart.
  var generations: [GenerationKey: Int] = [:]
  /// Orders made in this cycle, by our id.
  var sent: [ClientOrderID: OrderIntent] = [:]
  /// What the venues answered to the orders of this cycle.
  var told: [ClientOrderID: OrderOutcome] = [:]
  /// What was booked in this cycle of each order of ours.
  var booked: [ClientOrderID: FillSum] = [:]
  /// When the run must be over, on the monotonic clock.
  var deadlineMs = Double.infinity
  /// How long this run has waited for outcomes, ms.
  var waitedMs = 0.0
  /// Whose the resting orders of shared accounts are.
  var owners: [ClientOrderID: TraderID] = [:]
  /// What prices did since the last cycle, by market and coin, where positions are open.
  var paths: [ProviderID: [Coin: CandleSeries]] = [:]
  /// Failed decisions in a row before the turn of this cycle.
  var failuresBefore: [TraderID: Int] = [:]
  /// Clashes of this cycle.
  var conflicts: [ConflictRecord] = []
  /// Why opens are blocked, by account.
  var blocks: [AccountID: RuleNote] = [:]
  /// The traders of each account, sorted by id.
  private(set) var residents: [AccountID: [TraderID]]

  /// A cycle that has done nothing yet.
  init(now: Timestamp, run: RunNumber, cycle: CycleNumber, state: ArenaState) {
    self.now = now
    self.run = run
    self.cycle = cycle
    self.state = state
    changes = StateChanges(cycle: cycle, run: run, at: now)
    saved = state.traders
    savedAccounts = state.accounts
    residents = Dictionary(grouping: state.traders.keys.sorted()) { id in
      guard let record = state.traders[id] else {
        preconditionFailure("expected \(id) in the state of run \(run)")
      }
      return record.account
    }
  }

  /// The record of a trader that is known to exist.
  func record(of trader: TraderID) -> TraderRecord {
    guard let record = state.traders[trader] else {
      preconditionFailure("expected \(trader) in the state of run \(run)")
    }
    return record
  }

  /// The traders on an account, sorted by id.
  func residents(of account: AccountID) -> [TraderRecord] {
    (residents[account] ?? []).compactMap { state.traders[$0] }
  }

  /// Whether several traders have, or had, their positions on an account.
  func isShared(_ account: AccountID) -> Bool { (residents[account]?.count ?? 0) > 1 }

  /// Notes that the outcome of an order is not known, which bars its coin from opens.
  mutating func bar(_ request: OrderRequest) { unsettled[request.clientOrderID] = request }

  /// Notes that the outcome of an order is known.
  mutating func unbar(_ order: ClientOrderID) { unsettled[order] = nil }

  /// Coins of an account that nobody may open, because an order of them has no known outcome.
  func barred(on account: AccountID) -> Set<Coin> {
    Set(unsettled.values.filter { $0.account == account }.map(\.coin))
  }

  /// Whether the outcome of an order of a trader, for that coin and purpose, is not known.
  func isUnsettled(_ purpose: OrderPurpose, of trader: TraderID, _ coin: Coin) -> Bool {
    unsettled.values.contains {
      $0.trader == trader && $0.coin == coin && $0.purpose == purpose
    }
  }

  /// Whether closing a trader's coin once more could end what is another's: several share the
  /// account, and an earlier close of it may or may not have happened.
  func isCloseDoubtful(of trader: TraderID, _ coin: Coin, on account: AccountID) -> Bool {
    isShared(account)
      && (isUnsettled(.close, of: trader, coin) || isUnsettled(.flatten, of: trader, coin))
  }

  /// Makes a trader known; it stays on its account for ever.
  mutating func add(_ record: TraderRecord) {
    let id = record.ledger.trader
    state.traders[id] = record
    residents[record.account, default: []].append(id)
    residents[record.account]?.sort()
  }

  /// Marks of every coin of a market.
  func marks(of market: ProviderID?) -> [Coin: Price] {
    market.flatMap { markets[$0]?.marks } ?? [:]
  }

  /// Notes that an alert no longer holds.
  mutating func resolve(_ key: String) {
    changes.openAlerts.removeAll { $0.key == key }
    if openAlertKeys.contains(key) { changes.resolvedAlerts.append(key) }
  }

  /// Notes an alert that holds.
  mutating func alert(
    _ key: String, _ severity: AlertSeverity, trader: TraderID? = nil, _ message: String,
    value: Double? = nil, threshold: Double? = nil
  ) {
    let alert = Alert(
      key: key, severity: severity, trader: trader, message: message, value: value,
      threshold: threshold)
    raisedAlertKeys.insert(key)
    if !changes.openAlerts.contains(where: { $0.key == key }) { changes.openAlerts.append(alert) }
  }
}
