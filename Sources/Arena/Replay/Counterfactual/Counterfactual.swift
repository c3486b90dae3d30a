import Exchanges
import Journal
import Market
import Trading

/// Judges the recorded answers under other rules, each cycle from the state it really began with.
///
/// What came of a decision is taken from the trade that followed, or from what its position was
/// worth last; of one that was never carried out, from the prices on record.
struct Counterfactual {
  private let rules: [OtherRule]
  private let stage: ReplayStage
  private var configs: [RecordHash: ArenaConfig] = [:]
  private(set) var verdicts: [OtherVerdict] = []
  private(set) var judged = 0
  private var imagined: [ImaginedPosition] = []

  init(_ rules: [OtherRule]) throws(JournalError) {
    self.rules = rules
    stage = try ReplayStage()
  }

  /// Judges one cycle and follows what was decided before.
  ///
  /// - Parameters:
  ///   - recorded: The cycle, later than those before.
  ///   - shelf: Has what it was told.
  ///   - isWanted: Whether its own decisions are of interest.
  /// - Throws: ``TapeFault``, and what reading the journal throws.
  mutating func add(
    _ recorded: RecordedCycle, _ shelf: inout RecordedInputs, isWanted: Bool
  ) async throws {
    let inputs = try shelf.inputs(of: recorded)
    let config = try config(of: recorded, &shelf)
    let (cycle, work) = try await stage.deliberate(inputs, config)
    follow(work)
    let bodies = try recorded.records.map { ($0.trader, try JSONReader.value(of: $0.body)) }
    for (trader, body) in bodies { settle(trader, body) }
    guard isWanted else { return }
    for (trader, body) in bodies { try await judge(trader, body, cycle, work) }
  }

  private mutating func config(
    of recorded: RecordedCycle, _ shelf: inout RecordedInputs
  ) throws -> ArenaConfig {
    if let known = configs[recorded.config] { return known }
    var source = try shelf.config(of: recorded)
    for rule in rules { source = try source.with(rule) }
    let config = try source.config()
    configs[recorded.config] = config
    return config
  }

  // MARK: Judging

  private mutating func judge(
    _ trader: TraderID, _ body: JSONValue, _ cycle: Cycle, _ work: CycleWork
  ) async throws {
    let decided = body["decisions"]?.elements ?? []
    let others = work.turnRecords[trader]?.decisions ?? []
    for (recorded, other) in zip(decided, others) {
      guard let decision = recorded["decision"], let action = decision["action"]?.text,
        action != DecisionAction.hold.rawValue
      else { continue }
      judged += 1
      let before = (
        verdict: recorded["verdict"]?.text ?? "",
        size: Self.size(of: recorded["order"]?.text, in: body)
      )
      let intent = other.order.flatMap { work.sent[$0] }
      let after = (
        verdict: other.verdict.rawValue, size: intent?.request.size.double ?? 0
      )
      guard before.verdict != after.verdict || before.size != after.size else { continue }
      let note = Self.note(recorded, other, isLoosened: after.size > before.size)
      var verdict = OtherVerdict(
        trader: trader, cycle: work.cycle, index: other.index, action: action,
        coin: decision["coin"]?.text ?? "", recorded: before, other: after, rule: note.rule,
        note: note.text)
      if before.size == 0 { verdict.recordedResult = 0 }
      if after.size == 0 { verdict.otherResult = 0 }
      verdicts.append(verdict)
      if before.size == 0, let intent { await imagine(intent, other, cycle, work) }
    }
  }

  /// The size of an order on record, coins; zero for none.
  private static func size(of order: String?, in body: JSONValue) -> Double {
    guard let order else { return 0 }
    let found = body["orders"]?.elements?.first { $0["id"]?.text == order }
    return found?["size"]?.double ?? 0
  }

  /// The rule that made the difference: that which refused, or else made the order smaller.
  private static func note(
    _ recorded: JSONValue, _ other: DecisionRecord, isLoosened: Bool
  ) -> (rule: String, text: String) {
    if isLoosened, let last = recorded["notes"]?.elements?.last {
      return (last["rule"]?.text ?? "sizing", last["text"]?.text ?? "")
    }
    return other.notes.last.map { ($0.rule, $0.text) } ?? ("sizing", "")
  }

  /// Opens a position that was never opened.
  private mutating func imagine(
    _ intent: OrderIntent, _ other: DecisionRecord, _ cycle: Cycle, _ work: CycleWork
  ) async {
    guard let side = other.decision.action.entrySide, let spec = cycle.specs[other.trader] else {
      verdicts[verdicts.count - 1].otherResult = 0
      return
    }
    // A venue that did not tell its fees is reckoned without.
    let fees = try? await cycle.ports.exchanges[spec.exchange]?.fees(for: spec.account)
    imagined.append(
      ImaginedPosition(
        verdict: verdicts.count - 1, market: spec.market, coin: intent.request.coin, side: side,
        size: intent.request.size.double, entry: intent.decisionMid.double,
        stop: intent.claim?.exitPlan.stop?.double, target: intent.claim?.exitPlan.target?.double,
        fee: (fees ?? nil).map { $0.taker.double / 10_000 } ?? 0))
  }

  // MARK: What came of it

  /// Shows the prices of a later cycle to what was imagined.
  private mutating func follow(_ work: CycleWork) {
    for index in imagined.indices {
      let position = imagined[index]
      guard let price = work.markets[position.market]?.coins[position.coin]?.quote.mid else {
        continue
      }
      imagined[index].see(price.double)
      verdicts[position.verdict].otherResult = imagined[index].result
    }
  }

  /// Finds what came of decisions that were carried out, in a later record of their trader.
  private mutating func settle(_ trader: TraderID, _ body: JSONValue) {
    for index in verdicts.indices where verdicts[index].trader == trader {
      let verdict = verdicts[index]
      guard verdict.recorded.size > 0 else { continue }
      func isOf(_ entry: JSONValue) -> Bool {
        entry["claim_cycle"]?.whole == Int(verdict.cycle) && entry["coin"]?.text == verdict.coin
      }
      var result: Double?
      if let trade = body["trades"]?.elements?.first(where: isOf) {
        result = (trade["net"]?.double ?? 0) + (trade["funding"]?.double ?? 0)
      } else if let position = body["positions"]?.elements?.first(where: isOf),
        let mark = position["mark"]?.double, let entry = position["entry_price"]?.double,
        let size = position["size"]?.double
      {
        result = (position["side"]?.text == "long" ? 1 : -1) * (mark - entry) * size
      }
      guard let result else { continue }
      verdicts[index].recordedResult = result
      verdicts[index].otherResult = result * verdict.other.size / verdict.recorded.size
    }
  }
}
