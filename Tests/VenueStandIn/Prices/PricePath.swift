import Trading

/// Where the price of each coin is at each minute: seeded, with jumps and holds on top.
struct PricePath: Sendable {
  private let seed: UInt64
  private let coins: [Coin: VenueCoin]
  private var days: [Key: [Int64]] = [:]
  private var shocks: [Coin: [Shock]] = [:]

  private struct Key: Hashable, Sendable {
    let coin: Coin
    let day: Int64
  }

  /// What happened to a price from outside of its path.
  private struct Shock: Sendable {
    let at: Timestamp
    let kind: Kind
    enum Kind: Sendable {
      case factor(Double)
      case hold(Price)
      case release
    }
  }

  private static let minutesPerDay = 1440

  init(seed: UInt64, coins: [VenueCoin]) {
    self.seed = seed
    self.coins = Dictionary(coins.map { ($0.coin, $0) }) { first, _ in first }
  }

  /// The price at an instant: it changes at full minutes and at shocks only.
  mutating func price(_ coin: VenueCoin, at instant: Timestamp) -> Price {
    let day = CivilDay(instant)
    let minute = Int((instant - day.start).ms / Span.minute.ms)
    let raw = minutes(of: coin, day: day.number)[minute]
    guard let shocks = shocks[coin.coin] else { return valid(raw, coin) }
    var factor = 1.0
    var held: Price?
    for shock in shocks where shock.at <= instant {
      switch shock.kind {
      case .factor(let more):
        if let price = held { held = rounded(Double(price.mantissa) * more, coin) }
        factor *= more
      case .hold(let price): held = price
      case .release: held = nil
      }
    }
    return held ?? rounded(Double(raw) * factor, coin)
  }

  /// Moves the price from an instant on by a factor.
  mutating func jump(_ coin: Coin, by factor: Double, at instant: Timestamp) {
    insert(Shock(at: instant, kind: .factor(factor)), coin)
  }

  /// Keeps the price from an instant on; `nil` = lets it follow its path again.
  mutating func hold(_ coin: Coin, at price: Price?, from instant: Timestamp) {
    insert(Shock(at: instant, kind: price.map { .hold($0) } ?? .release), coin)
  }

  private mutating func insert(_ shock: Shock, _ coin: Coin) {
    var list = shocks[coin] ?? []
    let index = list.firstIndex { $0.at > shock.at } ?? list.count
    list.insert(shock, at: index)
    shocks[coin] = list
  }

  /// The funding rate per hour that is paid at an hour.
  func fundingRate(_ coin: Coin, at hour: Timestamp) -> FundingRate {
    var noise = SeededGenerator(
      seeds: seed, stableHash(coin.name), UInt64(bitPattern: hour.ms / Span.hour.ms))
    // Between −0.001 % and +0.0035 %, in the venue's 1e-10 steps.
    return FundingRate(trillionths: (Int64(noise.below(450_000)) - 100_000) * 100)
  }

  /// The minute prices of a day before any shock, steps of 1e-8.
  private mutating func minutes(of coin: VenueCoin, day: Int64) -> [Int64] {
    let key = Key(coin: coin.coin, day: day)
    if let known = days[key] { return known }
    let start = level(coin, day: day)
    let end = level(coin, day: day + 1)
    var noise = SeededGenerator(
      seeds: seed, stableHash(coin.coin.name), UInt64(bitPattern: day), 1)
    var walk: [Double] = [0]
    walk.reserveCapacity(Self.minutesPerDay + 1)
    for index in 0..<Self.minutesPerDay { walk.append(walk[index] + (noise.unit() - 0.5) * 0.0016) }
    // A bridge: the walk ends where it began, so that days join.
    let drift = walk[Self.minutesPerDay]
    var prices: [Int64] = []
    prices.reserveCapacity(Self.minutesPerDay)
    for index in 0..<Self.minutesPerDay {
      let share = Double(index) / Double(Self.minutesPerDay)
      let level = start + (end - start) * share
      let dollars = level * (1 + walk[index] - drift * share)
      prices.append(rounded(dollars * Double(exactDecimalScale), coin).mantissa)
    }
    days[key] = prices
    return prices
  }

  /// The price at the start of a day, USD: slow noise around the anchor.
  private func level(_ coin: VenueCoin, day: Int64) -> Double {
    let slow = 0.15 * smooth(coin, day: day, period: 16)
    let middle = 0.06 * smooth(coin, day: day, period: 4)
    let quick = 0.015 * smooth(coin, day: day, period: 1)
    return coin.anchor.double * (1 + slow + middle + quick)
  }

  /// Noise in −1...1 that is linear between multiples of a period of days.
  private func smooth(_ coin: VenueCoin, day: Int64, period: Int64) -> Double {
    let index = (day - ((day % period) + period) % period) / period
    func knot(_ index: Int64) -> Double {
      var noise = SeededGenerator(
        seeds: seed, stableHash(coin.coin.name), UInt64(bitPattern: index), UInt64(period))
      return 2 * noise.unit() - 1
    }
    let share = Double(day - index * period) / Double(period)
    return knot(index) * (1 - share) + knot(index + 1) * share
  }

  private func rounded(_ mantissa: Double, _ coin: VenueCoin) -> Price {
    valid(max(1, Int64(mantissa.rounded())), coin)
  }

  private func valid(_ mantissa: Int64, _ coin: VenueCoin) -> Price {
    let price = Price(mantissa: mantissa) ?? coin.anchor
    return coin.instrument.rounded(price) ?? price
  }
}
