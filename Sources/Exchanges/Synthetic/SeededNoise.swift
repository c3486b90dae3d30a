import Trading

/// Random numbers that can be asked for by index, in any order, and follow from seeds alone.
///
/// Only whole-number hashes and + − × ÷ of floating-point numbers are used, so that the numbers
/// are the same to the bit on every machine; functions of the C library are not.
struct SeededNoise {
  private let base: UInt64

  /// The noise of that name of a market seed.
  init(seed: UInt64, name: String) {
    var generator = SeededGenerator(seeds: seed, stableHash(name))
    base = generator.next()
  }

  /// The 64 random bits at an index.
  func word(_ index: Int64) -> UInt64 {
    // An odd multiplier apart from the generator's own step, so that neighbours do not overlap.
    var generator = SeededGenerator(
      seed: base &+ UInt64(bitPattern: index) &* 0xD134_2543_DE82_EF95)
    return generator.next()
  }

  /// A generator for the many numbers at an index.
  func generator(_ index: Int64) -> SeededGenerator { SeededGenerator(seed: word(index)) }

  /// A number in [0, 1) at an index.
  func unit(_ index: Int64) -> Double { Double(word(index) >> 11) * 0x1p-53 }

  /// A bell-shaped number at an index: mean 0, deviation 1, never beyond ±3.5.
  func bell(_ index: Int64) -> Double { Self.bell(word(index)) }

  /// A smooth curve in [−1, 1] that passes through a random number every `period` steps.
  func smooth(_ step: Int64, period: Int64) -> Double {
    let rest = ((step % period) + period) % period
    let index = (step - rest) / period
    let along = Double(rest) / Double(period)
    let eased = along * along * (3 - 2 * along)
    let left = unit(index)
    return 2 * (left + (unit(index + 1) - left) * eased) - 1
  }

  /// A bell-shaped number from random bits: the sum of four even ones (Irwin–Hall).
  static func bell(_ word: UInt64) -> Double {
    let sum = (word & 0xFFFF) + (word >> 16 & 0xFFFF) + (word >> 32 & 0xFFFF) + word >> 48
    return (Double(sum) - 131_070) * (1.732_050_807_568_877_2 / 65_536)
  }
}

/// The nearest whole number, the even one of two, of a number below 2^51 in magnitude.
///
/// The standard library's rounding is a call of the C library where the processor's own may be
/// missing; adding 1.5 · 2^52 leaves no bits for a fraction, and the whole number in the last ones.
@inline(__always)
func nearestWhole(_ x: Double) -> Int64 {
  let shift = 0x1.8p52
  return Int64(bitPattern: (x + shift).bitPattern &- shift.bitPattern)
}

/// The exponential of a number from −700 to 700, to about 1e-15, the same on every machine.
@inline(__always)
func portableExp(_ x: Double) -> Double {
  let number = nearestWhole(x * 1.442_695_040_888_963_4)
  let halvings = Double(number)
  // Taylor's series to the 13th power, even and odd powers apart. ln 2 in two parts, so that the
  // remainder keeps its digits (Cody and Waite).
  let rest = (x - halvings * 0.693_147_180_369_123_8) - halvings * 1.908_214_929_270_587_7e-10
  let square = rest * rest
  var even = 1 / 479_001_600.0
  even = even * square + 1 / 3_628_800.0
  even = even * square + 1 / 40_320.0
  even = even * square + 1 / 720.0
  even = even * square + 1 / 24.0
  even = even * square + 0.5
  even = even * square + 1
  var odd = 1 / 6_227_020_800.0
  odd = odd * square + 1 / 39_916_800.0
  odd = odd * square + 1 / 362_880.0
  odd = odd * square + 1 / 5040.0
  odd = odd * square + 1 / 120.0
  odd = odd * square + 1 / 6.0
  odd = odd * square + 1
  let sum = even + rest * odd
  return sum * Double(bitPattern: UInt64(bitPattern: (number + 1023) << 52))
}
