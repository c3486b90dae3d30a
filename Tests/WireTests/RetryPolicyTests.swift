import Testing
import Trading
import Wire

@Suite struct RetryPolicyTests {
  // 1994-11-06T08:49:37Z, the example of RFC 9110, 5.6.7: `date -d '…' +%s` says 784111777.
  private static let now = Timestamp(ms: 784_111_777_000)

  private static func answered(_ status: Int, _ headers: [HTTPHeader] = []) -> Attempt {
    .answered(HTTPResponse(status: status, headers: headers, body: []))
  }

  @Test(arguments: [
    (answered(200), false, false), (answered(302), false, false), (answered(400), false, false),
    (answered(401), false, false), (answered(404), false, false), (answered(408), true, false),
    (answered(425), true, false), (answered(429), true, true), (answered(500), true, false),
    (answered(501), false, false), (answered(502), true, false), (answered(503), true, false),
    (answered(504), true, false), (answered(505), false, false), (answered(529), true, false),
    (.failed(.badURL("x")), false, false),
    (.failed(.unreachable(host: "h", detail: "d")), true, true),
    (.failed(.untrusted(host: "h", detail: "d")), false, false),
    (.failed(.timedOut(after: .seconds(1), wasSent: false)), true, true),
    (.failed(.timedOut(after: .seconds(1), wasSent: true)), true, false),
    (.failed(.broken(detail: "d", wasSent: false)), true, true),
    (.failed(.broken(detail: "d", wasSent: true)), true, false),
    (.failed(.tooLarge(limit: 1)), false, false), (.failed(.cancelled), false, false),
    (.failed(.cassette("c")), false, false),
  ])
  func repeatsWhatHelpsAndHarmsNot(outcome: Attempt, whenHarmless: Bool, whenHarmful: Bool) {
    #expect(RetryPolicy.isWorthRepeating(outcome, .harmless) == whenHarmless)
    #expect(RetryPolicy.isWorthRepeating(outcome, .harmful) == whenHarmful)
  }

  @Test(arguments: [
    ([HTTPHeader("Retry-After", "7")], Duration.seconds(7)),
    ([HTTPHeader("Retry-After", "0")], .zero),
    ([HTTPHeader("Retry-After", "1.5")], .milliseconds(1500)),
    ([HTTPHeader("Retry-After", "9"), HTTPHeader("Retry-After-Ms", "250")], .milliseconds(250)),
    ([HTTPHeader("Retry-After", "Sun, 06 Nov 1994 08:50:07 GMT")], .seconds(30)),
    ([HTTPHeader("Retry-After", "Sun, 06 Nov 1994 08:49:07 GMT")], .zero),
    ([HTTPHeader("Retry-After", "Sun, 31 Feb 1994 08:49:07 GMT")], nil),
    ([HTTPHeader("Retry-After", "Sun, 06 Nov 1994 25:49:07 GMT")], nil),
    ([HTTPHeader("Retry-After", "soon")], nil), ([HTTPHeader("Retry-After", "-3")], nil),
    ([HTTPHeader("Retry-After", "nan")], nil), ([], nil),
  ])
  func readsRetryAfter(headers: [HTTPHeader], expected: Duration?) {
    let response = HTTPResponse(status: 429, headers: headers, body: [])

    #expect(RetryPolicy.retryAfter(in: response, now: Self.now) == expected)
  }

  @Test func drawsFromZeroToALimitThatDoubles() throws {
    let policy = RetryPolicy(
      maxAttempts: 100, baseDelay: .milliseconds(100), maxDelay: .milliseconds(700))
    let limits = [100, 200, 400, 700, 700, 700]
    var generator = SeededGenerator(seed: 7)

    for (index, limit) in limits.enumerated() {
      let delays = try (0..<500).map { _ in
        try #require(
          policy.delay(
            afterAttempt: index + 1, endingWith: Self.answered(503), of: .harmless, now: Self.now,
            using: &generator))
      }
      #expect(delays.allSatisfy { $0 >= .zero && $0 < .milliseconds(limit) }, "seed 7")
      #expect(delays.contains { $0 < .milliseconds(limit) / 10 }, "seed 7")
      #expect(delays.contains { $0 > .milliseconds(limit) * 9 / 10 }, "seed 7")
    }
  }

  @Test func givesAHostTheTimeItAsksForButNotMoreThanTheLimit() throws {
    let policy = RetryPolicy(baseDelay: .milliseconds(100), maxRetryAfter: .seconds(10))
    var generator = SeededGenerator(seed: 1)

    func delay(_ seconds: Int) -> Duration? {
      policy.delay(
        afterAttempt: 1, endingWith: Self.answered(429, [HTTPHeader("retry-after", "\(seconds)")]),
        of: .harmful, now: Self.now, using: &generator)
    }

    let short = try #require(delay(10))
    #expect(short >= .seconds(10) && short < .milliseconds(10_100))
    #expect(delay(11) == nil)
  }

  @Test func endsWithTheLastAttempt() {
    let policy = RetryPolicy(maxAttempts: 3)
    var generator = SeededGenerator(seed: 1)

    let delays = (1...4).map {
      policy.delay(
        afterAttempt: $0, endingWith: Self.answered(500), of: .harmless, now: Self.now,
        using: &generator) != nil
    }

    #expect(delays == [true, true, false, false])
    #expect(
      RetryPolicy.once.delay(
        afterAttempt: 1, endingWith: Self.answered(500), of: .harmless, now: Self.now,
        using: &generator) == nil)
  }

  @Test func aSeedGivesTheSameWaits() {
    func delays(_ seed: UInt64) -> [Duration?] {
      var generator = SeededGenerator(seed: seed)
      return (1...2).map {
        RetryPolicy().delay(
          afterAttempt: $0, endingWith: Self.answered(500), of: .harmless, now: Self.now,
          using: &generator)
      }
    }

    #expect(delays(5) == delays(5))
    #expect(delays(5) != delays(6))
  }
}
