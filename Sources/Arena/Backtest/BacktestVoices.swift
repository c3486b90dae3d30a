import Executor
import Journal
import LLM
import Trading
import Wire

/// Who answers for models, servers and programs in a back-test.
struct BacktestVoices: Sendable {
  /// What the traders of a stage are given.
  let access: OutsideAccess
  /// Where what is spent is kept for good; `nil` = with the books of the stage, as nothing is.
  let spending: SpendingStore?
  /// Things worth knowing, in words.
  var notices: [String] = []

  /// What a stage gives to its traders.
  func access(keeping books: SpendingStore) -> OutsideAccess {
    access.replacing(spending: spending ?? books)
  }

  /// The same with another access.
  func replacing(_ change: (OutsideAccess) -> OutsideAccess) -> BacktestVoices {
    BacktestVoices(access: change(access), spending: spending, notices: notices)
  }
}

extension BacktestVoices {
  /// The voices of a back-test; `nil` when every trader decides inside the program.
  ///
  /// Keys are only read when somebody may be asked.
  static func of(
    _ config: ArenaConfig, _ request: BacktestRequest, environment: ConfigEnvironment,
    clock: WallClock
  ) throws -> BacktestVoices? {
    let book = AnswerBook()
    var notices: [String] = []
    var cassette: String?
    guard config.traders.contains(where: \.executor.isOutside) else { return nil }
    if request.answers != .none {
      notices += try book.read(request.answerPaths, &cassette)
      // What cannot be read must not be paid for once more, nor pass for what was never asked.
      try book.readState(request.places)
    }
    let isLive = request.answers == .live
    if isLive { try StateFolder.create(request.places.state) }
    guard
      let made = try OutsideComposition.access(
        for: config, environment: environment,
        cassette: cassette.map { .replay(path: $0) } ?? .off, asks: isLive,
        keyless: !isLive && cassette == nil,
        spending: try isLive
          ? SpendingStore(
            StateFolder.open(request.places, isDryRun: false, durability: .full, faults: nil))
          : SpendingStore(JournalDatabase.inMemory()),
        clock: clock)
    else { return nil }
    let keeper: AnswerKeeper? =
      isLive
      ? try AnswerKeeper(
        request.places.state + "/" + AnswerBook.fileName, redaction: made.redaction) : nil
    let ask = isLive || cassette != nil
    let models = made.models.mapValues { model -> any LanguageModel in
      // A script is an answer given before.
      if model.spec.api == .scripted, request.answers != .none { return model }
      return BookedModel(model, book: book, asks: ask, keeper: keeper)
    }
    return BacktestVoices(
      access: made.replacing(
        models: models, permits: isLive ? made.permits : .unlimited,
        transport: BookedTransport(made.transport, book: book, asks: ask, keeper: keeper)),
      spending: isLive ? made.spending : nil, notices: notices)
  }
}

extension OutsideAccess {
  /// The same with some parts replaced.
  func replacing(
    models: [ModelAlias: any LanguageModel]? = nil, permits: ModelPermits? = nil,
    transport: (any HTTPTransport)? = nil, spending: SpendingStore? = nil
  ) -> OutsideAccess {
    OutsideAccess(
      models: models ?? self.models, transport: transport ?? self.transport,
      serverKeys: serverKeys, spending: spending ?? self.spending, environment: environment,
      permits: permits ?? self.permits, prompts: prompts, redaction: redaction)
  }
}
