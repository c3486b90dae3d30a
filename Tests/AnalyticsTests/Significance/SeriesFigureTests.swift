import Analytics
import Testing

/// Golden/make_significance.py makes the expected values.
@Suite("Figures of one series agree with numpy, scipy and arch")
struct SeriesFigureTests {
  @Test func blockLengthsAreThoseOfArch() throws {
    let references = try SignificanceReferences()
    for row in references.of("block_length") {
      let series = try #require(references.series[row.parameter])
      let was = BlockLength.stationary(series)

      #expect(isClose(was, row.value, within: 1e-9), "\(row.parameter) was \(was)")
    }
  }

  @Test func errorsOfMeansAreThoseOfTheCosineTransform() throws {
    let references = try SignificanceReferences()
    for row in references.of("error_of_mean") {
      let series = try #require(references.series[row.parameter])
      let was = LowFrequencies.errorOfMean(series)

      #expect(isClose(was, row.value, within: 1e-10), "\(row.parameter) was \(was)")
    }
  }

  @Test func sharpeRatiosAreThoseOfThePapers() throws {
    let references = try SignificanceReferences()
    let series = references.series
    let figures: [(String, (SharpeConfidence) -> Double?)] = [
      ("sharpe", { $0.ratio }), ("skewness", { $0.skewness }), ("kurtosis", { $0.kurtosis }),
      ("psr", { $0.probability(above: 0) }), ("minimum_count", { $0.minimumCount }),
    ]
    for (kind, figure) in figures {
      for row in references.of(kind) {
        let values = try #require(series[row.parameter])
        let confidence = try #require(SharpeConfidence(values))
        let was = try #require(figure(confidence))
        #expect(isClose(was, row.value, within: 1e-9), "\(kind) of \(row.parameter): \(was)")
      }
    }
  }

  @Test func theBestOfManyWithoutSkillShowsSomeRatio() throws {
    let references = try SignificanceReferences()
    let expected = try #require(references.of("expected_best").first?.value)
    let ratios = references.series.sorted { $0.key < $1.key }.compactMap {
      SharpeConfidence($0.value)?.ratio
    }

    #expect(isClose(SharpeConfidence.expectedBest(of: ratios), expected, within: 1e-9))
    #expect(SharpeConfidence.expectedBest(of: [0.3]) == 0)
  }

  @Test func aSeriesWithoutMovementHasNoRatio() {
    #expect(SharpeConfidence([0, 0, 0, 0]) == nil)
    #expect(SharpeConfidence([0.01, 0.02]) == nil)
    #expect(SharpeConfidence([-0.01, -0.02, -0.01])?.minimumCount == nil)
    #expect(BlockLength.stationary(Array(repeating: 0.5, count: 50)) == 1)
    #expect(BlockLength.stationary([1, 2, 3]) == 1)
  }

  @Test func holmCorrectsStepByStep() {
    // Sorted .01 .02 .03 .04: 4 × .01, 3 × .02, 2 × .03 = .06, 1 × .04 but not below .06.
    let adjusted = Holm.adjusted([0.03, 0.01, 0.04, 0.02])
    let expected = [0.06, 0.04, 0.06, 0.06]
    #expect(zip(adjusted, expected).allSatisfy { isClose($0, $1, within: 1e-12) })
    #expect(Holm.adjusted([0.4, 0.9]) == [0.8, 0.9])
    // One test of ten that could have been made: 10 × .004.
    #expect(isClose(Holm.adjusted([0.004], tests: 10)[0], 0.04, within: 1e-12))
    #expect(Holm.adjusted([]).isEmpty)
  }
}
