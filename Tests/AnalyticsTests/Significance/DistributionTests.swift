import Analytics
import Testing

/// Golden/make_significance.py makes the expected values.
@Suite("Distributions agree with numpy and scipy")
struct DistributionTests {
  @Test(arguments: [
    ("ln", 4e-16), ("exp", 1e-15),
    // Far out, x² costs digits of exp(−x²/2).
    ("normal_cdf", 3e-13), ("normal_quantile", 1e-12),
  ])
  func elementaryAndNormal(kind: String, tolerance: Double) throws {
    let functions: [String: (Double) -> Double] = [
      "ln": Elementary.ln, "exp": Elementary.exp, "normal_cdf": NormalDistribution.cdf,
      "normal_quantile": NormalDistribution.quantile,
    ]
    let function = try #require(functions[kind])
    let rows = try SignificanceReferences().of(kind)

    #expect(rows.count >= 10)
    for row in rows {
      let was = function(row.x)
      #expect(isClose(was, row.value, within: tolerance), "\(kind)(\(row.x)) was \(was)")
    }
  }

  @Test func student() throws {
    let references = try SignificanceReferences()
    for row in references.of("student_cdf") + references.of("student_two_sided")
      + references.of("student_quantile")
    {
      let student = StudentDistribution(degrees: try #require(Int(row.parameter)))

      let was =
        row.kind == "student_cdf"
        ? student.cdf(row.x)
        : row.kind == "student_quantile"
          ? student.twoSidedQuantile(row.x) : student.twoSided(row.x)

      // A tail is what a sum near 1 leaves, so its error is absolute.
      let isRight =
        row.kind == "student_quantile"
        ? isClose(was, row.value, within: 1e-10) : (was - row.value).magnitude < 1e-14
      #expect(isRight, "\(row.kind)(\(row.x)) of \(row.parameter) was \(was)")
    }
  }

  @Test func edgesAreDefined() {
    #expect(Elementary.ln(0) == -.infinity)
    #expect(Elementary.ln(-1).isNaN)
    #expect(Elementary.exp(710) == .infinity)
    #expect(Elementary.exp(-800) == 0)
    #expect(NormalDistribution.cdf(.infinity) == 1)
    #expect(NormalDistribution.cdf(-.infinity) == 0)
    #expect(NormalDistribution.cdf(.nan).isNaN)
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity)
    #expect(NormalDistribution.quantile(1.5).isNaN)
    #expect(StudentDistribution(degrees: 8).twoSided(.infinity) == 0)
    #expect(StudentDistribution(degrees: 8).twoSidedQuantile(1) == 0)
  }
}
