import Trading

/// An order book whose price moves evenly with what is taken from it.
///
/// With mid m, distance d of the touch from the mid, slippage s bps per 100,000 USD and a taken
/// notional N = m · size, a buyer pays
///
///     marginal(N) = m + d + m · 2 · s · N / 100,000 / 10,000
///     average(N)  = m + d + m · s · N / 100,000 / 10,000
///
/// and a seller gets the mirror image. d is half the spread. Every step rounds against the trader:
/// bps and prices to 1e-8, the average then to the instrument's grid. An order with a limit takes
/// what the book offers up to that *marginal* price, at the average, which is never beyond it.
struct LinearBook: Sendable {
  private let side: OrderSide
  private let mid: Int64
  /// The price of the first coin, steps of 1e-8; may be zero or less for a seller.
  private let touch: Int64
  /// Bps per 100,000 USD, steps of 1e-8.
  private let slippage: Int64
  /// Notional there is, USD; `nil` = no end.
  private let depth: USD?

  /// A book around a mid with a spread.
  init(side: OrderSide, mid: Price, spread: Bps, slippage: Bps, depth: USD?) {
    let half = ExactMath.divide(Int128(spread.mantissa), by: 2, .ceiling)
    let distance = LinearBook.shift(of: mid.mantissa, byBps: half)
    self.init(
      side: side, mid: mid.mantissa, touch: mid.mantissa + (side == .buy ? distance : -distance),
      slippage: slippage, depth: depth)
  }

  /// A book around a mid with a known touch.
  init(side: OrderSide, mid: Price, touch: Price, slippage: Bps, depth: USD?) {
    self.init(
      side: side, mid: mid.mantissa, touch: touch.mantissa, slippage: slippage, depth: depth)
  }

  private init(side: OrderSide, mid: Int64, touch: Int64, slippage: Bps, depth: USD?) {
    self.side = side
    self.mid = mid
    self.touch = touch
    self.slippage = max(0, slippage.mantissa)
    self.depth = depth
  }

  /// The average price of taking a size, on the grid; `nil` when a seller would get nothing.
  func average(of size: Quantity, on instrument: Instrument) -> Price? {
    let notional = ExactMath.multiply(mid, size.mantissa, .ceiling)
    let bps = ExactMath.divide(
      Int128(slippage) * Int128(notional), by: Self.hundredThousand, .ceiling)
    let distance = Self.shift(of: mid, byBps: bps)
    guard let exact = Price(mantissa: side == .buy ? touch + distance : touch - distance) else {
      return nil
    }
    return instrument.rounded(exact, side == .buy ? .ceiling : .floor)
  }

  /// How much of a size can be taken without leaving the limit or the depth, in whole lots.
  func available(
    of wanted: Quantity, within limit: Price, on instrument: Instrument
  ) -> Quantity {
    let room = side == .buy ? limit.mantissa - touch : touch - limit.mantissa
    guard room >= 0, touch > 0 else { return .zero }
    var notional = Int128(depth?.mantissa ?? .max)
    if slippage > 0 {
      // room = mid · 2 · s · N, solved for N and rounded down; 1e8 bps are room for anything.
      let bps = min(Int128(room) * Self.tenThousand / Int128(mid), 10_000_000_000_000_000)
      notional = min(notional, bps * Self.hundredThousand / (2 * Int128(slippage)))
    }
    let size = min(notional * Int128(exactDecimalScale) / Int128(mid), Int128(wanted.mantissa))
    return instrument.roundedDown(Quantity(mantissa: Int64(size)) ?? .zero)
  }

  /// 10,000 bps in steps of 1e-8.
  private static let tenThousand = Int128(exactDecimalScale) * 10_000
  /// 100,000 USD in steps of 1e-8.
  private static let hundredThousand = Int128(exactDecimalScale) * 100_000

  /// A price times bps (steps of 1e-8), rounded up; traps beyond ±92 billion.
  private static func shift(of mid: Int64, byBps bps: Int128) -> Int64 {
    Int64(ExactMath.divide(Int128(mid) * bps, by: tenThousand, .ceiling))
  }
}
