import Exchanges
import Glibc
import Journal
import Market
import Trading

/// The command `nof0 market import`.
package enum MarketImport {
  /// Adds candles and funding rates from files to the store; each file whole or not at all.
  ///
  /// Exit code 64 for names that are not of the layout, 74 for files that cannot be read, hold
  /// something else or contradict the store, 75 while a run is going on. Files before one that was
  /// refused stay imported.
  package static func execute(
    _ places: Places, _ output: Output, _ selection: MarketSelection, paths: [String],
    replacing: Bool, environment: [String: String] = ProcessID.environment,
    clock: WallClock = .live
  ) async -> ExitStatus {
    await Failure.told {
      let faults = try FaultInjection.parse(environment["NOF0_FAULT"])
      let provider = try selection.requiredProvider()
      let files = try files(at: paths, selection)
      let config = try MarketPlaces.config(places, environment, isNeeded: false)
      guard faults == nil || config?.isRehearsal ?? true else { throw FaultInjection.refusal }
      var work = try Work(
        provider: provider, stretch: selection.stretch(),
        rule: replacing ? .replace : .refuse,
        bounds: MarketBounds(of: provider, in: config, now: clock.now()))
      try StateFolder.create(places.state)
      let lock = try RunLock.take(path: places.lock, now: clock.now())
      defer { withExtendedLifetime(lock) {} }
      let store = StateStore(
        try StateFolder.open(places, isDryRun: false, durability: .full, faults: faults))
      for file in files {
        let tally = try work.take(file, into: store)
        if output.format == .text, !output.isQuiet { StandardStreams.writeOut(tally.text) }
      }
      let notices = try notices(on: store, work)
      StandardStreams.writeOut(
        MarketTally.report(
          output.format == .json ? work.done : [], of: provider, notices: notices, output))
      try store.database.close()
      return .success
    }
  }

  /// The files of all paths, in the order told; of a directory those of the layout.
  private static func files(
    at paths: [String], _ selection: MarketSelection
  ) throws -> [RecordedFile] {
    let coins = try selection.coins()
    let frames = try selection.frames()
    var files: [RecordedFile] = []
    for path in paths {
      var entry = stat()
      guard stat(path, &entry) == 0 else {
        throw RunFailure(
          .inputOutput, "cannot read \(path): \(systemError()). Check the path; \(Self.untouched)")
      }
      if entry.st_mode & S_IFMT == S_IFDIR {
        let found = try reading(done: 0) { () throws(MarketDataError) in
          try RecordedFile.all(in: path)
        }
        guard !found.isEmpty else { throw wrongName(path, "files named", "was none") }
        files += found
      } else if let file = RecordedFile(path: path) {
        files.append(file)
      } else {
        throw wrongName(path, "a file named", "was another name")
      }
    }
    let chosen = files.filter { file in
      guard coins?.contains(file.coin) ?? true else { return false }
      switch file.content {
      case .candles(let frame): return frames?.contains(frame) ?? true
      case .funding: return true
      }
    }
    guard !chosen.isEmpty else {
      throw RunFailure(
        .usage,
        "none of the \(files.count) files is of the --symbols and --timeframes told; "
          + untouched)
    }
    return chosen
  }

  /// What the operator of a venue's market should know.
  private static func notices(on store: StateStore, _ work: Work) throws -> [String] {
    // Only what runs would ask a venue for.
    guard work.bounds.keptFrom != nil else { return [] }
    let gaps = try store.marketHoldings(of: work.provider).filter { holding in
      if case .candles = holding.kind { !holding.gaps.isEmpty } else { false }
    }
    guard !gaps.isEmpty else { return [] }
    return [
      "the store of \(work.provider) has gaps (`nof0 market list --gaps`), and runs take short "
        + "ones for the venue's own. `nof0 market fetch --provider \(work.provider)` closes them."
    ]
  }

  private static let untouched = "nothing was imported."

  private static func wrongName(_ path: String, _ expected: String, _ was: String) -> RunFailure {
    RunFailure(
      .usage,
      "\(path): expected \(expected) SYMBOL-INTERVAL.csv or SYMBOL-funding-1h.csv (or .csv.gz; "
        + "INTERVAL one of \(Timeframe.allCases.map(\.rawValue).joined(separator: " "))), \(was). "
        + "Rename it; \(untouched)")
  }

  /// Reads a file; what is wrong with it is told with what became of the others.
  fileprivate static func reading<Value>(
    done: Int, _ work: () throws(MarketDataError) -> Value
  ) throws(RunFailure) -> Value {
    let before =
      done == 0
      ? "nothing was imported."
      : "nothing of this file was imported; the \(done) before it \(done == 1 ? "was" : "were")."
    do {
      return try work()
    } catch {
      switch error {
      case .malformed(let path, let line, let cause):
        throw RunFailure(
          .inputOutput, "\(path):\(line): \(cause). Correct or remove the line; \(before)")
      case .unreadable(let path, let cause):
        throw RunFailure(
          .inputOutput, "cannot read \(path): \(cause). Repair or leave out the file; \(before)")
      case .outOfRange, .unreachable, .storage:
        throw RunFailure(.inputOutput, "\(error); \(before)")
      }
    }
  }
}

