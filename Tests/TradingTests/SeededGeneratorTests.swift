import Testing
import Trading

@Suite("SeededGenerator")
struct SeededGeneratorTests {
  @Test func givesThePublishedSequence() {
    // Seed 1234567, from the reference C code by Sebastiano Vigna (prng.di.unimi.it).
    var generator = SeededGenerator(seed: 1_234_567)

    let numbers = (0..<5).map { _ in generator.next() }

    #expect(
      numbers == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test func reachesEveryNumberBelowABound() {
    var generator = SeededGenerator(seed: 7)

    let drawn = Set((0..<1000).map { _ in generator.below(6) })

    #expect(drawn == [0, 1, 2, 3, 4, 5])
  }

  @Test func dependsOnTheOrderOfItsSeeds() {
    var one = SeededGenerator(seeds: 1, 2)
    var other = SeededGenerator(seeds: 2, 1)

    #expect(one.next() != other.next())
  }
}
