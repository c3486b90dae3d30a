import Exchanges
import Glibc
import Journal
import Market
import Trading

/// The command `nof0 market export`.
package enum MarketExport {
  /// Writes what the store has of a provider into a directory that a provider of type recorded
  /// reads.
  ///
  /// Reads the store without the lock. Exit code 64 when the store has nothing of the selection, 74
  /// when a file is there already or cannot be written.
  package static func execute(
    _ places: Places, _ output: Output, _ selection: MarketSelection, directory: String,
    isPacked: Bool, replacing: Bool
  ) async -> ExitStatus {
    await Failure.told {
      let provider = try selection.requiredProvider()
      let store = try MarketPlaces.neededStore(places)
      let plan = Plan(
        provider: provider, coins: try selection.coins(), frames: try selection.frames(),
        stretch: try selection.stretch(), directory: directory, isPacked: isPacked)
      // One moment for all: a run may commit meanwhile.
      let sheets = try store.snapshot { store in Result { try plan.sheets(of: store) } }.get()
      if !replacing {
        for sheet in sheets where access(sheet.file.path, F_OK) == 0 {
          throw RunFailure(
            .inputOutput,
            "\(sheet.file.path) is there already; nothing was written. Give another --dir, or "
              + "--replace to write it anew.")
        }
      }
      guard mkdir(directory, 0o755) == 0 || errno == EEXIST else {
        throw RunFailure(
          .inputOutput, "cannot create \(directory): \(systemError()). Give another --dir.")
      }
      for sheet in sheets { try sheet.write() }
      StandardStreams.writeOut(
        MarketTally.report(
          sheets.map(\.tally), of: provider, notices: plan.notices(on: sheets), output))
      return .success
    }
  }

  /// What becomes one file.
  private struct Sheet {
    let file: RecordedFile
    let candles: CandleSeries
    let funding: [FundingPoint]

    func write() throws(RunFailure) {
      do {
        switch file.content {
        case .candles: try file.write(candles)
        case .funding: try file.write(funding)
        }
      } catch {
        throw RunFailure(
          .inputOutput, "cannot write \(file.path): \(error). Files written before it stay.")
      }
    }

    var tally: MarketTally {
      switch file.content {
      case .candles(let frame):
        MarketTally(
          name: file.path, coin: file.coin, kind: frame.rawValue, count: candles.count,
          bounds: candles.bounds, merge: nil,
          gaps: MarketGap.within(candles.openTimesMs, every: frame.span))
      case .funding:
        MarketTally(
          name: file.path, coin: file.coin, kind: "funding", count: funding.count,
          bounds: funding.bounds, merge: nil,
          gaps: MarketGap.within(funding.map(\.at.ms), every: .hour))
      }
    }
  }

  /// What is to be written.
  private struct Plan {
    let provider: ProviderID
    let coins: [Coin]?
    let frames: [Timeframe]?
    let stretch: Range<Timestamp>
    let directory: String
    let isPacked: Bool

    /// The files with what goes into them.
    func sheets(of store: StateStore) throws -> [Sheet] {
      let holdings = try store.marketHoldings(of: provider)
      guard !holdings.isEmpty else { throw try unknownProvider(store) }
      let market = MarketStore.reading(store, of: provider)
      var sheets: [Sheet] = []
      for coin in coins ?? Set(holdings.map(\.coin)).sorted() {
        let kinds = holdings.filter { $0.coin == coin }.map(\.kind)
        for frame in Timeframe.allCases {
          let isKept = kinds.contains(.candles(frame))
          guard frames?.contains(frame) ?? isKept else { continue }
          let candles =
            frames == nil
            ? try market.candles(coin, frame, stretch.lowerBound, stretch.upperBound)
            : try market.builtCandles(
              coin, frame, from: stretch.lowerBound, to: stretch.upperBound)
          guard !candles.isEmpty else { continue }
          sheets.append(Sheet(file: file(.candles(frame), coin), candles: candles, funding: []))
        }
        let funding = try market.funding(coin, stretch.lowerBound, stretch.upperBound)
        if !funding.isEmpty {
          sheets.append(
            Sheet(
              file: file(.funding, coin), candles: CandleSeries(timeframe: .h1), funding: funding))
        }
      }
      guard sheets.contains(where: { !$0.candles.isEmpty }) else {
        throw RunFailure(
          .usage,
          "the store has no candles of \(provider) for the --symbols, --timeframes and times told; "
            + "nothing was written. `nof0 market list` tells what it has.")
      }
      return sheets
    }

    private func file(_ content: RecordedFile.Content, _ coin: Coin) -> RecordedFile {
      RecordedFile(content, of: coin, in: directory, isPacked: isPacked)
    }

    private func unknownProvider(_ store: StateStore) throws -> RunFailure {
      let known = Set(try store.marketHoldings(of: nil).map(\.provider.name)).sorted()
      return RunFailure(
        .usage,
        "--provider: the store has nothing of \(quoted(provider.name))"
          + (known.isEmpty ? "" : ", only of \(known.joined(separator: ", "))")
          + ". `nof0 market import` or `nof0 market fetch` fills it.")
    }

    /// What the reader of the files should know.
    func notices(on sheets: [Sheet]) -> [String] {
      var notices: [String] = []
      let written = Set(sheets.map(\.file.coin))
      for coin in written.sorted() where BuiltInInstruments.all[coin] == nil {
        notices.append(
          "how \(coin) is traded is not built in: add "
            + RecordedFile.instrumentExample(coin, in: directory))
      }
      for coin in coins ?? [] {
        let made = sheets.filter { $0.file.coin == coin }.map(\.file.content)
        for frame in frames ?? [] where !made.contains(.candles(frame)) {
          notices.append("there are no \(frame) candles of \(coin), nor shorter ones to make them")
        }
        if made.isEmpty, frames == nil { notices.append("there is nothing of \(coin)") }
      }
      return notices
    }
  }
}