/// Files on their way into the store.
private struct Work {
  let provider: ProviderID
  let stretch: Range<Timestamp>
  let rule: MarketMerge.Rule
  let bounds: MarketBounds
  private(set) var done: [MarketTally] = []

  init(
    provider: ProviderID, stretch: Range<Timestamp>, rule: MarketMerge.Rule, bounds: MarketBounds
  ) {
    self.provider = provider
    self.stretch = stretch
    self.rule = rule
    self.bounds = bounds
  }

  /// Imports one file, whole or not at all.
  mutating func take(_ file: RecordedFile, into store: StateStore) throws -> MarketTally {
    let tally: MarketTally
    switch file.content {
    case .candles(let frame):
      let all = try MarketImport.reading(done: done.count) { () throws(MarketDataError) in
        try file.candles(frame)
      }
      let first = all.countOpened(before: stretch.lowerBound)
      let candles = all.slice(first..<max(first, all.countOpened(before: stretch.upperBound)))
      let ends = candles.isEmpty ? nil : candles.closeTime(candles.count - 1)
      try check(file, from: candles.openTimesMs.first.map { Timestamp(ms: $0) }, to: ends)
      tally = MarketTally(
        name: file.path, coin: file.coin, kind: frame.rawValue, count: candles.count,
        bounds: candles.bounds,
        merge: try merge(file, MarketAddition(candles, of: file.coin), into: store),
        gaps: MarketGap.within(candles.openTimesMs, every: frame.span))
    case .funding:
      let all = try MarketImport.reading(done: done.count) { () throws(MarketDataError) in
        try file.funding()
      }
      let points = all.filter { stretch.contains($0.at) }
      try check(file, from: points.first?.at, to: points.last?.at)
      tally = MarketTally(
        name: file.path, coin: file.coin, kind: "funding", count: points.count,
        bounds: points.bounds,
        merge: try merge(file, MarketAddition(points, of: file.coin), into: store),
        gaps: MarketGap.within(points.map(\.at.ms), every: .hour))
    }
    done.append(tally)
    return tally
  }

  private func check(
    _ file: RecordedFile, from first: Timestamp?, to end: Timestamp?
  ) throws(RunFailure) {
    guard
      let refusal = first.flatMap({ bounds.refusal(ofBeginning: $0) })
        ?? end.flatMap({ bounds.refusal(ofEnd: $0) })
    else { return }
    throw RunFailure(.inputOutput, "\(file.path): \(refusal). \(others)")
  }

  private func merge(
    _ file: RecordedFile, _ addition: MarketAddition, into store: StateStore
  ) throws -> MarketMerge {
    let merge = try store.mergeMarket(provider: provider, addition: addition, rule: rule)
    guard !merge.isWritten, let difference = merge.firstDifference else { return merge }
    throw RunFailure(
      .inputOutput,
      "\(file.path): expected what the store of \(provider) has for the same times, "
        + "\(merge.differing) differ; the first is of \(difference.at) "
        + "(\(difference.at.ms)): kept \(difference.kept), in the file \(difference.brought). "
        + "--replace puts the file's in their place. \(others)")
  }

  private var others: String {
    done.isEmpty
      ? "Nothing was imported."
      : "Nothing of this file was imported; the \(done.count) before it "
        + "\(done.count == 1 ? "was" : "were")."
  }
}

extension MarketAddition {
  /// Candles of one coin.
  init(_ candles: CandleSeries, of coin: Coin) {
    self.init(coin: coin, candles: [candles], funding: [], openInterest: nil)
  }

  /// Funding rates of one coin.
  init(_ funding: [FundingPoint], of coin: Coin) {
    self.init(coin: coin, candles: [], funding: funding, openInterest: nil)
  }
}

extension CandleSeries {
  /// When the first and the last candle begin; `nil` = there is none.
  var bounds: ClosedRange<Timestamp>? {
    guard let first = openTimesMs.first, let last = openTimesMs.last else { return nil }
    return Timestamp(ms: first)...Timestamp(ms: last)
  }
}

extension [FundingPoint] {
  /// The first and the last hour of rates that ascend; `nil` = there is none.
  var bounds: ClosedRange<Timestamp>? {
    guard let first = first?.at, let last = last?.at else { return nil }
    return first...last
  }
}
