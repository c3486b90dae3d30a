import Exchanges
import Journal
import Trading

/// Everything one cycle was told, as it is kept: what the caller wanted, what the outside answered,
/// and what stood in the state.
struct CycleInputs {
  /// The run and the instant of its cycle.
  let run: RunNumber
  let at: Timestamp
  /// The cycle.
  let cycle: CycleNumber
  /// What the caller wanted.
  var options: CycleOptions
  /// The effective configuration.
  let config: RecordHash
  /// Where messages about alerts go.
  let routing: AlertRouting
  /// The markets, the venues outside of the program, and by which market each venue is valued.
  var markets: [ProviderID: MarketTraits] = [:]
  var venues: [ProviderID: VenueTraits] = [:]
  var valuation: [ProviderID: ProviderID] = [:]
  /// What the outside answered, as ``CycleTape`` notes it.
  var answers: [[UInt8]] = []
  /// What the state answered, as ``StatementTape`` notes it.
  var statements: [[UInt8]] = []

  private static let version = 1

  /// The inputs of a cycle with those ports.
  init(_ work: CycleWork, _ ports: CyclePorts, _ options: CycleOptions, config: RecordHash) {
    run = work.run
    at = work.now
    cycle = work.cycle
    self.options = options
    self.config = config
    routing = ports.alerts?.routing ?? AlertRouting()
    for (id, market) in ports.markets { markets[id] = MarketTraits(market) }
    for (id, venue) in ports.exchanges where !venue.isSimulated { venues[id] = VenueTraits(venue) }
    valuation = ports.valuation
  }

  /// The inputs as lines, each a JSON array.
  var lines: [[UInt8]] {
    var head = TapeLine(Self.version)
    head.add(run)
    head.add(at)
    head.add(cycle)
    head.add(config.hex)
    head.add(answers.count)
    head.add(statements.count)
    return [head.whole, wishes, providers] + answers + statements
  }

  private var wishes: [UInt8] {
    var line = TapeLine(options.only.sorted())
    line.add(options.force)
    line.add(options.deadline)
    line.add(options.asksTraders)
    line.add(options.duties.closing.sorted())
    line.add(options.duties.removing.sorted())
    line.add(options.remarks)
    line.add(routing.repeatAfter)
    line.add(routing.routes.map(\.channel))
    line.add(routing.routes.map(\.least))
    return line.whole
  }

  private var providers: [UInt8] {
    var line = TapeLine()
    line.add(table: markets, by: \.self)
    line.add(table: venues, by: \.self)
    line.add(table: valuation, by: \.self)
    return line.whole
  }

  /// The inputs of lines.
  init(lines: [[UInt8]]) throws(TapeFault) {
    guard lines.count >= 3 else { throw TapeFault(description: "expected the head of inputs") }
    var head = try TapeReader(lines[0])
    let version = try head.next(Int.self)
    guard version == Self.version else {
      throw TapeFault(
        description: "expected inputs of form \(Self.version), were of form \(version); replay "
          + "them with the version of nof0 that recorded them")
    }
    run = try head.next()
    at = try head.next()
    cycle = try head.next()
    guard let config = RecordHash(hex: try head.next(String.self).utf8) else {
      throw TapeFault(description: "expected the digest of the configuration")
    }
    self.config = config
    let answers = try head.next(Int.self)
    let statements = try head.next(Int.self)
    guard answers >= 0, statements >= 0, lines.count == 3 + answers + statements else {
      throw TapeFault(
        description: "expected \(answers) answers and \(statements) lines of the state")
    }
    self.answers = Array(lines[3..<3 + answers])
    self.statements = Array(lines[(3 + answers)...])
    var wishes = try TapeReader(lines[1])
    options = try CycleOptions(from: &wishes)
    routing = try AlertRouting(from: &wishes)
    var line = try TapeReader(lines[2])
    for _ in 0..<max(0, try line.next(Int.self)) {
      let id = try line.next(ProviderID.self)
      markets[id] = try line.next(MarketTraits.self)
    }
    for _ in 0..<max(0, try line.next(Int.self)) {
      let id = try line.next(ProviderID.self)
      venues[id] = try line.next(VenueTraits.self)
    }
    for _ in 0..<max(0, try line.next(Int.self)) {
      let id = try line.next(ProviderID.self)
      valuation[id] = try line.next(ProviderID.self)
    }
  }
}

extension CycleOptions {
  fileprivate init(from reader: inout TapeReader) throws(TapeFault) {
    self.init(only: Set(try reader.next([TraderID].self)), publishes: false)
    force = try reader.next()
    deadline = try reader.next()
    asksTraders = try reader.next()
    duties = OperatorDuties(
      closing: Set(try reader.next([TraderID].self)),
      removing: Set(try reader.next([TraderID].self)))
    remarks = try reader.next()
  }
}

extension AlertRouting {
  fileprivate init(from reader: inout TapeReader) throws(TapeFault) {
    let repeatAfter = try reader.next(Span?.self)
    let channels = try reader.next([String].self)
    let least = try reader.next([AlertSeverity].self)
    self.init(
      routes: zip(channels, least).map { AlertRoute(channel: $0, least: $1) },
      repeatAfter: repeatAfter)
  }
}
