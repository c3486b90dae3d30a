import Manager
import Market
import Testing
import Trading

@Suite("Giveback")
struct GivebackTests {
  /// Closes when 40 % of a gain of more than 5 % are gone.
  private static let rule = GivebackRule(minPeak: Pct(whole: 5), share: Pct(whole: 40))

  @Test(
    "closes what gave back its share of a gain that was large enough",
    arguments: [
      // side, peak price, mark, closes; entered at 100
      (.long, "100", "50", false),
      (.long, "104.99", "90", false),
      (.long, "105", "90", false),
      (.long, "105.01", "90", true),
      // 10 % at best: 6 % left is 40 % given back.
      (.long, "110", "106.01", false), (.long, "110", "106", true), (.long, "110", "105", true),
      (.long, "110", "95", true), (.long, "110", "111", false),
      (.short, "95", "110", false), (.short, "94.99", "110", true),
      (.short, "90", "93.99", false), (.short, "90", "94", true), (.short, "90", "89", false),
    ] as [(PositionSide, String, String, Bool)])
  func closes(side: PositionSide, peak: String, mark: String, isClosed: Bool) throws {
    var position = try Make.position("SOL", side)
    position.peakGain = max(0, position.gain(at: try Make.price(peak)))

    let reason = Giveback.reason(position, mark: try Make.price(mark), rule: Self.rule)

    #expect((reason != nil) == isClosed)
  }

  @Test func tellsWhy() throws {
    let position = try Make.position("SOL", .long, peak: 0.1)

    let reason = Giveback.reason(position, mark: try Make.price("104.5"), rule: Self.rule)

    #expect(
      reason == "SOL gained 10 % at best and 4.5 % now: 55 % of it is gone, expected less than 40 %"
    )
  }

  @Test(arguments: [Double.nan, .infinity, -1, 0])
  func aPeakThatIsNoneClosesNothing(peak: Double) throws {
    let position = try Make.position("SOL", .long, peak: peak)
    let rule = GivebackRule(minPeak: .zero, share: .zero)

    #expect(Giveback.reason(position, mark: try Make.price("1"), rule: rule) == nil)
  }

  @Test(
    "peaks come from candles that began while the position was open",
    arguments: [
      // Candles of a minute: minute high low; opened in seconds; best of a long, of a short.
      ("", 0, nil, nil),
      ("0 120 80", 1, nil, nil),
      ("0 120 80", 0, "120", "80"),
      ("0 120 80,1 110 90,2 105 95", 60, "110", "90"),
      ("0 120 80,1 110 90,2 105 95", 61, "105", "95"),
      ("0 120 80,1 110 90,2 105 95", 121, nil, nil),
      // A gap.
      ("0 120 80,5 101 99", 30, "101", "99"),
    ] as [(String, Int64, String?, String?)])
  func peaks(candles text: String, seconds: Int64, long: String?, short: String?) throws {
    let start = Make.now.floored(to: .hour)
    var candles = CandleSeries(timeframe: .m1)
    for text in text.split(separator: ",") {
      let words = text.split(separator: " ").map(String.init)
      let hundred = try Make.price("100")
      let minute = try #require(Int64(words[0]))
      let candle = Candle(
        openTime: start + .minutes(minute), open: hundred, high: try Make.price(words[1]),
        low: try Make.price(words[2]), close: hundred, volume: 1)
      candles.append(try #require(candle))
    }
    let opened = start + .seconds(seconds)

    for (side, best) in [(PositionSide.long, long), (.short, short)] {
      let position = try Make.position("SOL", side, openedAt: opened)
      #expect(Peaks.observing(position, candles: candles)?.description == best)
    }
  }
}
