import Market
import Trading

/// What a prompt is rendered of.
struct PromptScene: Sendable {
  let context: ExecutorContext
  let brief: MarketBrief
  /// The form of the answer, in words.
  let answerForm: String
  /// The coins shown, strongest move first; worked out once because it takes a sort.
  let candidates: [Coin]

  init(context: ExecutorContext, brief: MarketBrief, answerForm: String) {
    self.context = context
    self.brief = brief
    self.answerForm = answerForm
    candidates = context.candidates
  }

  var account: AccountView { context.account }
  var record: PerformanceView { context.performance }
  var risk: RiskLimits { context.trader.risk }
  var guards: ExecutionGuards { context.trader.guards }
  /// Money put in less money taken out, USD.
  var invested: USD { account.equity - account.profit }
  var shortFrame: Timeframe { Prompt.shortTimeframe(for: context.trader.decisionInterval) }
  /// The market of the candidates.
  var coins: [CoinScene] { candidates.compactMap { coinBrief($0) } }
  /// Positions that may still be opened.
  var freePositions: Int { max(0, risk.maxPositions - context.positions.count) }

  /// Of the shared brief; made anew for a coin that the brief lacks.
  func coinBrief(_ coin: Coin) -> CoinScene? {
    let brief =
      brief.coins[coin] ?? context.market.coins[coin].map { CoinBrief(of: $0, at: context.at) }
    return brief.map { CoinScene($0, short: shortFrame) }
  }
}

/// An open position in a prompt.
struct PositionScene: Sendable {
  let view: PositionView
  let at: Timestamp

  var position: Position { view.position }
  /// Gain of the price over the entry, in per cent, positive when in profit.
  var gainPct: Double { 100 * position.gain(at: view.mark) }
  /// The best gain so far; never below the present one.
  var peakPct: Double { max(100 * position.peakGain, gainPct, 0) }
}

/// A finished position in a prompt.
struct TradeScene: Sendable {
  let trade: Trade
  let at: Timestamp
}

/// A coin that may be traded, in a prompt.
struct CandidateScene: Sendable {
  let rank: Int
  let coin: Coin
  let snapshot: CoinSnapshot
  let held: PositionSide?
  /// The greatest leverage that both the trader's limits and the venue admit.
  let leverage: Int
}

/// A coin without data, in a prompt.
struct MissingScene: Sendable {
  let coin: Coin
  let reason: String
}

/// Foreign text as it may stand in a prompt.
enum ForeignText {
  /// On one line: control characters and line ends become spaces, so that a name or a note cannot
  /// pass for another part of the prompt.
  static func line(_ text: String) -> String {
    guard hasControl(text, besides: nil) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
  }

  /// Over several lines: control characters but line ends become spaces.
  static func lines(_ text: String) -> String {
    guard hasControl(text, besides: UInt8(ascii: "\n")) else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0)) }
      .joined(separator: "\n")
  }

  /// Whether there is a control character other than the admitted one.
  ///
  /// By bytes, because nearly every text is plain: beyond ASCII they are C2 80 to C2 9F, E2 80 A8
  /// and E2 80 A9.
  private static func hasControl(_ text: String, besides admitted: UInt8?) -> Bool {
    var text = text
    return text.withUTF8 { utf8 in
      for index in utf8.indices {
        let byte = utf8[index]
        guard byte < 0x20 || byte >= 0x7F else { continue }
        switch byte {
        case 0..<0x20 where byte != admitted, 0x7F: return true
        case 0xC2 where utf8[index + 1] < 0xA0: return true
        case 0xE2 where utf8[index + 1] == 0x80 && utf8[index + 2] & 0xFE == 0xA8: return true
        default: continue
        }
      }
      return false
    }
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028
      || scalar.value == 0x2029
  }
}
