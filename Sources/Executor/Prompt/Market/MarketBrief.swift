package import Market
package import Trading

/// A market snapshot worked out for prompts: indicators, series and texts of every coin and time
/// frame, made once and shared by every trader that looks at the snapshot.
package struct MarketBrief: Sendable {
  /// The decision time of the snapshot.
  package let at: Timestamp
  /// By coin.
  let coins: [Coin: CoinBrief]
  /// Parts of templates already rendered, by the part and by coin.
  private(set) var rendered: [SharedPart: [Coin: String]] = [:]

  /// The brief of a snapshot, over every time frame it has candles of.
  package init(of snapshot: MarketSnapshot) {
    at = snapshot.at
    coins = snapshot.coins.mapValues { CoinBrief(of: $0, at: snapshot.at) }
  }

  /// The same with the parts of templates that say the same to every trader already rendered.
  ///
  /// Rendering gives the same text with or without; with it, the cost per trader hardly depends on
  /// the number of coins. Worth it when several traders share a template.
  ///
  /// - Parameters:
  ///   - templates: Those that will be rendered with this brief.
  ///   - intervals: The decision intervals of their traders.
  /// - Returns: A brief that renders faster.
  package func preparing(
    _ templates: [PromptTemplate], for intervals: some Sequence<Span>
  ) -> MarketBrief {
    var prepared = self
    let frames = Set(intervals.map(Prompt.shortTimeframe))
    for part in templates.flatMap(\.sharedParts) {
      for frame in frames {
        let key = SharedPart(part: part, short: frame)
        guard prepared.rendered[key] == nil else { continue }
        prepared.rendered[key] = coins.mapValues { part.render(CoinScene($0, short: frame)) }
      }
    }
    return prepared
  }
}

/// A part of a template that depends on a coin's market alone.
struct SharedPart: Sendable, Hashable {
  let part: CoinPart
  /// The short time frame it is rendered with.
  let short: Timeframe
}

/// What prompts say of one coin.
struct CoinBrief: Sendable {
  let snapshot: CoinSnapshot
  /// How old its prices are.
  let age: Span
  let frames: [Timeframe: FrameBrief]

  init(of snapshot: CoinSnapshot, at now: Timestamp) {
    self.snapshot = snapshot
    age = now - snapshot.quote.asOf
    frames = snapshot.candles.mapValues { FrameBrief(of: $0) }
  }

  /// Open interest at the mark, USD; `nil` = not known.
  var openInterestUSD: Double? { snapshot.openInterest.map { $0 * snapshot.quote.mark.double } }

  /// Distance of the impact prices in hundredths of a per cent of the mid; `nil` = not known.
  var impactSpreadBps: Double? {
    guard let bid = snapshot.quote.impactBid, let ask = snapshot.quote.impactAsk else {
      return nil
    }
    return 10_000 * (ask.double - bid.double) / snapshot.quote.mid.double
  }
}

/// A coin as a trader with a certain short time frame sees it.
struct CoinScene: Sendable {
  let brief: CoinBrief
  let shortFrame: Timeframe
  let short: FrameBrief
  let long: FrameBrief

  init(_ brief: CoinBrief, short frame: Timeframe) {
    self.brief = brief
    shortFrame = frame
    short = brief.frames[frame] ?? FrameBrief()
    long = brief.frames[Prompt.longTimeframe] ?? FrameBrief()
  }

  var snapshot: CoinSnapshot { brief.snapshot }
}
