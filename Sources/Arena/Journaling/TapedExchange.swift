import Exchanges
import Trading

/// A venue whose answers are noted; or the answers alone, without a venue.
///
/// Only venues outside of the program are taped: a simulated one is run again.
struct TapedExchange: Exchange {
  let id: ProviderID
  let tape: CycleTape
  /// The venue itself; `nil` = what it said is played.
  let inner: (any Exchange)?
  let traits: VenueTraits

  /// A venue that is noted.
  init(_ id: ProviderID, _ inner: any Exchange, tape: CycleTape) {
    self.id = id
    self.tape = tape
    self.inner = inner
    traits = VenueTraits(inner)
  }

  /// A venue that is played.
  init(_ id: ProviderID, traits: VenueTraits, tape: CycleTape) {
    self.id = id
    self.tape = tape
    inner = nil
    self.traits = traits
  }

  var isSimulated: Bool { traits.isSimulated }
  var settlement: SettlementRules { traits.settlement }
  var reportDelay: Span { traits.reportDelay }
  var movesMoney: Bool { traits.movesMoney }

  func fees(for account: AccountID) async throws(ExchangeError) -> FeeSchedule {
    try await answer("fees.\(account)") { inner throws(ExchangeError) in
      try await inner.fees(for: account)
    }
  }

  func ensureAccount(
    _ account: AccountID, deposit: USD, at now: Timestamp
  ) async throws(ExchangeError) {
    _ = try await answer("ensure.\(account)") { inner throws(ExchangeError) in
      try await inner.ensureAccount(account, deposit: deposit, at: now)
      return true
    }
  }

  func catchUp(_ accounts: [AccountID], to now: Timestamp) async throws(ExchangeError) {
    let names = accounts.map(\.name).joined(separator: ",")
    _ = try await answer("catch_up.\(names)") { inner throws(ExchangeError) in
      try await inner.catchUp(accounts, to: now)
      return true
    }
  }

  func time(inCycleOf now: Timestamp) -> Timestamp {
    sync("time") { $0.time(inCycleOf: now) } ?? now
  }

  func funds(of account: AccountID, at now: Timestamp) async throws(ExchangeError) -> USD? {
    try await answer("funds.\(account)") { inner throws(ExchangeError) in
      try await inner.funds(of: account, at: now)
    }
  }

  func readiness(of account: AccountID, at now: Timestamp) async -> [VenueFinding] {
    let key = key("readiness.\(account)")
    guard let inner else {
      // What is missing is a miss on the tape, which the replay tells.
      return (try? tape.next(key, as: [VenueFinding].self)) ?? []
    }
    let findings = await inner.readiness(of: account, at: now)
    tape.note(key, findings)
    return findings
  }

  func seal(_ intent: OrderIntent) -> [UInt8]? {
    let text = sync("seal.\(intent.request.clientOrderID)") { inner in
      inner.seal(intent).map { String(decoding: $0, as: UTF8.self) }
    }
    return (text ?? nil).map { Array($0.utf8) }
  }

  func report(
    on account: AccountID, since: Timestamp, knowing known: KnownBooks?, at now: Timestamp
  ) async throws(ExchangeError) -> AccountReport {
    try await answer("report.\(account)") { inner throws(ExchangeError) in
      try await inner.report(on: account, since: since, knowing: known, at: now)
    }
  }

  func submit(
    _ orders: [RiskApproved<OrderIntent>], at now: Timestamp
  ) async -> [OrderOutcome] {
    let ids = orders.map(\.request.request.clientOrderID.text).joined(separator: ",")
    let key = key("submit.\(ids)")
    guard let inner else {
      // What is missing is a miss on the tape, which the replay tells.
      return (try? tape.next(key, as: [OrderOutcome].self))
        ?? orders.map { _ in .unknown("was not sent in the cycle on record") }
    }
    let outcomes = await inner.submit(orders, at: now)
    tape.note(key, outcomes)
    return outcomes
  }

  func cancel(
    _ orders: [ClientOrderID], of account: AccountID, at now: Timestamp
  ) async throws(ExchangeError) {
    let ids = orders.map(\.text).joined(separator: ",")
    _ = try await answer("cancel.\(account).\(ids)") { inner throws(ExchangeError) in
      try await inner.cancel(orders, of: account, at: now)
      return true
    }
  }

  func transfer(_ transfers: [AccountTransfer], at now: Timestamp) async throws(ExchangeError) {
    let ids = transfers.map(\.id.text).joined(separator: ",")
    _ = try await answer("transfer.\(ids)") { inner throws(ExchangeError) in
      try await inner.transfer(transfers, at: now)
      return true
    }
  }

  func lookUp(
    _ order: ClientOrderID, of account: AccountID, at now: Timestamp
  ) async throws(ExchangeError) -> OrderLookup {
    try await answer("look_up.\(order)") { inner throws(ExchangeError) in
      try await inner.lookUp(order, of: account, at: now)
    }
  }
}

extension TapedExchange {
  private func key(_ question: String) -> String { "venue.\(id).\(question)" }

  /// An answer that is there at once.
  private func sync<Value: Taped>(
    _ question: String, _ ask: (any Exchange) -> Value
  ) -> Value? {
    let key = key(question)
    guard let inner else {
      // What is missing is a miss on the tape, which the replay tells.
      return try? tape.next(key, as: Value.self)
    }
    let value = ask(inner)
    tape.note(key, value)
    return value
  }

  /// Asks the venue and notes what it says; or plays that.
  ///
  /// A failure is noted under the same question, so that it comes in its place.
  private func answer<Value: Taped>(
    _ question: String, _ ask: (any Exchange) async throws(ExchangeError) -> Value
  ) async throws(ExchangeError) -> Value {
    let key = key(question)
    guard let inner else { return try played(key) }
    do throws(ExchangeError) {
      let value = try await ask(inner)
      var line = TapeLine(true)
      line.add(value)
      tape.note(key, [line.whole])
      return value
    } catch {
      var line = TapeLine(false)
      line.add(error)
      tape.note(key, [line.whole])
      throw error
    }
  }

  private func played<Value: Taped>(_ key: String) throws(ExchangeError) -> Value {
    let told: ExchangeError
    do throws(TapeFault) {
      guard let line = tape.next(key)?.first else {
        throw TapeFault(description: "was not asked \(key) in the cycle on record")
      }
      var reader = try TapeReader(line)
      if try reader.next(Bool.self) { return try reader.next(Value.self) }
      told = try reader.next(ExchangeError.self)
    } catch {
      throw .unreachable(exchange: id.name, operation: "replay", cause: error.description)
    }
    throw told
  }
}

/// What a venue says of itself.
struct VenueTraits: Taped {
  let isSimulated: Bool
  let settlement: SettlementRules
  let reportDelay: Span
  let movesMoney: Bool

  init(_ venue: any Exchange) {
    isSimulated = venue.isSimulated
    settlement = venue.settlement
    reportDelay = venue.reportDelay
    movesMoney = venue.movesMoney
  }

  func write(to line: inout TapeLine) {
    line.add(isSimulated)
    line.add(settlement)
    line.add(reportDelay)
    line.add(movesMoney)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    isSimulated = try reader.next()
    settlement = try reader.next()
    reportDelay = try reader.next()
    movesMoney = try reader.next()
  }
}
