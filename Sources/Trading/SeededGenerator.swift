/// A small, fast, seeded random number generator: SplitMix64.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
/// The same seed gives the same numbers on every machine.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator whose numbers follow from the seed alone.
  package init(seed: UInt64) { state = seed }

  /// A generator whose seed mixes several numbers; their order matters.
  package init(seeds: UInt64...) {
    var mixed: UInt64 = 0x9E37_79B9_7F4A_7C15
    for seed in seeds {
      var step = SeededGenerator(seed: mixed ^ seed)
      mixed = step.next() &+ (mixed << 6) &+ (mixed >> 2)
    }
    state = mixed
  }

  /// The next 64 random bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// A number in [0, 1), made of 53 random bits.
  package mutating func unit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A whole number in 0..<bound (bound > 0), without bias that matters below 2^32.
  package mutating func below(_ bound: Int) -> Int {
    Int((UInt64(next() >> 32) * UInt64(bound)) >> 32)
  }
}

/// A 64-bit hash of text that is the same on every machine (FNV-1a), for seeds only.
package func stableHash(_ text: String) -> UInt64 {
  text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
